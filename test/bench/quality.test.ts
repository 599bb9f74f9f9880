import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, it } from 'vitest';
import { missingTool } from '../missingTool';
import { compressAfter, type CompressorResult } from '../../bench/quality/compressors';

const book = readFileSync(join(import.meta.dirname, '../../bench/data/timeMachine.txt'), 'utf8');
const [training, validation] = [book.slice(0, 50_000), book.slice(50_000, 60_000)];

describe('a compressor', () => {
  let known: readonly CompressorResult[];
  let unknown: readonly CompressorResult[];

  beforeAll(() => {
    known = compressAfter(training, validation);
    unknown = compressAfter('', validation);
  });

  it.for([0, 1, 2])('needs fewer bits for a text when it has read one like it (%i)', (index, test) => {
    const [after, alone] = [known[index]!, unknown[index]!];
    if (after.bits === null || alone.bits === null) {
      missingTool(test.skip, `${after.name} is not installed: Debian's package ${after.debianPackage}`);
    }
    test.expect(after.bits).toBeLessThan(0.9 * alone.bits);
    // English has about one bit a character for people, and more for anything that counts.
    test.expect(after.bits).toBeGreaterThan(validation.length);
  });
});
