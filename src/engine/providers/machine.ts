import { readdir, readFile } from 'node:fs/promises';
import { arch, cpus, hostname, platform, release } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cudaRuntimeVariable } from '../../core/environmentVariables';
import { onnxRuntime } from '../../inference/runtime';
import type { Machine } from './keptTrials';

/** What trials hold for. A home folder may be shared by machines; a system update may bring another driver. */
export async function describeMachine(): Promise<Machine> {
  const { ort, kind } = await onnxRuntime();
  const devices = platform() === 'linux' ? await displayDevices('/sys/bus/pci/devices') : [];
  return {
    machine: [hostname(), platform(), arch(), cpus()[0]?.model ?? '', ...devices].join(' '),
    // Drivers of other systems, and those of Linux itself, come with the system.
    driver: [release(), ...(await nvidiaDriver('/proc/driver/nvidia/version'))].join(' '),
    onnxruntime: [ort.env.versions.node, kind, basename(dirname(process.env[cudaRuntimeVariable] ?? ''))]
      .join(' ')
      .trim(),
  };
}

/** PCI ids of what can show or compute pictures: class 3. */
async function displayDevices(folder: string): Promise<string[]> {
  const devices = await readdir(folder).catch(() => []);
  const found = await Promise.all(devices.sort().map((device) => displayDevice(join(folder, device))));
  return found.filter((device) => device !== undefined);
}

async function displayDevice(folder: string): Promise<string | undefined> {
  const read = async (name: string): Promise<string> =>
    (await readFile(join(folder, name), 'utf8').catch(() => '')).trim();
  if (!(await read('class')).startsWith('0x03')) return undefined;
  return `${await read('vendor')}:${await read('device')}`;
}

async function nvidiaDriver(file: string): Promise<string[]> {
  const version = await readFile(file, 'utf8').catch(() => '');
  return version === '' ? [] : [version.split('\n', 1)[0]!];
}
