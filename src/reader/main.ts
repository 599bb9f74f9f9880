import { constants, setPriority } from 'node:os';
import { arrivedGraph, openGraph } from '../inference/checkedGraph';
import type { ModelSession } from '../inference/session';
import { readSideBySide } from '../inference/sideBySide';
import { serveParent } from '../ipc/parent';
import type { ReaderEvents, ReaderFunctions, ReadPart, UnreadPart } from '../protocol/reader';
import { emptySurprise, noteSurprise } from '../surprise/characterSurprise';

// Whoever works at this machine goes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

/** Of all parts in one run: their logits stay small. */
const charactersOfRun = 512;

let session: ModelSession | undefined;

async function read(session: ModelSession, parts: readonly UnreadPart[]): Promise<ReadPart[]> {
  const columns = parts.map(({ tokens, before }) => {
    return { tokens, at: 0, position: before, surprise: emptySurprise(tokens.length) };
  });
  for (let open = columns; open.length > 0; open = open.filter(({ tokens, at }) => at < tokens.length)) {
    const mostSteps = Math.ceil(charactersOfRun / open.length);
    await readSideBySide(session, open, mostSteps, ({ surprise, tokens }, at, logits, offset) =>
      noteSurprise(surprise, at, session.vocabulary, logits, offset, tokens[at]!),
    );
  }
  return columns.map(({ surprise, position }) => ({ surprise, after: position }));
}

const functions: ReaderFunctions = {
  async open(graph, provider) {
    session = await openGraph(arrivedGraph(graph), provider);
  },
  read: (parts) => read(session!, parts),
};

serveParent<ReaderEvents>(() => functions, ['log']);
