import { formatPerplexity } from '../core/formatting';
import { UserError } from '../core/errors';
import { listModels, useModel, type ListedModel } from '../store/modelChoice';
import type { Command } from './command';
import { modelDirectory } from './processes';

export const modelsCommand: Command = {
  name: 'models',
  summary: 'List the models of a folder, or use another one of them',
  positionals: '',
  positionalCount: [0, 0],
  options: {
    use: { type: 'string', hint: 'ID', description: 'use this model from now on' },
    model: { type: 'string', hint: 'DIR', description: 'folder with current.json (default .recur)' },
  },
  async run(input, output) {
    const directory = modelDirectory(input);
    const id = input.text('use');
    if (id !== undefined) await useModel(directory, id);
    const models = await listModels(directory);
    if (models.length === 0) throw new UserError(`There is no model in ${directory}.`, 'Train one first.');
    for (const model of models) output.result({ type: 'model', ...model }, describeModel(model));
    return 0;
  },
};

function describeModel({ id, createdAt, model, step, validation, inUse }: ListedModel): string {
  const quality = validation === null ? 'not measured' : `perplexity ${formatPerplexity(validation.perplexity)}`;
  const shape = `${model.cell}, ${model.layers} × ${model.hidden}`;
  return `${inUse ? '*' : ' '} ${id}  ${createdAt.slice(0, 16).replace('T', ' ')}  ${quality}, ${step} steps, ${shape}`;
}
