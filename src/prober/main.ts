import type { CheckedGraph } from '../inference/checkedGraph';
import { profileProvider } from '../inference/providerProfile';
import { tryProvider } from '../inference/providerTrial';
import { endWhenOrphaned } from '../ipc/orphanWatch';
import { serveParent } from '../ipc/parent';
import type { ProbedGraph, ProberEvents, ProberFunctions } from '../protocol/prober';
import { createVocabulary } from '../text/vocabulary';

const functions: ProberFunctions = {
  probe: (graph, provider) => tryProvider(arrived(graph), provider),
  profile: (graph, provider) => profileProvider(arrived(graph), provider),
};

function arrived({ codePoints, ...graph }: ProbedGraph): CheckedGraph {
  return { ...graph, vocabulary: createVocabulary(codePoints) };
}

// A driver that hangs keeps the main thread.
endWhenOrphaned();
serveParent<ProberEvents>(() => functions, ['log']);
