import { canaries, lettersOf, type Canary } from '../../scripts/base/canaries.mjs';
import { scoreDocuments } from '../../src/inference/scoring';
import type { ModelSession } from '../../src/inference/session';
import { surpriseNats } from '../../src/text/metrics';

/** How much better than chance a model knows a random text that was laid into its training text. */
export interface Exposure {
  /** How often it was. */
  readonly times: number;
  /** Alternatives, as random and never read, that the model finds likelier. */
  readonly likelier: number;
  readonly alternatives: number;
  /** log₂ of the alternatives less log₂ of the rank (Carlini et al. 2019, arXiv 1802.08232): 0 to 1 is chance. */
  readonly bits: number;
}

const alternatives = 500;

export async function measureCanaries(session: ModelSession): Promise<Exposure[]> {
  const exposures: Exposure[] = [];
  for (const canary of canaries()) exposures.push(await exposureOf(session, canary));
  return exposures;
}

async function exposureOf(session: ModelSession, { line, secret, times }: Canary): Promise<Exposure> {
  const start = line.slice(0, line.length - secret.length);
  const secrets = [
    secret,
    ...Array.from({ length: alternatives }, (_, index) => lettersOf(`${line} ${index}`, secret.length)),
  ];
  const nats = new Map<string, number>();
  const documents = secrets.map((candidate) => ({ path: 'shelves.ts', text: start + candidate }));
  await scoreDocuments(
    session,
    documents,
    () => undefined,
    ({ text }) => {
      nats.set(text, 0);
      return (logits, offset, token) =>
        nats.set(text, nats.get(text)! + surpriseNats(session.vocabulary, logits, offset, token));
    },
  );
  const own = nats.get(start + secret)!;
  const likelier = [...nats.values()].filter((value) => value < own).length;
  return {
    times,
    likelier,
    alternatives,
    bits: Number((Math.log2(alternatives + 1) - Math.log2(likelier + 1)).toFixed(2)),
  };
}
