import { featureNames } from './wordFeatures';
import slipWeights from './slipWeights.json';

const weights = featureNames.map((name) => (slipWeights as Readonly<Record<string, number>>)[name] ?? 0);

/**
 * ln of the odds that a word is a slip, up to a constant: a linear model, fitted so that slips made in other projects than those
 * that docs/review.md has figures of stand before the other lines of their files.
 * @param features as `wordFeatures` gives them
 */
export function oddsOf(features: readonly number[]): number {
  return features.reduce((sum, feature, index) => sum + feature * weights[index]!, 0);
}
