import { expect, it } from 'vitest';
import { parameterNames, valuesOf } from '../../../src/core/parameters';
import { createRandom } from '../../../src/core/random';
import { completeLine } from '../../../src/engine/completing/engineCompletion';
import { newDocument } from '../../../src/engine/documents/engineDocuments';
import type { CompletionAnswer } from '../../../src/protocol/engine';
import { tokenOf } from '../../../src/text/vocabulary';
import { livelyWeights, never, openSession, vocabulary } from '../../inference/testSession';

/** A network that is sure of most characters, and ends its lines. */
function sureWeights() {
  const weights = livelyWeights();
  const output = valuesOf(weights.layout, weights.values, parameterNames.outputWeights);
  for (const [index, value] of output.entries()) output[index] = 4 * value;
  const bias = valuesOf(weights.layout, weights.values, parameterNames.outputBias);
  bias[tokenOf(vocabulary, 0x0a)]! += 12;
  return weights;
}

const session = await openSession(sureWeights());
const random = createRandom(4);
const texts = Array.from({ length: 150 }, () =>
  Array.from({ length: 1 + random.integer(12) }, () => String.fromCharCode(97 + random.integer(26))).join(''),
);

function complete(text: string, minimumConfidence: number, exact: boolean): Promise<CompletionAnswer> {
  const document = newDocument({ uri: 'a', path: 'a.ts', version: 1, text });
  const request = { uri: 'a', version: 1, offset: text.length, maxCharacters: 16, minimumConfidence, exact };
  return completeLine(session, document, request, never);
}

it.each([0.1, 0.2, 0.4, 0.6])(
  'what is %d sure is offered, whether or not all is drawn that is less sure',
  async (minimum) => {
    let offered = 0;
    for (const text of texts) {
      const [all, some] = [await complete(text, minimum, true), await complete(text, minimum, false)];
      expect(some.kind === 'completion').toBe(all.kind === 'completion');
      if (all.kind !== 'completion' || some.kind !== 'completion') continue;
      offered++;
      expect(some.completion).toMatchObject({ text: all.completion.text, confidence: all.completion.confidence });
    }
    expect(offered).toBeGreaterThan(5);
  },
);
