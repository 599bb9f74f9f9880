import fc from 'fast-check';
import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../src/core/logger';
import { createEngine } from '../../src/engine/engineService';
import { connect, protocolVersion } from '../../src/ipc/channel';
import { createTrainer } from '../../src/trainer/trainerService';
import { fuzzCases } from '../fuzzCases';

// A promise that is rejected where nobody listens ends a process, and here the run of the tests.

const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true });

/** What birpc and we send, with something else in place of any part of it. */
const almost = fc.record(
  {
    version: fc.oneof(fc.constant(protocolVersion), anything),
    t: fc.oneof(fc.constantFrom('q', 's', 'abort'), anything),
    i: fc.oneof(fc.string(), anything),
    m: fc.oneof(fc.constantFrom('echo', 'fail', 'constructor', 'toString', '__proto__', 'then', '$close'), anything),
    a: fc.oneof(fc.array(fc.oneof(anything, fc.record({ abortSignal: anything }))), anything),
    r: anything,
    e: fc.oneof(fc.record({ message: fc.string(), remedy: anything }), anything),
    o: anything,
  },
  { requiredKeys: [] },
);

interface Answer {
  readonly t?: string;
  readonly i?: string;
  readonly r?: unknown;
  readonly e?: { readonly message: string };
}

/** A process that serves functions, and what it has answered. */
function serve(functions: object) {
  const answers = new Map<string | undefined, Answer>();
  const refused: Error[] = [];
  const endpoint = Object.assign(new EventEmitter(), {
    connected: true,
    send(message: Answer, done: (error: Error | null) => void) {
      if (message.t === 's') answers.set(message.i, message);
      done(null);
      return true;
    },
  });
  const remote = connect<{ ask(): unknown }>(endpoint, functions, [], (error) => refused.push(error));
  const receive = (message: unknown) => void endpoint.emit('message', message);
  /** Calls a function of it. */
  async function call(i: string, m: string, a: readonly unknown[]): Promise<Answer> {
    receive({ version: protocolVersion, t: 'q', i, m, a });
    for (;;) {
      const answer = answers.get(i);
      if (answer !== undefined) return answer;
      await setImmediate();
    }
  }
  return { receive, call, refused, remote };
}

const echoing = () => ({
  echo: (value: unknown) => value,
  fail() {
    throw new Error('failed');
  },
});

it('a message of our version, whatever else is in it, changes nothing: the next call is answered', async () => {
  const own = almost.map((message) => ({ ...message, version: protocolVersion }));
  await fc.assert(
    fc.asyncProperty(fc.array(own, { minLength: 1, maxLength: 5 }), async (messages) => {
      const { receive, call, refused } = serve(echoing());
      messages.forEach(receive);
      expect(await call('the last', 'echo', [7])).toMatchObject({ r: 7 });
      expect(refused).toEqual([]);
    }),
    { numRuns: fuzzCases(500) },
  );
});

it('whatever comes that is not of our version is refused, and ends every call that waits', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(anything, almost), async (message) => {
      fc.pre((message as { version?: unknown } | null | undefined)?.version !== protocolVersion);
      const { receive, refused, remote } = serve(echoing());
      const waiting = remote.ask();
      await setImmediate();
      receive(message);
      await expect(waiting).rejects.toThrow('different versions');
      expect(refused).toHaveLength(1);
    }),
    { numRuns: fuzzCases(500) },
  );
});

it.each(['constructor', 'toString', 'hasOwnProperty', '__proto__', 'missing'])(
  'what a process does not serve is refused in a sentence: %s',
  async (name) => {
    const { call } = serve(echoing());
    const { e } = await call('1', name, [{}]);
    expect(e?.message).toBe(`[birpc] function "${name}" not found`);
  },
);

/** What asks for another process, and what the others would wait for. */
const startsProcesses = ['tryProviders', 'profile'];
const engineRequests = fc.record(
  {
    uri: fc.oneof(fc.constant('file:///a.ts'), anything),
    path: fc.oneof(fc.constant('a.ts'), anything),
    version: fc.oneof(fc.nat(3), anything),
    text: fc.oneof(fc.string({ unit: 'binary' }), anything),
    fromVersion: fc.oneof(fc.nat(3), anything),
    edits: fc.oneof(fc.array(fc.record({ offset: fc.integer(), length: fc.integer(), text: fc.string() })), anything),
    offset: fc.oneof(fc.integer(), anything),
    maxCharacters: fc.oneof(fc.integer(), anything),
    minimumConfidence: fc.oneof(fc.double(), anything),
    cursor: anything,
    remembered: anything,
    directory: anything,
    provider: anything,
    memory: anything,
  },
  { requiredKeys: [] },
);

it('calls of the engine with anything in them are answered or refused, and it goes on', async () => {
  const noMemory = () => Promise.reject(new Error('no memory here'));
  const engine = createEngine({}, silentLogger, noMemory);
  onTestFinished(() => engine.unload());
  const names = Object.keys(engine).filter((name) => !startsProcesses.includes(name));
  const { call } = serve(engine);
  let number = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.array(fc.oneof(engineRequests, anything, fc.constant('file:///a.ts')), { maxLength: 3 }),
      async (name, args) => {
        expect((await call(`${number++}`, name, args)).t).toBe('s');
      },
    ),
    { numRuns: fuzzCases(1_000) },
  );
  const text = 'const a = 1;';
  await call('open', 'openDocument', [{ uri: 'file:///b.ts', path: 'b.ts', version: 1, text }]);
  const request = { uri: 'file:///b.ts', version: 1, offset: 3, maxCharacters: 10, minimumConfidence: 0 };
  expect(await call('complete', 'complete', [request])).toMatchObject({ r: { kind: 'none', reason: 'no model' } });
});

it('calls of the trainer with anything in them are answered or refused, and it goes on', async () => {
  const events = new Proxy({}, { get: () => Object.assign(() => undefined, { asEvent: () => undefined }) });
  const { call } = serve(createTrainer(events as never, silentLogger));
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('train', 'stop', 'setThreads'), fc.array(anything), async (name, args) => {
      expect((await call(`${number++}`, name, args)).t).toBe('s');
    }),
    { numRuns: fuzzCases(200) },
  );
  expect((await call('the last', 'stop', [])).e).toBeUndefined();
});
