import { logSumExp } from '../text/metrics';
import { firstCodePointToken, otherToken, tokensIn, type Vocabulary } from '../text/vocabulary';
import type { ModelSession, StepOutput } from './session';

/** A network that speaks another vocabulary than the one it was trained with. */
export interface Translation {
  readonly session: ModelSession;
  /**
   * Its logits as those of the other vocabulary.
   * @param logits `[rows, vocabulary]`
   */
  readonly translate: (logits: Float32Array) => Float32Array;
}

const translations = new WeakMap<ModelSession, WeakMap<Vocabulary, Translation>>();

/**
 * The network in another vocabulary, made once for both. Code points that only the other one knows share evenly, with its
 * own `other`, what the network gives to the unknown; those that it does not know are `other` in it.
 */
export function inVocabulary(session: ModelSession, vocabulary: Vocabulary): Translation {
  const known = translations.get(session) ?? new WeakMap<Vocabulary, Translation>();
  translations.set(session, known);
  const translation = known.get(vocabulary) ?? createTranslation(session, vocabulary);
  known.set(vocabulary, translation);
  return translation;
}

function createTranslation(session: ModelSession, vocabulary: Vocabulary): Translation {
  if (isSame(session.vocabulary, vocabulary)) {
    return { session: speaking(session, vocabulary), translate: (logits) => logits };
  }
  const translate = translatorBetween(session.vocabulary, vocabulary);
  const own = tokensIn(vocabulary, session.vocabulary);
  const translated = async (output: Promise<StepOutput>): Promise<StepOutput> => {
    const { logits, state } = await output;
    return { logits: translate(logits), state };
  };
  const toOwn = (ids: Int32Array): Int32Array => ids.map((token) => own[token]!);
  return {
    session: speaking(session, vocabulary, {
      run: (ids, batch, state) => translated(session.run(toOwn(ids), batch, state)),
      step: (ids, state) => translated(session.step(toOwn(ids), state)),
    }),
    translate,
  };
}

/** What the network runs on may change: as many columns as suit it then. */
function speaking(
  session: ModelSession,
  vocabulary: Vocabulary,
  runs: Pick<ModelSession, 'run' | 'step'> = session,
): ModelSession {
  return {
    ...session,
    vocabulary,
    get columns() {
      return session.columns;
    },
    run: runs.run,
    step: runs.step,
  };
}

function isSame(one: Vocabulary, other: Vocabulary): boolean {
  return (
    one === other ||
    (one.size === other.size && one.codePoints.every((point, index) => point === other.codePoints[index]))
  );
}

function translatorBetween(from: Vocabulary, to: Vocabulary): (logits: Float32Array) => Float32Array {
  const source = tokensIn(to, from);
  const onlyThere = [...tokensIn(from, to).entries()].filter(([own, token]) => token === otherToken && own !== token);
  const sharing = source.filter((token) => token === otherToken).length;
  // A row of which `logSumExp` leaves out the markers.
  const summands = new Float32Array(firstCodePointToken + onlyThere.length);
  return (logits) => {
    const translated = new Float32Array((logits.length / from.size) * to.size);
    for (let at = 0, row = 0; at < logits.length; at += from.size, row += to.size) {
      const share = logits[at + otherToken]! - Math.log(sharing);
      for (let token = 0; token < to.size; token++) {
        const own = source[token]!;
        translated[row + token] = own === otherToken ? share : logits[at + own]!;
      }
      summands[otherToken] = share;
      for (const [index, [own]] of onlyThere.entries()) summands[firstCodePointToken + index] = logits[at + own]!;
      translated[row + otherToken] = logSumExp(summands, 0, summands.length);
    }
    return translated;
  };
}
