import type { ModelConfiguration, Precision } from '../../core/configuration';
import { describeError } from '../../core/errors';
import type { Logger } from '../../core/logger';
import { layoutOf } from '../../core/parameters';
import type { Window } from '../plan/window';
import { bindingOf } from '../gradient/fused/binding';
import { createFusedGradient } from '../gradient/fused/fusedGradient';
import { zeroState, type Gradient, type GradientSettings } from '../gradient/gradient';
import { createWeights } from '../state/initialWeights';
import { createPortableGradient } from '../gradient/portable/portableGradient';
import type { LoadedTensorFlow } from '../tensorflow/tensorflow';

/** The fastest gradient that works here: a library without the fused operations falls back, with one line in the log. */
export function chooseGradient(
  { tf, backend }: LoadedTensorFlow,
  settings: GradientSettings,
  vocabularySize: number,
  logger: Logger,
): Gradient {
  const { model, dropout, precision } = settings;
  const portable = createPortableGradient(tf, model, vocabularySize, dropout);
  if (backend !== 'tensorflow') return portable;
  const binding = bindingOf(tf);
  try {
    // Operations that are called with other shapes may take other ways: the cell, depth and kind of input are the model's.
    const small = { ...model, hidden: 4, layers: Math.min(model.layers, 2), embedding: Math.min(model.embedding, 4) };
    const own = createFusedGradient(binding, { model: small, dropout: 0, precision }, 5);
    const other = createPortableGradient(tf, small, 5, 0);
    requireSame(small, gradientOf(own, small), gradientOf(other, small), tolerances[precision]);
    return createFusedGradient(binding, settings, vocabularySize);
  } catch (error) {
    logger.warn(`Training runs without TensorFlow's fused operations: ${describeError(error).split('\n')[0]!}`);
    return portable;
  }
}

const probe: Window = { steps: 2, batch: 2, ids: Int32Array.of(0, 4, 3, 1), targets: Int32Array.of(3, 1, 2, 4) };

function gradientOf(gradient: Gradient, model: ModelConfiguration): Float32Array {
  const out = new Float32Array(layoutOf(model, 5).length);
  gradient.compute(createWeights(model, 5, 'default', 1).values, probe, zeroState(model, 2), null, out);
  return out;
}

const tolerances: Readonly<Record<Precision, number>> = { float32: 1e-4, bfloat16: 1e-2 };

function requireSame(model: ModelConfiguration, fused: Float32Array, portable: Float32Array, tolerance: number): void {
  if (fused.every((value, index) => Math.abs(value - portable[index]!) < tolerance)) return;
  throw new Error(`they give another gradient of the ${model.cell}`);
}
