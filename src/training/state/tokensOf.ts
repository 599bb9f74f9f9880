import { parameterNames, valuesOf, type Weights } from '../../core/parameters';
import { vocabularyAxis } from './growWeights';

/**
 * Weights whose tokens read and are expected as by other weights, laid out alike.
 * @param lowered what is taken off their logits, in nats
 */
export function withTokensOf(weights: Weights, others: Weights, tokens: readonly number[], lowered: number): Weights {
  const { model, layout } = weights;
  const values = weights.values.slice();
  for (const parameter of layout.parameters) {
    const axis = vocabularyAxis(model, parameter);
    if (axis === null) continue;
    const { name, shape, size } = parameter;
    const [mine, theirs] = [valuesOf(layout, values, name), valuesOf(layout, others.values, name)];
    const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
    const stride = inner * shape[axis]!;
    for (const token of tokens) {
      for (let start = token * inner; start < size; start += stride) {
        mine.set(theirs.subarray(start, start + inner), start);
      }
    }
  }
  const bias = valuesOf(layout, values, parameterNames.outputBias);
  for (const token of tokens) bias[token]! -= lowered;
  return { ...weights, values };
}
