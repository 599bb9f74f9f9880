import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askedByDefault, defaultCorpus, type AskedTraining } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { connect, type Endpoint } from '../../src/ipc/channel';
import { takesPlace } from '../../src/trainer/modelInUse';
import { createTrainer } from '../../src/trainer/trainerService';
import { readCorpusReport } from '../../src/store/corpusReport';
import { readHistory } from '../../src/store/history';
import { listRuns } from '../../src/store/runs';
import { readSamples } from '../../src/store/samples';
import { graphName, paths, readCurrent, readModel, readRunConfiguration } from '../../src/store/modelDirectory';
import type { TrainerEvents, TrainerFunctions, TrainingResult, TrainRequest } from '../../src/protocol/trainer';

/** A real package's sources. */
const fixture = join(import.meta.dirname, '../fixtures/workspace');
const timeoutMs = 120_000;

let directory: string;
/** With one model that 60 steps have taught something. */
let begun: string;
let good: string;
let out: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-run-'));
  begun = join(directory, 'begun');
  good = basename((await train({ out: begun, training: asked({ steps: 60 }) })).model!);
}, timeoutMs);

beforeEach(async () => {
  out = await mkdtemp(join(directory, 'out-'));
  await cp(begun, out, { recursive: true });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

function asked(budget: AskedTraining['budget'], changes: Partial<AskedTraining> = {}): AskedTraining {
  const model = { cell: 'lstm', hidden: 32, layers: 1, embedding: 16 } as const;
  return { ...askedByDefault, model, budget, batch: 8, sequence: 32, threads: 1, ...changes };
}

/** A network that learns less. */
const tiny = { model: { cell: 'lstm', hidden: 2, layers: 1, embedding: 2 } } as const;
/** Explodes at its first steps. */
const exploding = { optimizer: 'sgd', learningRate: 1e38, clip: 1e38, dropout: 0, weightDecay: 0 } as const;

/** Trains in this process. @param tell what happens; may stop the training */
function train(
  changes: Partial<TrainRequest> & Pick<TrainRequest, 'out' | 'training'>,
  tell: (event: keyof TrainerEvents, stop: () => void) => void = () => undefined,
): Promise<TrainingResult> {
  const [trainerEnd, ownEnd] = endpoints();
  const remote = connect<TrainerEvents>(trainerEnd, {});
  const trainer: TrainerFunctions = createTrainer(remote, silentLogger);
  const listen = (event: keyof TrainerEvents) => () => tell(event, () => trainer.stop());
  const names = ['log', 'corpus', 'start', 'progress', 'validation', 'paused', 'checkpoint', 'exported'] as const;
  connect(ownEnd, Object.fromEntries(names.map((name) => [name, listen(name)])));
  return trainer.train({
    folders: [{ directory: fixture, name: 'workspace' }],
    ...{ corpus: defaultCorpus, resume: false, from: null, keepModels: 1, pauseOnBattery: false },
    ...changes,
  });
}

/** The two ends of a channel within this process. */
function endpoints(): [Endpoint, Endpoint] {
  const emitters = [new EventEmitter(), new EventEmitter()] as const;
  const end = (own: EventEmitter, other: EventEmitter): Endpoint => ({
    connected: true,
    send: (message) => other.emit('message', message),
    on: (event, listener) => own.on(event, listener),
    off: (event, listener) => own.off(event, listener),
  });
  return [end(emitters[0], emitters[1]), end(emitters[1], emitters[0])];
}

const stopAt = (wanted: keyof TrainerEvents) => (event: keyof TrainerEvents, stop: () => void) => {
  if (event === wanted) stop();
};

describe('the model in use', { timeout: timeoutMs }, () => {
  it('stays, and is kept, where a new training is stopped before it is better', async () => {
    const result = await train({ out, training: asked({ minutes: 10 }, tiny) }, stopAt('validation'));
    expect(result.reason).toBe('stopped');
    expect(result.stays?.model).toBe(good);
    if (result.model !== null) expect(result.stays!.newPerplexity).toBeGreaterThan(result.stays!.perplexity!);
    expect(await readCurrent(out)).toBe(good);
    expect(await readdir(paths.model(out, good))).toContain(graphName);
  });

  it('is there as long as a new training goes on, however few are kept', async () => {
    let seen: Promise<string[]> | undefined;
    const result = await train({ out, training: asked({ steps: 120 }) }, (event) => {
      if (event === 'progress') seen = readdir(paths.models(out));
    });
    expect(await seen).toContain(good);
    expect(await readdir(paths.models(out))).toEqual([good, basename(result.model!)]);
  });

  it('is the new one at the normal end of a training that was begun anew, and the one before is kept', async () => {
    const result = await train({ out, training: asked({ steps: 30 }, tiny) });
    expect(result).toMatchObject({ reason: 'budget', stays: null });
    expect(await readCurrent(out)).toBe(basename(result.model!));
    expect(await readdir(paths.models(out))).toContain(good);
  });

  it('is kept with what it has read: perplexity of what was held out, and of nothing else', async () => {
    const [run] = await readdir(paths.runs(out));
    const report = (await readCorpusReport(out, run!))!;
    expect(report.listed).toHaveLength(report.files);
    expect(report.listed.reduce((sum, { characters }) => sum + characters, 0)).toBe(report.characters);
    for (const { path, part, nats } of report.listed) {
      expect([path, nats === null]).toEqual([path, part === 'training']);
    }
  });

  it('is the better one where its training is gone on with', async () => {
    const [before] = await listRuns(out);
    const result = await train({ out, training: asked({ steps: 60 }), resume: true });
    expect(result).toMatchObject({ steps: 120, stepsBefore: 60, stays: null });
    expect(await readCurrent(out)).toBe(basename(result.model!));
    const [after] = await listRuns(out);
    expect([after!.id, after!.createdAt]).toEqual([before!.id, before!.createdAt]);
    const starts = (await readHistory(paths.history(paths.run(out, after!.id)))).filter(({ type }) => type === 'start');
    expect(starts).toEqual([
      expect.not.objectContaining({ seconds: expect.anything() as unknown }),
      expect.objectContaining({ step: 60, seconds: expect.closeTo(before!.seconds, -1) as unknown }),
    ]);
  });

  it.each([
    ['hidden', 64, 'hidden 32, not 64'],
    ['cell', 'gru', 'cell lstm, not gru'],
    ['layers', 2, 'layers 1, not 2'],
    ['embedding', 0, 'embedding 16, not 0'],
    ['seed', 7, 'seed 1, not 7'],
    ['learningRate', 0.5, 'learning rate 0.'],
  ])('is not gone on with where another %s is asked for', async (name, value, sentence) => {
    const named = { sequence: 32, [name]: value };
    await expect(train({ out, training: asked({ steps: 1 }), resume: true, named })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(`The training to go on with was begun with ${sentence}`) as string,
    });
  });

  it('is none where a first training is stopped before its first step', async () => {
    const empty = join(directory, 'empty');
    const result = await train({ out: empty, training: asked({ minutes: 10 }) }, stopAt('start'));
    expect(result).toMatchObject({ reason: 'stopped', steps: 0, model: null, stays: null });
    expect(await readCurrent(empty)).toBeUndefined();
    await expect(readdir(paths.models(empty))).rejects.toThrow('ENOENT');
  });

  it('stays where a training has learnt nothing because its loss is not finite', async () => {
    await expect(train({ out, training: asked({ steps: 100 }, exploding) })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('(not finite)') as string,
    });
    expect(await readdir(paths.models(out))).toEqual([good]);
    expect(await readCurrent(out)).toBe(good);
    const run = (await readdir(paths.runs(out))).sort().at(-1)!;
    const history = await readHistory(paths.history(paths.run(out, run)));
    expect(history.findLast(({ type }) => type === 'progress')).toMatchObject({ nats: NaN });
  });

  it('is replaced where it is damaged', async () => {
    await writeFile(join(paths.model(out, good), graphName), 'no graph');
    const result = await train({ out, training: asked({ minutes: 10 }, tiny) }, stopAt('exported'));
    expect(result.stays).toBeNull();
    expect(await readCurrent(out)).toBe(basename(result.model!));
  });
});

describe('a model takes the place of the one in use', () => {
  const better = 1;
  const worse = 3;
  const anew = (reason: TrainingResult['reason']) => ({ reason, resumed: false });
  const goneOn = (reason: TrainingResult['reason']) => ({ reason, resumed: true });
  it.each([
    ['while it trains, where it is better', better, undefined, true],
    ['while it trains, where it is worse', worse, undefined, false],
    ['stopped, where it is better', better, anew('stopped'), true],
    ['stopped, where it is worse', worse, anew('stopped'), false],
    ['as good as the other', 2, anew('stopped'), false],
    ['begun anew and at its end', worse, anew('budget'), true],
    ['begun anew and over-fitting', worse, anew('no improvement'), true],
    ['not finite any more', worse, anew('not finite'), false],
    ['without a thread', worse, anew('thread lost'), false],
    ['gone on with, where it is better', better, goneOn('budget'), true],
    ['gone on with, where it is worse', worse, goneOn('budget'), false],
  ])('%s', (_, nats, end, expected) => {
    expect(takesPlace({ id: 'a', nats: 2 }, nats, end)).toBe(expected);
    expect(takesPlace(null, nats, end)).toBe(true);
    // One that could not be measured is not beaten.
    const normalEnd = end !== undefined && !end.resumed && ['budget', 'no improvement'].includes(end.reason);
    expect(takesPlace({ id: 'a', nats: -Infinity }, nats, end)).toBe(normalEnd);
  });
});

describe('what a run keeps', { timeout: timeoutMs }, () => {
  it('has what each export writes, from one beginning, and what a compressor needs', async () => {
    const [run = ''] = await readdir(paths.runs(begun));
    const history = await readHistory(paths.history(paths.run(begun, run)));
    const samples = await readSamples(paths.samples(paths.run(begun, run)));
    const exports = history.filter(({ type }) => type === 'export').map(({ step }) => step);
    expect(samples.map(({ step }) => step)).toEqual([...new Set(exports)]);
    expect(new Set(samples.map(({ prefix }) => prefix)).size).toBe(1);
    for (const { text } of samples) expect(text.length).toBeGreaterThan(20);
    const [start] = history;
    expect(start?.type === 'start' && start.compressor!.perplexity).toBeGreaterThan(1);
    expect(start?.type === 'start' && start.compressor!.perplexity).toBeLessThan(30);
    expect(history.every((line) => line.type === 'export' || (line.at ?? 0) > 1e12)).toBe(true);
  });
});

it(
  'knows the characters that only the model it began with has read, also when it is gone on with',
  async () => {
    const greek = await mkdtemp(join(directory, 'greek-'));
    await cp(fixture, greek, { recursive: true });
    await writeFile(
      join(greek, 'greek.ts'),
      '// αβγ αβγ αβγ αβγ is what only this file has, and a comment at that.\n'.repeat(9),
    );
    const source = join(directory, 'greek-model');
    await train({ out: source, folders: [{ directory: greek, name: 'workspace' }], training: asked({ steps: 60 }) });
    const from = { directory: source, shape: {}, isRequired: false };
    const known = async () => (await readModel(next)).manifest.codePoints;
    const next = join(directory, 'next');
    const { run } = await train({ out: next, from, training: asked({ steps: 20 }) });
    expect(await known()).toEqual((await readModel(source)).manifest.codePoints);
    // They cost no time in its steps.
    const trained = (await readRunConfiguration(next, run))?.codePoints;
    expect(trained).not.toContain('α'.codePointAt(0));
    await train({ out: next, resume: true, training: asked({ steps: 20 }) });
    expect(await known()).toContain('α'.codePointAt(0));
  },
  timeoutMs,
);
