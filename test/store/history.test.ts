import { appendFile, mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { qualityOf } from '../../src/text/metrics';
import { type Measurement } from '../../src/store/files';
import { appendHistory, historyLine, parseHistory, readHistory, trimHistory } from '../../src/store/history';

function start(step: number): Measurement {
  return {
    type: 'start',
    step,
    trainCharacters: 900,
    validationCharacters: 100,
    testCharacters: 0,
    vocabulary: 65,
    uniform: qualityOf(Math.log(65)),
    unigram: null,
  };
}

function validation(step: number, nats: number): Measurement {
  return { type: 'validation', step, ...qualityOf(nats) };
}

describe('history', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'recur-history-'));
    path = join(directory, 'history.jsonl');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('gives back what was appended', async () => {
    const measurements = [start(0), validation(10, 2), { type: 'export', step: 10, model: 'a-1' } as const];
    for (const measurement of measurements) await appendHistory(path, measurement);
    expect(await readHistory(path)).toEqual(measurements);
  });

  it('keeps that a value was not finite', async () => {
    const progress: Measurement = {
      ...{
        type: 'progress' as const,
        step: 3,
        characters: 9,
        seconds: 1,
        charactersPerSecond: 9,
        learningRate: 0.1,
        at: 5,
      },
      ...{ nats: NaN, perplexity: NaN, gradientNorm: Infinity },
    };
    await appendHistory(path, progress);
    expect(await readHistory(path)).toEqual([{ ...progress, gradientNorm: NaN }]);
  });

  it('is empty where there is no file', async () => {
    expect(await readHistory(path)).toEqual([]);
  });

  it('ignores a torn last line at every place where it can be torn, and goes on after it', async () => {
    const whole = historyLine(start(0)) + historyLine(validation(10, 2));
    const firstLength = historyLine(start(0)).length;
    await appendFile(path, whole);
    for (let length = whole.length - 2; length >= firstLength; length -= 7) {
      await truncate(path, length);
      expect(await readHistory(path)).toEqual([start(0)]);
    }
    await appendFile(path, '{"type":"val');
    await appendHistory(path, validation(20, 1.5));
    expect(await readHistory(path)).toEqual([start(0), validation(20, 1.5)]);
    expect(await readFile(path, 'utf8')).toContain('"val\n{');
  });

  it('can be cut back to the step that a run goes on from', async () => {
    for (const step of [0, 10, 20]) await appendHistory(path, validation(step, 2));
    await appendFile(path, '{"type":"val');
    await trimHistory(path, 10);
    expect(await readFile(path, 'utf8')).toBe(historyLine(validation(0, 2)) + historyLine(validation(10, 2)));
  });

  it('leaves out what a continued run trained again', () => {
    const lines = [start(0), validation(10, 2), validation(20, 1.9), start(10), validation(20, 1.7)];
    expect(parseHistory(lines.map(historyLine).join(''))).toEqual([
      start(0),
      validation(10, 2),
      start(10),
      validation(20, 1.7),
    ]);
  });

  it.each(['{"type":"validation","step":-1,"nats":1}', '{"type":"unknown"}', 'null', '\u0000'])(
    'ignores a line that is no measurement: %j',
    (line) => {
      expect(parseHistory(`${historyLine(start(0))}${line}\n${historyLine(validation(5, 1))}`)).toEqual([
        start(0),
        validation(5, 1),
      ]);
    },
  );
});
