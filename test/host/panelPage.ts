/** The panel as the page shows it. */
import * as vscode from 'vscode';
import type { PageDriver } from './pageDriver';

export async function showPanel(page: PageDriver): Promise<void> {
  await vscode.commands.executeCommand('recur.showPanel');
  await page.waitFor({ frame: 'webview', selector: '.figures dd' });
}

/** A number of the panel by its key. */
export async function figure(page: PageDriver, key: string): Promise<string> {
  const [text] = await page.texts({ frame: 'webview', selector: `[data-figure="${key}"] dd` });
  return text ?? '';
}

export async function validationPoints(page: PageDriver): Promise<number> {
  return (await page.texts({ frame: 'webview', selector: 'tr[data-step]' })).length;
}

/** Pixels of the canvas in the colour of the validation curve, as the theme has it. */
export async function pixelsOfValidationCurve(page: PageDriver): Promise<number> {
  return (await page.evaluate({ frame: 'webview', expression: countPixels })) as number;
}

/** In the panel: what each chart reads at its left end and after every arrow to the right, as texts by chart. */
export const readingsAlong = `(() => {
  const charts = document.querySelector('.charts');
  const press = (key) => charts.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  const texts = (chart) => [...chart.querySelectorAll('.reading')].map((reading) => reading.textContent);
  return Array.from({ length: 51 }, (_, index) => {
    press(index === 0 ? 'Home' : 'ArrowRight');
    return Object.fromEntries([...document.querySelectorAll('[data-chart]')].map((chart) => [chart.dataset.chart, texts(chart)]));
  });
})()`;

const countPixels = `(() => {
  const canvas = document.querySelector('canvas');
  if (canvas === null) return 0;
  const probe = new OffscreenCanvas(1, 1).getContext('2d');
  probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--validation').trim();
  probe.fillRect(0, 0, 1, 1);
  const wanted = probe.getImageData(0, 0, 1, 1).data;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    const near = [0, 1, 2].every((channel) => Math.abs(data[at + channel] - wanted[channel]) < 8);
    if (near && data[at + 3] > 200) count++;
  }
  return count;
})()`;
