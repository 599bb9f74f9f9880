import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { formatBytes } from '../../core/formatting';
import { installCuda, planInstallation, type InstallationPlan } from '../../cuda/installCuda';
import { report } from '../editor/notices';

export interface CudaContext {
  readonly log: vscode.LogOutputChannel;
  readonly machineFolder: string;
}

/** Asks before anything is downloaded, then installs CUDA's libraries; they are used after the window was loaded again. */
export async function installCudaSupport({ log, machineFolder }: CudaContext): Promise<void> {
  try {
    const plan = await withProgress(l10n.t('Recur: looking for CUDA libraries…'), (signal) => planInstallation(signal));
    if (plan === undefined || !(await isWanted(plan))) return;
    const installed = await withProgress(l10n.t('Recur: installing CUDA support'), async (signal, progress) => {
      let shown = 0;
      await installCuda(plan, machineFolder, signal, ({ filename, bytes }) => {
        const percent = (100 * bytes) / plan.bytes;
        progress.report({ message: filename, increment: percent - shown });
        shown = percent;
      });
      return true;
    });
    if (installed === true) await offerReload(log);
  } catch (error) {
    report(error, log);
  }
}

/** @returns undefined where the user has cancelled it */
async function withProgress<Result>(
  title: string,
  work: (signal: AbortSignal, progress: vscode.Progress<{ message?: string; increment?: number }>) => Promise<Result>,
): Promise<Result | undefined> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    try {
      return await work(controller.signal, progress);
    } catch (error) {
      if (controller.signal.aborted) return undefined;
      throw error;
    }
  });
}

async function isWanted({ gpu, cuda, onnxruntime, bytes, wheels }: InstallationPlan): Promise<boolean> {
  const install = l10n.t('Download and install');
  const question = l10n.t`Install CUDA ${cuda} for onnxruntime ${onnxruntime}? ${formatBytes(bytes)} are downloaded from PyPI.`;
  const detail = [
    `${gpu.name}, ${gpu.driver}`,
    ...wheels.map((wheel) => `${wheel.filename}, ${formatBytes(wheel.bytes)}`),
  ];
  const options = { modal: true, detail: detail.join('\n') };
  return (await vscode.window.showInformationMessage(question, options, install)) === install;
}

async function offerReload(log: vscode.LogOutputChannel): Promise<void> {
  log.info('CUDA support is installed.');
  const reload = l10n.t('Reload window');
  const message = l10n.t(
    'CUDA support is installed. It is tried, and used where it is faster, once the window is loaded again.',
  );
  if ((await vscode.window.showInformationMessage(message, reload)) === reload) {
    await vscode.commands.executeCommand('workbench.action.reloadWindow');
  }
}
