import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cudaRuntimeVariable } from '../../src/core/environmentVariables';
import { cudaFolder, engineEnvironment, installedRuntime } from '../../src/cuda/installedRuntime';
import { installCuda, planInstallation, type InstallationPlan } from '../../src/cuda/installCuda';
import { unpack } from '../../src/cuda/unpack';
import { sendRange, startFakeIndex, type FakeIndex } from './fakeIndex';
import { storedZip } from './storedZip';
import { patience } from '../patience';

const never = new AbortController().signal;
const ignore = () => undefined;
const gpu = { name: 'NVIDIA H200', driver: '580.159.04' };

let index: FakeIndex;
let folder: string;

beforeEach(async () => {
  index = await startFakeIndex();
  folder = await mkdtemp(join(tmpdir(), 'recur-cuda-'));
});

afterEach(async () => {
  await index.close();
  await rm(folder, { recursive: true, force: true });
});

const plan = (found: typeof gpu | undefined = gpu, version = '1.30.0'): Promise<InstallationPlan> =>
  planInstallation(never, { index: index.url, gpu: () => Promise.resolve(found), version, system: 'linux x64' });

describe('what would be installed', () => {
  it('is what fits the onnxruntime in use, with its size', async () => {
    const { wheels, bytes, cuda } = await plan();
    expect(cuda).toBe(13);
    expect(wheels.map(({ filename }) => filename.split('-').slice(0, 2).join(' '))).toEqual([
      'onnxruntime_gpu 1.30.0',
      'nvidia_cuda_runtime 13.0.10',
      'nvidia_cuda_nvrtc 13.0.1',
      'nvidia_nvjitlink 13.0.1',
      'nvidia_cublas 13.1.9',
      'nvidia_cufft 12.0.1',
      'nvidia_curand 10.4.0.35',
      'nvidia_cudnn_cu13 9.2.0',
    ]);
    expect(bytes).toBe(wheels.reduce((sum, wheel) => sum + wheel.bytes, 0));
    expect(index.asked).toEqual([]);
  });

  const planFor = (found: typeof gpu | undefined, system: string) =>
    planInstallation(never, {
      ...{ index: 'http://127.0.0.1:9/', version: '1.30.0', system },
      gpu: () => Promise.resolve(found),
    });
  it.each([
    ['there is no GPU', undefined, 'linux x64', /no GPU of NVIDIA here/],
    [
      'the driver is too old',
      { ...gpu, driver: '535.1' },
      'linux x64',
      /driver 535\.1 of NVIDIA H200 is too old for CUDA 13/,
    ],
    ['the driver is unknown', { ...gpu, driver: '[N/A]' }, 'linux x64', /too old/],
    ['the system is another one', gpu, 'darwin arm64', /exist for Linux x64, and this is darwin arm64/],
  ])('is nothing where %s, which is said before anything is asked for', async (_, found, system, message) => {
    await expect(planFor(found, system)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(message) as string,
    });
  });

  it('is unknown for a version that nothing is known of', async () => {
    await expect(plan(gpu, '9.0.0')).rejects.toMatchObject({ name: 'UserError' });
  });

  it('cannot be told where the index does not answer, or lacks a package', async () => {
    await expect(plan(gpu, '1.30.7')).rejects.toThrow(/has no onnxruntime-gpu 1\.30\.7\. for Linux x64/);
    await index.close();
    await expect(plan()).rejects.toThrow(/onnxruntime-gpu\/ cannot be read: .*ECONNREFUSED/);
  });
});

describe('installing', () => {
  it('puts the libraries beside a copy of the runtime, which engines then load', async () => {
    expect(Object.keys(engineEnvironment(folder))).not.toContain(cudaRuntimeVariable);
    const planned = await plan();
    const told: number[] = [];
    await installCuda(planned, folder, never, ({ bytes }) => told.push(bytes));
    expect(told.at(-1)).toBe(planned.bytes);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    const environment = engineEnvironment(folder);
    const packages = environment[cudaRuntimeVariable]!;
    const native = join(packages, 'onnxruntime-node/bin/napi-v6', process.platform, process.arch);
    const binaries = await readdir(native);
    expect(binaries).toEqual(
      expect.arrayContaining([
        'onnxruntime_binding.node',
        'libonnxruntime_providers_cuda.so',
        'libonnxruntime_providers_shared.so',
      ]),
    );
    expect(binaries).not.toContain('libonnxruntime_providers_tensorrt.so');
    const libraries = environment.LD_LIBRARY_PATH!.split(':')[0]!;
    expect(await readdir(libraries)).toHaveLength(planned.wheels.length - 1);
    expect(await readFile(join(libraries, 'libnvidia-cublas.so.13'), 'utf8')).toContain('the library nvidia-cublas');
    expect((await readdir(cudaFolder(folder))).sort()).toEqual(['installed.json', installedRuntime(folder)!.folder]);
  });

  it('replaces what was installed before', async () => {
    await installCuda(await plan(), folder, never, ignore);
    const before = installedRuntime(folder)!.folder;
    await installCuda(await plan(), folder, never, ignore);
    expect(await readdir(cudaFolder(folder))).not.toContain(before);
  });

  it('goes on where it was cancelled', async () => {
    const planned = await plan();
    const controller = new AbortController();
    // The first file comes in halves, and the second half never.
    index.answer = (_, response, file) => {
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, file.length >> 1));
    };
    const [first] = planned.wheels;
    const cancelled = installCuda(planned, folder, controller.signal, ignore).catch((error: unknown) => error);
    const part = join(cudaFolder(folder), 'downloads', `${first!.filename}.part`);
    await vi.waitFor(async () => expect((await stat(part)).size).toBe(first!.bytes >> 1), patience);
    controller.abort();
    expect(await cancelled).toMatchObject({ name: 'AbortError' });
    expect(installedRuntime(folder)).toBeUndefined();
    index.answer = undefined;
    await installCuda(planned, folder, never, ignore);
    const ranges = index.asked.filter(({ path }) => path === first!.filename).map(({ range }) => range);
    expect(ranges).toEqual([undefined, `bytes=${first!.bytes >> 1}-`]);
    expect(installedRuntime(folder)).toBeDefined();
  });

  it('goes on by itself where a connection breaks, and begins anew with a server that knows no ranges', async () => {
    const planned = await plan();
    let broken = 0;
    index.answer = (_, response, file) => {
      if (broken++ > 1) {
        response.writeHead(200, { 'content-length': file.length }).end(file);
        return;
      }
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, 100), () => response.destroy());
    };
    await installCuda(planned, folder, never, ignore);
    expect(installedRuntime(folder)).toBeDefined();
  });

  it.each([
    ['of another content', (file: Buffer) => Buffer.alloc(file.length, 1), /SHA-256 is not the one/],
    ['that is longer', (file: Buffer) => Buffer.concat([file, file]), /SHA-256 is not the one/],
  ])('refuses a file %s, and keeps what was installed before', async (_, change, message) => {
    const planned = await plan();
    await installCuda(planned, folder, never, ignore);
    const before = installedRuntime(folder);
    index.answer = (request, response, file) => sendRange(request, response, change(file));
    await expect(installCuda(planned, folder, never, ignore)).rejects.toThrow(message);
    expect(installedRuntime(folder)).toEqual(before);
    expect((await readdir(cudaFolder(folder))).sort()).toEqual(['installed.json', before!.folder]);
  });

  it('gives up on a server that answers with errors only', async () => {
    index.answer = (_, response) => response.writeHead(503).end();
    await expect(installCuda(await plan(), folder, never, ignore)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/was not downloaded: HTTP 503/) as string,
    });
    expect(index.asked).toHaveLength(3);
  });

  const failure = async (plan: InstallationPlan, where = folder): Promise<string> => {
    const error: unknown = await installCuda(plan, where, never, ignore).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UserError' });
    return (error as Error).message;
  };

  it.skipIf(process.platform !== 'linux')('says that the disk is full, and leaves nothing on it', async () => {
    const planned = await plan();
    const downloads = join(cudaFolder(folder), 'downloads');
    await mkdir(downloads, { recursive: true });
    await symlink('/dev/full', join(downloads, `${planned.wheels[1]!.filename}.part`));
    expect(await failure(planned)).toBe(`The disk with ${cudaFolder(folder)} is full.`);
    expect(index.asked).toHaveLength(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says what does not fit on the disk before anything is downloaded', async () => {
    const planned = { ...(await plan()), bytes: 4e17 };
    expect(await failure(planned)).toMatch(
      /^CUDA support needs 1000000000\.00 GB in .*cuda, and [\d.]+ [GM]B are free\.$/,
    );
    expect(index.asked).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says where it may not write', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(await failure(await plan(), file)).toBe(`The folder ${cudaFolder(file)} cannot be written to (ENOTDIR).`);
    expect(index.asked).toEqual([]);
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('leaves nothing unpacked where it cannot be put into use', async () => {
    await mkdir(join(cudaFolder(folder), 'installed.json'), { recursive: true });
    await expect(installCuda(await plan(), folder, never, ignore)).rejects.toThrow(/installed\.json/);
    expect((await readdir(cudaFolder(folder))).sort()).toEqual(['downloads', 'installed.json']);
  });

  it('does not believe what is damaged', async () => {
    await mkdir(cudaFolder(folder));
    for (const text of ['', '{"onnxruntime":"1.30.0"}', '{"onnxruntime":"1.30.0","folder":"../elsewhere"}']) {
      await writeFile(join(cudaFolder(folder), 'installed.json'), text);
      expect(installedRuntime(folder)).toBeUndefined();
    }
  });

  it('writes nothing outside of its folder, whatever path an archive names', async () => {
    const archive = join(folder, 'lying.whl');
    await writeFile(archive, storedZip({ '../../lib/libcublas.so.13': Buffer.from('evil') }));
    await expect(unpack(archive, () => true, folder, never)).rejects.toThrow(/invalid relative path/);
    await writeFile(archive, storedZip({ 'some/lib/libcublas.so.13': Buffer.from('good') }));
    expect(await unpack(archive, () => true, folder, never)).toEqual(['libcublas.so.13']);
    expect((await readdir(folder)).sort()).toEqual(['libcublas.so.13', 'lying.whl']);
  });
});
