import { formatBytes } from '../core/formatting';
import { installCuda, planInstallation } from '../cuda/installCuda';
import { machineFolder } from './machineFolder';
import type { Output } from './output';
import { withEngine } from './processes';

/** Every so many percent of the downloads a line is written. */
const percentPerLine = 5;

/** Installs CUDA's libraries because the user has asked for that, and tries the provider with them. @returns the exit code */
export async function installCudaSupport(output: Output): Promise<number> {
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  try {
    const plan = await planInstallation(controller.signal);
    const { gpu, wheels, bytes, cuda, onnxruntime } = plan;
    output.note(
      `CUDA ${cuda} for onnxruntime ${onnxruntime} on ${gpu.name}, driver ${gpu.driver}: ${formatBytes(bytes)}`,
    );
    for (const wheel of wheels) output.note(`  ${wheel.filename}, ${formatBytes(wheel.bytes)}`);
    let nextPercent = 0;
    await installCuda(plan, machineFolder(), controller.signal, (progress) => {
      const percent = Math.floor((100 * progress.bytes) / bytes);
      if (percent < nextPercent) return;
      nextPercent = percent + percentPerLine;
      output.note(`${percent} %  ${progress.filename}`);
    });
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    output.note('Cancelled: what is downloaded is kept, and the next time goes on from there.');
    return 130;
  } finally {
    process.off('SIGINT', cancel).off('SIGTERM', cancel);
  }
  return tryCuda(output);
}

async function tryCuda(output: Output): Promise<number> {
  const trials = await withEngine(output, {}, (engine) => engine.remote.tryProviders());
  const cuda = trials.find(({ provider }) => provider === 'cuda');
  const works = cuda?.works === true;
  output.result(
    { type: 'cuda', works, detail: cuda?.detail ?? null },
    works
      ? `CUDA is installed and works: ${cuda.detail}`
      : `CUDA is installed and does not work: ${cuda?.detail ?? ''}`,
  );
  return works ? 0 : 1;
}
