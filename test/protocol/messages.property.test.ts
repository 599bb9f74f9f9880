import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { parseRequest } from '../../src/cli/completionRequests';
import { isUserError } from '../../src/core/errors';
import {
  readCompletionSettings,
  readCorpusSettings,
  readTrainingSettings,
  settings,
  type SettingKey,
} from '../../src/editors/settings';
import { fromPanelSchema, toPanelSchema } from '../../src/protocol/panel';
import { parseHistory } from '../../src/store/history';
import { fuzzCases } from '../fuzzCases';

const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });

describe('a line of complete --requests', () => {
  const folders = [{ directory: '/home/me/code', name: 'code' }];
  const almost = fc.record(
    { id: fc.oneof(fc.string(), fc.nat(), anything), path: anything, text: anything, offset: anything },
    { requiredKeys: [] },
  );
  const fitting = fc.record({
    ...{ id: fc.nat(), path: fc.string({ unit: 'binary' }), text: fc.string({ unit: 'binary' }) },
    offset: fc.integer({ min: -2, max: 40 }),
  });

  it.each([
    ['any text', fc.string({ unit: 'binary' })],
    ['any JSON', fc.json()],
    ['nearly a request', almost.map((value) => toJson(value))],
    ['of the form of a request', fitting.map((value) => JSON.stringify(value))],
  ])('is a request within its text or has a problem in one line: %s', (_, lines) => {
    fc.assert(
      fc.property(lines, (line) => {
        const request = parseRequest(line, folders);
        if ('problem' in request) expect(request.problem).toMatch(/^[^\n]+$/);
        else expect(request.offset).toBeLessThanOrEqual(request.text.length);
      }),
      { numRuns: fuzzCases(500) },
    );
  });
});

const stringify: (value: unknown) => string | undefined = JSON.stringify;

/** Not everything has a JSON. */
function toJson(value: unknown): string {
  try {
    return stringify(value) ?? '';
  } catch {
    return '';
  }
}

it('messages to and from the panel are what they should be, or are left out', () => {
  const typed = fc.record({
    type: fc.constantFrom('ready', 'state', 'command', 'run'),
    command: anything,
    state: anything,
  });
  fc.assert(
    fc.property(fc.oneof(anything, typed), (message) => {
      for (const schema of [fromPanelSchema, toPanelSchema]) {
        const result = v.safeParse(schema, message);
        if (result.success) expect(v.is(schema, result.output)).toBe(true);
      }
    }),
    { numRuns: fuzzCases(2_000) },
  );
});

describe('settings, whatever a file of them holds', () => {
  const values = fc.dictionary(fc.constantFrom(...(Object.keys(settings) as SettingKey[])), fc.jsonValue(), {
    maxKeys: 4,
  });
  const readers = {
    training: readTrainingSettings,
    completions: readCompletionSettings,
    corpus: (reader: (key: SettingKey) => unknown) => readCorpusSettings(reader, []),
  };

  it.each(Object.entries(readers))('are within their limits or refused in a sentence: %s', (_, read) => {
    fc.assert(
      fc.property(values, (held) => {
        try {
          expect(read((key) => held[key])).toBeDefined();
        } catch (error) {
          expect(isUserError(error), String(error)).toBe(true);
        }
      }),
      { numRuns: fuzzCases(2_000) },
    );
  });
});

it('records of a training are read, whatever lines stand between them', () => {
  const measured = { type: 'export', step: 3, model: '20260101-000000-abcdef' } as const;
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.json(), fc.string({ unit: 'binary' }))), (lines) => {
      const others = lines.flatMap((line) => line.split('\n'));
      const found = parseHistory([...others, JSON.stringify(measured)].join('\n'));
      expect(found.at(-1)).toEqual(measured);
    }),
    { numRuns: fuzzCases(1_000) },
  );
});
