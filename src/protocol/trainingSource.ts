import { baseModelDirectory } from '../store/baseModel';
import type { TrainingSource } from './trainer';

/** The base model, where it fits and helps. @param bundles the folder of the bundles, absolute @param shape what was asked for */
export function baseSource(bundles: string, shape: TrainingSource['shape'] = {}): TrainingSource {
  return { directory: baseModelDirectory(bundles), shape, isRequired: false };
}

/**
 * What a training starts from.
 * @param from empty: the base model; `none`: random weights; a folder: the model in it
 * @param shapes what is asked of the base model, and of a model that is named
 */
export function trainingSource(
  from: string,
  bundles: string,
  shapes: Readonly<Record<'base' | 'named', TrainingSource['shape']>>,
): TrainingSource | null {
  if (from === 'none') return null;
  return from === '' ? baseSource(bundles, shapes.base) : { directory: from, shape: shapes.named, isRequired: true };
}
