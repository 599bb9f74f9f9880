import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Which folders of src each folder may import from, besides itself (docs/architecture.md).
 * @type {Record<string, string[]>}
 */
const allowedImports = {
  core: [],
  protocol: ['core'],
  corpus: ['core'],
  memory: ['core'],
  training: ['core', 'protocol'],
  onnx: ['core', 'protocol'],
  inference: ['core', 'protocol'],
  processes: ['core', 'protocol', 'corpus', 'training', 'onnx', 'inference', 'memory'],
  panel: ['core', 'protocol'],
  extension: ['core', 'protocol', 'processes'],
  cli: ['core', 'protocol', 'processes'],
};

/** Packages that only some folders may load. */
const confinedPackages = [
  { name: 'vscode', folders: ['extension'] },
  { name: 'onnxruntime-node', folders: ['inference'] },
  { name: '@tensorflow', folders: ['training'] },
];

/**
 * @param {string} folder
 * @returns {import('eslint').Linter.Config}
 */
function importRules(folder) {
  const folders = Object.keys(allowedImports).filter(
    (other) => other !== folder && !allowedImports[folder]?.includes(other),
  );
  const packages = confinedPackages.filter((entry) => !entry.folders.includes(folder));
  const patterns = [
    { regex: `^\\.\\./(.*/)?(${folders.join('|')})/`, message: `src/${folder} may not import from there.` },
    ...packages.map(({ name }) => ({
      regex: `^${name}(/|$)`,
      message: `Only ${name === 'vscode' ? 'src/extension' : 'its own folder'} may load ${name}.`,
    })),
  ];
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  };
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
  ...Object.keys(allowedImports).map(importRules),
);
