import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { harmlessText } from '../../core/harmlessText';
import type { ExpectedWords } from '../../protocol/engine';
import type { HeatedWord } from '../../surprise/heatLevels';
import { fileOfPath } from '../../editors/editorDocumentPath';
import type { DocumentSync } from '../completion/documentSync';
import { workspaceFolders } from '../editor/editorSettings';
import { rangeOf } from './heatDecorations';
import type { HeatMap } from './heatMap';
import { wordAt } from './movedWords';

/** What is expected in the place of a surprising word. */
interface Expectation extends ExpectedWords {
  readonly word: HeatedWord;
}

/** How long an answer is kept. */
const keptMs = 2_000;
/** Of words that are less probable one in fourteen is right (docs/review.md): none is named. */
const leastNamed = 0.2;
/** From here on two in five are. */
const leastWritten = 0.3;

/** Says of surprising words what was expected there, and writes it. */
export function registerExpectations(heat: HeatMap, documents: DocumentSync): vscode.Disposable {
  /** The last answer: the editor asks for the same place again and again; the memory of the workspace changes meanwhile. */
  let last:
    { readonly key: string; readonly askedMs: number; readonly answer: Promise<ExpectedWords | null> } | undefined;

  async function expectationAt(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<Expectation | undefined> {
    const word = heat.isOn(document) ? wordAt(heat.wordsOf(document), document.offsetAt(position)) : undefined;
    if (word === undefined) return undefined;
    const { version } = document;
    const uri = document.uri.toString();
    const key = JSON.stringify([uri, version, word.start]);
    if (last?.key !== key || Date.now() - last.askedMs > keptMs) {
      const engine = await documents.engineFor(document);
      if (engine === undefined) return undefined;
      last = { key, askedMs: Date.now(), answer: engine.expected(uri, version, word.start) };
    }
    const own = document.getText(rangeOf(document, word));
    const expected = await last.answer.catch(() => null);
    if (expected === null || document.version !== version) return undefined;
    const [first] = expected.words;
    if (first?.text === own) return undefined;
    const isNamed = first !== undefined && first.probability >= leastNamed;
    return { ...expected, words: isNamed ? expected.words : [], word };
  }

  return vscode.Disposable.from(
    vscode.languages.registerHoverProvider('*', {
      async provideHover(document, position) {
        const expectation = await expectationAt(document, position);
        if (expectation === undefined) return undefined;
        return new vscode.Hover(hoverText(document, expectation), rangeOf(document, expectation.word));
      },
    }),
    vscode.languages.registerCodeActionsProvider(
      '*',
      {
        async provideCodeActions(document, range) {
          const expectation = await expectationAt(document, range.start);
          const [first] = expectation?.words ?? [];
          if (expectation === undefined || first === undefined || first.probability < leastWritten) return [];
          const title = l10n.t('Write {0} here', harmlessText(first.text));
          const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
          action.edit = new vscode.WorkspaceEdit();
          action.edit.replace(document.uri, rangeOf(document, expectation.word), first.text);
          return [action];
        },
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
}

/** The text comes from the workspace: none of it is taken for markup. */
function hoverText(document: vscode.TextDocument, { word, words, count, places }: Expectation): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const [first] = words;
  const own = document.getText(rangeOf(document, word));
  if (first === undefined) {
    text.appendMarkdown(l10n.t('The model expected something else than {0} here.', code(own)));
    return text;
  }
  text.appendMarkdown(
    count === 0
      ? l10n.t('The model expected {0} here.', code(first.text))
      : count === 1
        ? l10n.t('Here this project writes {0} (1 place).', code(first.text))
        : l10n.t('Here this project writes {0} ({1} places).', code(first.text), count),
  );
  const shares = words.map((each) => `${code(each.text)} ${percent(each.probability)}`);
  text.appendMarkdown(`\n\n${shares.join(' · ')}`);
  const links = places.flatMap((place) => linkTo(place) ?? []);
  if (links.length > 0) text.appendMarkdown(`\n\n${links.join('  \n')}`);
  return text;
}

function percent(probability: number): string {
  return `${Math.round(100 * probability)} %`;
}

/** A span of code, whatever backticks stand in it. */
function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const padding = longest > 0 ? ' ' : '';
  return fence + padding + harmlessText(text).replaceAll('\n', ' ') + padding + fence;
}

function linkTo({ path, line }: ExpectedWords['places'][number]): string | undefined {
  const file = fileOfPath(path, workspaceFolders());
  if (file === undefined) return undefined;
  const uri = vscode.Uri.file(file).with({ fragment: `L${line}` });
  const label = harmlessText(`${path}:${line}`).replace(/[\\[\]`*_<>!]/g, '\\$&');
  return `[${label}](${uri.toString().replaceAll('(', '%28').replaceAll(')', '%29')})`;
}
