import type { RunCurves } from '../../protocol/runCurves';
import { messages } from '../messages';
import type { ChartContent, Curve, CurveStyle, Level, Mark } from './curve';
import { placesOn, type HorizontalAxis } from './horizontalAxis';
import { smoothed } from './smoothing';

/** The charts, from top to bottom. */
export const chartNames = ['perplexity', 'gradientNorm', 'learningRate', 'charactersPerSecond'] as const;
export type ChartName = (typeof chartNames)[number];

/** How the user wants the curves. */
export interface CurveOptions {
  readonly axis: HorizontalAxis;
  readonly logX: boolean;
  readonly logY: boolean;
  /** From 0 to below 1. */
  readonly smoothing: number;
}

/**
 * What every chart shows of a run, and of others that are laid over it.
 * @param others drawn with their own styles, validation only where a chart has it
 */
export function chartContents(
  shown: RunCurves,
  others: readonly RunCurves[],
  options: CurveOptions,
): Readonly<Record<ChartName, ChartContent>> {
  const own = curvesOfRun(shown, options, undefined);
  const overlaid = others.map((run, index) => curvesOfRun(run, options, `run${index}`));
  const content = (name: ChartName, levels: readonly Level[], marks: readonly Mark[]): ChartContent => ({
    curves: [...overlaid.flatMap((curves) => curves[name]), ...own[name]],
    ...{ levels, marks },
  });
  return {
    perplexity: content('perplexity', baselines(shown), marksOf(shown, options.axis)),
    gradientNorm: content('gradientNorm', clippingThreshold(shown), []),
    learningRate: content('learningRate', [], []),
    charactersPerSecond: content('charactersPerSecond', [], []),
  };
}

/** @param other the style of a run that is laid over another */
function curvesOfRun(
  run: RunCurves,
  { axis, smoothing }: CurveOptions,
  other: CurveStyle | undefined,
): Record<ChartName, Curve[]> {
  const { progress, validation } = run;
  const places = placesOn(axis, run);
  const curve = (y: Float64Array, changes: Partial<Curve> = {}): Curve => ({
    ...{ name: other === undefined ? messages.curves.training : run.name, style: other ?? 'training' },
    ...{ x: places.progress, y, isBackground: false, hasPoints: false, ...changes },
  });
  const withSmooth = (y: Float64Array): Curve[] =>
    smoothing === 0 ? [curve(y)] : [curve(y, { isBackground: true }), curve(smoothed(y, smoothing))];
  const held = curve(validation.nats.map(Math.exp), {
    x: places.validation,
    style: other ?? 'validation',
    hasPoints: true,
    name: other === undefined ? messages.curves.validation : run.name,
  });
  return {
    // Two curves of every run that is laid over would hide the one that is shown.
    perplexity: other === undefined ? [...withSmooth(progress.nats.map(Math.exp)), held] : [held],
    gradientNorm: withSmooth(progress.gradientNorm),
    learningRate: [curve(progress.learningRate)],
    charactersPerSecond: withSmooth(progress.charactersPerSecond),
  };
}

function baselines({ start }: RunCurves): Level[] {
  if (start === null) return [];
  const { uniform, unigram, compressor } = start;
  return [
    { name: messages.curves.uniform, value: uniform.perplexity },
    ...(unigram === null ? [] : [{ name: messages.curves.unigram, value: unigram.perplexity }]),
    ...(compressor === undefined ? [] : [{ name: compressor.name, value: compressor.perplexity }]),
  ];
}

function clippingThreshold({ start }: RunCurves): Level[] {
  const clip = start?.training?.clip;
  return clip === undefined ? [] : [{ name: messages.curves.clipping, value: clip }];
}

/** The best validation value, and the one that the training began with. */
function marksOf(run: RunCurves, axis: HorizontalAxis): Mark[] {
  const { step, nats } = run.validation;
  const { validation: places } = placesOn(axis, run);
  const mark = (kind: Mark['kind'], index: number): Mark => ({
    ...{ kind, name: messages.curves[kind], style: 'validation' as const },
    ...{ x: places[index]!, y: Math.exp(nats[index]!) },
  });
  const best = bestIndex(nats);
  if (best === undefined) return [];
  return [...(step[0] === 0 && best !== 0 ? [mark('start', 0)] : []), mark('best', best)];
}

/** Where a curve is lowest; undefined where nothing of it is finite. */
export function bestIndex(values: Float64Array): number | undefined {
  let best: number | undefined;
  values.forEach((value, index) => {
    if (Number.isFinite(value) && (best === undefined || value < values[best]!)) best = index;
  });
  return best;
}
