import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as native from 'onnxruntime-node';
import { cudaRuntimeVariable } from '../core/environmentVariables';
import { providersOf } from '../core/executionProviders';
import { describeLoadFailure } from '../core/loadFailure';

/** What the native and the WebAssembly onnxruntime have in common. */
export type OnnxRuntime = Pick<typeof native, 'InferenceSession' | 'Tensor' | 'env'>;

export const runtimeKinds = ['native', 'wasm'] as const;
export type RuntimeKind = (typeof runtimeKinds)[number];

/** The only provider of the WebAssembly onnxruntime, which runs on the processor. */
export const wasmProvider = 'wasm';

/** Whether a provider computes on the processor. */
export function isProcessor(provider: string): boolean {
  return provider === 'cpu' || provider === wasmProvider;
}

export interface LoadedRuntime {
  readonly ort: OnnxRuntime;
  readonly kind: RuntimeKind;
  /** One sentence where completions are slower than they could be. */
  readonly warning: string | null;
}

const loaders: Readonly<Record<RuntimeKind, () => Promise<OnnxRuntime>>> = {
  native() {
    // Since 1.29 its library reports to Microsoft, unless this stands in the environment before it is loaded.
    process.env.ORT_DISABLE_TELEMETRY = '1';
    return copyWithCuda() ?? import('onnxruntime-node');
  },
  async wasm() {
    const ort = await import('onnxruntime-web');
    // More threads would be workers of their own, and gain little (see intraOpNumThreads).
    ort.env.wasm.numThreads = 1;
    return ort;
  },
};

/**
 * The copy that was installed with CUDA's libraries; undefined where there is none, or one of another version, or it does not load:
 * without it CUDA does not work, which its trial says.
 */
function copyWithCuda(): Promise<OnnxRuntime> | undefined {
  const packages = process.env[cudaRuntimeVariable];
  if (packages === undefined) return undefined;
  try {
    const [own, copy] = [join(__dirname, 'recur.js'), join(packages, 'recur.js')].map((from) => createRequire(from));
    if (versionIn(own!) !== versionIn(copy!)) return undefined;
    return Promise.resolve(copy!('onnxruntime-node') as OnnxRuntime);
  } catch {
    return undefined;
  }
}

function versionIn(load: NodeJS.Require): string {
  return (load('onnxruntime-node/package.json') as { version: string }).version;
}

/**
 * Loads onnxruntime: its native library where that works, else the one of WebAssembly.
 * @param wanted the only one to try; by default RECUR_ONNXRUNTIME, or both in turn
 * @throws where neither can be loaded, with the likely causes
 */
export async function loadRuntime(
  wanted: readonly RuntimeKind[] = environmentChoice(),
  load: typeof loaders = loaders,
): Promise<LoadedRuntime> {
  const failures: string[] = [];
  for (const kind of wanted) {
    try {
      const ort = await load[kind]();
      // What goes wrong is thrown, and reported once by whoever asked; onnxruntime would print it to standard error too.
      ort.env.logLevel = 'fatal';
      return { ort, kind, warning: kind === 'native' ? null : warningFor(failures) };
    } catch (error) {
      failures.push(`${kind}: ${describeLoadFailure(error)}`);
    }
  }
  throw new Error(`onnxruntime could not be loaded (${failures.join('; ')}).`);
}

let loaded: Promise<LoadedRuntime> | undefined;

/** The onnxruntime of this process, loaded at the first call. */
export function onnxRuntime(): Promise<LoadedRuntime> {
  return (loaded ??= loadRuntime());
}

/** Providers that can exist here, the processor's first. */
export async function providersHere(): Promise<readonly string[]> {
  const { kind } = await onnxRuntime();
  return kind === 'wasm' ? [wasmProvider] : providersOf(process.platform);
}

function environmentChoice(): readonly RuntimeKind[] {
  const chosen = runtimeKinds.find((kind) => kind === process.env.RECUR_ONNXRUNTIME);
  return chosen === undefined ? runtimeKinds : [chosen];
}

function warningFor(failures: readonly string[]): string {
  const why = failures.length > 0 ? ` (${failures.join('; ')})` : '';
  return `onnxruntime's native library is not in use${why}: completions run on WebAssembly, slower.`;
}
