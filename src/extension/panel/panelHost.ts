import { randomBytes } from 'node:crypto';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { fromPanelSchema, type FromPanel, type ToPanel } from '../../protocol/panel';
import { commands, panelViewType } from '../editor/commands';
import { report } from '../editor/notices';
import { currentThreshold, type PanelAnswers } from './panelAnswers';
import { panelPage } from './panelPage';
import type { Event } from '../../editors/emitter';
import type { RunState } from '../../editors/runState';

export interface PanelHostOptions {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly run: RunState;
  /** Runs were renamed, deleted or put into use, here or elsewhere. */
  readonly onDidChangeRuns: Event<undefined>;
  /** Fills the run's state with the last one on disk, where nothing is shown yet. */
  readonly restore: () => Promise<void>;
  /** Answers what is asked beside training. */
  readonly answers: (post: (message: ToPanel) => void) => PanelAnswers;
}

/** The tab with the curves; there is one at most. */
export interface PanelHost {
  show(): void;
  dispose(): void;
}

/** Points in between are in the state that is sent at the end, and whenever the tab comes back. */
const intervalMs = 200;

export function createPanelHost(options: PanelHostOptions): PanelHost {
  const { extensionUri, log, run, onDidChangeRuns, restore, answers } = options;
  const roots = [vscode.Uri.joinPath(extensionUri, 'dist'), vscode.Uri.joinPath(extensionUri, 'media')];
  const webviewOptions = { enableScripts: true, localResourceRoots: roots };
  let panel: vscode.WebviewPanel | undefined;
  let lastProgressMs = 0;
  const answer = answers(post);

  function adopt(adopted: vscode.WebviewPanel): void {
    panel?.dispose();
    panel = adopted;
    adopted.webview.options = webviewOptions;
    adopted.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    adopted.webview.onDidReceiveMessage(receive);
    adopted.onDidDispose(() => {
      if (panel === adopted) panel = undefined;
    });
    adopted.webview.html = panelPage({
      script: adopted.webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'panel.js')).toString(),
      style: adopted.webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', 'panel.css')).toString(),
      cspSource: adopted.webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      language: vscode.l10n.bundle === undefined ? 'en' : vscode.env.language,
      translations: vscode.l10n.bundle,
    });
  }

  function receive(received: unknown): void {
    const message = v.safeParse(fromPanelSchema, received);
    if (message.success) void obey(message.output);
    else log.warn('The panel has sent something that is no message of ours.');
  }

  async function obey(message: FromPanel): Promise<void> {
    const { type } = message;
    if (type === 'train') await vscode.commands.executeCommand(commands.train);
    else if (type === 'continue') await vscode.commands.executeCommand(commands.continueTraining);
    else if (type === 'stop') await vscode.commands.executeCommand(commands.stopTraining);
    else if (type === 'ready') await begin();
    else await answer(message).catch((error: unknown) => report(error, log));
  }

  async function begin(): Promise<void> {
    await restore();
    post({ type: 'state', state: run.state });
    post({ type: 'threshold', value: currentThreshold() });
    await answer({ type: 'runs' });
    const { run: shown, phase } = run.state;
    if (shown !== undefined && phase === 'done') await answer({ type: 'curves', run: shown });
  }

  function post(message: ToPanel): void {
    if (panel === undefined) return;
    if (message.type === 'progress' && performance.now() - lastProgressMs < intervalMs) return;
    if (message.type === 'progress') lastProgressMs = performance.now();
    void panel.webview.postMessage(message);
  }

  const subscriptions = [
    run.onDidChange(post),
    onDidChangeRuns(() => panel !== undefined && void obey({ type: 'runs' })),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('recur.completions.minimumConfidence')) return;
      post({ type: 'threshold', value: currentThreshold() });
    }),
    vscode.window.registerWebviewPanelSerializer(panelViewType, {
      deserializeWebviewPanel(restored) {
        adopt(restored);
        return Promise.resolve();
      },
    }),
  ];
  return {
    show() {
      if (panel !== undefined) {
        panel.reveal();
        return;
      }
      adopt(
        vscode.window.createWebviewPanel(
          panelViewType,
          l10n.t('Recur: perplexity'),
          vscode.ViewColumn.Beside,
          webviewOptions,
        ),
      );
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      panel?.dispose();
    },
  };
}
