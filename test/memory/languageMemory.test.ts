import { describe, expect, it } from 'vitest';
import { logSumExp, surpriseNats } from '../../src/text/metrics';
import { createRandom } from '../../src/core/random';
import { encode, encodeDocument, otherToken, outsideCount, tokenOf, tokenText } from '../../src/text/vocabulary';
import { createDocumentMemory, typeToken } from '../../src/memory/documentMemory';
import { createLanguageMemory, type LanguageMemory } from '../../src/memory/languageMemory';
import {
  exponentsLength,
  initialWeights,
  rowNames,
  trustLength,
  withoutNetwork,
  type MemoryWeights,
} from '../../src/memory/memoryWeights';
import { mixedModels } from '../../src/memory/experts/expertTable';
import { buildWorkspaceMemory } from '../../src/memory/workspaceMemory';
import { randomText, randomTokens, seeds, vocabulary } from './memoryText';

const random = createRandom(7);
const documents = Array.from({ length: 6 }, (_, index) => ({ path: `src/${index}.ts`, text: randomText(random, 300) }));
const workspace = buildWorkspaceMemory(vocabulary, documents);

function randomWeights(seed: number): MemoryWeights {
  const values = createRandom(seed);
  return {
    trust: Float64Array.from({ length: trustLength }, () => values.uniform()),
    exponents: Float64Array.from({ length: exponentsLength }, () => values.uniform()),
  };
}

/** Sum of the probabilities behind logarithms, markers left out. */
function sum(logarithms: Float32Array): number {
  return logarithms.subarray(otherToken).reduce((total, value) => total + Math.exp(value), 0);
}

/** The most probable continuation, drawn without telling the memory. */
function draw(language: LanguageMemory, text: string, length: number, path = 'new.ts'): string {
  let drawn = '';
  for (let count = 0; count < length; count++) {
    const context = encode(vocabulary, text + drawn);
    const predicted = language.predict(context, context.length, undefined, path);
    drawn += tokenText(vocabulary, predicted.indexOf(Math.max(...predicted.subarray(otherToken))));
  }
  return drawn;
}

describe('probabilities', () => {
  it.each(seeds)('of the memory sum to 1 for any context and weights (seed $seed)', ({ seed, random: values }) => {
    const language = createLanguageMemory(vocabulary, workspace, randomWeights(seed));
    const tokens = randomTokens(values, 60);
    const document = createDocumentMemory(vocabulary.size, tokens);
    for (let end = 0; end <= tokens.length; end++) {
      expect(sum(language.predict(tokens, end, document, 'src/1.ts'))).toBeCloseTo(1, 4);
    }
  });

  it.each(seeds)('of the mixture sum to 1 over all code points (seed $seed)', ({ seed, random: values }) => {
    const language = createLanguageMemory(vocabulary, workspace, randomWeights(seed));
    const logits = Float32Array.from({ length: vocabulary.size }, () => values.normal());
    const tokens = randomTokens(values, 40);
    const document = createDocumentMemory(vocabulary.size, tokens);
    for (let end = 0; end <= tokens.length; end += 3) {
      language.predict(tokens, end, document, 'src/1.ts');
      const mixed = language.mix(logits, 0);
      let total = 0;
      for (let token = otherToken; token < vocabulary.size; token++) {
        const codePoints = token === otherToken ? outsideCount(vocabulary) : 1;
        total += codePoints * Math.exp(-surpriseNats(vocabulary, mixed, 0, token));
      }
      expect(total).toBeCloseTo(1, 6);
    }
  });

  it('of the mixture are those of the network where the memory counts for nothing, or for all', () => {
    const mixed = (model: (typeof mixedModels)[number]): Float32Array => {
      const { trust } = initialWeights();
      const half = mixedModels.map((name) => (name === model ? 1 / rowNames.length : 0));
      const exponents = Float64Array.from({ length: exponentsLength }, (_, index) => half[index % half.length]!);
      const language = createLanguageMemory(vocabulary, workspace, { trust, exponents });
      const known = language.predict(tokens, tokens.length, undefined, '').slice();
      const mix = language.mix(logits, 5);
      const whole = logSumExp(mix, 0, vocabulary.size);
      return mix.map((value, token) => value - whole - (model === 'network' ? 0 : known[token]!));
    };
    const logits = Float32Array.from({ length: vocabulary.size + 5 }, () => random.normal());
    const tokens = randomTokens(random, 20);
    const network = mixed('network');
    const total = logSumExp(logits, 5, vocabulary.size);
    for (let token = otherToken; token < vocabulary.size; token++) {
      expect(network[token]).toBeCloseTo(logits[5 + token]! - total, 5);
      expect(mixed('all')[token]).toBeCloseTo(0, 5);
    }
    // What follows no match is as frequent as it is in the workspace.
    const language = createLanguageMemory(vocabulary, workspace, initialWeights());
    const remembered = language.predict(new Int32Array(0), 0, undefined, '');
    const letter = tokenOf(vocabulary, 0x61);
    expect(Math.exp(remembered[letter]!)).toBeCloseTo(workspace.frequencies[letter]!, 5);
  });

  it('never name a marker, though every document begins with two', () => {
    const language = createLanguageMemory(vocabulary, workspace, initialWeights());
    const { path, text } = documents[0]!;
    const tokens = encodeDocument(vocabulary, path, text);
    for (let end = 0; end < tokens.length; end += 7) {
      const predicted = language.predict(tokens, end, undefined, 'other.ts');
      for (let marker = 0; marker < otherToken; marker++) expect(predicted[marker]).toBeLessThan(-20);
    }
  });
});

it('of a memory without a network are a distribution, whatever the network would say', () => {
  const language = createLanguageMemory(vocabulary, workspace, withoutNetwork(initialWeights()));
  const tokens = randomTokens(random, 40);
  const document = createDocumentMemory(vocabulary.size, tokens);
  const mixed = (logits: Float32Array): Float32Array => {
    language.predict(tokens, tokens.length, document, 'new.ts');
    return language.mix(logits, 0).slice();
  };
  const nothing = mixed(new Float32Array(vocabulary.size));
  expect(mixed(Float32Array.from({ length: vocabulary.size }, () => random.normal()))).toEqual(nothing);
  expect(nothing.subarray(otherToken).every(Number.isFinite)).toBe(true);
});

describe('what was seen', () => {
  const language = createLanguageMemory(vocabulary, workspace, initialWeights());

  it('is repeated from the workspace', () => {
    const { text } = documents[2]!;
    expect(draw(language, text.slice(0, 400), 60)).toBe(text.slice(400, 460));
  });

  it('is not taken from the saved copy of the document itself', () => {
    const { path, text } = documents[2]!;
    expect(draw(language, text.slice(0, 400), 60, path)).not.toBe(text.slice(400, 460));
    const others = buildWorkspaceMemory(
      vocabulary,
      documents.filter((document) => document.path !== path),
    );
    const without = createLanguageMemory(
      vocabulary,
      { ...others, frequencies: workspace.frequencies },
      initialWeights(),
    );
    const tokens = encode(vocabulary, text);
    for (let end = 0; end < tokens.length; end += 13) {
      const expected = without.predict(tokens, end, undefined, path).slice();
      expect(Array.from(language.predict(tokens, end, undefined, path))).toEqual(Array.from(expected));
    }
  });

  it('is preferred from the document that is being written', () => {
    const there = buildWorkspaceMemory(vocabulary, [{ path: 'a.ts', text: ';return value'.repeat(4) }]);
    const memory = createLanguageMemory(vocabulary, there, initialWeights());
    const tokens = encode(vocabulary, '(return index)return ');
    const document = createDocumentMemory(vocabulary.size, tokens);
    const predicted = memory.predict(tokens, tokens.length, document, 'b.ts');
    expect(predicted[tokenOf(vocabulary, 0x69)]!).toBeGreaterThan(predicted[tokenOf(vocabulary, 0x76)]!);
  });

  it('is not changed by asking', () => {
    const tokens = randomTokens(random, 40);
    const document = createDocumentMemory(vocabulary.size, tokens);
    const first = language.predict(tokens, tokens.length, document, 'x.ts').slice();
    draw(language, documents[3]!.text.slice(0, 100), 30);
    expect(Array.from(language.predict(tokens, tokens.length, document, 'x.ts'))).toEqual(Array.from(first));
  });
});

it('is fitted: the same text surprises less afterwards, and the same fit gives the same weights', () => {
  const logits = new Float32Array(vocabulary.size);
  const text = randomTokens(createRandom(11), 800);
  const surprise = (weights: MemoryWeights, learns: boolean): number => {
    const language = createLanguageMemory(vocabulary, workspace, weights);
    const document = createDocumentMemory(vocabulary.size, text.subarray(0, 1));
    let nats = 0;
    for (let end = 1; end < text.length; end++) {
      language.predict(text, end, document, 'x.ts');
      const mixed = language.mix(logits, 0);
      nats += logSumExp(mixed, 0, mixed.length) - mixed[text[end]!]!;
      if (learns) language.learn(text[end]!, 0.0005);
      typeToken(document, text[end]!);
    }
    return nats / text.length;
  };
  const [fitted, again] = [initialWeights(), initialWeights()];
  surprise(fitted, true);
  surprise(again, true);
  expect(surprise(fitted, false)).toBeLessThan(surprise(initialWeights(), false));
  expect(fitted).toEqual(again);
});
