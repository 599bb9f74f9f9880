import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { startTrainer } from '../../ipc/client';
import type { TrainerProbe } from '../../protocol/trainer';
import type { EngineHost } from '../../editors/engineHost';
import { installationReport } from './installationReport';
import { modelDirectory } from '../editor/currentModel';

export interface InstallationContext {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly engines: EngineHost;
  /** Absolute path of the trainer's bundle. */
  readonly trainerEntry: string;
}

/** Tries everything that a training and a completion need, and shows the report as a document. */
export async function checkInstallation(parts: InstallationContext): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  const report = await vscode.window.withProgress(
    { location, title: l10n.t('Recur: checking the installation…') },
    () => findOut(parts),
  );
  parts.log.info(report);
  const document = await vscode.workspace.openTextDocument({ content: report, language: 'markdown' });
  await vscode.window.showTextDocument(document, { preview: true });
}

async function findOut({ context, log, engines, trainerEntry }: InstallationContext): Promise<string> {
  await engines.ready();
  // One after the other: both measure times.
  const trainer = await probeTrainer(trainerEntry, log).catch(asError);
  const providers = await engines.started().tryProviders().catch(asError);
  const { version } = context.extension.packageJSON as { version: string };
  return installationReport({
    versions: {
      Recur: version,
      'VS Code': vscode.version,
      Node: process.versions.node,
      Platform: `${process.platform} ${process.arch}`,
    },
    modelDirectory: modelDirectory(context),
    engine: engines.status,
    trainer,
    providers,
  });
}

async function probeTrainer(entry: string, logger: vscode.LogOutputChannel): Promise<TrainerProbe> {
  const trainer = startTrainer({ entry, logger });
  try {
    return await trainer.remote.probe();
  } finally {
    trainer.dispose();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
