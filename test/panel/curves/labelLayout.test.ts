import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laidOut, placesAlong, placesAround, type Box } from '../../../src/panel/curves/labelLayout';

const area: Box = { left: 60, top: 10, width: 800, height: 240 };
const [left, right, gap] = [area.left, area.left + area.width, 2];
const size = { width: 70, height: 13 };
const doOverlap = (a: Box, b: Box): boolean =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;

describe('labels of a chart', () => {
  it('stand at the right end above their line, where nothing else is', () => {
    const [box] = laidOut([placesAlong({ left, right, y: 100, gap }, size)], area);
    expect(box).toEqual({ left: right - gap - 70, top: 100 - gap - 13, ...size });
  });

  it('go below, then to the left, where another stands', () => {
    const lines = [100, 101, 102].map((y) => placesAlong({ left, right, y, gap }, size));
    const [first, second, third] = laidOut(lines, area);
    expect([first!.top, second!.top]).toEqual([85, 103]);
    expect(third!.left).toBeLessThan(right - gap - 70);
  });

  it('of a point stand beside it, on the other side where an edge or another is', () => {
    const preferred = { isLeft: false, isBelow: true };
    const place = (x: number, y: number) => laidOut([placesAround({ x, y, gap: 7 }, size, preferred)], area)[0]!;
    expect(place(400, 100)).toEqual({ left: 407, top: 107, ...size });
    expect(place(right, 100)).toEqual({ left: right - 77, top: 107, ...size });
    expect(place(400, 250)).toEqual({ left: 407, top: 230, ...size });
  });

  it('never overlap, never leave the chart, and are all there while there are few', () => {
    const level = fc.integer({ min: area.top, max: area.top + area.height });
    const point = fc.record({ x: fc.integer({ min: left, max: right }), y: level });
    const widths = fc.integer({ min: 30, max: 120 });
    fc.assert(
      fc.property(fc.array(fc.tuple(level, widths), { maxLength: 6 }), fc.option(point), (levels, best) => {
        const ring = best === null ? [] : [{ left: best.x - 5, top: best.y - 5, width: 10, height: 10 }];
        const boxes = laidOut(
          [
            ...(best === null ? [] : [placesAround({ ...best, gap: 7 }, size, { isLeft: true, isBelow: true })]),
            ...levels.map(([y, width]) => placesAlong({ left, right, y, gap }, { ...size, width })),
          ],
          area,
          ring,
        );
        const found = boxes.filter((box) => box !== undefined);
        expect(found).toHaveLength(boxes.length);
        found.forEach((box, index) => {
          expect(box.left >= left && box.left + box.width <= right).toBe(true);
          for (const other of [...found.slice(index + 1), ...ring]) expect(doOverlap(box, other)).toBe(false);
        });
      }),
    );
  });
});
