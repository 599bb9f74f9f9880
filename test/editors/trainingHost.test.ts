import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { askedByDefault, defaultCorpus } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { createRunState, type RunState } from '../../src/editors/runState';
import { createTrainingHost } from '../../src/editors/trainingHost';
import { readHistory } from '../../src/store/history';
import { stateFromHistory } from '../../src/protocol/panelState';
import { listIdentifiers, paths } from '../../src/store/modelDirectory';
import type { TrainRequest } from '../../src/protocol/trainer';
import { temporaryFolder, writeFiles } from '../corpus/temporaryFolder';
import { newEmitter } from './newEmitter';

const entry = join(import.meta.dirname, '../../dist/trainer.js');
let request: TrainRequest;

/** Files with enough to learn from, and a network that is trained in a moment. */
beforeEach(() => {
  const directory = temporaryFolder();
  const text = (file: number) =>
    Array.from({ length: 60 }, (_, line) => `export const name${file}of${line} = ${file * line};\n`).join('');
  writeFiles(directory, Object.fromEntries(Array.from({ length: 12 }, (_, file) => [`file${file}.ts`, text(file)])));
  const model = { ...askedByDefault.model, hidden: 8, layers: 1, embedding: 4 };
  const training = { ...askedByDefault, model, batch: 4, sequence: 16, threads: 1, budget: { steps: 5 } };
  request = {
    folders: [{ directory, name: 'project' }],
    out: temporaryFolder(),
    corpus: defaultCorpus,
    training,
    resume: false,
    from: null,
    keepModels: 3,
    pauseOnBattery: false,
  };
});

function createHost(logger = silentLogger) {
  const run = createRunState(newEmitter);
  const exported: string[] = [];
  const host = createTrainingHost({ entry, logger, run, exported: () => void exported.push('') });
  onTestFinished(() => host.dispose());
  return { run, host, exported };
}

it('trains one at a time, and says how it goes and how it ended', async () => {
  const { run, host, exported } = createHost();
  const phases = new Set<string>();
  run.onDidChange(() => phases.add(run.state.phase));
  const training = host.train(request);
  await expect(host.train(request)).rejects.toThrow('A training runs already.');
  expect((await training)?.steps).toBe(5);
  expect([...phases]).toEqual(['reading', 'training', 'done']);
  expect(run.state.message).toMatch(/^Trained 5 steps/);
  expect(exported.length).toBeGreaterThan(0);
  expect(host.stop()).toBe(false);
});

it('goes on with a training, and says what it has trained itself and what the run has in all', async () => {
  const { run, host } = createHost();
  await host.train(request);
  await host.train({ ...request, resume: true, training: { ...request.training, budget: { steps: 4 } } });
  expect(run.state.message).toMatch(/^Trained 4 steps in 0:\d\d\. With those before, it has trained 9 steps\. /);
});

it('shows all of a training that is continued in a window that has not seen it, or has seen another', async () => {
  const first = createHost();
  await first.host.train(request);
  const second = createHost();
  const training = { ...request.training, budget: { steps: 4 } };
  await second.host.train({ ...request, resume: true, training });
  const steps = (run: RunState) => run.state.validation.map(({ step }) => step);
  const run = second.run.state.run!;
  const history = await readHistory(paths.history(paths.run(request.out, run)));
  const { progress, validation } = stateFromHistory(history, '', run);
  expect(second.run.state.progress[0]!.step).toBe(progress[0]!.step);
  expect(second.run.state.validation).toEqual(validation);
  expect(steps(second.run)).toContain(0);
  // The first window knows the run as far as it had come there.
  const third = await first.host.train({ ...request, training });
  expect(third!.run).not.toBe(run);
  await second.host.train({ ...request, resume: true, training });
  expect(second.run.state.run).toBe(third!.run);
  expect(steps(second.run)).toEqual([0, 4, 8]);
});

it('is stopped while the workspace is read: no failure, and everything as it was', async () => {
  const { run, host } = createHost();
  const earlier = run.state;
  const training = host.train(request);
  expect(run.state.phase).toBe('reading');
  expect(host.stop()).toBe(true);
  expect(await training).toBeUndefined();
  expect(run.state).toEqual({ ...earlier, message: run.state.message });
  expect(run.state.message).toMatch(/^Stopped while the workspace was read:/);
  expect(await listIdentifiers(paths.runs(request.out))).toEqual([]);
  expect((await host.train(request))?.steps).toBe(5);
});

it('fails with a sentence where the trainer ends without an answer', async () => {
  const run = createRunState(newEmitter);
  const missing = join(request.out, 'missing.js');
  const host = createTrainingHost({ entry: missing, logger: silentLogger, run, exported: () => undefined });
  await expect(host.train(request)).rejects.toThrow('The training has ended unexpectedly');
  expect(run.state.phase).toBe('failed');
});

it('says once, not at every training, that the base model cannot be had', async () => {
  const said: string[] = [];
  const { host } = createHost({ ...silentLogger, info: (message) => void said.push(message) });
  const from = { directory: join(temporaryFolder(), 'missing'), shape: {}, isRequired: false };
  for (let training = 0; training < 2; training++) {
    await host.train({ ...request, from, training: { ...request.training, budget: { steps: 1 } } });
  }
  expect(said.filter((message) => message.startsWith('Run '))).toHaveLength(2);
  expect(said.filter((message) => message.startsWith('The training starts from random weights.'))).toHaveLength(1);
});
