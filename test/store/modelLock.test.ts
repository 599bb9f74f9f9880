import * as l10n from '@vscode/l10n';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { noModel } from '../../src/protocol/engine';
import { acquireLock, withLock } from '../../src/store/modelLock';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-lock-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the lock of a model directory', () => {
  it.each([
    ['training', 'Another training runs in'],
    ['deleting', 'Models are being deleted in'],
    ['choosing', 'Another model is put into use in'],
  ] as const)('is held by one at a time, and says who is %s', async (purpose, sentence) => {
    const lock = await acquireLock(directory, purpose);
    const second = await acquireLock(directory, 'training').catch((error: unknown) => error);
    expect(second).toMatchObject({ name: 'UserError', remedy: 'Wait for it to end, or stop it.' });
    expect((second as Error).message).toMatch(
      new RegExp(
        `^${sentence} ${directory}: process ${process.pid}, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.$`,
      ),
    );
    await lock.release();
    await (await acquireLock(directory, purpose)).release();
  });

  it('is told of in the language of the editor, as is that there is no model', async () => {
    const lock = await acquireLock(directory, 'training');
    l10n.config({ contents: readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8') });
    onTestFinished(() => l10n.config({ contents: {} }));
    await expect(acquireLock(directory, 'training')).rejects.toThrow(
      new RegExp(`^另一个训练正在 ${directory} 中运行：进程 ${process.pid}，自 .* 起。$`),
    );
    expect(noModel.reason).toBe('还没有模型。');
    await lock.release();
  });

  it('is given back after a task that failed', async () => {
    const failing = withLock(directory, 'deleting', () => Promise.reject(new Error('no space')));
    await expect(failing).rejects.toThrow('no space');
    expect(await withLock(directory, 'training', () => Promise.resolve('done'))).toBe('done');
  });
});
