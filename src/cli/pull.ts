import { resolve } from 'node:path';
import { openStore } from '../objectStore/openStore';
import { pullModel } from '../jobs/pulling';
import { namePattern } from '../jobs/keys';
import { UsageError, type Command } from './command';
import { wholeNumberFrom } from './numbers';
import { defaultOut } from './train';

export const pullCommand: Command = {
  name: 'pull',
  summary: "Bring a team's model from a store to where the editor finds it",
  positionals: 'NAME',
  positionalCount: [1, 1],
  options: {
    store: { type: 'string', hint: 'STORE', description: 'a folder, or s3://BUCKET/PREFIX' },
    out: {
      type: 'string',
      hint: 'DIR',
      description: "where it goes: the editor's recur.modelDirectory, or recur.training.from (.recur)",
    },
    version: { type: 'string', hint: 'N', description: 'this version (the newest)' },
    workspace: {
      type: 'string',
      hint: 'DIR',
      description: 'a checkout of what it was trained on, whose held-out files calibrate it',
    },
  },
  async run(input, output) {
    const [name = ''] = input.positionals;
    const address = input.text('store');
    if (address === undefined) throw new UsageError('recur pull needs --store, a folder or s3://BUCKET/PREFIX.');
    if (!namePattern.test(name)) throw new UsageError(`No model can be named '${name}'.`);
    const [workspace, out] = [input.text('workspace'), input.text('out')];
    const request = {
      name,
      out: out === undefined ? await defaultOut(resolve('.')) : resolve(out),
      version: input.text('version') === undefined ? undefined : wholeNumberFrom(input, 'version', undefined, 1, 1e9),
      workspace: workspace === undefined ? undefined : resolve(workspace),
    };
    const { version, model } = await pullModel(await openStore(address, __dirname), request, output.logger);
    output.result({ type: 'pulled', name, ...version, model }, `${name}, version ${version.version}: ${model}`);
    return 0;
  },
};
