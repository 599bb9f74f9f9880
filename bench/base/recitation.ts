import { createRandom, shuffle } from '../../src/core/random';
import { drawLine } from '../../src/inference/lineSearch';
import { readPrefix } from '../../src/inference/readPrefix';
import { zeroState, type ModelSession } from '../../src/inference/session';
import { encode, encodeHeader, tokenOf } from '../../src/text/vocabulary';
import { readSample, type Sample } from './sample';

/** What a model says of texts when it goes on greedily behind a part of them. */
export interface Recitation {
  readonly places: number;
  /** Characters that are those of the text before the first that is not. */
  readonly meanRun: number;
  readonly longestRun: number;
  /** Places at which a run reaches 50 characters. */
  readonly runsOf50: number;
  /** What the longest run says. */
  readonly longest: string;
}

const prefixCharacters = 200;
const drawnCharacters = 200;
const never = new AbortController().signal;

/** @param sample files by language: as many places from each, one of a file at most */
export async function continueTexts(
  session: ModelSession,
  sample: ReadonlyMap<string, Sample>,
  places: number,
): Promise<Recitation> {
  const random = createRandom(1);
  const perLanguage = Math.ceil(places / sample.size);
  const runs: string[] = [];
  for (const files of sample.values()) {
    const documents = shuffle([...files], random)
      .slice(0, 3 * perLanguage)
      .flatMap((file) => readSample([file], 1));
    const long = documents.filter(({ text }) => text.length > 2 * (prefixCharacters + drawnCharacters));
    for (const { path, text } of long.slice(0, perLanguage)) {
      const start = random.integer(text.length - prefixCharacters - drawnCharacters);
      const drawn = await draw(session, path, text.slice(start, start + prefixCharacters));
      runs.push(commonStart(drawn, text.slice(start + prefixCharacters)));
    }
  }
  const longest = runs.reduce((most, run) => (run.length > most.length ? run : most), '');
  return {
    places: runs.length,
    meanRun: Number((runs.reduce((sum, run) => sum + run.length, 0) / runs.length).toFixed(1)),
    longestRun: longest.length,
    runsOf50: runs.filter((run) => run.length >= 50).length,
    longest,
  };
}

/** Greedy characters behind a text, line by line. */
async function draw(session: ModelSession, path: string, text: string): Promise<string> {
  const { vocabulary, model } = session;
  const tokens = Int32Array.from([...encodeHeader(vocabulary, path), ...encode(vocabulary, text)]);
  let position = await readPrefix(session, tokens, zeroState(model, 1), never);
  let drawn = '';
  while (position !== undefined && drawn.length < drawnCharacters) {
    const line = await drawLine(session, position, { maxCharacters: drawnCharacters, signal: never });
    drawn += line?.characters.join('') ?? '';
    if (line?.state === undefined) break;
    drawn += '\n';
    const { logits, state } = await session.run(Int32Array.of(tokenOf(vocabulary, 0x0a)), 1, line.state);
    position = { logits, state };
  }
  return drawn;
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
