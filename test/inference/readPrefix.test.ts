import { expect, it } from 'vitest';
import { encode } from '../../src/text/vocabulary';
import { readPrefix } from '../../src/inference/readPrefix';
import { zeroState } from '../../src/inference/session';
import { relativeDifference } from '../onnx/onnxGraph';
import { model, never, openSession, vocabulary } from './testSession';

const tokens = encode(vocabulary, 'const answer = 42;\n'.repeat(200));

it('gives in slices what one run over everything gives', async () => {
  const session = await openSession();
  const whole = await session.run(tokens, 1, zeroState(model));
  const position = await readPrefix(session, tokens, zeroState(model), never);
  expect(relativeDifference(position!.logits, whole.logits.slice(-vocabulary.size))).toBeLessThan(1e-5);
  whole.state.forEach((state, index) => {
    expect(relativeDifference(position!.state[index]!, state)).toBeLessThan(1e-5);
  });
});

it('lets a newer request in between two slices, and stops then', async () => {
  const session = await openSession();
  const controller = new AbortController();
  setImmediate(() => controller.abort());
  expect(await readPrefix(session, tokens, zeroState(model), controller.signal)).toBeUndefined();
});
