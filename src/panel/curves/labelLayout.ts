/** A rectangle, its origin at the upper left. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A place for each label, so that no two of them overlap: the first of its own that is free, in the order they are given.
 * @param wanted for each label where it may stand, the best place first
 * @param area where all of it must lie
 * @param taken where none may stand
 * @returns undefined for a label that has no free place
 */
export function laidOut(
  wanted: readonly (readonly Box[])[],
  area: Box,
  taken: readonly Box[] = [],
): readonly (Box | undefined)[] {
  const occupied = [...taken];
  return wanted.map((places) => {
    const free = places.find((place) => isWithin(place, area) && !occupied.some((other) => doOverlap(place, other)));
    if (free !== undefined) occupied.push(free);
    return free;
  });
}

/**
 * Where the name of a level line may stand: above or below it, at its right end or, where that is taken, further left.
 * @param line the line, and how far a text stays away from it and from the end
 */
export function placesAlong(
  line: { readonly left: number; readonly right: number; readonly y: number; readonly gap: number },
  { width, height }: Pick<Box, 'width' | 'height'>,
): Box[] {
  const { left, right, y, gap } = line;
  const places: Box[] = [];
  for (let start = right - gap - width; start >= left; start -= height) {
    for (const top of [y - gap - height, y + gap]) places.push({ left: start, top, width, height });
  }
  return places;
}

/**
 * Where the name of a point may stand: the corners around it.
 * @param preferred on which sides it stands where all are free
 */
export function placesAround(
  point: { readonly x: number; readonly y: number; readonly gap: number },
  { width, height }: Pick<Box, 'width' | 'height'>,
  preferred: { readonly isLeft: boolean; readonly isBelow: boolean },
): Box[] {
  const { x, y, gap } = point;
  const sides = preferred.isLeft ? [x - gap - width, x + gap] : [x + gap, x - gap - width];
  const heights = preferred.isBelow ? [y + gap, y - gap - height] : [y - gap - height, y + gap];
  // Then straight below or above it.
  const corners = heights.flatMap((top) => sides.map((left) => ({ left, top, width, height })));
  return [...corners, ...heights.map((top) => ({ left: x - width / 2, top, width, height }))];
}

function isWithin(inner: Box, outer: Box): boolean {
  return (
    inner.left >= outer.left &&
    inner.top >= outer.top &&
    inner.left + inner.width <= outer.left + outer.width &&
    inner.top + inner.height <= outer.top + outer.height
  );
}

function doOverlap(a: Box, b: Box): boolean {
  return a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
}
