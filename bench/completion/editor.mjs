// node bench/completion/editor.mjs MODEL FOLDER FILE [SUITE]: editorSuite.ts, or that suite, inside a real VS Code with that folder open.
import { build } from 'esbuild';
import path from 'node:path';
import { installHost, runSuites } from '../../scripts/hostServer.mjs';

const ownSuite = path.join(import.meta.dirname, 'editorSuite.ts');
const [model = '', workspaceFolder = '', file = '', suite = ownSuite] = process.argv.slice(2);
const projectRoot = path.resolve(import.meta.dirname, '../..');
const testsPath = path.join(projectRoot, '.cache/bench/editorSuite.js');
await build({
  entryPoints: [suite],
  outfile: testsPath,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', 'mocha'],
  logLevel: 'warning',
});
await installHost();
const { failed } = await runSuites({
  workspaceFolder,
  testsPath,
  environment: { RECUR_BENCH_FILE: file },
  settings: {
    'recur.modelDirectory': model,
    'javascript.validate.enable': false,
    'typescript.validate.enable': false,
    'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
    'editor.suggestOnTriggerCharacters': false,
    'editor.autoClosingBrackets': 'never',
    'editor.autoClosingQuotes': 'never',
  },
});
process.exitCode = failed;
