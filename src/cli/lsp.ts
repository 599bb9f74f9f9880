import { createRequire } from 'node:module';
import { Console } from 'node:console';
import { join, resolve } from 'node:path';
import type { serve } from '../lsp/server';
import type { Command } from './command';
import { machineFolder } from './machineFolder';

export const lspCommand: Command = {
  name: 'lsp',
  summary: 'Serve any editor by the language server protocol (docs/editors.md)',
  positionals: '',
  positionalCount: [0, 0],
  options: {
    stdio: { type: 'boolean', description: 'speak on standard input and output, which is what it does anyway' },
    model: {
      type: 'string',
      hint: 'DIR',
      description: 'folder with current.json, or one export (recur.modelDirectory, or .recur in the first folder)',
    },
    clientProcessId: { type: 'string', hint: 'PID', description: 'end when this process is gone' },
  },
  run(input) {
    // Standard output belongs to the protocol, whatever a library finds worth a line.
    Object.assign(console, new Console(process.stderr));
    const model = input.text('model');
    loadServer()({
      input: process.stdin,
      output: process.stdout,
      bundles: __dirname,
      machineFolder: machineFolder(),
      models: model === undefined ? undefined : resolve(model),
      version: __RECUR_VERSION__,
    });
    // It ends the process itself.
    return new Promise(() => undefined);
  },
};

/** A bundle of its own: no other command reads it. */
function loadServer(): typeof serve {
  const load = createRequire(__filename);
  return (load(join(__dirname, 'lsp.js')) as { readonly serve: typeof serve }).serve;
}
