/**
 * Ways to draw a line beside each other: `npm run bench -- decoding MODEL [PLACES]`. At seeded places of the files of the model's
 * test part, each cut off there, network and memory draw the rest of the line: greedily with float32 and with int8 steps, and
 * by beam search. Besides: how often the memory alone names the character that both draw, which is what it would be worth to
 * have the network check its guesses several at a time. Times are those of the processor.
 */
import { logSumExp, surpriseNats } from '../src/text/metrics';
import { silentLogger } from '../src/core/logger';
import { createVocabulary, encode, otherToken, tokenText } from '../src/text/vocabulary';
import type { Mixing } from '../src/inference/drawnLine';
import { drawLine } from '../src/inference/lineSearch';
import { createPrefixStates } from '../src/inference/prefixStates';
import { readPrefix, type Position } from '../src/inference/readPrefix';
import { createSession, zeroState, type ModelSession, type State } from '../src/inference/session';
import { createLanguageMemory, contextAtGap } from '../src/memory/languageMemory';
import { buildWorkspaceMemory } from '../src/memory/workspaceMemory';
import { stepGraph } from '../src/onnx/stepGraph';
import { documentsOfSplit } from '../src/engine/measuring/heldOutDocuments';
import { memoryWeightsOf } from '../src/engine/measuring/memoryEvaluation';
import { createTextMemory } from '../src/engine/documents/textMemory';
import { findModel, graphName, readModel } from '../src/store/modelDirectory';
import { runOf } from './completion/heldOut';
import { chooseLinePlaces, type LinePlace } from './completion/linePlaces';

const [model = '.cache/bench/completionModel', wanted = '300'] = process.argv.slice(2);
const maxCharacters = 80;
const scoredCharacters = 10_000;
const never = new AbortController().signal;

const stored = await readModel(await findModel(model));
const run = await runOf(model);
const vocabulary = createVocabulary(stored.manifest.codePoints);
const bytes = stored.graphs.get(graphName)!;
const int8 = await createSession(bytes, stored.manifest.model, vocabulary, {
  provider: 'cpu',
  steps: stepGraph(bytes),
});
const float32: ModelSession = { ...int8, step: (ids, state) => int8.run(ids, ids.length, state) };
const training = await documentsOfSplit(run, 'training', silentLogger);
const test = (await documentsOfSplit(run, 'test', silentLogger)).filter(({ text }) => text.length > 500);
const weights = await memoryWeightsOf({ stored, session: int8 }, run, silentLogger);
const memory = createLanguageMemory(vocabulary, buildWorkspaceMemory(vocabulary, training), weights);
const lineEnds = new Set(encode(vocabulary, '\n\r'));

/** The mixture after a place, for any characters drawn from there. */
async function mixingAt({ path, before }: LinePlace): Promise<Mixing> {
  const own = await createTextMemory(vocabulary, path).at(before, before.length);
  const { tokens, end } = contextAtGap(own, maxCharacters + 1);
  return (logits, drawn) => {
    tokens.set(drawn, end);
    memory.predict(tokens, end + drawn.length, own, path);
    return memory.mix(logits, 0);
  };
}

/** Whether the memory alone names each drawn character, the first one left out: that one is known before the network runs. */
async function guesses(place: LinePlace, characters: readonly string[]): Promise<boolean[]> {
  const own = await createTextMemory(vocabulary, place.path).at(place.before, place.before.length);
  const { tokens, end } = contextAtGap(own, maxCharacters + 1);
  const drawn = encode(vocabulary, characters.join(''));
  tokens.set(drawn, end);
  return [...drawn.keys()].slice(1).map((index) => {
    const logarithms = memory.predict(tokens, end + index, own, place.path);
    let best = otherToken;
    for (let token = best; token < vocabulary.size; token++) if (logarithms[token]! > logarithms[best]!) best = token;
    return best === drawn[index];
  });
}

interface Hypothesis {
  readonly drawn: readonly number[];
  readonly nats: number;
  readonly state: State;
  readonly logits: Float32Array;
}

/** The most probable whole line that a beam of so many beginnings finds. */
async function beamLine(start: Position, mix: Mixing, width: number): Promise<string> {
  let beam: Hypothesis[] = [{ drawn: [], nats: 0, ...start }];
  let best: { drawn: readonly number[]; nats: number } | undefined;
  for (let length = 0; length < maxCharacters && beam.length > 0; length++) {
    const longer = beam.flatMap((from) => {
      const mixed = mix(from.logits, from.drawn);
      const total = logSumExp(mixed, 0, vocabulary.size);
      const tokens = Array.from({ length: vocabulary.size - otherToken }, (_, index) => index + otherToken);
      tokens.sort((a, b) => mixed[b]! - mixed[a]!);
      return tokens.slice(0, width + 1).map((token) => ({ from, token, nats: from.nats + total - mixed[token]! }));
    });
    longer.sort((a, b) => a.nats - b.nats);
    for (const { from, token, nats } of longer) {
      if (lineEnds.has(token) && nats < (best?.nats ?? Infinity)) best = { drawn: from.drawn, nats };
    }
    const kept = longer
      .filter(({ token, nats }) => token !== otherToken && !lineEnds.has(token) && nats < (best?.nats ?? Infinity))
      .slice(0, width);
    beam = await stepTogether(kept);
  }
  return (best?.drawn ?? beam[0]?.drawn ?? []).map((token) => tokenText(vocabulary, token)).join('');
}

async function stepTogether(kept: readonly { from: Hypothesis; token: number; nats: number }[]): Promise<Hypothesis[]> {
  const width = kept.length;
  if (width === 0) return [];
  const { hidden, layers } = stored.manifest.model;
  if (layers !== 1) throw new Error('The beam of this benchmark knows networks of one layer.');
  const state = kept[0]!.from.state.map((_, kind) => {
    const together = new Float32Array(width * hidden); // [1, width, hidden]
    kept.forEach(({ from }, column) => together.set(from.state[kind]!, column * hidden));
    return together;
  });
  const output = await int8.run(
    Int32Array.from(kept, ({ token }) => token),
    width,
    state,
  );
  return kept.map(({ from, token, nats }, column) => ({
    ...{ drawn: [...from.drawn, token], nats },
    logits: output.logits.slice(column * vocabulary.size, (column + 1) * vocabulary.size),
    state: output.state.map((array) => array.slice(column * hidden, (column + 1) * hidden)),
  }));
}

const cpuMs = (): number => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000;

/** Lines by every way, and the time of each. */
async function compareLines(places: readonly LinePlace[]): Promise<void> {
  const ways: Record<string, (start: Position, mix: Mixing) => Promise<string>> = {
    'greedy, float32': async (start, mix) =>
      (await drawLine(float32, start, { maxCharacters, signal: never, mix }))!.characters.join(''),
    'greedy, int8': async (start, mix) =>
      (await drawLine(int8, start, { maxCharacters, signal: never, mix }))!.characters.join(''),
    'beam of 2': (start, mix) => beamLine(start, mix, 2),
    'beam of 4': (start, mix) => beamLine(start, mix, 4),
  };
  const lines = new Map<string, string[]>(Object.keys(ways).map((name) => [name, []]));
  const spent = new Map<string, number>();
  const guessed: boolean[][] = [];
  for (const place of places) {
    const states = createPrefixStates(int8, place.path);
    const start = (await states.positionAt(place.before, place.before.length, never))!;
    const mix = await mixingAt(place);
    for (const [name, draw] of Object.entries(ways)) {
      const startMs = cpuMs();
      lines.get(name)!.push(await draw(start, mix));
      spent.set(name, (spent.get(name) ?? 0) + cpuMs() - startMs);
    }
    guessed.push(await guesses(place, Array.from(lines.get('greedy, int8')!.at(-1)!)));
  }
  const reference = lines.get('greedy, float32')!;
  for (const [name, drawn] of lines) {
    const exact = drawn.filter((line, index) => line === places[index]!.expected).length;
    const same = drawn.filter((line, index) => line === reference[index]).length;
    console.log(
      `${name.padEnd(16)} exactly right ${percent(exact, places.length)}, the same line as float32` +
        ` ${percent(same, places.length)}, ${(spent.get(name)! / places.length).toFixed(2)} ms a line`,
    );
  }
  printGuesses(guessed);
}

/** How many runs of the network over several characters would have drawn the same lines. */
function printGuesses(guessed: readonly boolean[][]): void {
  const all = guessed.flat();
  console.log(`the memory alone names ${percent(all.filter(Boolean).length, all.length)} of the characters drawn`);
  for (const most of [2, 4, 8]) {
    let runs = 0;
    for (const line of guessed) {
      for (let at = 0; at <= line.length; runs++) {
        let steps = 1;
        while (steps < most && line[at + steps - 1] === true) steps++;
        at += steps;
      }
    }
    const characters = all.length + guessed.length;
    console.log(`  runs over ${most} characters: ${(characters / runs).toFixed(2)} of them kept`);
  }
}

/** Bits per character of the network by steps of both kinds, without a memory. */
async function compareQuality(): Promise<void> {
  const tokens = encode(vocabulary, test.map(({ text }) => text).join('\n')).slice(0, scoredCharacters);
  for (const [name, session] of Object.entries({ float32, int8 })) {
    let { state, logits } = (await readPrefix(session, tokens.subarray(0, 100), zeroState(session.model), never))!;
    let nats = 0;
    for (const token of tokens.subarray(100)) {
      nats += surpriseNats(vocabulary, logits, 0, token);
      ({ state, logits } = await session.step(Int32Array.of(token), state));
    }
    console.log(
      `${name.padEnd(8)} ${(nats / (tokens.length - 100) / Math.LN2).toFixed(4)} bits per character, network alone`,
    );
  }
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

await compareQuality();
await compareLines(chooseLinePlaces(test, Number(wanted)));
await int8.release();
