/** What may lie on the clipboard now, read where nothing waits for it: the editor tells nobody when it changes. */
export interface ClipboardReading {
  /** The user has done something: what lies on the clipboard may be another text since. */
  look(): void;
  dispose(): void;
}

export interface ClipboardReadingOptions {
  /** Whether the user wants it to be read, and it may be. */
  readonly isWanted: () => boolean;
  /** Whether the window is worked in: what is copied elsewhere is seen when the user comes back. */
  readonly isFocused: () => boolean;
  readonly read: () => PromiseLike<string>;
  /** Longer texts are not told. */
  readonly mostCharacters: number;
  /** Told whenever another text lies there; null: none that is told of. */
  readonly changed: (text: string | null) => void;
  readonly failed: (error: unknown) => void;
}

/** From one reading to the next. */
const pauseMs = 1_000;
/** One that takes long (a large text, an editor on another machine) is followed by a pause so many times as long. */
const pauseShare = 50;

export function createClipboardReading(options: ClipboardReadingOptions): ClipboardReading {
  const { isWanted, isFocused, read, mostCharacters, changed, failed } = options;
  let known: string | null = null;
  let next = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  /** It is being read; whether somebody looks meanwhile: it may have changed since. */
  let reading: { again: boolean } | undefined;

  function tell(text: string | null): void {
    if (text === known) return;
    known = text;
    changed(text);
  }

  async function readNow(): Promise<void> {
    timer = undefined;
    if (!isWanted() || !isFocused()) return;
    const startMs = performance.now();
    const own: typeof reading = (reading = { again: false });
    try {
      const text = await read();
      if (isWanted()) tell(text.length > mostCharacters || text.trim() === '' ? null : text);
    } catch (error) {
      failed(error);
    }
    reading = undefined;
    const endMs = performance.now();
    next = endMs + Math.max(pauseMs, pauseShare * (endMs - startMs));
    if (own.again) look();
  }

  function look(): void {
    if (!isWanted()) {
      clearTimeout(timer);
      timer = undefined;
      tell(null);
    } else if (reading !== undefined) reading.again = true;
    else timer ??= setTimeout(() => void readNow(), Math.max(0, next - performance.now()));
  }

  return {
    look,
    dispose: () => clearTimeout(timer),
  };
}
