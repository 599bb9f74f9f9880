import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trainingSource } from '../../src/protocol/trainingSource';

it.each([
  ['', { directory: join('/product', 'media', 'base'), shape: { hidden: 8 }, isRequired: false }],
  ['none', null],
  ['/team/model', { directory: '/team/model', shape: {}, isRequired: true }],
])('a training from %j starts from the base model, random weights or a model that is named', (from, expected) => {
  const source = trainingSource(from, join('/product', 'dist'), { base: { hidden: 8 }, named: {} });
  expect(source).toEqual(expected);
});
