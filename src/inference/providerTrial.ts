import type { ProviderTrial } from '../protocol/providers';
import { disagreement } from './agreement';
import { openGraph, type CheckedGraph } from './checkedGraph';
import { layersElsewhere } from './profile';
import { measureTimes } from './providerTimes';
import { isProcessor, onnxRuntime, wasmProvider } from './runtime';
import type { ModelSession } from './session';

/** Makes a session with one provider, looks where its recurrent nodes really run and what they compute, and times it. Never throws. */
export async function tryProvider(graph: CheckedGraph, provider: string): Promise<ProviderTrial> {
  try {
    const { warning } = await onnxRuntime();
    // WebAssembly has one provider, so that nothing can run elsewhere, and writes no profile.
    const elsewhere = provider === wasmProvider ? undefined : await layersElsewhere(graph, provider);
    if (elsewhere !== undefined) return failedTrial(provider, elsewhere);
    const wrong = isProcessor(provider) ? undefined : await disagreement(graph, provider);
    if (wrong !== undefined) return failedTrial(provider, wrong);
    const session = await openGraph(graph, provider);
    try {
      const trial = await timed(session);
      return warning === null ? trial : { ...trial, detail: `${warning} ${trial.detail}` };
    } finally {
      await session.release();
    }
  } catch (error) {
    return failedTrial(provider, reasonOf(error));
  }
}

/** @param detail why it does not work, one sentence */
export function failedTrial(provider: string, detail: string): ProviderTrial {
  return { provider, works: false, detail, times: null };
}

/** The place in its own source, and the function there, with which onnxruntime begins much of what it says. */
const ownPlace = /^.*[\\/]onnxruntime[\\/]\S+:\d+ [^(]*\(.*?\) (?:.* was false\. )?/;
const ownWords = /^This is an invalid model\. (?:In Node, .*, )?Error:? /;

/** What onnxruntime says, in one line, without what only its own developers can read. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [line] = message.trim().split('\n', 1);
  return line!.replace(ownPlace, '').replace(ownWords, '').slice(0, 300);
}

async function timed(session: ModelSession): Promise<ProviderTrial> {
  const times = await measureTimes(session);
  const detail = `${times.stepMs.toFixed(3)} ms a step, ${times.prefixMs.toFixed(1)} ms for a prefix of 1,024 characters.`;
  return { provider: session.provider, works: true, detail, times };
}
