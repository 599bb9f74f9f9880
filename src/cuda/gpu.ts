import * as l10n from '@vscode/l10n';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UserError } from '../core/errors';

/** NVIDIA's GPU of this machine. */
export interface NvidiaGpu {
  readonly name: string;
  /** For instance `580.159.04`. */
  readonly driver: string;
}

const answerMs = 20_000;

/** @returns undefined where the driver is not installed or names none */
export async function findNvidiaGpu(program = 'nvidia-smi'): Promise<NvidiaGpu | undefined> {
  try {
    const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
    const { stdout } = await promisify(execFile)(program, query, { timeout: answerMs });
    const [name, driver] = stdout
      .split('\n', 1)[0]!
      .split(',')
      .map((part) => part.trim());
    return name !== undefined && driver !== undefined ? { name, driver } : undefined;
  } catch {
    return undefined;
  }
}

/** @throws UserError where CUDA would be of no use, before anything is downloaded */
export function requireUsable(
  gpu: NvidiaGpu | undefined,
  { cuda, leastDriver }: { readonly cuda: number; readonly leastDriver: number },
  system = `${process.platform} ${process.arch}`,
): NvidiaGpu {
  if (system !== 'linux x64') {
    throw new UserError(
      l10n.t`CUDA libraries for onnxruntime exist for Linux x64, and this is ${system}.`,
      l10n.t('WebGPU, and DirectML on Windows, come with Recur and need nothing.'),
    );
  }
  if (gpu === undefined) {
    throw new UserError(
      l10n.t('There is no GPU of NVIDIA here, or its driver is not installed: nvidia-smi names none.'),
      l10n.t('Nothing was downloaded.'),
    );
  }
  if (!(Number(gpu.driver.split('.', 1)[0]) >= leastDriver)) {
    throw new UserError(
      l10n.t`The driver ${gpu.driver} of ${gpu.name} is too old for CUDA ${cuda}. Nothing was downloaded.`,
      l10n.t`Install version ${leastDriver} of the driver or a later one.`,
    );
  }
  return gpu;
}
