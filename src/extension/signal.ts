/** Something that happens again and again, and who is told. */
export interface Signal<T> {
  /** @returns ends it */
  listen(listener: (value: T) => void): { dispose(): void };
  tell(value: T): void;
}

export function createSignal<T>(): Signal<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    listen(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    tell(value) {
      for (const listener of listeners) listener(value);
    },
  };
}
