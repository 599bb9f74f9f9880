import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { corpusReportSchema, mostReported } from '../../src/store/files';
import { corpusReport } from '../../src/trainer/corpusReporting';

const sha256 = '0'.repeat(64);
const file = (path: string, part: 'training' | 'validation' | 'test' | 'tail') => ({ path, sha256, part });
const nothing = { leftOutPaths: {}, summary: { leftOut: {} } };

describe('what a training has read', () => {
  const data = {
    split: [file('a.ts', 'training'), file('b.ts', 'validation'), file('c.ts', 'test'), file('d.md', 'training')],
    characters: [600, 100, 300, 1_000],
    heldOutPaths: { validation: ['b.ts'], test: ['c.ts'] },
    leftOutPaths: { binary: ['icon.png'] },
    summary: { leftOut: { binary: 3 } },
  };

  it('is listed by language and by file, the largest first, with what was left out', () => {
    const report = corpusReport(data);
    expect(report).toMatchObject({ files: 4, characters: 2_000 });
    expect(report.languages.map(({ language, files, characters }) => [language, files, characters])).toEqual([
      ['typescript', 3, 1_000],
      ['markdown', 1, 1_000],
    ]);
    expect(report.listed.map(({ path }) => path)).toEqual(['d.md', 'a.ts', 'c.ts', 'b.ts']);
    expect(report.leftOut).toEqual([{ reason: 'binary', files: 3, paths: ['icon.png'] }]);
  });

  it('has what was measured on held-out files, by language weighted by their characters', () => {
    const report = corpusReport(data, { validation: [2], test: [1] });
    expect(Object.fromEntries(report.listed.map(({ path, nats }) => [path, nats]))).toEqual({
      ...{ 'd.md': null, 'a.ts': null },
      ...{ 'b.ts': 2, 'c.ts': 1 },
    });
    expect(report.languages.map(({ nats }) => nats)).toEqual([(2 * 100 + 1 * 300) / 400, null]);
  });

  it('weighs a file whose tail is held out by that tail', () => {
    const tails = {
      ...nothing,
      split: [file('a.ts', 'tail'), file('b.ts', 'tail')],
      characters: [100, 300],
      heldOutPaths: { validation: ['a.ts', 'b.ts'], test: [] },
    };
    expect(corpusReport(tails, { validation: [1, 2], test: [] }).languages[0]!.nats).toBeCloseTo((10 + 60) / 40, 9);
  });

  it('stays small whatever the workspace holds, and counts all', () => {
    const count = mostReported.files + 5;
    const names = Array.from({ length: count }, (_, index) => `f.x${index}`);
    const report = corpusReport({
      split: [...names.map((name) => file(name, 'training')), file(`${'x'.repeat(2_000)}.ts`, 'training')],
      characters: [...names.map(() => 10), 1_000],
      heldOutPaths: { validation: [], test: [] },
      leftOutPaths: { binary: names, duplicate: ['y'.repeat(2_000)] },
      summary: { leftOut: { binary: count, duplicate: 1 } },
    });
    expect(v.is(corpusReportSchema, report)).toBe(true);
    expect(report).toMatchObject({ files: count + 1, characters: 10 * count + 1_000 });
    expect(report.languages).toHaveLength(mostReported.languages);
    expect(report.leftOut.map(({ files, paths }) => [files, paths.length])).toEqual([
      [count, mostReported.leftOut],
      [1, 0],
    ]);
  });

  it('passes over what could not be measured', () => {
    expect(corpusReport(data, { validation: [NaN], test: [1] }).languages[0]!.nats).toBe(1);
  });
});
