import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A seeded stream of random numbers whose state can be saved. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform whole number in [0, limit). */
  integer(limit: number): number;
  /** To go on from exactly here with {@link randomFromState}. */
  state(): number[];
}

/** @param seed a whole number; the same seed gives the same numbers on every machine */
export function createRandom(seed: number): Random {
  return wrap(xoroshiro128plus(seed));
}

/** The stream that {@link Random.state} was taken from, at that place. */
export function randomFromState(state: readonly number[]): Random {
  return wrap(xoroshiro128plusFromState([...state]));
}

function wrap(generator: ReturnType<typeof xoroshiro128plus>): Random {
  const uniform = (): number => uniformFloat64(generator);
  return {
    uniform,
    // Box-Muller, one of the pair only: nothing to remember beside the generator's own state.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (limit) => uniformInt(generator, 0, limit - 1),
    state: () => [...generator.getState()],
  };
}

/** Fisher-Yates, in place. */
export function shuffle<T>(items: T[], random: Random): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}
