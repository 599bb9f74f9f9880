import { expect, it } from 'vitest';
import { createRandom, randomFromState, shuffle, type Random } from '../../src/core/random';

const take = (count: number, next: () => number): number[] => Array.from({ length: count }, next);
const uniformNumbers = (random: Random, count: number): number[] => take(count, () => random.uniform());
const normalNumbers = (random: Random, count: number): number[] => take(count, () => random.normal());

it('gives the same numbers for the same seed, others for another', () => {
  const first = uniformNumbers(createRandom(1), 20);
  expect(uniformNumbers(createRandom(1), 20)).toEqual(first);
  expect(uniformNumbers(createRandom(2), 20)).not.toEqual(first);
});

it('goes on from a saved state, through JSON', () => {
  const random = createRandom(5);
  normalNumbers(random, 7);
  const state = JSON.parse(JSON.stringify(random.state())) as number[];
  const restored = randomFromState(state);
  expect(normalNumbers(restored, 10)).toEqual(normalNumbers(random, 10));
});

it('draws uniform numbers in [0, 1) and normal ones with mean 0 and variance 1', () => {
  const random = createRandom(11);
  const count = 100_000;
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const uniform = uniformNumbers(random, count);
  expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
  // Five standard errors.
  expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
  const normal = normalNumbers(random, count);
  expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(count));
  expect(Math.abs(mean(normal.map((value) => value ** 2)) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  expect(mean(normal.map((value) => (Math.abs(value) < 1 ? 1 : 0)))).toBeCloseTo(0.6827, 2);
});

it('draws whole numbers below the limit, all of them', () => {
  const random = createRandom(3);
  const counts = [0, 0, 0, 0, 0, 0];
  for (const value of take(6000, () => random.integer(6))) counts[value]! += 1;
  expect(counts).toHaveLength(6);
  expect(Math.min(...counts)).toBeGreaterThan(850);
});

it('shuffles in place into every order about as often', () => {
  const random = createRandom(9);
  const orders = new Map<string, number>();
  for (let round = 0; round < 6000; round++) {
    const items = ['a', 'b', 'c'];
    expect(shuffle(items, random)).toBe(items);
    orders.set(items.join(''), (orders.get(items.join('')) ?? 0) + 1);
  }
  expect([...orders.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  expect(Math.min(...orders.values())).toBeGreaterThan(850);
});
