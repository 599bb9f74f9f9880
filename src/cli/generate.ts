import { initialStateKinds } from '../core/configuration';
import { UsageError, type Command } from './command';
import { largestSeed, numberFrom, wholeNumberFrom } from './numbers';
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
      length: wholeNumberFrom(input, 'length', 200, 1, 1_000_000),
      temperature: numberFrom(input, 'temperature', 0.8, 0, 100),
      seed: wholeNumberFrom(input, 'seed', 1, 0, largestSeed),
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

function readInitialState(text: string): (typeof initialStateKinds)[number] {
  const kind = initialStateKinds.find((candidate) => candidate === text);
  if (kind === undefined) throw new UsageError(`--initial-state takes ${initialStateKinds.join(' or ')}.`);
  return kind;
}
