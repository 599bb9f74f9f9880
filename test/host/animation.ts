/** Pictures of completions that appear while somebody types, and are accepted: scripts/docs/animation.mjs makes one of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { ghostText } from './ghostText';
import type { PageDriver } from './pageDriver';
import type { Rectangle } from './pageOperations';
import { until } from './waiting';

/** What is shown for how long, in milliseconds. */
const shown = { start: 800, typed: 130, offered: 750, accepted: 400, end: 1_800 };
/** So much of a text that is typed stands in one picture. */
const keysApart = 3;
const shortestOffer = 6;

/** What would stand in the way of what is offered. */
const plainEditor: Readonly<Record<string, unknown>> = {
  'editor.autoClosingBrackets': 'never',
  'editor.minimap.enabled': false,
  'editor.parameterHints.enabled': false,
  'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
};

async function configure(value: (key: string) => unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  for (const key of Object.keys(plainEditor))
    await configuration.update(key, value(key), vscode.ConfigurationTarget.Workspace);
}

/** Works in an editor that shows little but its text. */
export async function inPlainEditor(work: () => Promise<void>): Promise<void> {
  await configure((key) => plainEditor[key]);
  await vscode.commands.executeCommand('workbench.action.closeSidebar');
  try {
    await work();
  } finally {
    await vscode.commands.executeCommand('workbench.view.explorer');
    await configure(() => undefined);
  }
}

/**
 * Types a text at the cursor, and accepts what is offered where it is right; the editor indents new lines.
 * @param waits beginnings behind which a completion is waited for, for a while
 * @returns what was accepted
 */
export async function typeInPictures(
  page: PageDriver,
  editor: vscode.TextEditor,
  text: string,
  waits: readonly string[],
): Promise<string[]> {
  const clip = (await page.evaluate({ expression: lowerPart })) as Rectangle;
  const before = () => editor.document.getText(new vscode.Range(new vscode.Position(0, 0), editor.selection.active));
  const start = before();
  const accepted: string[] = [];
  let pictures = 0;
  const picture = (ms: number) =>
    page.screenshot({ name: `animation-${String(pictures++).padStart(3, '0')}-${ms}ms`, clip });
  const stands = (typed: string) => until(`'${typed}' is typed`, () => before() === start + typed);
  const rightOffer = async (rest: string): Promise<string | undefined> => {
    const offered = await ghostText(page);
    return offered.length >= shortestOffer && rest.startsWith(offered) ? offered : undefined;
  };

  await picture(shown.start);
  for (let typed = ''; typed !== text;) {
    const key = text[typed.length]!;
    await page.type({ text: key });
    typed += key;
    if (key === '\n') typed += /^\t*/.exec(text.slice(typed.length))![0];
    await stands(typed);
    const rest = text.slice(typed.length);
    if (waits.some((wait) => typed.endsWith(wait)))
      await until('it goes on', () => rightOffer(rest), 20_000).catch(() => undefined);
    if (typed.length % keysApart === 0) await picture(shown.typed);
    const offered = await rightOffer(rest);
    if (offered === undefined) continue;
    await picture(shown.offered);
    if ((await rightOffer(rest)) !== offered) continue; // another one has come meanwhile
    await page.press({ key: 'Tab' });
    typed += offered;
    await stands(typed);
    await sleep(300); // what is drawn behind it is drawn then
    await picture(shown.accepted);
    accepted.push(offered);
  }
  await picture(shown.end);
  return accepted;
}

/** The lines above the last one of the editor, as wide as a page shows them. */
const lowerPart = `(() => {
  const editor = document.querySelector('.editor-instance').getBoundingClientRect();
  const last = [...document.querySelectorAll('.editor-instance .view-line')]
    .reduce((most, line) => Math.max(most, line.getBoundingClientRect().bottom), 0);
  const [width, height] = [Math.min(820, editor.width), 240];
  return { x: editor.x, y: Math.max(editor.y, Math.min(last + 50, editor.bottom) - height), width, height };
})()`;
