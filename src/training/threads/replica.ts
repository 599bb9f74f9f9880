import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { describeError } from '../../core/errors';
import { layoutOf } from '../../core/parameters';
import type { Binding } from '../gradient/fused/binding';
import { createFusedNewtonSchulz } from '../gradient/fused/fusedNewtonSchulz';
import { createFusedGradient } from '../gradient/fused/fusedGradient';
import { zeroState } from '../gradient/gradient';
import type { ReplicaAnswer, ReplicaData, StepRequest } from './replicaMessages';
import { createReplicaStep } from './replicaStep';

/** Without the JavaScript of tfjs-node, which a replica has no use for: it starts faster and takes less memory. */
const bindingModule = '@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node';

/** Runs in a worker thread: takes part in training until it is ended. */
export function serveReplica(): void {
  const data = workerData as ReplicaData;
  const answer = (message: ReplicaAnswer): void => parentPort?.postMessage(message);
  const guarded = (work: () => ReplicaAnswer): void => {
    try {
      answer(work());
    } catch (error) {
      answer({ type: 'failed', why: describeError(error).split('\n')[0]! });
    }
  };
  guarded(() => {
    const step = prepare(data);
    parentPort?.on('message', (request: StepRequest) =>
      guarded(() => {
        step(request);
        return { type: 'done' };
      }),
    );
    return { type: 'ready' };
  });
}

function prepare(data: ReplicaData): (request: StepRequest) => void {
  const binding = createRequire(data.entry)(bindingModule) as Binding;
  const orthogonalize = createFusedNewtonSchulz(binding);
  callEveryOperation(binding, data);
  return createReplicaStep(data, createFusedGradient(binding, data.configuration, data.vocabularySize), orthogonalize);
}

/**
 * The binding keeps the names of all attributes in one set of the process, without a lock, and enters a name when it is
 * first used. Replicas start one after the other and use each operation of a step here: none is entered later, when they
 * all run.
 */
function callEveryOperation(binding: Binding, { configuration }: ReplicaData): void {
  const { model, precision } = configuration;
  const small = { ...model, hidden: 4, layers: Math.min(model.layers, 2), embedding: Math.min(model.embedding, 4) };
  const { length } = layoutOf(small, 5);
  const ids = Int32Array.of(0, 4, 3, 1);
  const gradient = createFusedGradient(binding, { model: small, dropout: 0.5, precision }, 5);
  const window = { steps: 2, batch: 2, ids, targets: ids };
  gradient.compute(new Float32Array(length), window, zeroState(small, 2), 1, new Float32Array(length));
  createFusedNewtonSchulz(binding)(Float32Array.of(1, 2, 3, 4), [1, 2, 2]);
}
