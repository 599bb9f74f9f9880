import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { describeError } from '../../core/errors';
import { layoutOf } from '../../core/parameters';
import type { Binding } from '../gradient/fused/binding';
import { createFusedNewtonSchulz } from '../gradient/fused/fusedNewtonSchulz';
import { createFusedGradient } from '../gradient/fused/fusedGradient';
import { zeroState } from '../gradient/gradient';
import { measureEach } from '../measuring/measuring';
import type { ReplicaAnswer, ReplicaData, ReplicaRequest } from './replicaMessages';
import { createReplicaStep } from './replicaStep';

/** Without the JavaScript of tfjs-node, which a replica has no use for: it starts faster and takes less memory. */
const bindingModule = '@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node';

/** Runs in a worker thread: takes part in training until it is ended. */
export function serveReplica(): void {
  const data = workerData as ReplicaData;
  const answer = (message: ReplicaAnswer): void => parentPort?.postMessage(message);
  const guarded = async (work: () => ReplicaAnswer | Promise<ReplicaAnswer>): Promise<void> => {
    try {
      answer(await work());
    } catch (error) {
      answer({ type: 'failed', why: describeError(error).split('\n')[0]! });
    }
  };
  void guarded(() => {
    const serve = prepare(data, answer);
    parentPort?.on('message', (request: ReplicaRequest) => void guarded(() => serve(request)));
    return { type: 'ready' };
  });
}

function prepare(
  data: ReplicaData,
  answer: (message: ReplicaAnswer) => void,
): (request: ReplicaRequest) => ReplicaAnswer | Promise<ReplicaAnswer> {
  const binding = createRequire(data.entry)(bindingModule) as Binding;
  const orthogonalize = createFusedNewtonSchulz(binding);
  callEveryOperation(binding, data);
  const { configuration, vocabularySize, count } = data;
  const gradient = createFusedGradient(binding, configuration, vocabularySize);
  const step = createReplicaStep(data, gradient, orthogonalize);
  return async (request) => {
    if (request.type === 'step') {
      step(request);
      return { type: 'done' };
    }
    const stillThere = (): void => answer({ type: 'measuring' });
    const { parameters, pieces } = request;
    const nats = await measureEach(gradient, configuration.model, parameters, pieces, count, stillThere);
    return { type: 'measured', nats };
  };
}

/**
 * The binding keeps the names of all attributes in one set of the process, without a lock, and enters a name when it is
 * first used. Replicas start one after the other and use each operation of a step and of measuring here: none is entered
 * later, when they all run.
 */
function callEveryOperation(binding: Binding, { configuration }: ReplicaData): void {
  const { model, precision } = configuration;
  const small = { ...model, hidden: 4, layers: Math.min(model.layers, 2), embedding: Math.min(model.embedding, 4) };
  const { length } = layoutOf(small, 5);
  const ids = Int32Array.of(0, 4, 3, 1);
  const gradient = createFusedGradient(binding, { model: small, dropout: 0.5, precision }, 5);
  const window = { steps: 2, batch: 2, ids, targets: ids };
  gradient.compute(new Float32Array(length), window, zeroState(small, 2), 1, new Float32Array(length));
  const forward = gradient.forward(new Float32Array(length));
  forward.surprise(window, zeroState(small, 2));
  forward.dispose();
  createFusedNewtonSchulz(binding)(Float32Array.of(1, 2, 3, 4), [1, 2, 2]);
}
