import { describe, expect, it } from 'vitest';
import { drawLines, drawPlaces, licenceHeaderEnd, measuredLines } from '../../../src/offers/measuring/evaluationPlaces';
import { createRandom } from '../../../src/core/random';

const document = (text: string, path = 'a.ts') => ({ path, text });

describe('a licence header', () => {
  it.each([
    ['/* Copyright 2020 A. */\ncode();\n', '/* Copyright 2020 A. */'],
    ['/**\n * Does things.\n */\ncode();\n', ''],
    ['// SPDX-License-Identifier: MIT\n// more\ncode();\n', '// SPDX-License-Identifier: MIT\n// more\n'],
    ['#!/bin/sh\n# License: BSD\n\nx=1\n', '#!/bin/sh\n# License: BSD\n'],
    ['<!-- (c) me -->\n<p>', '<!-- (c) me -->'],
    ['/*! a */\n/* licence: x */\ncode();\n', '/*! a */\n/* licence: x */'],
    ['code(); // Copyright\n', ''],
    ['', ''],
  ])('of %j is %j', (text, header) => {
    expect(text.slice(0, licenceHeaderEnd(text))).toBe(header);
  });
});

it('lines count from behind their leading blanks to their last character', () => {
  const text = '// Copyright\n\n  one();  \n\t\nlast';
  expect(measuredLines(document(text)).map(({ start, end }) => text.slice(start, end))).toEqual(['one();', 'last']);
});

describe('places', () => {
  const documents = [
    document('/* License */\n  let a = 1;\n\n  \u{1f600}b\n', 'a'),
    document('', 'b'),
    document('short\nlonger line here\n', 'c'),
  ];

  it('are all there are where more are asked for, none of them in blanks, headers or surrogate pairs', () => {
    const places = drawPlaces(documents, 1000, createRandom(1));
    expect(places).toHaveLength('leta=1;'.length + 3 + 2 + 'short'.length + 'longer line here'.length);
    for (const {
      document: { text },
      offset,
    } of places) {
      const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
      expect(line.trim() !== '' || text[offset]!.trim() !== '').toBe(true);
      expect(text.slice(offset).split('\n')[0]!.trim()).not.toBe('');
      expect(text.charCodeAt(offset) >> 10).not.toBe(0xdc00 >> 10);
    }
  });

  it('are different, in order, and the same for the same seed', () => {
    const places = drawPlaces(documents, 12, createRandom(5));
    expect(places).toEqual(drawPlaces(documents, 12, createRandom(5)));
    expect(places).not.toEqual(drawPlaces(documents, 12, createRandom(6)));
    const keys = places.map(({ document: { path }, offset }) => `${path}:${String(offset).padStart(4, '0')}`);
    expect(new Set(keys).size).toBe(12);
    expect(keys).toEqual([...keys].sort());
  });

  it('are equally likely', () => {
    const counts = new Map<number, number>();
    for (let seed = 0; seed < 4000; seed++) {
      for (const { offset } of drawPlaces([document('abcd\nefgh')], 2, createRandom(seed))) {
        counts.set(offset, (counts.get(offset) ?? 0) + 1);
      }
    }
    expect(counts.size).toBe(8);
    // Expected 1000 each, with a standard deviation of 27.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

it('lines are drawn as places are', () => {
  const documents = [document('a\n  bc\n\nd\n'), document('e', 'b')];
  expect(drawLines(documents, 10, createRandom(1))).toHaveLength(4);
  const [line] = drawLines(documents, 1, createRandom(1));
  expect(line!.document.text.slice(line!.start, line!.end).trim()).not.toBe('');
});
