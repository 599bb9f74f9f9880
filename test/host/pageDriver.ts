/** The page side of a test: the suite runs in the extension host and asks the launcher to look at, or touch, the page. */
import type { Context, Runnable, Suite } from 'mocha';
import { hostEnvironment, type PageOperationName, type PageOperations } from './pageOperations';

export type PageDriver = {
  [Name in PageOperationName]: (input: PageOperations[Name]['input']) => Promise<PageOperations[Name]['output']>;
};

const operationNames: PageOperationName[] = [
  'screenshot',
  'texts',
  'attributes',
  'waitFor',
  'press',
  'type',
  'click',
  'evaluate',
  'command',
];

async function post(path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${process.env[hostEnvironment.driverAddress] ?? ''}/${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${process.env[hostEnvironment.driverToken] ?? ''}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { value?: unknown; error?: string };
  if (answer.error !== undefined) throw new Error(`${path}: ${answer.error}`);
  return answer.value;
}

/** The driver of the page, or undefined where there is none (desktop VS Code). */
export function findPageDriver(): PageDriver | undefined {
  if (process.env[hostEnvironment.driverAddress] === undefined) return undefined;
  const operations = operationNames.map((name) => [name, (input: unknown) => post(`page/${name}`, input)]);
  return Object.fromEntries(operations) as PageDriver;
}

/** The suites and the reporter are bundled apart; one queue for all of them keeps their lines in order. */
const shared = globalThis as { recurPrinted?: Promise<void> };

async function sendLine(line: string): Promise<void> {
  if (process.env[hostEnvironment.driverAddress] === undefined) console.log(line);
  else await post('print', { line });
}

/** Sends a line to the launcher's output (in desktop VS Code to the console); resolves when it and all before it are out. */
export function printLine(line: string): Promise<void> {
  const before = shared.recurPrinted ?? Promise.resolve();
  shared.recurPrinted = before.then(() => sendLine(line)).catch((error: unknown) => console.error(error));
  return shared.recurPrinted;
}

/** Skips the running test (or, from a `before` hook, its suite) and keeps the reason for the summary. */
export function skip(context: Context, reason: string): never {
  const runnable = context.runnable() as Runnable & { type?: string; parent?: Suite };
  const skipped = runnable.type === 'hook' ? runnable.parent : runnable;
  Object.assign(skipped ?? runnable, { skipReason: reason });
  return context.skip();
}

/** The driver of the page; skips the test where there is none. */
export function needsPage(context: Context): PageDriver {
  return findPageDriver() ?? skip(context, 'needs the page of the editor, which only npm run test:host can see');
}
