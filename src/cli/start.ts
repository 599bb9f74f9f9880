import { basename, resolve } from 'node:path';
import { askedByDefault, defaultCorpus, defaultKeptModels } from '../core/configuration';
import type { CompletionExample } from '../protocol/engine';
import type { TrainRequest } from '../protocol/trainer';
import { baseSource } from '../protocol/trainingSource';
import type { Command } from './command';
import { numberFrom } from './numbers';
import type { Output } from './output';
import { withEngine } from './processes';
import { defaultOut, describeResult, requireFolder, runTraining } from './train';

const examplesShown = 3;

export const startCommand: Command = {
  name: 'start',
  summary: 'Train on a folder for about a minute and show what the model can do',
  positionals: '[FOLDER]',
  positionalCount: [0, 1],
  outlivesOutput: true,
  options: { minutes: { type: 'string', hint: 'N', description: 'train for this long (1)' } },
  async run(input, output) {
    const minutes = numberFrom(input, 'minutes', 1, 0.01, 10_080);
    const directory = resolve(input.positionals[0] ?? '.');
    await requireFolder(directory);
    const request: TrainRequest = {
      folders: [{ directory, name: basename(directory) }],
      out: await defaultOut(directory),
      corpus: defaultCorpus,
      training: { ...askedByDefault, budget: { minutes } },
      resume: false,
      from: baseSource(__dirname),
      keepModels: defaultKeptModels,
      pauseOnBattery: false,
    };
    output.say(`Training on ${directory}`);
    const result = await runTraining(request, output);
    output.result({ type: 'done', ...result }, `\n${describeResult(result)}`);
    if (result.model === null) return 1;
    await showExamples(result.model, output);
    output.say(`\nOpen it in an editor:  npm run code -- ${directory}`);
    // Not npx: outside of this repository it would fetch a package of that name from the registry.
    output.say(`Train longer:          node ${__filename} train ${directory} --minutes 15`);
    return 0;
  },
};

async function showExamples(model: string, output: Output): Promise<void> {
  const examples = await withEngine(output, {}, async (engine) => {
    await engine.remote.load({ directory: model, provider: 'auto' });
    return engine.remote.examples(examplesShown, 1);
  });
  if (examples.length > 0) output.say('\nCompletions in files that were held out:');
  for (const example of examples) output.result({ type: 'example', ...example }, describeExample(example));
}

function describeExample({ path, line, before, completion, expected }: CompletionExample): string {
  return [
    `\n  ${path}:${line}`,
    `    ${before.trimStart()}⟨cursor⟩`,
    `    Recur:  ${completion}`,
    `    really: ${expected}`,
  ].join('\n');
}
