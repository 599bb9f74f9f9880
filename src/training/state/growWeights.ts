import type { ModelConfiguration } from '../../core/configuration';
import { layoutOf, parameterNames, parameterOf, type Parameter, type Weights } from '../../core/parameters';
import { firstCodePointToken, otherToken, tokenOf, type Vocabulary } from '../../text/vocabulary';

/**
 * Weights for a vocabulary that has grown: tokens keep what they have by code point; a new one starts as 'other', which
 * stood for it so far.
 */
export function growWeights(weights: Weights, from: Vocabulary, to: Vocabulary): Weights {
  const layout = layoutOf(weights.model, to.size);
  const values = growValues(weights.model, weights.values, from, to, 'other');
  return { model: weights.model, vocabularySize: to.size, layout, values };
}

/**
 * A flat array laid out as the parameters for a vocabulary that has grown.
 * @param fresh what new tokens get: the values of 'other', or zeros (moments)
 */
export function growValues(
  model: ModelConfiguration,
  values: Float32Array,
  from: Vocabulary,
  to: Vocabulary,
  fresh: 'other' | 'zeros',
): Float32Array {
  const before = layoutOf(model, from.size);
  const after = layoutOf(model, to.size);
  const sources = sourceTokens(from, to, fresh);
  const grown = new Float32Array(after.length);
  for (const target of after.parameters) {
    const source = parameterOf(before, target.name);
    const part = values.subarray(source.offset, source.offset + source.size);
    grown.set(growParameter(part, source, target, sources, vocabularyAxis(model, target)), target.offset);
  }
  return grown;
}

/** For each new token, the old one whose values it takes; -1: zeros. */
function sourceTokens(from: Vocabulary, to: Vocabulary, fresh: 'other' | 'zeros'): number[] {
  const known = new Set(from.codePoints);
  return Array.from({ length: to.size }, (_, token) => {
    if (token < firstCodePointToken) return token;
    const codePoint = to.codePoints[token - firstCodePointToken]!;
    if (known.has(codePoint)) return tokenOf(from, codePoint);
    return fresh === 'other' ? otherToken : -1;
  });
}

/** Which axis of a parameter counts tokens; null: none. */
export function vocabularyAxis(model: ModelConfiguration, { name, shape }: Parameter): number | null {
  if (name === parameterNames.outputWeights || name === parameterNames.outputBias) return shape.length - 1;
  const table = model.embedding > 0 ? parameterNames.embedding : parameterNames.inputWeights(0);
  return name === table ? 0 : null;
}

function growParameter(
  values: Float32Array,
  source: Parameter,
  target: Parameter,
  sources: readonly number[],
  axis: number | null,
): Float32Array {
  if (axis === null) return values;
  const inner = target.shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const [before, after] = [source.shape[axis]!, target.shape[axis]!];
  const grown = new Float32Array(target.size);
  for (let index = 0; index < target.size; index++) {
    const place = Math.floor(index / inner);
    const from = sources[place % after]!;
    if (from >= 0) grown[index] = values[(Math.floor(place / after) * before + from) * inner + (index % inner)]!;
  }
  return grown;
}
