/**
 * How the project's TypeScript is bundled for a script or a benchmark that runs in Node.
 * @type {import('esbuild').BuildOptions}
 */
export const moduleBundle = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // Bundled CommonJS packages ask for Node's own modules so.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
};
