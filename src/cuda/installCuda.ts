import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { temporaryPrefix, writeFileAtomically } from '../store/atomicFile';
import { diskFailure, requireSpace } from './diskFailure';
import { download } from './download';
import { findNvidiaGpu, requireUsable, type NvidiaGpu } from './gpu';
import { cudaFolder, installedFile, librariesIn, packagesIn } from './installedRuntime';
import { unpack } from './unpack';
import { findWheel, pythonIndex, releaseFor, type CudaRelease, type Wheel } from './wheels';

/** What would be installed. */
export interface InstallationPlan {
  readonly gpu: NvidiaGpu;
  readonly onnxruntime: string;
  readonly cuda: number;
  readonly wheels: readonly Wheel[];
  /** To download, all together. */
  readonly bytes: number;
}

export interface PlanOptions {
  readonly index?: string;
  readonly gpu?: () => Promise<NvidiaGpu | undefined>;
  /** Of onnxruntime-node. */
  readonly version?: string;
  readonly system?: string;
}

/**
 * Finds what fits the onnxruntime in use. Nothing is downloaded but pages of the index, and those only where there is a GPU.
 * @throws UserError where CUDA would be of no use here, or the index cannot be read
 */
export async function planInstallation(signal: AbortSignal, options: PlanOptions = {}): Promise<InstallationPlan> {
  const { index = pythonIndex, gpu = findNvidiaGpu, version = await ownVersion() } = options;
  const release = releaseFor(version);
  const found = requireUsable(await gpu(), release, options.system);
  const wheels: Wheel[] = [];
  for (const wanted of packagesOf(release, version)) wheels.push(await findWheel(index, wanted, signal));
  const bytes = wheels.reduce((sum, wheel) => sum + wheel.bytes, 0);
  return { gpu: found, onnxruntime: version, cuda: release.cuda, wheels, bytes };
}

const gpuPackage = 'onnxruntime-gpu';

function packagesOf({ packages }: CudaRelease, version: string) {
  return [{ name: gpuPackage, version: `${version}.` }, ...packages];
}

export interface InstallationProgress {
  /** The file that is downloaded or unpacked. */
  readonly filename: string;
  /** Of all downloads together. */
  readonly bytes: number;
}

/**
 * Downloads, checks and unpacks what was planned, beside a copy of onnxruntime that loads it. What is broken off goes on the next
 * time; what was installed before is used until the new one is whole.
 * @throws UserError where a file cannot be had or is another one
 */
export async function installCuda(
  plan: InstallationPlan,
  machineFolder: string,
  signal: AbortSignal,
  onProgress: (progress: InstallationProgress) => void,
): Promise<void> {
  const root = cudaFolder(machineFolder);
  const downloads = join(root, 'downloads');
  try {
    await mkdir(downloads, { recursive: true });
    const kept = await sizeOfFiles(downloads);
    await requireSpace(root, plan.bytes - kept);
    await downloadAll(plan, downloads, signal, onProgress);
    await unpackAndUse(plan, downloads, machineFolder, signal);
    await rm(downloads, { recursive: true, force: true });
  } catch (error) {
    const failure = diskFailure(error, root);
    // A disk that is full is not to stay so.
    if (failure !== undefined) await rm(downloads, { recursive: true, force: true }).catch(ignore);
    for (const folder of [downloads, root]) await rmdir(folder).catch(ignore);
    throw failure ?? error;
  }
}

/** A folder that holds something stays. */
const ignore = (): undefined => undefined;

async function downloadAll(
  { wheels }: InstallationPlan,
  downloads: string,
  signal: AbortSignal,
  onProgress: (progress: InstallationProgress) => void,
): Promise<void> {
  let before = 0;
  for (const wheel of wheels) {
    const { filename, bytes } = wheel;
    const report = (own: number): void => onProgress({ filename, bytes: before + own });
    await download(wheel, join(downloads, filename), signal, report);
    before += bytes;
    report(0);
  }
}

async function unpackAndUse(
  plan: InstallationPlan,
  downloads: string,
  machineFolder: string,
  signal: AbortSignal,
): Promise<void> {
  const staging = join(cudaFolder(machineFolder), `${temporaryPrefix}${randomUUID()}`);
  try {
    await stage(plan, downloads, staging, signal);
    await putIntoUse(plan, machineFolder, staging);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function sizeOfFiles(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function stage(plan: InstallationPlan, downloads: string, staging: string, signal: AbortSignal): Promise<void> {
  const libraries = librariesIn(staging);
  await mkdir(libraries, { recursive: true });
  const binaries = await copyRuntime(packagesIn(staging));
  for (const { name, filename } of plan.wheels) {
    const archive = join(downloads, filename);
    if (name === gpuPackage) await unpack(archive, isProviderLibrary, binaries, signal);
    else await unpack(archive, isSharedLibrary, libraries, signal);
  }
}

/** The provider looks for them beside onnxruntime's own library. */
const isProviderLibrary = (path: string): boolean => /\/libonnxruntime_providers_(cuda|shared)\.so$/.test(path);
const isSharedLibrary = (path: string): boolean => /\/lib\/lib[^/]*\.so[.\d]*$/.test(path);

/** @returns the folder of its native libraries */
async function copyRuntime(packages: string): Promise<string> {
  const native = join('bin', 'napi-v6', process.platform, process.arch);
  const parts = {
    'onnxruntime-node': ['package.json', 'dist', native],
    'onnxruntime-common': ['package.json', 'dist'],
  };
  for (const [name, paths] of Object.entries(parts)) {
    const source = packageFolder(name);
    for (const path of paths) await cp(join(source, path), join(packages, name, path), { recursive: true });
  }
  return join(packages, 'onnxruntime-node', native);
}

/** Where a package lies that this bundle loads. */
function packageFolder(name: string): string {
  const main = createRequire(join(__dirname, 'recur.js')).resolve(name);
  let folder = dirname(main);
  while (basename(folder) !== name) {
    if (folder === dirname(folder)) throw new Error(`${main} does not lie in a folder of ${name}.`);
    folder = dirname(folder);
  }
  return folder;
}

async function ownVersion(): Promise<string> {
  const text = await readFile(join(packageFolder('onnxruntime-node'), 'package.json'), 'utf8');
  return v.parse(v.object({ version: v.string() }), JSON.parse(text)).version;
}

/** From then on engines that are started load it; older ones are deleted. */
async function putIntoUse({ onnxruntime }: InstallationPlan, machineFolder: string, staging: string): Promise<void> {
  const root = cudaFolder(machineFolder);
  const folder = `runtime-${onnxruntime}-${randomUUID().slice(0, 8)}`;
  await rename(staging, join(root, folder));
  try {
    await writeFileAtomically(installedFile(machineFolder), JSON.stringify({ onnxruntime, folder }));
  } catch (error) {
    await rm(join(root, folder), { recursive: true, force: true });
    throw error;
  }
  for (const name of await readdir(root)) {
    const isOld = name.startsWith('runtime-') || name.startsWith(temporaryPrefix);
    if (isOld && name !== folder) await rm(join(root, name), { recursive: true, force: true });
  }
}
