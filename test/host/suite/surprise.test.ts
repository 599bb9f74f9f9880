import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { heatedWords } from '../../../src/surprise/heatLevels';
import { scanWords } from '../../../src/surprise/wordScanning';
import { languageOf } from '../../../src/text/languages';
import { bundle, clearWindow, extension, status, workspaceFolder } from '../recur';
import { until } from '../waiting';

const name = 'orders.ts';
const text = `import { each } from "./utils/common"

export function total(orders: Order[]): number {
	let sum = 0
	for (let index = 0; index < orders.length; index++) {
		const order = orders[index]
		if (order.price === undefined) throw new Error("An order has no price")
		sum += order.price * order.count
	}
	return zebra
}
`;

interface Character {
  readonly bits: number;
  readonly entropy: number;
}

/** What the command line says of a file, with the model that is in use. */
async function charactersOf(file: string): Promise<Character[]> {
  const { engine } = await status();
  const args = [bundle('cli.js'), 'evaluate', file, '--per-character', '--json', '--model', engine.model!];
  const environment = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment, maxBuffer: 1 << 26 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Character & { type: string })
    .filter(({ type }) => type === 'character');
}

describe('surprise', function () {
  this.timeout(180_000);
  let document: vscode.TextDocument;
  const file = (): string => path.join(workspaceFolder(), name);
  const surprising = async () => (await extension().activate()).surprisingWords(document.uri.toString());

  before(() => writeFileSync(file(), text));
  beforeEach(async () => {
    await clearWindow();
    document = await vscode.workspace.openTextDocument(file());
    await vscode.window.showTextDocument(document, { preview: false });
    await vscode.commands.executeCommand('recur.toggleHeatMap');
    await until('the heat map is there', surprising);
  });
  afterEach(async () => {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('recur.toggleHeatMap');
    assert.equal(await surprising(), undefined);
    await clearWindow();
  });
  after(() => rmSync(file()));

  it('has the levels that recur evaluate --per-character gives', async () => {
    const characters = await charactersOf(file());
    const surprise = {
      bits: Float64Array.from(characters, ({ bits }) => bits),
      entropy: Float64Array.from(characters, ({ entropy }) => entropy),
    };
    const expected = heatedWords(text, scanWords(text, languageOf(name)), surprise);
    assert.ok(expected.some(({ level }) => level >= 4));
    assert.deepEqual(await surprising(), expected);
  });
});
