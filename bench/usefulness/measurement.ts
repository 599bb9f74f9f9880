import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { defaultCompletions, defaultCorpus } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { startEngine, type EngineClient } from '../../src/ipc/client';
import { ratioOf, type Estimate } from '../../src/offers/measuring/standardError';
import type { CompletionEvaluation, FileQuality, MeasuredModel, MemoryEvaluation } from '../../src/protocol/engine';
import { findModel } from '../../src/store/modelDirectory';
import type { Column } from './columns';
import type { Workspace } from './workspaces';

/** How often, and with what draws. */
export interface Draws {
  readonly positions: number;
  readonly lines: number;
  readonly seed: number;
}

/** What was measured of a column. */
export interface Measured {
  readonly bits: MemoryEvaluation;
  /** Of each file that is measured, network and memory together. */
  readonly files: readonly Pick<FileQuality, 'path' | 'characters' | 'nats'>[];
  readonly completions: CompletionEvaluation;
}

const baseModel = 'media/base';

/** The model of a column, trained where it was not before; the memory alone is measured beside the base model. */
export async function modelOf(column: Column, { folder, name }: Workspace, directory: string): Promise<string> {
  if (column.start === 'memory' || column.minutes === 0) return baseModel;
  const model = join(directory, `model-${column.start}-${column.minutes}-${name}`);
  if ((await findModel(model).catch(() => undefined)) !== undefined) return model;
  // What is measured lies elsewhere.
  const options = ['--minutes', String(column.minutes), '--out', model, '--test-share', '0'];
  const from = column.start === 'none' ? ['--from', 'none'] : [];
  const { status } = spawnSync(process.execPath, ['dist/cli.js', 'train', folder, ...options, ...from], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`The training in ${folder} failed.`);
  return model;
}

/** Bits and completions of a model on the files of a workspace that are held out. */
export async function measureColumn(
  column: Column,
  model: string,
  { folder, heldOut }: Workspace,
  draws: Draws,
): Promise<Measured> {
  const files = { paths: [heldOut], corpus: defaultCorpus };
  const measured: MeasuredModel = column.start === 'memory' ? 'memory' : 'both';
  const perFile: FileQuality[] = [];
  return withEngine(
    model,
    (file) => void perFile.push(file),
    async (engine) => ({
      bits: await engine.remote.evaluateWithMemory(files, folder),
      files: perFile.map(({ path, characters, nats }) => ({ path, characters, nats })),
      completions: await engine.remote.evaluateCompletions({
        ...{ files, workspace: folder, model: measured, ...draws },
        ...defaultCompletions,
      }),
    }),
  );
}

async function withEngine<Result>(
  directory: string,
  evaluated: (file: FileQuality) => void,
  use: (engine: EngineClient) => Promise<Result>,
): Promise<Result> {
  const engine = startEngine({ entry: join(process.cwd(), 'dist/engine.js'), logger: silentLogger }, { evaluated });
  try {
    await engine.remote.load({ directory, isBase: directory === baseModel, provider: 'cpu' });
    return await use(engine);
  } finally {
    engine.dispose();
  }
}

/** What a column is better by than another one, on the same files, places and lines. */
export interface Gains {
  /** Bits per character fewer, over files. */
  readonly bits: Estimate;
  /** Share of places more that are exactly right. */
  readonly exact: Estimate;
  /** Shares of keystrokes more that are saved, over lines. */
  readonly saved: Readonly<Record<'line' | 'word', Estimate>>;
}

export function gainsOver(reference: Measured, measured: Measured): Gains {
  const before = new Map(reference.files.map(({ path, nats }) => [path, nats]));
  const [old, now] = [reference.completions.samples, measured.completions.samples];
  const saved = (by: 'line' | 'word'): Estimate =>
    ratioOf(
      now.lines.map(({ characters, keystrokes }, index) => ({
        part: old.lines[index]!.keystrokes[by] - keystrokes[by],
        whole: characters,
      })),
    );
  return {
    bits: ratioOf(
      measured.files.map(({ path, characters, nats }) => ({
        part: ((before.get(path)! - nats) * characters) / Math.LN2,
        whole: characters,
      })),
    ),
    exact: ratioOf(now.exact.map((right, index) => ({ part: Number(right) - Number(old.exact[index]), whole: 1 }))),
    saved: { line: saved('line'), word: saved('word') },
  };
}
