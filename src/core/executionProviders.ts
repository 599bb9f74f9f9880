/** Of onnxruntime. */
interface ExecutionProvider {
  /** Where it can exist. */
  readonly platforms: readonly NodeJS.Platform[];
  /** What onnxruntime calls it in its profile. */
  readonly profileName: string;
}

const providers = {
  cpu: { platforms: ['linux', 'darwin', 'win32'], profileName: 'CPUExecutionProvider' },
  cuda: { platforms: ['linux', 'win32'], profileName: 'CUDAExecutionProvider' },
  dml: { platforms: ['win32'], profileName: 'DmlExecutionProvider' },
  coreml: { platforms: ['darwin'], profileName: 'CoreMLExecutionProvider' },
  webgpu: { platforms: ['linux', 'darwin', 'win32'], profileName: 'WebGpuExecutionProvider' },
} as const satisfies Record<string, ExecutionProvider>;

export type ProviderName = keyof typeof providers;

/** A row each: trials, the setting, the option of the command line and their tests follow from it. */
export const executionProviders: Readonly<Record<ProviderName, ExecutionProvider>> = providers;

/** What onnxruntime's profile calls a provider; its own name where nothing is known of it. */
export function profileNameOf(provider: string): string {
  return (
    (executionProviders as Readonly<Partial<Record<string, ExecutionProvider>>>)[provider]?.profileName ?? provider
  );
}

const names = Object.keys(providers) as ProviderName[];

/** `auto`: the fastest that works. */
export const providerChoices: readonly ['auto', ...ProviderName[]] = ['auto', ...names];
export type ProviderChoice = (typeof providerChoices)[number];

/** What can exist on a platform, the CPU first; the CPU alone where nothing is known of it. */
export function providersOf(platform: NodeJS.Platform): ProviderName[] {
  const found = names.filter((name) => executionProviders[name].platforms.includes(platform));
  return found.length > 0 ? found : ['cpu'];
}
