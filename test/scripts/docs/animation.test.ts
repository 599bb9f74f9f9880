import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { animatedPng, chunksOf } from '../../../scripts/docs/animation.mjs';

const icon = readFileSync(join(import.meta.dirname, '../../../media/icon.png'));
const pixels = (png: Buffer): Buffer =>
  inflateSync(Buffer.concat(chunksOf(png).flatMap(({ type, data }) => (type === 'IDAT' ? [data] : []))));

/** How long the frames of an animation are shown, in milliseconds. */
const timesOf = (animation: Buffer): number[] =>
  chunksOf(animation).flatMap(({ type, data }) => (type === 'fcTL' ? [data.readUInt16BE(20)] : []));

describe('an animated PNG', () => {
  // The same picture, written differently.
  const other = Buffer.from(animatedPng([{ png: icon, ms: 1 }]));
  const animation = animatedPng([
    { png: icon, ms: 100 },
    { png: icon, ms: 50 },
    { png: other, ms: 2_000 },
  ]);

  it('holds each picture once, as long as it was shown', () => {
    expect(chunksOf(animation).map(({ type }) => type)).toEqual([
      'IHDR',
      'acTL',
      'fcTL',
      'IDAT',
      'fcTL',
      'fdAT',
      'IEND',
    ]);
    expect(timesOf(animation)).toEqual([150, 2_000]);
    const [last] = chunksOf(animation).filter(({ type }) => type === 'fdAT');
    expect(inflateSync(last!.data.subarray(4)).equals(pixels(icon))).toBe(true);
    expect(pixels(animation).equals(pixels(icon))).toBe(true);
  });

  it('counts its parts through, as whoever shows it checks', () => {
    const counted = chunksOf(animation).filter(({ type }) => /^f[cd][TA][LT]$/.test(type));
    expect(counted.map(({ data }) => data.readUInt32BE(0))).toEqual([0, 1, 2]);
    const [control] = chunksOf(animation).filter(({ type }) => type === 'acTL');
    expect([control!.data.readUInt32BE(0), control!.data.readUInt32BE(4)]).toEqual([2, 0]);
  });

  it('is refused where pictures differ in size', () => {
    const smaller = Buffer.from(icon);
    smaller.writeUInt32BE(1, 16);
    const frames = [icon, smaller].map((png) => ({ png, ms: 1 }));
    expect(() => animatedPng(frames)).toThrow('one size');
  });
});

it("README's has a length that one watches to the end, and a size that one waits for", () => {
  const animation = readFileSync(join(import.meta.dirname, '../../../media/completing.png'));
  const seconds = timesOf(animation).reduce((sum, ms) => sum + ms, 0) / 1_000;
  expect(seconds).toBeGreaterThan(8);
  expect(seconds).toBeLessThan(12);
  expect(animation.length).toBeLessThan(1_000_000);
});
