/** An element of a picture; texts are never taken for markup. */
export function svg(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (Node | string)[]
): SVGElement {
  const created = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, String(value));
  created.append(...children);
  return created;
}

/** Points of a `polyline`. */
export function pointsOf(places: readonly (readonly [x: number, y: number])[]): string {
  return places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
}
