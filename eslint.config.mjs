import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import { existsSync } from 'node:fs';
import path from 'node:path';
import tseslint from 'typescript-eslint';
import { importDirections } from './scripts/checks/importDirections.mjs';

/** What half the rooms stand on. */
const ground = ['core', 'text'];
/** What every gradient is made with. */
const gradients = [...ground, 'training/plan', 'training/tensorflow', 'training/gradient'];
/** Who runs networks in a process of its own. */
const networkProcess = [...ground, 'protocol', 'ipc', 'inference'];
/** What whoever answers a question in the engine looks at: the loaded network, the memory and the open documents. */
const engineAnswers = [...ground, 'memory', 'protocol', 'inference', 'engine/model', 'engine/documents'];
/** What every feature of the extension is made with. */
const extensionFeature = ['core', 'protocol', 'editors', 'extension/editor'];

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
  corpus: ground,
  cuda: ['core', 'store'],
  memory: ground,
  surprise: ground,
  offers: ground,
  'offers/measuring': [...ground, 'offers'],
  onnx: ground,
  // What jobs on several machines share.
  objectStore: ['core', 'store'],
  // Messages between processes and with the panel.
  protocol: [...ground, 'store', 'surprise', 'offers/measuring'],
  // What the processes are made of.
  ipc: ['core', 'protocol'],
  inference: [...ground, 'protocol'],
  panel: ['core', 'store', 'offers/measuring', 'protocol'],
  training: [],
  'training/tensorflow': ['core'],
  'training/plan': ground,
  'training/gradient': ['core', 'training/plan'],
  'training/optimizers': ['core', 'training/plan', 'training/tensorflow'],
  'training/gradient/portable': gradients,
  'training/gradient/fused': [...gradients, 'training/optimizers'],
  'training/state': [...ground, 'store', 'training/gradient'],
  'training/measuring': [...ground, 'training/plan', 'training/gradient'],
  'training/threads': [
    'core',
    'training/plan',
    'training/gradient',
    'training/gradient/fused',
    'training/measuring',
    'training/optimizers',
  ],
  'training/choice': [
    ...gradients,
    'training/gradient/**',
    'training/optimizers',
    'training/state',
    'training/threads',
  ],
  'training/loop': [
    ...gradients,
    'store',
    'protocol',
    'training/measuring',
    'training/optimizers',
    'training/state',
    'training/threads',
    'training/choice',
  ],
  'training/probing': ['core', 'protocol', 'training/**'],
  // Jobs of a team.
  jobs: [...ground, 'store', 'corpus', 'objectStore', 'protocol'],
  // The processes.
  trainer: [...ground, 'store', 'corpus', 'onnx', 'protocol', 'ipc', 'training/**'],
  prober: networkProcess,
  reader: [...networkProcess, 'surprise'],
  engine: [...networkProcess, 'store', 'offers/**', 'engine/**'],
  'engine/providers': [...networkProcess, 'store'],
  'engine/model': [...networkProcess, 'store', 'onnx', 'engine/providers'],
  'engine/documents': [...engineAnswers, 'corpus'],
  'engine/completing': [...engineAnswers, 'offers'],
  'engine/measuring': [...engineAnswers, 'store', 'corpus', 'offers/**', 'engine/completing'],
  'engine/calibrating': [...engineAnswers, 'store', 'offers/**', 'engine/completing', 'engine/measuring'],
  'engine/memory': [...engineAnswers, 'store', 'corpus'],
  'engine/surprise': [...engineAnswers, 'store', 'ipc', 'corpus', 'surprise', 'engine/completing', 'engine/measuring'],
  'engine/evaluating': [...engineAnswers, 'store', 'offers/**', 'engine/measuring', 'engine/calibrating'],
  // What every editor's integration shares, then who uses it.
  editors: [...ground, 'cuda', 'store', 'corpus', 'offers/**', 'protocol', 'ipc'],
  'extension/editor': [...ground, 'store', 'protocol', 'editors'],
  'extension/engine': [...extensionFeature, 'cuda', 'store', 'offers/**', 'ipc'],
  'extension/completion': [...extensionFeature, 'text', 'corpus', 'offers/**', 'extension/engine'],
  'extension/review': [...extensionFeature, 'text', 'corpus'],
  'extension/status': [...extensionFeature, 'extension/engine', 'extension/completion'],
  'extension/sidebar': [...extensionFeature, 'store'],
  'extension/surprise': [...extensionFeature, 'text', 'surprise', 'extension/completion'],
  'extension/panel': [...extensionFeature, 'store'],
  'extension/training': [...extensionFeature, 'store', 'ipc', 'extension/engine', 'extension/status'],
  extension: ['surprise', 'protocol', 'editors', 'extension/**'],
  lsp: [...ground, 'store', 'corpus', 'protocol', 'editors'],
  cli: [...ground, 'cuda', 'store', 'corpus', 'offers/**', 'protocol', 'ipc', 'lsp', 'objectStore', 'jobs'],
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
