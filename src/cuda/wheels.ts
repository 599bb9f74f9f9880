import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { UserError } from '../core/errors';

/** A package of a Python index: what is taken of it, by name and version. */
export interface WantedPackage {
  readonly name: string;
  /** The newest release whose version begins so. */
  readonly version: string;
}

/** A file to download. */
export interface Wheel {
  readonly name: string;
  readonly filename: string;
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** PyPI's, or a mirror's that answers alike (PEP 691). */
export const pythonIndex = 'https://pypi.org/simple/';

/** What onnxruntime-gpu of a version names as its `cuda` and `cudnn` extras, and what these load. */
export interface CudaRelease {
  readonly onnxruntime: RegExp;
  readonly cuda: number;
  /** The first major version of NVIDIA's driver for Linux that runs it. */
  readonly leastDriver: number;
  readonly packages: readonly WantedPackage[];
}

const releases: readonly CudaRelease[] = [
  {
    onnxruntime: /^1\.30\./,
    // Of CUDA 13.0, which the oldest driver that knows CUDA 13 runs.
    cuda: 13,
    leastDriver: 580,
    packages: [
      { name: 'nvidia-cuda-runtime', version: '13.0.' },
      { name: 'nvidia-cuda-nvrtc', version: '13.0.' },
      { name: 'nvidia-nvjitlink', version: '13.0.' },
      { name: 'nvidia-cublas', version: '13.1.' },
      { name: 'nvidia-cufft', version: '12.0.' },
      { name: 'nvidia-curand', version: '10.4.0.' },
      { name: 'nvidia-cudnn-cu13', version: '9.' },
    ],
  },
];

/** @throws UserError where nothing is known of that version */
export function releaseFor(onnxruntime: string): CudaRelease {
  const release = releases.find((candidate) => candidate.onnxruntime.test(onnxruntime));
  if (release !== undefined) return release;
  throw new UserError(
    l10n.t`Which CUDA libraries fit onnxruntime ${onnxruntime} is not known.`,
    l10n.t('Install another version of Recur.'),
  );
}

const indexSchema = v.object({
  files: v.array(
    v.object({
      filename: v.string(),
      url: v.string(),
      size: v.pipe(v.number(), v.integer(), v.minValue(1)),
      hashes: v.object({ sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
      yanked: v.optional(v.union([v.boolean(), v.string()]), false),
    }),
  ),
});
type IndexFile = v.InferOutput<typeof indexSchema>['files'][number];

/**
 * The newest wheel for Linux x64 of a package.
 * @throws UserError where the index cannot be reached or has none
 */
export async function findWheel(index: string, wanted: WantedPackage, signal: AbortSignal): Promise<Wheel> {
  const page = new URL(`${wanted.name}/`, index);
  const files = await readIndex(page, signal);
  const fitting = files.filter((file) => file.yanked === false && fits(file.filename, wanted.version));
  const newest = fitting.sort((a, b) => compareVersions(versionOf(a.filename), versionOf(b.filename))).at(-1);
  if (newest === undefined) {
    throw new UserError(
      l10n.t`${page.href} has no ${wanted.name} ${wanted.version} for Linux x64.`,
      l10n.t('Try again later, or install CUDA by hand (docs/gpu.md).'),
    );
  }
  const { filename, url, size, hashes } = newest;
  return { name: wanted.name, filename, url: new URL(url, page).href, bytes: size, sha256: hashes.sha256 };
}

async function readIndex(page: URL, signal: AbortSignal): Promise<IndexFile[]> {
  try {
    const response = await fetch(page, { headers: { accept: 'application/vnd.pypi.simple.v1+json' }, signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return v.parse(indexSchema, await response.json()).files;
  } catch (error) {
    signal.throwIfAborted();
    throw new UserError(
      l10n.t`${page.href} cannot be read: ${reasonOf(error)}`,
      l10n.t('Check the network and its proxy, and try again.'),
    );
  }
}

/** `fetch` says why only in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/** name-version-python-abi-platform.whl (PEP 427); a name that becomes a path holds nothing else. */
function fits(filename: string, version: string): boolean {
  if (!/^[\w.+-]+\.whl$/.test(filename)) return false;
  const own = versionOf(filename);
  // Anything but numbers is no release.
  if (!/^[\d.]+$/.test(own)) return false;
  return /manylinux\w*_x86_64(\.|$)/.test(filename.replace(/\.whl$/, '')) && `${own}.`.startsWith(version);
}

function versionOf(filename: string): string {
  return filename.split('-')[1] ?? '';
}

function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number)) as [number[], number[]];
  for (let part = 0; part < Math.max(a.length, b.length); part++) {
    const difference = (a[part] ?? 0) - (b[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
