import { describeError } from '../core/errors';
import type { EngineStatus } from '../protocol/engine';
import type { ProviderProfile, ProviderTrial } from '../protocol/providers';
import { timeLines } from '../protocol/providerTable';
import type { TrainerProbe } from '../protocol/trainer';
import type { Arguments, Command } from './command';
import { installCudaSupport } from './installCudaSupport';
import { describeQuality, type Output } from './output';
import { loadModel, modelDirectory, modelOptions, providerChoice, withEngine, withTrainer } from './processes';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Say what works on this machine',
  positionals: '',
  positionalCount: [0, 0],
  options: {
    profile: { type: 'boolean', description: "run the model with onnxruntime's profiler and say where its nodes ran" },
    'install-cuda': {
      type: 'boolean',
      description: 'download the CUDA libraries that fit, for a GPU of NVIDIA (Linux x64)',
    },
    ...modelOptions,
  },
  async run(input, output) {
    if (input.flag('install-cuda')) return installCudaSupport(output);
    if (input.flag('profile')) return profileModel(input, output);
    const training = await attempt(() => probeTraining(output));
    const inference = await attempt(() => probeInference(input, output));
    const ready = training.value !== null && inference.value?.providers.some(({ works }) => works) === true;
    const versions = {
      recur: __RECUR_VERSION__,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    };
    const report = { versions, training: training.value, inference: inference.value, ready };
    const problems = [training.problem, inference.problem].filter((problem) => problem !== null);
    output.result(
      { type: 'doctor', ...report, problems },
      [
        ...Object.entries(versions).map(([name, version]) => row(name, version)),
        ...(training.value === null ? [] : describeTraining(training.value)),
        ...(inference.value === null ? [] : describeInference(inference.value)),
        ...problems.map((problem) => row('problem', problem)),
        ready ? 'Training and completion work.' : 'Recur cannot do its main job here.',
      ].join('\n'),
    );
    return ready ? 0 : 1;
  },
};

/** Where a model's nodes run; a small one where none was trained. @returns 1 where a layer ran elsewhere than asked for */
async function profileModel(input: Arguments, output: Output): Promise<number> {
  const choice = providerChoice(input);
  const profiles = await withEngine(output, {}, async (engine) => {
    const model = await attempt(() => loadModel(engine, input, undefined, undefined, 'cpu'));
    output.note(
      model.value === null ? 'A network of usual size with random weights.' : `The model ${model.value.id!}.`,
    );
    return engine.remote.profile(choice);
  });
  for (const profile of profiles) output.result({ type: 'profile', ...profile }, describeProfile(profile).join('\n'));
  return profiles.length > 0 && profiles.every(({ problem }) => problem === null) ? 0 : 1;
}

function describeProfile({ provider, nodes, problem }: ProviderProfile): string[] {
  const rows = nodes.map(({ share, runs, operator, provider: ranOn }) =>
    row(`  ${(100 * share).toFixed(1)} %`, `${ranOn}  ${operator}  ${runs} runs`),
  );
  return [row(provider, problem ?? 'its recurrent nodes run on it.'), ...rows];
}

interface Attempt<Value> {
  readonly value: Value | null;
  readonly problem: string | null;
}

async function attempt<Value>(probe: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await probe(), problem: null };
  } catch (error) {
    return { value: null, problem: describeError(error) };
  }
}

function probeTraining(output: Output): Promise<TrainerProbe> {
  return withTrainer(output, {}, (trainer) => trainer.remote.probe());
}

interface InferenceReport {
  readonly providers: readonly ProviderTrial[];
  readonly model: EngineStatus | null;
  /** Why no model is in use. */
  readonly modelProblem: string | null;
  /** 64 characters, drawn greedily with the model found; null without one. */
  readonly completionMilliseconds: number | null;
}

function probeInference(input: Arguments, output: Output): Promise<InferenceReport> {
  return withEngine(output, {}, async (engine) => {
    const model = await attempt(() => loadModel(engine, input));
    const request = { prefix: '', length: 64, temperature: 0, seed: 1, initialState: 'zeros' } as const;
    // The first one pays for what is made once.
    if (model.value !== null) await engine.remote.generate(request);
    const completion = model.value === null ? null : await engine.remote.generate(request);
    return {
      providers: await engine.remote.tryProviders(),
      model: model.value,
      modelProblem: model.problem,
      completionMilliseconds: completion?.milliseconds ?? null,
    };
  }).then((report) => ({ ...report, directory: modelDirectory(input) }));
}

function describeTraining({ backend, version, fusedOps, stepMilliseconds, warnings }: TrainerProbe): string[] {
  const ops = Object.entries(fusedOps).map(([name, exists]) => `${exists ? '' : 'no '}${name}`);
  return [
    row('training', `TensorFlow backend ${backend} ${version}`),
    row('fused ops', ops.length === 0 ? 'none on this backend' : ops.join(', ')),
    row('training step', `${stepMilliseconds.toFixed(0)} ms at the default configuration`),
    ...warnings.map((warning) => row('note', warning)),
  ];
}

function describeInference({ providers, model, modelProblem, completionMilliseconds }: InferenceReport): string[] {
  const rows = providers.map(({ provider, works, detail }) => row(provider, `${works ? 'works' : 'no'}: ${detail}`));
  rows.push(...timeLines(providers).map((line) => row('', line)));
  if (model === null) return [...rows, row('model', modelProblem ?? 'none')];
  const quality = model.validation === null ? '' : `, validation ${describeQuality(model.validation)}`;
  rows.push(row('model', `${model.model ?? ''} on ${model.provider ?? ''}${quality}`));
  if (completionMilliseconds !== null)
    rows.push(row('completion', `${completionMilliseconds.toFixed(1)} ms for 64 characters`));
  return rows;
}

function row(name: string, text: string): string {
  return `${name.padEnd(14)}${text}`;
}
