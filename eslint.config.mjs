import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import { existsSync } from 'node:fs';
import path from 'node:path';
import tseslint from 'typescript-eslint';
import { importDirections } from './scripts/checks/importDirections.mjs';

/**
 * The rooms of src and which others each may import from, besides itself (docs/architecture.md). Rooms may lie in rooms:
 * `a/b` is a room of its own, and `a/**` names a room with all that lie in it.
 * @type {import('./scripts/checks/importDirections.mjs').Rooms}
 */
const rooms = {
  // Ground.
  core: [],
  text: ['core'],
  // Files on disk, graphs, files to documents, the memory, what may be offered.
  store: ['core'],
  corpus: ['core', 'text'],
  cuda: ['core', 'store'],
  memory: ['core', 'text'],
  surprise: ['core', 'text'],
  offers: ['core', 'text'],
  'offers/measuring': ['core', 'text', 'offers'],
  onnx: ['core', 'text'],
  // What jobs on several machines share.
  objectStore: ['core', 'store'],
  // Messages between processes and with the panel.
  protocol: ['core', 'text', 'store', 'offers/measuring'],
  // What the processes are made of.
  ipc: ['core', 'protocol'],
  inference: ['core', 'text', 'protocol'],
  panel: ['core', 'store', 'offers/measuring', 'protocol'],
  training: [],
  'training/tensorflow': ['core'],
  'training/plan': ['core', 'text'],
  'training/gradient': ['core', 'training/plan'],
  'training/optimizers': ['core', 'training/plan', 'training/tensorflow'],
  'training/gradient/portable': ['core', 'text', 'training/plan', 'training/tensorflow', 'training/gradient'],
  'training/gradient/fused': [
    'core',
    'text',
    'training/plan',
    'training/tensorflow',
    'training/gradient',
    'training/optimizers',
  ],
  'training/state': ['core', 'text', 'store', 'training/gradient'],
  'training/threads': ['core', 'training/plan', 'training/gradient', 'training/gradient/fused', 'training/optimizers'],
  'training/choice': [
    'core',
    'training/tensorflow',
    'training/plan',
    'training/gradient/**',
    'training/optimizers',
    'training/state',
    'training/threads',
  ],
  'training/loop': [
    'core',
    'text',
    'store',
    'protocol',
    'training/tensorflow',
    'training/plan',
    'training/gradient',
    'training/state',
    'training/threads',
    'training/choice',
  ],
  'training/probing': ['core', 'protocol', 'training/**'],
  // Jobs of a team.
  jobs: ['core', 'text', 'store', 'corpus', 'objectStore', 'protocol'],
  // The processes.
  trainer: ['core', 'text', 'store', 'corpus', 'onnx', 'protocol', 'ipc', 'training/**'],
  prober: ['core', 'text', 'protocol', 'ipc', 'inference'],
  engine: ['core', 'text', 'store', 'offers/**', 'protocol', 'ipc', 'inference', 'engine/**'],
  'engine/providers': ['core', 'text', 'store', 'protocol', 'ipc', 'inference'],
  'engine/model': ['core', 'text', 'store', 'onnx', 'protocol', 'ipc', 'inference', 'engine/providers'],
  'engine/documents': ['core', 'text', 'corpus', 'memory', 'protocol', 'inference', 'engine/model'],
  'engine/completing': [
    'core',
    'text',
    'memory',
    'offers',
    'protocol',
    'inference',
    'engine/model',
    'engine/documents',
  ],
  'engine/measuring': [
    'core',
    'text',
    'store',
    'corpus',
    'memory',
    'offers/**',
    'protocol',
    'inference',
    'engine/model',
    'engine/documents',
    'engine/completing',
  ],
  'engine/calibrating': [
    'core',
    'text',
    'store',
    'memory',
    'offers/**',
    'protocol',
    'inference',
    'engine/model',
    'engine/documents',
    'engine/completing',
    'engine/measuring',
  ],
  'engine/memory': [
    'core',
    'text',
    'store',
    'corpus',
    'memory',
    'protocol',
    'inference',
    'engine/model',
    'engine/documents',
  ],
  'engine/surprise': [
    'core',
    'text',
    'store',
    'corpus',
    'memory',
    'surprise',
    'protocol',
    'inference',
    'engine/model',
    'engine/documents',
    'engine/measuring',
  ],
  'engine/evaluating': [
    'core',
    'text',
    'store',
    'memory',
    'offers/**',
    'protocol',
    'engine/model',
    'engine/measuring',
    'engine/calibrating',
  ],
  // What every editor's integration shares, then who uses it.
  editors: ['core', 'cuda', 'text', 'store', 'corpus', 'offers/**', 'protocol', 'ipc'],
  'extension/editor': ['core', 'text', 'store', 'protocol', 'editors'],
  'extension/engine': ['core', 'cuda', 'store', 'offers/**', 'protocol', 'ipc', 'editors', 'extension/editor'],
  'extension/completion': [
    'core',
    'text',
    'corpus',
    'offers/**',
    'protocol',
    'editors',
    'extension/editor',
    'extension/engine',
  ],
  'extension/status': ['core', 'protocol', 'editors', 'extension/editor', 'extension/engine', 'extension/completion'],
  'extension/panel': ['core', 'store', 'protocol', 'editors', 'extension/editor'],
  'extension/training': [
    'core',
    'store',
    'protocol',
    'ipc',
    'editors',
    'extension/editor',
    'extension/engine',
    'extension/status',
  ],
  extension: ['protocol', 'editors', 'extension/**'],
  lsp: ['core', 'text', 'store', 'corpus', 'protocol', 'editors'],
  cli: ['core', 'cuda', 'text', 'store', 'corpus', 'offers/**', 'protocol', 'ipc', 'lsp', 'objectStore', 'jobs'],
};

/** Packages that only the files of one folder may load. */
const confinedPackages = [
  { name: 'vscode', folder: 'src/extension' },
  { name: 'onnxruntime-node', folder: 'src/inference' },
  { name: 'onnxruntime-web', folder: 'src/inference' },
  { name: '@tensorflow', folder: 'src/training' },
];

/**
 * @param {readonly {name: string, folder: string}[]} packages
 * @returns {import('eslint').Linter.RulesRecord}
 */
function withoutPackages(packages) {
  const patterns = packages.map(({ name, folder }) => ({
    regex: `^${name}(/|$)`,
    message: `Only ${folder} may load ${name}.`,
  }));
  return { 'no-restricted-imports': ['error', { patterns }] };
}

export default defineConfig(
  {
    ignores: [
      'dist/',
      'node_modules/',
      '.cache/',
      '.vscode-test/',
      'test-results/',
      'test/fixtures/',
      'src/**/generated/',
      // Its packages are its own, and installed where its tests run.
      ...(existsSync(path.join(import.meta.dirname, 'team', 'node_modules')) ? [] : ['team/']),
      '**/dist/',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off', 'max-lines': 'off' },
  },
  {
    // Node's own test runner collects what these give.
    files: ['team/test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['describe', 'it'] }] },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.mts'],
    rules: { 'no-restricted-exports': 'off' },
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
  { files: ['src/**/*.ts'], rules: withoutPackages(confinedPackages) },
  ...confinedPackages.map(({ folder }) => ({
    files: [`${folder}/**/*.ts`],
    rules: withoutPackages(confinedPackages.filter((entry) => entry.folder !== folder)),
  })),
  importDirections(rooms, { basePath: import.meta.dirname }),
);
