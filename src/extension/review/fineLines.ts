import type * as vscode from 'vscode';
import { sha256Of } from '../../core/sha256';

const key = 'recur.fineLines';
/** The oldest ones are forgotten. */
const mostKept = 5_000;

/** A line of a file, wherever it stands there. */
export interface LineContent {
  readonly path: string;
  readonly text: string;
}

/** Lines of which somebody has said that they are fine: as long as they say the same, they are not shown again. */
export function createFineLines(kept: vscode.Memento) {
  const nameOf = ({ path, text }: LineContent): string => sha256Of(`${path}\n${text.trim()}`).slice(0, 32);
  const fine = new Set(kept.get<readonly string[]>(key, []));
  return {
    has: (line: LineContent): boolean => fine.has(nameOf(line)),
    async add(line: LineContent): Promise<void> {
      fine.add(nameOf(line));
      await kept.update(key, [...fine].slice(-mostKept));
    },
  };
}
