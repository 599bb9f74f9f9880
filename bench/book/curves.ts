/** One line of the picture. */
export interface Curve {
  readonly label: string;
  /** Training perplexity of each epoch. */
  readonly perplexities: readonly number[];
}

const size = { width: 720, height: 380 };
const plot = { left: 48, right: 704, top: 56, bottom: 336 };
const perplexityTicks = [1, 2, 5, 10, 20, 30];
const highest = 30;

/** Readable on white and on black; a page with a dark theme gets the lighter colours. */
const style = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #57606a; }
  .title { font-size: 15px; font-weight: 600; fill: #24292f; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
  .curve0 { stroke: #0969da; }
  .curve1 { stroke: #bc4c00; }
  .label0 { fill: #0969da; }
  .label1 { fill: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1; }
    .title { fill: #f0f6fc; }
    .grid { stroke: #3d444d; }
    .curve0 { stroke: #58a6ff; }
    .curve1 { stroke: #f0883e; }
    .label0 { fill: #58a6ff; }
    .label1 { fill: #f0883e; }
  }
`;

/**
 * A drawing of perplexities by epoch, on a logarithmic scale that begins at 1; higher ones than it has lie on its upper end.
 * @returns an SVG file without a background
 */
export function drawCurves(title: string, curves: readonly [Curve, Curve]): string {
  const epochs = Math.max(...curves.map(({ perplexities }) => perplexities.length));
  const x = (epoch: number): number => plot.left + ((plot.right - plot.left) * epoch) / epochs;
  const y = (perplexity: number): number =>
    plot.bottom - (plot.bottom - plot.top) * Math.min(1, Math.log(perplexity) / Math.log(highest));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${title}">`,
    `<style>${style}</style>`,
    `<text class="title" x="${plot.left}" y="20">${title}</text>`,
    ...perplexityTicks.flatMap((tick) => [
      `<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}"/>`,
      `<text x="${plot.left - 8}" y="${fixed(y(tick) + 4)}" text-anchor="end">${tick}${tick === highest ? '+' : ''}</text>`,
    ]),
    ...epochTicks(epochs).map(
      (tick) => `<text x="${fixed(x(tick))}" y="${plot.bottom + 20}" text-anchor="middle">${tick}</text>`,
    ),
    `<text x="${(plot.left + plot.right) / 2}" y="${size.height - 6}" text-anchor="middle">epochs</text>`,
    ...curves.map(({ perplexities }, index) => {
      const points = perplexities.map((value, epoch) => `${fixed(x(epoch + 1))},${fixed(y(value))}`);
      return `<polyline class="curve curve${index}" points="${points.join(' ')}"/>`;
    }),
    ...curves.map(
      ({ label }, index) => `<text class="label${index}" x="${plot.left + 8 + 220 * index}" y="44">— ${label}</text>`,
    ),
    '</svg>\n',
  ].join('\n');
}

function epochTicks(epochs: number): number[] {
  return Array.from({ length: 6 }, (_, index) => Math.round((epochs * index) / 5));
}

function fixed(value: number): string {
  return value.toFixed(1);
}
