/** Ghost text as the page shows it. */
import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { PageDriver } from './pageDriver';
import { until } from './waiting';

/** The ghost text that is shown now; the editor draws spaces as no-break spaces. */
export async function ghostText(page: PageDriver): Promise<string> {
  const parts = await page.texts({ selector: '.view-lines .ghost-text-decoration' });
  return parts.join('').replaceAll('\u00a0', ' ');
}

export function waitForGhostText(page: PageDriver, timeoutMs = 20_000): Promise<string> {
  return until(
    'there is ghost text',
    async () => {
      const text = await ghostText(page);
      return text !== '' && text;
    },
    timeoutMs,
  );
}

/** What a model's confidence means is fitted in idle time, from about a quarter of a minute after it was loaded on. */
const mostTries = 80;
const triesApartMs = 1_500;

/**
 * Waits for a certain ghost text where the cursor stands, and types the last character once more as long as it is not
 * there: an editor that has just been opened listens for it only when it is idle for the first time, and the first
 * completions come without what the workspace remembers and what was fitted to it.
 * @param isEnough whether what is shown will do
 */
export async function retypeUntilGhostText(
  page: PageDriver,
  typed: string,
  wanted: string,
  isEnough = (shown: string): boolean => shown === wanted,
): Promise<void> {
  let last = '';
  for (let tries = 0; tries < mostTries; tries++) {
    last = await waitForGhostText(page, 3_000).catch(() => '');
    if (isEnough(last)) return;
    await wait(triesApartMs);
    await page.press({ key: 'Backspace' });
    await page.type({ text: typed });
  }
  throw new Error(`'${wanted}' was not offered, but '${last}'`);
}

/**
 * Shows a document, removes the rest of the line from a position on, and types the character before it, as a user who writes this line.
 * @param position behind a character that is no letter, so that no list of suggestions opens
 */
export async function typeAt(
  page: PageDriver,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.TextDocument> {
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  const before = position.translate(0, -1);
  const typed = document.getText(new vscode.Range(before, position));
  await editor.edit((edit) => edit.delete(new vscode.Range(before, document.lineAt(position.line).range.end)));
  editor.selection = new vscode.Selection(before, before);
  editor.revealRange(new vscode.Range(before, before), vscode.TextEditorRevealType.InCenter);
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  await page.type({ text: typed });
  await until('the character is typed', () => editor.selection.active.isEqual(position));
  return document;
}
