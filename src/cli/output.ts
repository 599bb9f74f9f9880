import type { Logger } from '../core/logger';
import type { StandardStream } from './standardStream';

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Output {
  readonly json: boolean;
  /** Standard error is a terminal that can draw a progress bar. */
  readonly interactive: boolean;
  readonly logger: Logger;
  /** A result: a JSON line with `--json`, otherwise its text. */
  result(value: object, text: string): void;
  /** Results that are JSON lines with or without `--json`. */
  lines(lines: readonly string[]): void;
  /** A line for people: standard output, nothing with `--json`. */
  say(text: string): void;
  /** Something that is not a result: standard error. */
  note(text: string): void;
}

/** Both streams of a command. */
export interface StandardStreams {
  readonly standardOutput: StandardStream;
  readonly standardError: StandardStream;
}

export function createOutput(
  { standardOutput, standardError }: StandardStreams,
  { json, verbose }: { json: boolean; verbose: boolean },
): Output {
  const note = (text: string): void => standardError.write(`${text}\n`);
  const write = (text: string): void => standardOutput.write(`${text}\n`);
  const whenVerbose = verbose ? note : () => undefined;
  return {
    json,
    interactive: process.stderr.isTTY && !json,
    logger: { debug: whenVerbose, info: whenVerbose, warn: note, error: note },
    result: (value, text) => write(json ? JSON.stringify(value) : text),
    lines: (lines) => write(lines.join('\n')),
    say: (text) => {
      if (!json) write(text);
    },
    note,
  };
}

/** Nats, bits and perplexity in one line of text. */
export function describeQuality(quality: { nats: number; bitsPerCharacter: number; perplexity: number }): string {
  const { nats, bitsPerCharacter, perplexity } = quality;
  return `perplexity ${perplexity.toFixed(3)}, ${bitsPerCharacter.toFixed(3)} bits per character (${nats.toFixed(4)} nats)`;
}

/** Seconds as `1:05`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
