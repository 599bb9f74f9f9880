// In place of `recur` where only the engine is looked at: does what "does" in the SPEC says, and notes its beginning in "log".
import { appendFileSync, readFileSync } from 'node:fs';

/** @typedef {{name: string, does: 'end' | 'hang' | 'fail' | 'fail once', log: string, revision?: string}} StubSpec */

const [, , , action = '', file = ''] = process.argv;
const machine = process.argv[process.argv.indexOf('--machine') + 1];
const which = process.argv.includes('--machine') ? ` ${machine}` : '';
/** @type {unknown} */
const spec = JSON.parse(readFileSync(file, 'utf8'));
const { name, does, log, revision } = /** @type {StubSpec} */ (spec);
const before = readFileSync(log, 'utf8');
appendFileSync(log, `${action} ${name}${which}${action === 'publish' ? ` of ${revision}` : ''}\n`);
const tries = before.split('\n').filter((line) => line === `run ${name}`).length;

process.stdin.resume().on('end', () => process.exit(75));
process.on('SIGTERM', () => {
  appendFileSync(log, `ended ${name}\n`);
  process.exit(75);
});
if (does === 'fail') {
  console.error('recur: There is no such branch. Name another one.');
  process.exit(1);
} else if (does === 'fail once' && tries === 0) {
  console.error('recur: The store does not work. Try again.');
  process.exit(75);
} else if (does === 'hang') {
  console.log('{"type":"progress","step":1,"perplexity":9}');
  setInterval(() => undefined, 1_000);
} else {
  const validation = { nats: 1, perplexity: Math.E };
  const source = `commit of ${revision}`;
  console.log(
    JSON.stringify({ type: 'done', job: name, name, source, version: 1, steps: 1, again: false, validation }),
  );
  process.exit(0);
}
