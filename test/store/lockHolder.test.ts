import { describe, expect, it } from 'vitest';
import { contentOf, createJudge, ownHolder } from '../../src/store/locks/lockHolder.mjs';

const beatMs = 1_000;
/** In another container, on another machine. */
const elsewhere = async () => ({ ...(await ownHolder('test')), space: 'another' });

/** What is said of a holder at each look at its count. */
async function verdicts(counts: readonly number[]): Promise<string[]> {
  const holder = await elsewhere();
  const judge = createJudge(beatMs);
  const said: string[] = [];
  for (const count of counts) said.push((await judge({ name: 'one', content: contentOf(holder, count) })).verdict);
  return said;
}

describe('a holder whose process number means nothing here', () => {
  it('is gone when its count has stood still for ten beats', async () => {
    const said = await verdicts(Array<number>(11).fill(7));
    expect(said).toEqual([...Array<string>(10).fill('waits'), 'gone']);
  });

  it('stays when its count goes up, and is given the whole time anew from there', async () => {
    const said = await verdicts([...Array<number>(10).fill(7), 8, ...Array<number>(9).fill(8)]);
    expect(said).toEqual([...Array<string>(10).fill('waits'), 'stays', ...Array<string>(9).fill('waits')]);
  });

  it('is another one when the lock was taken in between', async () => {
    const holder = await elsewhere();
    const judge = createJudge(beatMs);
    for (let look = 0; look < 10; look++) await judge({ name: 'one', content: contentOf(holder, 7) });
    expect(await judge({ name: 'other', content: contentOf(holder, 7) })).toMatchObject({ verdict: 'waits' });
  });

  it('writes counts of one length, so that none is ever seen half', async () => {
    const holder = await elsewhere();
    expect(contentOf(holder, 1e9)).toHaveLength(contentOf(holder, 0).length);
  });
});
