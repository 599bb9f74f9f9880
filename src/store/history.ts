import { open, readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { writeFileAtomically } from './atomicFile';
import { measurementSchema, type Measurement } from './files';
import { isMissing } from '../core/errors';

const lineSchema = v.pipe(v.string(), v.parseJson(), measurementSchema);

/** A measurement as a line of `history.jsonl`, with its line end. */
export function historyLine(measurement: Measurement): string {
  return `${JSON.stringify(measurement)}\n`;
}

/**
 * The measurements of a run, oldest first. A torn last line (its writer was killed) and whatever else is no
 * measurement of ours is ignored. A run that was continued from a checkpoint has trained again what came after it:
 * the measurements of the attempt that was given up are left out.
 */
export function parseHistory(text: string): Measurement[] {
  let measurements: Measurement[] = [];
  for (const line of text.split('\n')) {
    const parsed = v.safeParse(lineSchema, line);
    if (!parsed.success) continue;
    const { type, step } = parsed.output;
    if (type === 'start') measurements = measurements.filter((earlier) => earlier.step <= step);
    measurements.push(parsed.output);
  }
  return measurements;
}

/** The measurements in a history file, as {@link parseHistory} has them; none where the file does not exist. */
export async function readHistory(path: string): Promise<Measurement[]> {
  try {
    return parseHistory(await readFile(path, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Adds a measurement to a history file, on a line of its own also where the last line is torn. */
export async function appendHistory(path: string, measurement: Measurement): Promise<void> {
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const torn = size > 0 && buffer[0] !== 0x0a;
    await file.appendFile((torn ? '\n' : '') + historyLine(measurement));
  } finally {
    await file.close();
  }
}

/** Drops what came after a step, and torn lines: a run that goes on from there measures it again. */
export async function trimHistory(path: string, step: number): Promise<void> {
  const kept = (await readHistory(path)).filter((measurement) => measurement.step <= step);
  if (kept.length > 0) await writeFileAtomically(path, kept.map(historyLine).join(''));
}
