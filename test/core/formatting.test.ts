import { describe, expect, it } from 'vitest';
import { formatCount, formatDuration, formatPerplexity } from '../../src/core/formatting';

describe('formatting', () => {
  it.each([
    [1, '1.00'],
    [9.994, '9.99'],
    [9.996, '10.0'],
    [99.94, '99.9'],
    [99.96, '100'],
    [1130.4, '1,130'],
  ])('perplexity %d is %s', (value, expected) => expect(formatPerplexity(value)).toBe(expected));

  it.each([
    [0, '0:00'],
    [-3, '0:00'],
    [59.6, '1:00'],
    [125, '2:05'],
    [3599.9, '1:00:00'],
    [7325, '2:02:05'],
  ])('%d seconds are %s', (value, expected) => expect(formatDuration(value)).toBe(expected));

  it.each([
    [950.4, '950'],
    [24_576, '24,576'],
    [1_240_000, '1.24 M'],
  ])('the count %d is %s', (value, expected) => expect(formatCount(value)).toBe(expected));
});
