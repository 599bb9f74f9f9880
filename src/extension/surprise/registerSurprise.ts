import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { EngineHost } from '../../editors/engineHost';
import type { DocumentSync } from '../completion/documentSync';
import { commands } from '../editor/commands';
import { inform } from '../editor/notices';
import type { RecurWindow } from '../editor/recurWindow';
import { registerExpectations } from './expectations';
import { rangeOf } from './heatDecorations';
import { createHeatMap, type HeatMap } from './heatMap';
import { nextPlace } from './movedWords';

/** How surprising the words of a document are to the model: colours, what was expected in their place, and a way from one to the next. */
export function registerSurprise(window: RecurWindow, engines: EngineHost, documents: DocumentSync): HeatMap {
  const heat = createHeatMap(window, engines, documents);
  window.keep(registerExpectations(heat, documents));
  window.command(commands.toggleHeatMap, () => toggle(heat));
  window.command(commands.nextSurprise, () => goTo(heat, 'next'));
  window.command(commands.previousSurprise, () => goTo(heat, 'previous'));
  return heat;
}

async function toggle(heat: HeatMap): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined) inform(l10n.t('Open a file first: the heat map is of one editor.'));
  else if (heat.isOn(document)) heat.turnOff(document);
  else await turnOn(heat, document);
}

async function turnOn(heat: HeatMap, document: vscode.TextDocument): Promise<boolean> {
  if (await heat.turnOn(document)) return true;
  heat.turnOff(document);
  inform(
    l10n.t(
      'There is no heat map of this document: it is left out (ignored, excluded, too large, or with secrets), it was changed meanwhile, or there is no network in use.',
    ),
  );
  return false;
}

async function goTo(heat: HeatMap, direction: 'next' | 'previous'): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return;
  const { document } = editor;
  if (!heat.isOn(document) && !(await turnOn(heat, document))) return;
  const words = await heat.wholeOf(document);
  if (words === undefined) return;
  const place = nextPlace(words, document.offsetAt(editor.selection.start), direction);
  if (place === undefined) {
    vscode.window.setStatusBarMessage(l10n.t('Recur: nothing here is surprising.'), 3_000);
    return;
  }
  const range = rangeOf(document, place);
  editor.selection = new vscode.Selection(range.start, range.end);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
