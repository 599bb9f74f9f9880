import { initialStateKinds } from '../core/configuration';
import { UsageError, type Command } from './command';
import { loadModel, modelOptions, withEngine } from './processes';

export const generateCommand: Command = {
  name: 'generate',
  summary: 'Write text as the model would',
  positionals: '',
  positionalCount: [0, 0],
  options: {
    prefix: { type: 'string', hint: 'TEXT', description: 'text to go on from' },
    length: { type: 'string', hint: 'N', description: 'characters to write (200)' },
    temperature: { type: 'string', hint: 'X', description: '0: always the likeliest character (0.8)' },
    seed: { type: 'string', hint: 'N', description: 'random seed (1)' },
    'initial-state': { type: 'string', hint: initialStateKinds.join('|'), description: 'initial state (zeros)' },
    ...modelOptions,
  },
  async run(input, output) {
    const request = {
      prefix: input.text('prefix') ?? '',
      length: inRange('length', input.number('length') ?? 200, 1, 1_000_000),
      temperature: inRange('temperature', input.number('temperature') ?? 0.8, 0, 100),
      seed: input.number('seed') ?? 1,
      initialState: readInitialState(input.text('initial-state') ?? 'zeros'),
    };
    return withEngine(output, {}, async (engine) => {
      await loadModel(engine, input);
      const generated = await engine.remote.generate(request);
      output.result({ type: 'completion', ...generated }, request.prefix + generated.text);
      return 0;
    });
  },
};

function inRange(name: string, value: number, least: number, most: number): number {
  if (value < least || value > most) throw new UsageError(`--${name} takes a number from ${least} to ${most}.`);
  return value;
}

function readInitialState(text: string): (typeof initialStateKinds)[number] {
  const kind = initialStateKinds.find((candidate) => candidate === text);
  if (kind === undefined) throw new UsageError(`--initial-state takes ${initialStateKinds.join(' or ')}.`);
  return kind;
}
