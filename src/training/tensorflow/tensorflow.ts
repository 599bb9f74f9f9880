import type * as tfjs from '@tensorflow/tfjs';
import util from 'node:util';
import { describeLoadFailure } from '../../core/loadFailure';

export type TensorFlow = typeof tfjs;
export type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';

export const backends = ['tensorflow', 'wasm', 'cpu'] as const;
export type Backend = (typeof backends)[number];

export interface LoadedTensorFlow {
  readonly tf: TensorFlow;
  readonly backend: Backend;
  /** Of libtensorflow, or of TensorFlow.js for the other backends. */
  readonly version: string;
  /** One sentence where training is slower than it could be. */
  readonly warning: string | null;
}

/**
 * Loads TensorFlow: its native library where that works, else TensorFlow.js with the WebAssembly backend, else with its
 * plain one. Writes nothing anywhere. On a processor without AVX the native library ends the process.
 * @param wanted the only backend to try; by default RECUR_TENSORFLOW, or all in turn
 */
export async function loadTensorFlow(wanted = environmentChoice()): Promise<LoadedTensorFlow> {
  const failures: string[] = [];
  for (const backend of wanted === null ? backends : [wanted]) {
    try {
      const tf = await loaders[backend]();
      return { tf, backend, version: versionOf(tf, backend), warning: warningFor(backend, failures) };
    } catch (error) {
      failures.push(`${backend}: ${describeLoadFailure(error)}`);
    }
  }
  throw new Error(`TensorFlow could not be loaded (${failures.join('; ')}).`);
}

const loaders: Readonly<Record<Backend, () => Promise<TensorFlow>>> = {
  tensorflow: loadNative,
  wasm: loadWasm,
  cpu: loadPlain,
};

async function loadNative(): Promise<TensorFlow> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3'; // read when the library is loaded
  restoreOldFunctions();
  const tf = unwrap(await import('@tensorflow/tfjs-node')) as unknown as TensorFlow;
  return ready(tf, 'tensorflow');
}

async function loadWasm(): Promise<TensorFlow> {
  const tf = unwrap(await import('@tensorflow/tfjs'));
  await import('@tensorflow/tfjs-backend-wasm');
  return ready(tf, 'wasm');
}

async function loadPlain(): Promise<TensorFlow> {
  return ready(unwrap(await import('@tensorflow/tfjs')), 'cpu');
}

async function ready(tf: TensorFlow, backend: Backend): Promise<TensorFlow> {
  tf.env().set('PROD', true); // no advice on the console
  if (!(await tf.setBackend(backend))) throw new Error('the backend does not start');
  await tf.ready();
  return tf;
}

/** The exports of a CommonJS package, whichever way the bundler or Node wraps them. */
function unwrap<T extends object>(module: T): T {
  return 'default' in module ? (module.default as T) : module;
}

/** tfjs-node 4.22 calls functions that Node 23 removed (isNullOrUndefined) or warns about (isArray). */
function restoreOldFunctions(): void {
  const target = util as { isNullOrUndefined?: (value: unknown) => boolean; isArray: (value: unknown) => boolean };
  target.isNullOrUndefined ??= (value) => value === null || value === undefined;
  target.isArray = (value) => Array.isArray(value);
}

function environmentChoice(): Backend | null {
  return backends.find((backend) => backend === process.env.RECUR_TENSORFLOW) ?? null;
}

function versionOf(tf: TensorFlow, backend: Backend): string {
  if (backend !== 'tensorflow') return tf.version_core;
  return (tf.backend() as unknown as { binding: { TF_Version: string } }).binding.TF_Version;
}

function warningFor(backend: Backend, failures: readonly string[]): string | null {
  if (backend === 'tensorflow') return null;
  const why = failures.length > 0 ? ` (${failures.join('; ')})` : '';
  const name = backend === 'wasm' ? 'WebAssembly' : 'JavaScript';
  return `TensorFlow's native library is not in use${why}: training runs on ${name}, several times slower.`;
}
