import { rm } from 'node:fs/promises';
import { onTestFinished, expect, it, vi } from 'vitest';
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { silentLogger } from '../../../src/core/logger';
import type { EngineHost } from '../../../src/editors/engineHost';
import { createRunState } from '../../../src/editors/runState';
import { deleteModel } from '../../../src/extension/training/deleteModel';
import { noStatistics, summaryOf } from '../../../src/protocol/completionStatistics';
import { emptyPanelState } from '../../../src/protocol/panelState';
import { listRuns } from '../../../src/store/runs';
import { qualityOf } from '../../../src/text/metrics';
import { newEmitter } from '../../editors/newEmitter';
import { publish, recordRun, temporaryFolder } from '../../engine/modelFolder';

it('leaves nothing of the trainings where they are shown, and tells that they are gone', async () => {
  const directory = await temporaryFolder('deleted');
  onTestFinished(() => rm(directory, { recursive: true }));
  await recordRun(directory, { name: 'workspace', directory }, []);
  await publish(directory, 'a');
  const run = createRunState(newEmitter);
  const completions = summaryOf({ ...noStatistics, offered: 3 });
  run.tell({ type: 'completions', completions });
  run.restore('run-1', [{ type: 'validation', step: 5, ...qualityOf(1) }], 'The last training of this workspace.');
  expect(run.state).toMatchObject({ run: 'run-1', phase: 'done' });
  const runsThen: Promise<unknown[]>[] = [];
  const done = vi.fn(() => Promise.resolve());
  await deleteModel({
    context: { storageUri: { fsPath: directory } } as unknown as ExtensionContext,
    log: silentLogger as unknown as LogOutputChannel,
    engines: { unload: done, reload: done } as unknown as EngineHost,
    run,
    changed: () => void runsThen.push(listRuns(directory)),
  });
  expect(run.state).toEqual({ ...emptyPanelState, completions });
  expect(await Promise.all(runsThen)).toEqual([[]]);
});
