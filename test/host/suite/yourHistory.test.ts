import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { needsPage } from '../pageDriver';
import { showPanel } from '../panelPage';
import { clearWindow, workspaceFolder } from '../recur';
import { commitAll } from '../repository';
import { until } from '../waiting';

describe('the history of the workspace', function () {
  this.timeout(600_000);

  it('is replayed in the panel: what completions would have saved', async function () {
    const page = needsPage(this);
    const file = path.join(workspaceFolder(), 'src/utils/env.ts');
    const text = readFileSync(file, 'utf8');
    await commitAll();
    const added = [1, 2, 3].map((number) => `export const isHistory${number}: boolean = typeof window === "object"\n`);
    writeFileSync(file, text + added.join(''));
    await commitAll();
    try {
      await clearWindow();
      await showPanel(page);
      await page.click({ frame: 'webview', selector: '#tab-replay' });
      const choose = `(() => {
        const model = document.querySelector('#part-replay select');
        model.value = 'base';
        model.dispatchEvent(new Event('change'));
        document.querySelector('#part-replay input').value = '1';
      })()`;
      await page.evaluate({ frame: 'webview', expression: choose });
      await page.click({ frame: 'webview', selector: '#part-replay form button' });
      await page.waitFor({ frame: 'webview', selector: '#part-replay form button', text: 'Stop' });
      const rows = () => page.texts({ frame: 'webview', selector: '[data-table="replayGroups"] td:first-child' });
      await until('it is told what was saved', async () => (await rows()).length > 0, 300_000);
      assert.deepEqual(await rows(), ['All lines', 'typescript']);
      const [lines] = await page.texts({ frame: 'webview', selector: '[data-table="replayGroups"] td:nth-child(2)' });
      assert.equal(lines, '3');
      await page.waitFor({ frame: 'webview', selector: '#part-replay form button', text: 'Replay' });
      await page.screenshot({ name: 'yourHistory' });
    } finally {
      writeFileSync(file, text);
      await commitAll();
      await clearWindow();
    }
  });
});
