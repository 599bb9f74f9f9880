import { arrivedGraph } from '../inference/checkedGraph';
import { profileProvider } from '../inference/providerProfile';
import { tryProvider } from '../inference/providerTrial';
import { endWhenOrphaned } from '../ipc/orphanWatch';
import { serveParent } from '../ipc/parent';
import type { ProberEvents, ProberFunctions } from '../protocol/prober';

const functions: ProberFunctions = {
  probe: (graph, provider) => tryProvider(arrivedGraph(graph), provider),
  profile: (graph, provider) => profileProvider(arrivedGraph(graph), provider),
};

// A driver that hangs keeps the main thread.
endWhenOrphaned();
serveParent<ProberEvents>(() => functions, ['log']);
