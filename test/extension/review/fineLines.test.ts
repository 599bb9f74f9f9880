import { expect, it } from 'vitest';
import { createFineLines } from '../../../src/extension/review/fineLines';

function memento() {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: <Value>(key: string, otherwise?: Value) => (kept.get(key) ?? otherwise) as Value,
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  };
}

it('remembers what a line of a file says, wherever it stands and however it is indented', async () => {
  const kept = memento();
  await createFineLines(kept).add({ path: 'a.ts', text: '  return zebra' });
  const fine = createFineLines(kept);
  expect(fine.has({ path: 'a.ts', text: '\treturn zebra' })).toBe(true);
  expect(fine.has({ path: 'a.ts', text: 'return zebras' })).toBe(false);
  expect(fine.has({ path: 'b.ts', text: '  return zebra' })).toBe(false);
});
