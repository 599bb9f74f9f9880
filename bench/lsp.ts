/**
 * How soon `recur lsp` answers: `npm run bench -- lsp [--edits 2000]`, after `npm run build`, with the base model and the memory of one
 * file. A client types this project's code over stdio, 50 characters a second, and asks for a completion behind each; every other
 * request is cancelled 5 ms later. Ends with exit code 1 where the server's text is not the client's in the end.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import { sha256Of } from '../src/core/sha256';
import { onCpu, startLanguageServer, uriOf } from '../test/lsp/languageClient';
import { distribution } from './completion/distribution';

const keyMs = 20;
const cancelledAfterMs = 5;

const { values } = parseArgs({ options: { edits: { type: 'string', default: '2000' } } });
const folder = mkdtempSync(join(tmpdir(), 'recur-lsp-bench-'));
const typed = readFileSync('src/training/loop/trainingLoop.ts', 'utf8').slice(0, Number(values.edits));
writeFileSync(join(folder, 'b.ts'), readFileSync('src/engine/engineService.ts'));
const client = await startLanguageServer({
  cli: resolve('dist/cli.js'),
  folders: [folder],
  arguments: [],
  settings: onCpu,
});
try {
  const uri = uriOf(join(folder, 'a.ts'));
  client.open(uri, '');
  await client.complete(uri, 0, 0);
  await client.until(/^progress end/);
  const [answered, cancelled]: [number[], number[]] = [[], []];
  const requests: Promise<void>[] = [];
  let [line, character] = [0, 0];
  const startMs = performance.now();
  for (const [index, text] of Array.from(typed).entries()) {
    const at = { line, character };
    client.change(uri, index + 2, { range: { start: at, end: at }, text });
    [line, character] = text === '\n' ? [line + 1, 0] : [line, character + text.length];
    requests.push(ask(index % 2 === 0));
    await sleep(Math.max(0, startMs + keyMs * (index + 1) - performance.now()));
  }
  const seconds = (performance.now() - startMs) / 1000;
  await Promise.all(requests);
  console.log(`${requests.length} edits in ${seconds.toFixed(1)} s`);
  console.log(
    `answered: ${answered.length}, ms from the question: ${distribution(answered)}  most ${Math.max(...answered).toFixed(1)}`,
  );
  console.log(
    `cancelled: ${cancelled.length}, ms from then to the answer: ${distribution(cancelled)}  most ${Math.max(...cancelled).toFixed(1)}`,
  );
  const [document] = (await client.status()).documents;
  const isSame = document?.sha256 === sha256Of(typed);
  console.log(
    isSame ? "No edit is lost: the server's text is the client's." : "The server's text is not the client's.",
  );
  process.exitCode = isSame ? 0 : 1;
  await client.end();

  async function ask(isCancelled: boolean): Promise<void> {
    const source = new CancellationTokenSource();
    let sinceMs = performance.now();
    if (isCancelled)
      setTimeout(() => {
        sinceMs = performance.now();
        source.cancel();
      }, cancelledAfterMs);
    const times = await client.complete(uri, line, character, { token: source.token }).then(
      () => answered,
      () => cancelled,
    );
    times.push(performance.now() - sinceMs);
  }
} finally {
  client.child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
