import { fstatSync, writeSync } from 'node:fs';
import { harmlessText } from '../core/harmlessText';

/** Why nothing more can be written: whoever read is gone (a pipe into `head`, a terminal), or writing has failed. */
export type StreamEnd = { readonly kind: 'closed' } | { readonly kind: 'failed'; readonly code: string };

/** Standard output or standard error. */
export interface StandardStream {
  /** Writes a text, with nothing in it that a terminal would obey, or nothing where that cannot be done any more. */
  write(text: string): void;
  /** undefined while all was written. */
  readonly end: StreamEnd | undefined;
}

/** @param onEnd called once */
export function createStandardStream(
  stream: NodeJS.WriteStream & { fd: number },
  onEnd: (end: StreamEnd) => void,
): StandardStream {
  let end: StreamEnd | undefined;
  const fail = (error: unknown): void => {
    if (end !== undefined) return;
    end = endOf(error, stream.isTTY);
    onEnd(end);
  };
  // Others write to it too: a progress bar.
  stream.on('error', fail);
  const write = isFile(stream) ? writeWhole : (text: string) => void stream.write(text);
  function writeWhole(text: string): void {
    let rest = Buffer.from(text);
    // A disk with space for a part takes that part; Node's own stream would take this for success.
    while (rest.length > 0) rest = rest.subarray(writeSync(stream.fd, rest));
  }
  return {
    write(text) {
      if (end !== undefined) return;
      try {
        write(harmlessText(text));
      } catch (error) {
        fail(error);
      }
    },
    get end() {
      return end;
    },
  };
}

/** Whether writing either succeeds or fails at once: files, and devices that are no terminals. */
function isFile(stream: NodeJS.WriteStream & { fd: number }): boolean {
  const found = fstatSync(stream.fd);
  return !stream.isTTY && (found.isFile() || found.isCharacterDevice());
}

const closedCodes = new Set(['EPIPE', 'EOF', 'ECONNRESET']);
/** What a terminal that was closed says. */
const hangUpCodes = new Set(['EIO', 'ENXIO']);

function endOf(error: unknown, isTerminal: boolean): StreamEnd {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const isClosed = closedCodes.has(code) || (isTerminal && hangUpCodes.has(code));
  return isClosed ? { kind: 'closed' } : { kind: 'failed', code };
}
