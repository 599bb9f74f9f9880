import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureTensorflow, storeName } from '../../scripts/setup/tensorflow.mjs';
import { lacksAvx } from '../../scripts/setup/tensorflowCheck.mjs';
import { requireSha256, wheels } from '../../scripts/setup/tensorflowWheel.mjs';

let root = '';
const packageFolder = () => path.join(root, 'node_modules', '@tensorflow', 'tfjs-node');
const modulePath = () => path.join(packageFolder(), 'lib', 'napi-v8', 'tfjs_binding.node');
const cache = () => path.join(root, '.cache', 'tensorflow');

/** A package that, like the real one, computes only when its native part lies where it belongs. */
const packageScript = `
  require('node:fs').readFileSync(__dirname + '/deps/lib/library.so');
  const TF_Version = require('node:fs').readFileSync(__dirname + '/lib/napi-v8/tfjs_binding.node', 'utf8');
  exports.ones = () => 0;
  exports.matMul = () => ({ sum: () => ({ dataSync: () => [12] }) });
  exports.backend = () => ({ binding: { TF_Version } });
`;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'recur-native-'));
  mkdirSync(packageFolder(), { recursive: true });
  writeFileSync(path.join(packageFolder(), 'package.json'), JSON.stringify({ version: '4.22.0', main: 'index.js' }));
  writeFileSync(path.join(packageFolder(), 'index.js'), packageScript);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Writes the two native folders, as a download or a build does. */
function writeNative(stage: string, version: string): void {
  mkdirSync(path.join(stage, 'deps', 'lib'), { recursive: true });
  mkdirSync(path.join(stage, 'lib', 'napi-v8'), { recursive: true });
  writeFileSync(path.join(stage, 'deps', 'lib', 'library.so.2'), 'library');
  symlinkSync(path.join(stage, 'deps', 'lib', 'library.so.2'), path.join(stage, 'deps', 'lib', 'library.so'));
  writeFileSync(path.join(stage, 'lib', 'napi-v8', 'tfjs_binding.node'), version);
}

function source(name: string, install: (stage: string) => void) {
  const calls: string[] = [];
  return {
    calls,
    name,
    install: (stage: string) => {
      calls.push(stage);
      install(stage);
      return Promise.resolve();
    },
  };
}

const works = () => source('works', (stage) => writeNative(stage, '2.9.1'));
const unreachable = () =>
  source('unreachable', () => {
    throw new Error('the host cannot be reached');
  });
/** What a download that broke off leaves: a binding without its library. */
const halfDone = () =>
  source('half done', (stage) => {
    writeNative(stage, '2.9.1');
    rmSync(path.join(stage, 'deps'), { recursive: true });
  });

async function ensure(from: ReturnType<typeof source>[], retry = false) {
  const lines: string[] = [];
  const note = await ensureTensorflow(root, { log: (line: string) => lines.push(line), retry, from });
  return { note, lines };
}

describe('the native library of tfjs-node', () => {
  it('comes from the first source that works, and whole', async () => {
    const { note, lines } = await ensure([unreachable(), halfDone(), works()]);
    expect(note).toMatchObject({ version: '2.9.1', source: 'works' });
    expect(lines.join('\n')).toContain('TensorFlow 2.9.1');
    expect(readFileSync(modulePath(), 'utf8')).toBe('2.9.1');
    expect(readFileSync(path.join(packageFolder(), 'deps', 'lib', 'library.so'), 'utf8')).toBe('library');
  });

  it('is not fetched a second time, not even after node_modules was installed anew', async () => {
    await ensure([works()]);
    const again = works();
    await ensure([again]);
    rmSync(path.join(packageFolder(), 'lib'), { recursive: true });
    rmSync(path.join(packageFolder(), 'deps'), { recursive: true });
    const { lines } = await ensure([again]);
    expect(again.calls).toEqual([]);
    expect(lines).toEqual([]);
    expect(existsSync(modulePath())).toBe(true);
  });

  it('is missing, and node_modules clean, where no source works; the reasons are said in one line', async () => {
    const { note, lines } = await ensure([unreachable(), halfDone()]);
    expect(note).toBeUndefined();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('the host cannot be reached');
    expect(lines[0]).toContain('WebAssembly');
    expect(readdirSync(packageFolder()).sort()).toEqual(['index.js', 'package.json']);
    expect(readdirSync(cache()).filter((name) => name.startsWith('stage'))).toEqual([]);
  });

  it('is not asked for at every start once it failed, but when asked to', async () => {
    await ensure([unreachable()]);
    const later = works();
    expect((await ensure([later])).note).toBeUndefined();
    expect(later.calls).toEqual([]);
    expect((await ensure([later], true)).note).toMatchObject({ version: '2.9.1' });
  });

  it('is fetched again when a stored file was damaged', async () => {
    await ensure([works()]);
    const store = path.join(cache(), storeName('4.22.0'));
    writeFileSync(path.join(store, 'deps', 'lib', 'library.so.2'), '');
    const again = works();
    await ensure([again]);
    expect(again.calls).toHaveLength(1);
    expect(readFileSync(path.join(packageFolder(), 'deps', 'lib', 'library.so.2'), 'utf8')).toBe('library');
  });

  it('survives a set-up that was killed in the middle', async () => {
    const script = path.resolve('scripts/setup/tensorflow.mjs');
    const killed = `
      const { ensureTensorflow } = await import(${JSON.stringify(script)});
      const install = () => { console.log('begun'); return new Promise((resolve) => setTimeout(resolve, 60_000)); };
      await ensureTensorflow(${JSON.stringify(root)}, { log: () => {}, retry: false, from: [{ name: 'slow', install }] });
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', killed], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(readdirSync(cache())).toEqual(['stage']);

    const { note } = await ensure([works()]);
    expect(note).toMatchObject({ version: '2.9.1' });
    expect(readdirSync(cache())).toEqual([storeName('4.22.0')]);
  });
});

describe('a downloaded wheel', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // FIPS 180-2, appendix B.1

  it('is taken only when it is the pinned file', async () => {
    const file = path.join(root, 'tensorflow.whl');
    writeFileSync(file, 'abc');
    await expect(requireSha256(file, abc)).resolves.toBeUndefined();
    writeFileSync(file, 'abd');
    await expect(requireSha256(file, abc)).rejects.toThrow(/tensorflow\.whl is not the pinned file/);
  });

  it('is pinned by version and hash on every platform', () => {
    for (const wheel of Object.values(wheels)) {
      expect(wheel?.requirement).toMatch(/^[\w-]+==\d+\.\d+\.\d+$/);
      expect(wheel?.sha256).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('a processor without AVX', () => {
  it.each([
    { flags: 'fpu sse sse2 avx avx2 fma', lacking: false },
    { flags: 'fpu sse sse2', lacking: true },
    { flags: 'fpu avx512f', lacking: true },
  ])('is recognized by its flags: $flags', ({ flags, lacking }) => {
    const file = path.join(root, 'cpuinfo');
    writeFileSync(file, `processor\t: 0\nflags\t\t: ${flags}\nbugs\t\t: none\n`);
    expect(lacksAvx(file)).toBe(lacking);
  });

  it('is not suspected where nothing is known', () => {
    expect(lacksAvx(path.join(root, 'missing'))).toBe(false);
  });
});
