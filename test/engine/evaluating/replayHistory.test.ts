import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/logger';
import { createEngine } from '../../../src/engine/engineService';
import { additionsOf } from '../../../src/offers/measuring/addedLines';
import type { EngineFunctions } from '../../../src/protocol/engine';
import type { ReplayedText, ReplayFigures } from '../../../src/protocol/replay';
import { constantWeights } from '../../inference/testSession';
import { publish, temporaryFolder } from '../modelFolder';

const lines = 'apple birch cedar dahlia elder fern grape hazel'
  .split(' ')
  .map((name) => `  const ${name} = ${name}From(question, answers);`);
const documents = [{ path: 'src/known.ts', text: `${lines.join('\n')}\n` }];
const settings = { prose: 'quiet', maxCharacters: 80, minimumConfidence: 0.2 } as const;

let model: string;
let engine: EngineFunctions;
let typed: number[];

beforeAll(async () => {
  model = await temporaryFolder('replay-model');
  // A network that knows nothing: whatever is right comes from the memory.
  await publish(model, 'uniform-1', constantWeights({}));
  engine = createEngine({ replayed: (count) => void typed.push(count) }, silentLogger);
  await engine.load({ directory: model, provider: 'cpu' });
});

afterAll(() => rm(model, { recursive: true, force: true }));

/** A text as a commit made it, every added line typed. */
function changed(path: string, before: string, text: string): ReplayedText {
  const after = { path, text };
  const [added] = additionsOf([{ before, after }]).lines;
  return { pathBefore: before === '' ? undefined : path, before, after, lines: added! };
}

const replay = async (...commits: ReplayedText[][]): Promise<readonly ReplayFigures[]> => {
  typed = [];
  return (await engine.replay({ documents, commits, ...settings })).groups;
};

describe('lines that commits have added', () => {
  it('are typed with what the workspace held before, and told by language and file', async () => {
    const groups = await replay(
      [changed('src/new.ts', '', `${lines[2]}\n${lines[3]}\n`)],
      [changed('notes.md', '', 'Nothing of this kind stands anywhere\n')],
    );
    expect(typed).toEqual([1, 2, 3]);
    expect(groups.map(({ of, name, lines: count }) => [of, name, count])).toEqual([
      ['all', '', 3],
      ['language', 'typescript', 2],
      ['language', 'markdown', 1],
      ['file', 'src/new.ts', 2],
      ['file', 'notes.md', 1],
    ]);
    const [all, code, prose] = groups;
    expect(code!.keystrokesSaved.line).toBeGreaterThan(0.3);
    expect(prose!.exactShare).toBe(0);
    expect(all!.characters).toBe(code!.characters + prose!.characters);
    expect(all!.savedError).toBeGreaterThan(0);
  });

  it('are known to those that are typed after them, not to those before', async () => {
    const [first, second] = ['startEngineSlowly(1, 2, 3);\n', 'startEngineSlowly(1, 2, 3);\nstop();\n'];
    const once = await replay([changed('a.ts', '', first)]);
    expect(once[0]!.exactShare).toBe(0);
    const twice = await replay([changed('a.ts', '', first)], [changed('b.ts', '', second)]);
    const known = twice.find(({ of, name }) => of === 'file' && name === 'b.ts')!;
    expect(known.exactShare).toBeGreaterThan(0.5);
  });

  it('know what is written below them', async () => {
    const below = 'startEngineSlowly(1, 2, 3);\n';
    const groups = await replay([changed('a.ts', below, `let a;\nstartEngineSlowly(1, 2, 3);\n${below}`)]);
    expect(groups[0]!.exactShare).toBeGreaterThan(0.3);
  });

  it('know nothing of a file that was deleted', async () => {
    const path = 'src/known.ts';
    const gone = { pathBefore: path, before: documents[0]!.text, after: undefined, lines: [] };
    const groups = await replay([gone], [changed('a.ts', '', `${lines[2]}\n`)]);
    expect(groups[0]!.exactShare).toBe(0);
  });

  it('are the same every time', async () => {
    const commit = [changed('src/new.ts', '', `${lines[2]}\n${lines[5]}\n`)];
    expect(await replay(commit)).toEqual(await replay(commit));
  });
});
