import * as vscode from 'vscode';
import { heatLevels, type HeatedWord } from '../../surprise/heatLevels';

/** Each has a colour in package.json. */
const levels = Array.from({ length: heatLevels }, (_, index) => index + 1);
/** From this on a word stands in the overview ruler too. */
const leastInRuler = 3;

/** Colours surprising words. */
export interface HeatDecorations {
  show(editor: vscode.TextEditor, words: readonly HeatedWord[]): void;
  dispose(): void;
}

export function createHeatDecorations(): HeatDecorations {
  const types = levels.map((level) => {
    const color = new vscode.ThemeColor(`recur.surprise.level${level}`);
    return vscode.window.createTextEditorDecorationType({
      backgroundColor: color,
      borderRadius: '2px',
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      ...(level >= leastInRuler && {
        overviewRulerColor: color,
        overviewRulerLane: vscode.OverviewRulerLane.Center,
      }),
    });
  });
  return {
    show(editor, words) {
      for (const [index, type] of types.entries()) {
        const own = words.filter(({ level }) => level === levels[index]);
        editor.setDecorations(
          type,
          own.map((word) => rangeOf(editor.document, word)),
        );
      }
    },
    dispose: () => types.forEach((type) => type.dispose()),
  };
}

export function rangeOf(document: vscode.TextDocument, { start, end }: Pick<HeatedWord, 'start' | 'end'>) {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
