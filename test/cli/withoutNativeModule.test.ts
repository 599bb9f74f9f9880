import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { publish } from '../engine/modelFolder';
import { constantWeights } from '../inference/testSession';

const root = join(import.meta.dirname, '../..');
let directory: string;

/** An installed Recur whose native onnxruntime does not load, as on an older system; WebAssembly lies beside it. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'recur-no-native-'));
  const modules = join(directory, 'dist/node_modules');
  mkdirSync(join(modules, 'onnxruntime-node'), { recursive: true });
  for (const bundle of ['cli.js', 'engine.js', 'memoryBuilder.js', 'prober.js']) {
    cpSync(join(root, 'dist', bundle), join(directory, 'dist', bundle));
  }
  symlinkSync(join(root, 'node_modules/onnxruntime-web'), join(modules, 'onnxruntime-web'), 'dir');
  const problem = "/lib/libc.so.6: version `GLIBC_2.34' not found (required by libonnxruntime.so.1)";
  writeFileSync(join(modules, 'onnxruntime-node/index.js'), `throw new Error(${JSON.stringify(problem)});`);
  await publish(join(directory, 'models'), '0001-a', constantWeights({}));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function recur(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const cli = join(directory, 'dist/cli.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: directory, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

it('completes without its native module, by network and memory together', () => {
  const workspace = join(directory, 'workspace');
  mkdirSync(workspace);
  for (const name of ['a', 'b', 'c']) writeFileSync(join(workspace, `${name}.ts`), 'const answer = 42;\n'.repeat(3));
  writeFileSync(join(workspace, 'd.ts'), 'const ans');
  const place = ['--line', '1', '--column', '10', '--minimum-confidence', '0', '--json', '--workspace', workspace];
  const { code, stdout } = recur('complete', join(workspace, 'd.ts'), ...place, '--model', join(directory, 'models'));
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { text: 'wer = 42;' }]);
});

it('and recur doctor names the likely cause in one line', () => {
  const { stdout } = recur('doctor', '--model', join(directory, 'models'));
  expect(stdout).toMatch(
    /^wasm +works: .*GLIBC_2\.34.*older than GLIBC_2\.34.*completions run on WebAssembly, slower\./m,
  );
});
