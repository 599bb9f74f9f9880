import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenOf } from '../../src/text/vocabulary';
import { encodeAs } from '../corpus/encodeAs';
import { publish, temporaryFolder } from '../engine/modelFolder';
import { constantWeights, vocabulary } from '../inference/testSession';
import { runCli } from './runCli';

describe('recur complete reads a file as a training does', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await temporaryFolder('encodings');
    await publish(directory, 'dots-1', constantWeights({ [tokenOf(vocabulary, 0x2e)]: 20 }));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const lines = ['let first = 1;', 'let second = "', 'let third = 3;', ''];
  const text = lines.join('\n');
  const words = { shift_jis: '重さを計算', gbk: '重量计算', 'euc-kr': '무게계산', 'iso-8859-1': 'éàü' };

  const files: readonly (readonly [string, Buffer, number])[] = [
    ['UTF-8 with byte order mark', Buffer.from(`\uFEFF${text}`), 0],
    ['UTF-16 LE', Buffer.from(text, 'utf16le'), 0],
    ['UTF-16 BE with its mark', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(), 0],
    ['lines that end in CR', Buffer.from(text.replaceAll('\n', '\r')), 0],
    ['lines that end in CRLF', Buffer.from(text.replaceAll('\n', '\r\n')), 0],
    ...Object.entries(words).map(
      ([encoding, word]) => [encoding, encodeAs(encoding, text.replace('= "', `= "${word}`)), word.length] as const,
    ),
  ];

  it.each(files)('%s', async (_, bytes, letters) => {
    const file = join(directory, 'a.ts');
    await writeFile(file, bytes);
    const at = (column: number) =>
      runCli(
        'complete',
        file,
        '--line',
        '2',
        '--column',
        String(column),
        '--model',
        directory,
        '--max-characters',
        '5',
      );
    const end = lines[1]!.length + letters + 1;
    expect((await at(end)).stdout.trim()).toBe('.....');
    expect((await at(end + 1)).stderr).toContain(`Its last one is ${end}.`);
  });
});
