import { mkdir, writeFile } from 'node:fs/promises';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/host/requirements.mjs';
import { defaultTraining } from '../../src/core/configuration';
import { qualityOf } from '../../src/text/metrics';
import type { CorpusReport, ProgressMeasurement, ValidationMeasurement } from '../../src/store/files';
import type { ReplayReport } from '../../src/protocol/replay';
import type { PanelState } from '../../src/protocol/panel';
import { emptyPanelState } from '../../src/protocol/panelState';
import { createPanelSite, message, openPanel, setTheme, tellPanel, type PanelSite } from './panelPage';

const screenshots = 'test-results/panel';
const executablePath = findChromium();

function progress(step: number, nats: number): ProgressMeasurement {
  return {
    type: 'progress',
    step,
    characters: step * 2048,
    seconds: step / 12,
    charactersPerSecond: 24_576 + Math.round(900 * Math.sin(step)),
    nats,
    perplexity: Math.exp(nats),
    gradientNorm: 0.8 + 0.3 * Math.sin(step * 1.3),
    learningRate: 4e-3 * (1 - step / 5_000),
    at: 1_790_000_000_000 + Math.round((step * 1000) / 12),
  };
}

function validation(step: number, nats: number): ValidationMeasurement {
  return { type: 'validation', step, ...qualityOf(nats) };
}

/** A power law falling to 1.2 nats from the uniform baseline, with a deterministic wobble. */
const natsAt = (step: number) => 1.2 + 3.4 / Math.sqrt(1 + step / 12) + 0.12 * Math.sin(step * 1.7) * Math.cos(step);

const steps = Array.from({ length: 360 }, (_, index) => (index + 1) * 10);
const trainingState: PanelState = {
  phase: 'training',
  message: 'Training on 214 files…',
  start: {
    type: 'start',
    step: 0,
    trainCharacters: 1_200_000,
    validationCharacters: 96_000,
    testCharacters: 96_000,
    vocabulary: 112,
    uniform: qualityOf(Math.log(112)),
    unigram: qualityOf(Math.log(24.6)),
    // Close to what the network gets: their names must not overlap.
    compressor: { name: 'Brotli', ...qualityOf(Math.log(4.7)) },
    training: { ...defaultTraining, clip: 1 },
  },
  progress: steps.map((step) => progress(step, natsAt(step))),
  validation: [0, ...steps].filter((step) => step % 300 === 0).map((step) => validation(step, natsAt(step) + 0.15)),
  secondsLeft: 125,
};

const curves = {
  reliability: Array.from({ length: 10 }, (_, bin) => ({
    from: bin / 10,
    to: (bin + 1) / 10,
    count: bin === 0 ? 1_210 : 40 + 9 * bin,
    confidence: bin / 10 + 0.04,
    right: bin / 10 + 0.03 + 0.02 * Math.sin(3 * bin),
  })),
  operatingPoints: Array.from({ length: 20 }, (_, index) => ({
    threshold: index / 20,
    shownShare: index === 19 ? 0 : 0.62 - index * 0.031,
    precision: index === 19 ? null : 0.38 + index * 0.03,
  })),
};

describe('panel', () => {
  let site: PanelSite;
  let browser: Browser;
  let page: Page;
  const errors: Error[] = [];

  beforeAll(async () => {
    if (executablePath === undefined) throw new Error('These tests need Chromium: apt-get install chromium');
    site = await createPanelSite();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    await mkdir(screenshots, { recursive: true });
  });
  afterAll(async () => {
    await browser.close();
    await site.dispose();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 960, height: 720 } });
    page.setDefaultTimeout(60_000);
    page.on('pageerror', (error) => errors.push(error));
    await openPanel(page, site.url, 'dark');
  });
  afterEach(async () => {
    expect(errors.splice(0)).toEqual([]);
    expect(await page.evaluate(() => window.violations)).toEqual([]);
    await page.close();
  });

  const figure = (key: string) => page.locator(`[data-figure="${key}"] dd`).textContent();
  const sent = () => page.evaluate(() => window.sentMessages);

  it('shows what became of the completions, as soon as there are any, also when a training begins', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    expect(await page.locator('[data-figure="accepted"]').count()).toBe(0);
    const counts = { offered: 120, accepted: 40, partly: 8, rejected: 30, charactersSaved: 1_430 };
    const completions = { ...counts, latencyMs: { p50: 12.4, p95: 30, p99: 48.6 } };
    await tellPanel(page, message({ type: 'completions', completions }));
    expect(await figure('accepted')).toBe('48 of 120');
    expect(await figure('saved')).toBe('1,430');
    expect(await figure('latency')).toBe('12 ms');
    const meaning = await page.locator('[data-figure="latency"]').getAttribute('title');
    expect(meaning).toContain('95 % within 30 ms, 99 % within 49 ms');
    expect(await figure('validation')).not.toBe('–');
    await page.screenshot({ path: `${screenshots}/completions.png` });
  });

  it('says that it is ready, and offers to train', async () => {
    expect(await sent()).toEqual([{ type: 'ready' }]);
    await tellPanel(page, message({ type: 'state', state: emptyPanelState }));
    await page.screenshot({ path: `${screenshots}/empty.png` });
    await page.getByRole('button', { name: 'Train RNN on workspace' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'train' });
  });

  it('shows a training as it goes on', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    expect(await figure('time')).toBe('2:05');
    expect(await figure('steps')).toBe('3,600');
    expect(await figure('speed')).toMatch(/^2[345],\d{3}$/);
    await tellPanel(page, message({ type: 'validation', measurement: validation(3_610, Math.log(3)) }));
    await tellPanel(page, message({ type: 'progress', measurement: progress(3_620, Math.log(2.5)), secondsLeft: 59 }));
    expect(await figure('validation')).toBe('3.00');
    expect(await figure('bits')).toBe('1.58');
    expect(await figure('training')).toBe('2.50');
    expect(await figure('time')).toBe('0:59');
    const picture = page.getByRole('img').first();
    expect(await picture.getAttribute('aria-label')).toMatch(/to 3\.00 at step 3610\. .* 112\.$/);
  });

  it.each(['dark', 'light'] as const)('draws its curves in the colours of a %s theme', async (theme) => {
    await setTheme(page, theme);
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    await page.screenshot({ path: `${screenshots}/${theme}.png` });
    const expected = { dark: [0x37, 0x94, 0xff], light: [0x1a, 0x85, 0xff] }[theme];
    expect(await pixelsOf(page, expected)).toBeGreaterThan(200);
  });

  it('takes on another theme while it is open', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    expect(await pixelsOf(page, [0x1a, 0x85, 0xff])).toBe(0);
    await setTheme(page, 'light');
    await page.waitForTimeout(60);
    expect(await pixelsOf(page, [0x1a, 0x85, 0xff])).toBeGreaterThan(200);
    expect(await page.locator('canvas').count()).toBe(4);
  });

  it('stops with the keyboard alone', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    // After what can be exported.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect((await sent()).at(-1)).toEqual({ type: 'stop' });
  });

  it('fits a narrow tab', async () => {
    await page.setViewportSize({ width: 320, height: 700 });
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    await page.screenshot({ path: `${screenshots}/narrow.png`, fullPage: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  it('reads every curve under one pointer', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    const box = (await page.locator('[data-chart="perplexity"] .u-over').boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    expect(await page.locator('.where').textContent()).toMatch(/^at step 1,(79|80)\d$/);
    const reading = (chart: string, curve: string) =>
      page.locator(`[data-chart="${chart}"] .${curve} .reading`).textContent();
    expect(await reading('perplexity', 'validation')).toBe(Math.exp(natsAt(1500) + 0.15).toFixed(2));
    expect(await reading('gradientNorm', 'training')).toMatch(/^0\.\d{3}$|^1\.\d\d$/);
    expect(await reading('learningRate', 'training')).toMatch(/^0\.002[5-7]\d$/);
    expect(await reading('charactersPerSecond', 'training')).toMatch(/^2[345],\d{3}$/);
  });

  it('zooms all charts where one is dragged across, and back with a double click', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    const box = (await page.locator('[data-chart="gradientNorm"] .u-over').boundingBox())!;
    const reset = page.getByRole('button', { name: 'Reset zoom' });
    expect(await reset.isVisible()).toBe(false);
    await page.mouse.move(box.x + box.width / 4, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 20, { steps: 4 });
    await page.mouse.up();
    expect(await reset.isVisible()).toBe(true);
    await page.screenshot({ path: `${screenshots}/zoomed.png`, fullPage: true });
    const perplexity = (await page.locator('[data-chart="perplexity"] .u-over').boundingBox())!;
    await page.mouse.move(perplexity.x + 1, perplexity.y + 20);
    expect(await page.locator('.where').textContent()).toMatch(/^at step (8[89]|9[0-4])\d$/);
    await page.mouse.dblclick(perplexity.x + 1, perplexity.y + 20);
    expect(await reset.isVisible()).toBe(false);
    await page.mouse.move(perplexity.x + 2, perplexity.y + 20);
    expect(await page.locator('.where').textContent()).toMatch(/^at step \d{1,2}$/);
  });

  it('is read and zoomed with the keyboard alone', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    await page.locator('.charts').focus();
    const where = () => page.locator('.where').textContent();
    await page.keyboard.press('End');
    await expect.poll(where).toBe('at step 3,600');
    await page.keyboard.press('+');
    expect(await page.getByRole('button', { name: 'Reset zoom' }).isVisible()).toBe(true);
    await page.keyboard.press('Home');
    await expect.poll(where).toBe('at step 1,800');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    await expect.poll(where).toBe('at step 0');
    await page.keyboard.press('ArrowRight');
    await expect.poll(where).toBe('at step 72');
  });

  it.each([
    ['characters', /^at 7,372,800 characters$/],
    ['seconds', /^after 5:00$/],
    ['time', /^at .*\d/],
  ])('is drawn over %s', async (axis, expected) => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    await page.locator('#part-curves .toolbar select').selectOption(axis);
    await page.locator('.charts').focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.locator('.where').textContent()).toMatch(expected);
    await page
      .locator('.stage')
      .last()
      .screenshot({ path: `${screenshots}/over-${axis}.png` });
  });

  it('is smoothed with the values themselves behind, and drawn on linear and logarithmic axes', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    const canvas = () =>
      page.evaluate(() => document.querySelector<HTMLCanvasElement>('.stage.perplexity canvas')!.toDataURL());
    const before = await canvas();
    await page.getByLabel('Smoothing').fill('0.95');
    const smooth = await canvas();
    expect(smooth).not.toBe(before);
    await page.screenshot({ path: `${screenshots}/smooth.png`, fullPage: true });
    await page.getByLabel('Log y').uncheck();
    const linear = await canvas();
    expect(linear).not.toBe(smooth);
    await page.getByLabel('Log x').check();
    expect(await canvas()).not.toBe(linear);
    await page.screenshot({ path: `${screenshots}/linear.png`, fullPage: true });
  });

  it('marks what is not finite', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    expect(await pixelsOf(page, [0xf8, 0x51, 0x49])).toBe(0);
    const measurement = { ...progress(3_610, NaN), gradientNorm: Infinity };
    await tellPanel(page, message({ type: 'progress', measurement, secondsLeft: 1 }));
    expect(await pixelsOf(page, [0xf8, 0x51, 0x49])).toBeGreaterThan(5);
    expect(await figure('training')).toBe('not finite');
    await page.screenshot({ path: `${screenshots}/not-finite.png`, fullPage: true });
  });

  it('has every validation measurement in a table', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    await page.getByText('Validation measurements').click();
    expect(await page.locator('tr[data-step]').count()).toBe(13);
    expect(await page.locator('tr[data-step="300"] td').nth(3).textContent()).toBe((natsAt(300) + 0.15).toFixed(4));
    await page.screenshot({ path: `${screenshots}/table.png`, fullPage: true });
  });

  it('tells what confidence is worth, once it was fitted', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    await page.getByRole('tab', { name: 'Confidence' }).click();
    const summary = page.getByText('As tables');
    expect(await summary.isVisible()).toBe(false);
    await tellPanel(page, message({ type: 'confidence', curves }));
    await summary.click();
    const rows = async (name: string) => {
      const texts = await page.locator(`[data-table="${name}"] tbody tr`).all();
      return Promise.all(texts.map(async (row) => (await row.locator('td').allTextContents()).join(' | ')));
    };
    expect((await rows('reliability'))[0]).toBe('0 – 10 % | 1,210 | 4 % | 3 %');
    expect(await rows('coverage')).toContain('50 % | 31 % of places | 68 %');
    expect((await rows('coverage')).at(-1)).toBe('95 % | 0 % of places | –');
    await page.screenshot({ path: `${screenshots}/confidence.png`, fullPage: true });
    await tellPanel(page, message({ type: 'confidence', curves: null }));
    expect(await summary.isVisible()).toBe(false);
  });

  it('tells what runs the model, when it is asked and when that changes', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    const section = page.locator('details.providers');
    await page.getByText('What runs the model here').click();
    await expect.poll(sent).toContainEqual({ type: 'providers' });
    await tellPanel(page, message({ type: 'providers', report: null }));
    expect(await section.getByRole('status').textContent()).toContain('is found out in a pause');
    expect(await section.locator('table').count()).toBe(0);
    const providers = { completing: 'cpu', reading: 'cpu', scoring: 'cuda' };
    const reason =
      'The fastest here: cpu for completing, cpu for reading, cuda for scoring. webgpu does not work: <b>no</b>.';
    const times = { stepMs: 0.053, completionMs: 3.9, prefixMs: 57.6, scoringMs: 1_754.4 };
    const fast = { stepMs: 0.4, completionMs: 26, prefixMs: 12.3, scoringMs: 21 };
    const trials = [
      { provider: 'cpu', works: true, detail: '', times },
      { provider: 'cuda', works: true, detail: '', times: fast },
      { provider: 'webgpu', works: false, detail: '<b>no</b>', times: null },
    ];
    await tellPanel(page, message({ type: 'providers', report: { providers, reason, trials } }));
    expect(await section.getByRole('status').textContent()).toBe(reason);
    const rows = await section
      .locator('tr')
      .evaluateAll((found) => found.map((row) => Array.from(row.children, (cell) => cell.textContent)));
    expect(rows).toEqual([
      ['Provider', 'a step', '64 drawn', '1,024 read', '256 texts of 256'],
      ['cpu', '0.053 ms', '3.900 ms', '57.6 ms', '1,754 ms'],
      ['cuda', '0.400 ms', '26.0 ms', '12.3 ms', '21.0 ms'],
    ]);
    await page.screenshot({ path: `${screenshots}/providers.png`, fullPage: true });
  });

  it('shows what the threshold of confidence means, and sets it', async () => {
    await tellPanel(page, message({ type: 'state', state: { ...trainingState, confidence: curves } }));
    await tellPanel(page, message({ type: 'threshold', value: 0.5 }));
    await page.getByRole('tab', { name: 'Confidence' }).click();
    const consequence = () => page.locator('.consequence').textContent();
    expect(await consequence()).toBe('Of a hundred places 31 get a suggestion, and 21 of these suggestions are right.');
    await page.screenshot({ path: `${screenshots}/confidence-pictures.png`, fullPage: true });
    await page.getByLabel('Least confidence').fill('0.2');
    expect(await consequence()).toMatch(/^Of a hundred places 50 get/);
    await page.getByLabel('Least confidence').dispatchEvent('change');
    expect((await sent()).at(-1)).toEqual({ type: 'threshold', value: 0.2 });
    const box = (await page.locator('.pictures svg').last().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.up();
    const last = (await sent()).at(-1);
    expect(last?.type === 'threshold' && last.value).toBeGreaterThan(0.5);
  });

  it('leaves the threshold that is being chosen alone, until the setting is another one', async () => {
    await tellPanel(page, message({ type: 'state', state: { ...trainingState, confidence: curves } }));
    await tellPanel(page, message({ type: 'threshold', value: 0.5 }));
    await page.getByRole('tab', { name: 'Confidence' }).click();
    const slider = page.getByLabel('Least confidence');
    await slider.fill('0.2');
    await tellPanel(page, message({ type: 'progress', measurement: progress(3_620, 1), secondsLeft: 59 }));
    await tellPanel(page, message({ type: 'state', state: { ...trainingState, confidence: curves } }));
    expect(await slider.inputValue()).toBe('0.2');
    await page.screenshot({ path: `${screenshots}/confidence-chosen.png`, fullPage: true });
    await tellPanel(page, message({ type: 'threshold', value: 0.7 }));
    expect(await slider.inputValue()).toBe('0.7');
  });

  const samples = [0, 1, 2].map((index) => ({
    ...{ step: 100 * (index + 1), at: 1, prefix: 'export function ', temperature: 0.5, seed: 1 },
    text: ['qe xx(', 'retur(n', 'sum(values: number[]): number {\n  return values.length;\n}'][index]!,
  }));

  it('shows what the model wrote at each export, and lets it write', async () => {
    await tellPanel(page, message({ type: 'state', state: { ...trainingState, run: 'r-1' } }));
    await page.getByRole('tab', { name: 'Samples' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'samples', run: 'r-1' });
    await tellPanel(page, message({ type: 'samples', run: 'r-1', samples: samples.slice(0, 2) }));
    await tellPanel(page, message({ type: 'sample', sample: samples[2]! }));
    const text = page.getByLabel('What it writes');
    expect(await text.textContent()).toBe(samples[2]!.prefix + samples[2]!.text);
    await page.getByLabel('Export', { exact: false }).first().fill('0');
    expect(await text.textContent()).toBe('export function qe xx(');
    await page.getByLabel('Beginning').fill('class ');
    await page.getByRole('button', { name: 'Continue it' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'generate', prefix: 'class ', length: 300, temperature: 0.5 });
    await tellPanel(page, message({ type: 'generated', text: 'Reader {}', problem: null }));
    expect(await page.getByLabel('What the model in use writes').textContent()).toBe('class Reader {}');
    await page.screenshot({ path: `${screenshots}/samples.png`, fullPage: true });
  });

  it('leaves alone what is selected in a sample, while the training goes on', async () => {
    await tellPanel(page, message({ type: 'state', state: { ...trainingState, run: 'r-1' } }));
    await page.getByRole('tab', { name: 'Samples' }).click();
    await tellPanel(page, message({ type: 'samples', run: 'r-1', samples: samples.slice(0, 2) }));
    await page.getByLabel('Export', { exact: false }).first().fill('0');
    await page.getByLabel('What it writes').evaluate((text) => getSelection()!.selectAllChildren(text));
    await tellPanel(page, message({ type: 'progress', measurement: progress(3_620, 1), secondsLeft: 59 }));
    await tellPanel(page, message({ type: 'sample', sample: samples[2]! }));
    expect(await page.evaluate(() => getSelection()!.toString())).toBe('export function qe xx(');
    expect(await page.getByText('after 100 steps (1 of 3)').isVisible()).toBe(true);
    await page.screenshot({ path: `${screenshots}/sample-selected.png`, fullPage: true });
  });

  const runs = [1, 2, 3].map((index) => ({
    ...{ id: `r-${index}`, name: index === 2 ? 'Wide' : '', note: index === 2 ? 'twice as many units' : '' },
    ...{ createdAt: `2026-11-2${index}T08:00:00.000Z`, steps: 3_000 + index, seconds: 300, perplexity: 5 - index / 3 },
    ...{
      hasModel: true,
      inUse: index === 3,
      canContinue: index === 2,
      configuration: { hidden: String(128 * index), cell: 'lstm' },
    },
  }));

  it('lays runs over the one shown, says what differs, and uses, names and deletes them', async () => {
    await tellPanel(page, message({ type: 'state', state: { ...trainingState, phase: 'done', run: 'r-3' } }));
    await tellPanel(page, message({ type: 'runs', runs }));
    await page.getByRole('tab', { name: 'Runs' }).click();
    await page.getByLabel('Lay over Wide').check();
    expect((await sent()).at(-1)).toEqual({ type: 'curves', run: 'r-2' });
    const rows = await page.locator('[data-table="comparison"] tbody tr').allTextContents();
    expect(rows.map((row) => row.slice(0, 6))).toEqual(['Perple', 'Time t', 'Steps3', 'hidden']);
    await page.screenshot({ path: `${screenshots}/runs.png`, fullPage: true });
    const row = page.locator('[data-run="r-2"]');
    await row.getByRole('button', { name: 'Make current' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'useRun', run: 'r-2' });
    await row.getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('Name').fill('Wider');
    await page.getByRole('button', { name: 'Save' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'noteRun', run: 'r-2', name: 'Wider', note: 'twice as many units' });
    await row.getByRole('button', { name: 'Delete' }).click();
    expect((await sent()).at(-1)?.type).toBe('noteRun');
    await row.getByRole('button', { name: 'Delete for good?' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'deleteRun', run: 'r-2' });
    await tellPanel(page, message({ type: 'runs', runs: runs.filter(({ id }) => id !== 'r-2') }));
    await tellPanel(page, message({ type: 'runs', runs }));
    expect(await page.getByLabel('Lay over Wide').isChecked()).toBe(false);
  });

  it('has again what was chosen and typed, after it was behind another tab', async () => {
    const state: PanelState = { ...trainingState, phase: 'done', run: 'r-3' };
    const comeBack = async () => {
      await page.reload();
      await tellPanel(page, message({ type: 'state', state }));
      await tellPanel(page, message({ type: 'runs', runs }));
    };
    await comeBack();
    await page.getByLabel('Log x').check();
    await page.getByLabel('Smoothing').fill('0.6');
    await page.getByRole('tab', { name: 'Samples' }).click();
    await page.getByLabel('Beginning').fill('class ');
    await page.getByRole('tab', { name: 'Your history' }).click();
    await page.getByRole('combobox', { name: 'Model' }).selectOption('base');
    await page.getByRole('tab', { name: 'Runs' }).click();
    await page.getByLabel('Lay over Wide').check();
    await page.locator('[data-run="r-2"]').getByRole('button', { name: 'Rename' }).click();
    await page.getByLabel('Note').fill('half written');
    await comeBack();
    expect(await page.getByRole('tab', { name: 'Runs' }).getAttribute('aria-selected')).toBe('true');
    expect(await sent()).toEqual(expect.arrayContaining([{ type: 'runs' }, { type: 'curves', run: 'r-2' }]));
    expect(await page.getByLabel('Lay over Wide').isChecked()).toBe(true);
    expect(await page.getByLabel('Note').inputValue()).toBe('half written');
    await page.locator('[data-run="r-2"]').getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('tab', { name: 'Samples' }).click();
    expect(await page.getByLabel('Beginning').inputValue()).toBe('class ');
    await comeBack();
    expect(await sent()).toContainEqual({ type: 'samples', run: 'r-3' });
    expect(await page.getByLabel('Note').count()).toBe(0);
    await page.getByRole('tab', { name: 'Your history' }).click();
    expect(await page.getByRole('combobox', { name: 'Model' }).inputValue()).toBe('base');
    expect(await page.getByLabel('Minutes').isVisible()).toBe(false);
    await page.getByRole('tab', { name: 'Curves' }).click();
    expect(await page.getByLabel('Log x').isChecked()).toBe(true);
    expect(await page.getByLabel('Smoothing').inputValue()).toBe('0.6');
    expect(await page.locator('.toolbar output').first().textContent()).toBe('0.60');
  });

  const hostile = 'src/<img src=x onerror="alert(1)">\u202Egnp.ts';
  const report: CorpusReport = {
    ...{ formatVersion: 1, files: 4, characters: 100_000 },
    languages: [
      { language: 'typescript', files: 3, characters: 80_000, nats: Math.log(3) },
      { language: '', files: 1, characters: 20_000, nats: null },
    ],
    listed: [
      { path: 'src/reader.ts', part: 'training', characters: 50_000, nats: null },
      { path: 'src/writer.ts', part: 'validation', characters: 20_000, nats: Math.log(4) },
      { path: 'Makefile', part: 'training', characters: 20_000, nats: null },
      { path: hostile, part: 'test', characters: 10_000, nats: Math.log(2) },
    ],
    leftOut: [
      { reason: 'binary', files: 3, paths: ['media/icon.png'] },
      { reason: 'secret name', files: 1, paths: ['.env'] },
    ],
  };

  it('tells what a run has read and left out, sorted, searched, and opened by a click', async () => {
    await tellPanel(page, message({ type: 'state', state: { ...trainingState, phase: 'done', run: 'r-3' } }));
    await page.getByRole('tab', { name: 'What it read' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'corpus', run: 'r-3' });
    await tellPanel(page, message({ type: 'corpus', run: 'r-3', report }));
    const files = page.locator('[data-table="files"]');
    const paths = () => files.locator('tbody td:first-child').allTextContents();
    expect(await files.locator('tbody tr').nth(1).locator('td').allTextContents()).toEqual([
      ...['src/writer.ts', 'validation', '20,000', '20.0 %', '4.00'],
    ]);
    // What stands in a name is text, and turns nothing around.
    const harmless = 'src/<img src=x onerror="alert(1)">\\u202egnp.ts';
    expect((await paths()).at(-1)).toBe(harmless);
    expect(await page.locator('#part-corpus img').count()).toBe(0);
    await page.screenshot({ path: `${screenshots}/corpus.png`, fullPage: true });
    // By the keyboard: the highest perplexity first, then the lowest; what has none comes last.
    await files.getByRole('button', { name: 'Perplexity' }).focus();
    await page.keyboard.press('Enter');
    expect(await paths()).toEqual(['src/writer.ts', harmless, 'src/reader.ts', 'Makefile']);
    await page.keyboard.press('Enter');
    expect((await paths()).slice(0, 2)).toEqual([harmless, 'src/writer.ts']);
    expect(await files.locator('th').last().getAttribute('aria-sort')).toBe('ascending');
    await page.getByLabel('Search files').fill('WRIT');
    expect(await paths()).toEqual(['src/writer.ts']);
    await files.getByRole('button', { name: 'src/writer.ts' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'openFile', path: 'src/writer.ts' });
    await page.getByLabel('Search files').fill('nowhere');
    expect(await page.getByText('No file has that in its path.').isVisible()).toBe(true);
    await page.getByText('Not text: 3').click();
    expect(await page.locator('[data-reason="binary"] li').allTextContents()).toEqual(['media/icon.png', 'and 2 more']);
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await tellPanel(page, message({ type: 'corpus', run: 'r-3', report: null }));
    expect(await page.getByText('What this training has read is not written down.').isVisible()).toBe(true);
  });

  const saved = (line: number) => ({ line, word: line + 0.05 });
  const replayed: ReplayReport = {
    history: { commit: 'a1b2c3d4', date: '2026-10-01', commits: 12, written: 340, typed: 100, moved: 25, notTyped: 7 },
    groups: [
      { of: 'all', name: '', lines: 100, exactShare: 0.18, shownShare: 0.4, precision: 0.71 },
      { of: 'language', name: 'typescript', lines: 90, exactShare: 0.2, shownShare: 0.42, precision: 0.72 },
      { of: 'language', name: 'markdown', lines: 10, exactShare: 0, shownShare: 0, precision: null },
      { of: 'file', name: hostile, lines: 60, exactShare: 0.25, shownShare: 0.5, precision: 0.75 },
    ].map((group) => ({
      ...group,
      of: group.of as 'file',
      savedError: 0.01,
      keystrokesSaved: saved(group.exactShare),
      payingForWrong: saved(group.exactShare + 0.06),
    })),
    // The threshold in use is none of those that are compared.
    thresholds: [0.3, 0.5].map((threshold) => ({
      ...{ threshold, shownShare: 0.6 - threshold / 2, precision: 0.6 + threshold / 5 },
      ...{ keystrokesSaved: saved(0.3), payingForWrong: saved(threshold === 0.3 ? 0.31 : 0.24) },
    })),
    ...{ threshold: 0.42, recommended: 0.3 },
  };

  it('replays the history of the workspace, and says what completions would have saved', async () => {
    await page.getByRole('tab', { name: 'Your history' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'replayStatus' });
    await page.getByLabel('Commits').fill('50');
    await page.getByLabel('Minutes').fill('2');
    await page.getByRole('button', { name: 'Replay' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'replay', model: 'trained', minutes: 2, commits: 50, lines: 300 });
    const none = { running: null, report: null, problem: null };
    await tellPanel(page, message({ type: 'replay', status: { ...none, running: 'Typing: 5 of 100 lines' } }));
    expect(await page.getByText('Typing: 5 of 100 lines').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'stopReplay' });
    await tellPanel(page, message({ type: 'replay', status: { ...none, problem: 'There is no history here.' } }));
    expect(await page.getByRole('alert').textContent()).toBe('There is no history here.');
    await tellPanel(page, message({ type: 'replay', status: { ...none, report: replayed } }));
    const rows = page.locator('[data-table="replayGroups"] tbody tr');
    expect(await rows.nth(0).locator('td').allTextContents()).toEqual([
      ...['All lines', '100', '18.0 %', '40.0 %', '71.0 %', '18.0 %', '23.0 %'],
    ]);
    // What was bad is shown like the rest.
    expect((await rows.last().locator('td').allTextContents()).slice(0, 5)).toEqual([
      ...['markdown', '10', '0.0 %', '0.0 %', '–'],
    ]);
    expect(await page.getByText('would have saved 31.0 % where 0.42 saves 24.0 %').isVisible()).toBe(true);
    await page.screenshot({ path: `${screenshots}/replay.png`, fullPage: true });
    await page.getByRole('button', { name: 'Use 0.3' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'threshold', value: 0.3 });
    await page.locator('#part-replay').getByText('By file').click();
    expect(await page.locator('#part-replay img').count()).toBe(0);
    await page.locator('#part-replay').getByLabel('Model').selectOption('Base model, not trained');
    expect(await page.getByLabel('Minutes').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Replay' }).click();
    expect((await sent()).at(-1)).toMatchObject({ type: 'replay', model: 'base' });
  });

  it('offers to go on with a training where there is one to go on with, and none runs', async () => {
    const resume = page.getByRole('button', { name: 'Continue training' });
    await tellPanel(page, message({ type: 'state', state: { ...trainingState, phase: 'done', run: 'r-3' } }));
    expect(await resume.count()).toBe(0);
    await tellPanel(page, message({ type: 'runs', runs }));
    await resume.click();
    expect((await sent()).at(-1)).toEqual({ type: 'continue' });
    await tellPanel(page, message({ type: 'state', state: { ...trainingState, run: 'r-3' } }));
    expect(await resume.count()).toBe(0);
    await tellPanel(page, message({ type: 'state', state: { ...trainingState, phase: 'done', run: 'r-3' } }));
    // What was drawn of it before ends where it was gone on with.
    expect((await sent()).at(-1)).toEqual({ type: 'curves', run: 'r-3' });
  });

  describe('exports', () => {
    /** What is saved as, when a button of the list is pressed. */
    async function saved(title: string): Promise<{ name: string; text: string }> {
      await page.locator('.exports summary').click();
      await page.getByRole('button', { name: title }).click();
      await page.waitForFunction(() => window.sentMessages.at(-1)?.type === 'save');
      return page.evaluate(() => {
        const last = window.sentMessages.at(-1)!;
        if (last.type !== 'save') throw new Error('Nothing was saved.');
        return { name: last.name, text: typeof last.content === 'string' ? last.content : '' };
      });
    }
    const notMeasured = validation(3_700, NaN);
    const state: PanelState = { ...trainingState, validation: [...trainingState.validation, notMeasured] };
    const valuesOf = (measurement: object) => Object.entries(measurement).filter(([key]) => key !== 'perplexity');

    beforeEach(() => tellPanel(page, message({ type: 'state', state })));

    it('every measurement as CSV', async () => {
      const { name, text } = await saved('Series as CSV');
      expect(name).toBe('recur-curves.csv');
      const [header, ...lines] = text
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
      const read = lines.map((cells) =>
        Object.fromEntries(
          header!.flatMap((key, index) => {
            const cell = cells[index]!;
            return cell === '' ? [] : [[key, key === 'type' ? cell : Number(cell)]];
          }),
        ),
      );
      expect(read.filter(({ type }) => type === 'progress')).toEqual(
        state.progress.map((measurement) => Object.fromEntries(valuesOf(measurement))),
      );
      expect(read.filter(({ type }) => type === 'validation')).toEqual(
        state.validation.map(({ type, step, nats }) => ({ type, step, ...(Number.isFinite(nats) && { nats }) })),
      );
    });

    it('every measurement as JSON, with what the training began with', async () => {
      const { name, text } = await saved('Series as JSON');
      expect(name).toBe('recur-curves.json');
      const read = JSON.parse(text) as Record<string, Record<string, (number | null)[]>>;
      expect(read.start).toEqual(state.start);
      for (const [key, values] of Object.entries(read.progress!)) {
        expect([key, values]).toEqual([key, state.progress.map((row) => row[key as keyof ProgressMeasurement])]);
      }
      expect(read.validation!.step).toEqual(state.validation.map(({ step }) => step));
      const finite = state.validation.map(({ nats }) => (Number.isFinite(nats) ? nats : null));
      expect(read.validation!.nats).toEqual(finite);
    });

    it('every chart as an SVG picture whose lines are those of the measurements', async () => {
      const { name, text } = await saved('Picture as SVG');
      expect(name).toBe('recur-curves.svg');
      const lines = await page.evaluate((source) => {
        const read = new DOMParser().parseFromString(source, 'image/svg+xml');
        if (read.querySelector('parsererror') !== null) throw new Error('It is no SVG.');
        const points = [...read.querySelectorAll('polyline')].map((line) => line.getAttribute('points')!);
        return points.map((all) => all.split(' ').map((point) => point.split(',').map(Number)));
      }, text);
      const measured = state.validation.filter(({ nats }) => Number.isFinite(nats));
      const expected = [
        ...[state.progress.map(({ nats }) => nats), measured.map(({ nats }) => nats)],
        ...[state.progress.map(({ gradientNorm }) => Math.log(gradientNorm))],
        ...[state.progress.map(({ learningRate }) => learningRate)],
        ...[state.progress.map(({ charactersPerSecond }) => charactersPerSecond)],
      ];
      expect(lines.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
      expected.forEach((values, index) => expect(farthestFromLine(values, lines[index]!)).toBeLessThan(0.2));
    });

    it('every chart as a PNG picture, pixel for pixel', async () => {
      const { name } = await saved('Picture as PNG');
      expect(name).toBe('recur-curves.png');
      const read = await page.evaluate(async () => {
        const last = window.sentMessages.at(-1)!;
        const data = last.type === 'save' ? last.content : '';
        const picture = await createImageBitmap(new Blob([data as BlobPart], { type: 'image/png' }));
        const pixelsOf = (source: CanvasImageSource, top: number, { width, height }: HTMLCanvasElement) => {
          const context = new OffscreenCanvas(width, height).getContext('2d')!;
          context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--background');
          context.fillRect(0, 0, width, height);
          context.drawImage(source, 0, -top);
          return context.getImageData(0, 0, width, height).data;
        };
        let [top, different] = [0, 0];
        for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.stage canvas')) {
          top += 26 * devicePixelRatio;
          const [shown, written] = [pixelsOf(canvas, 0, canvas), pixelsOf(picture, top, canvas)];
          for (let at = 0; at < shown.length; at++) if (Math.abs(shown[at]! - written[at]!) > 2) different++;
          top += canvas.height;
        }
        return { different, isWhole: top === picture.height };
      });
      expect(read).toEqual({ different: 0, isWhole: true });
    });

    it.each([
      ['hidden since they were drawn', ['Curves', 'Runs']],
      ['never seen', ['Runs']],
    ])('the same picture of charts that are %s', async (_, tabs) => {
      await page.reload();
      await setTheme(page, 'dark');
      await page.getByRole('tab', { name: 'Runs' }).click();
      await tellPanel(page, message({ type: 'state', state }));
      for (const tab of tabs) await page.getByRole('tab', { name: tab }).click();
      await saved('Picture as PNG');
      const read = await page.evaluate(async () => {
        const last = window.sentMessages.at(-1)!;
        const data = last.type === 'save' ? last.content : '';
        const picture = await createImageBitmap(new Blob([data as BlobPart], { type: 'image/png' }));
        const { width, height } = picture;
        const context = new OffscreenCanvas(width, height).getContext('2d')!;
        context.drawImage(picture, 0, 0);
        const pixels = context.getImageData(0, 0, width, height).data;
        let blue = 0;
        for (let at = 0; at < pixels.length; at += 4) {
          if (pixels[at] === 0x37 && pixels[at + 1] === 0x94 && pixels[at + 2] === 0xff) blue++;
        }
        return { bytes: [...(data as Uint8Array)], width, isDrawn: blue > 200 };
      });
      await writeFile(`${screenshots}/exported-hidden.png`, Uint8Array.from(read.bytes));
      expect(read).toMatchObject({ width: 900, isDrawn: true });
      expect(await page.locator('.off-page').count()).toBe(0);
    });

    it('a report that needs nothing but itself', async () => {
      const { name, text } = await saved('Report as HTML');
      expect(name).toBe('recur-report.html');
      const { text: series } = await saved('Series as JSON');
      const figures = await page.locator('.figures dd').allTextContents();
      const report = await browser.newPage();
      await report.setContent(text);
      expect((await report.locator('table').first().locator('td').allTextContents()).slice(0, 6)).toEqual(figures);
      expect(JSON.parse((await report.locator('#curves').textContent())!)).toEqual(JSON.parse(series));
      expect(await report.locator('svg polyline').count()).toBe(5);
      expect(await report.locator('[src], [href], link').count()).toBe(0);
      await report.screenshot({ path: `${screenshots}/report.png`, fullPage: true });
      await report.close();
    });
  });

  it.each(['dark', 'light', 'high-contrast'] as const)('has no serious accessibility problem in %s', async (theme) => {
    await setTheme(page, theme);
    await tellPanel(page, message({ type: 'state', state: { ...trainingState, confidence: curves, run: 'r-3' } }));
    await tellPanel(page, message({ type: 'runs', runs }));
    await tellPanel(page, message({ type: 'samples', run: 'r-3', samples }));
    await page.evaluate(axe.source);
    await tellPanel(page, message({ type: 'corpus', run: 'r-3', report }));
    await tellPanel(page, message({ type: 'replay', status: { running: null, report: replayed, problem: null } }));
    for (const tab of ['Curves', 'Samples', 'Runs', 'What it read', 'Confidence', 'Your history']) {
      await page.getByRole('tab', { name: tab }).click();
      const problems = await page.evaluate(seriousProblems);
      expect({ tab, problems }).toEqual({ tab, problems: [] });
      await page.screenshot({ path: `${screenshots}/${theme}-${tab.toLowerCase()}.png`, fullPage: true });
    }
  });

  it('is Chinese where the editor is, but for names and numbers', async () => {
    await page.goto(site.chineseUrl);
    await setTheme(page, 'dark');
    const completions = {
      ...{ offered: 120, accepted: 40, partly: 8, rejected: 30, charactersSaved: 1_430 },
      latencyMs: { p50: 12.4, p95: 30, p99: 48.6 },
    };
    const state: PanelState = { ...trainingState, message: '', phase: 'done', run: 'r-3', confidence: curves };
    await tellPanel(page, message({ type: 'state', state: { ...state, completions } }));
    await tellPanel(page, message({ type: 'runs', runs }));
    await page.getByRole('tab', { name: '训练记录' }).click();
    await page.getByLabel('叠加 Wide').check();
    await tellPanel(page, message({ type: 'samples', run: 'r-3', samples: [] }));
    await tellPanel(page, message({ type: 'corpus', run: 'r-3', report: { ...report, listed: [], leftOut: [] } }));
    const history = { ...replayed, groups: replayed.groups.slice(0, 2) };
    await tellPanel(page, message({ type: 'replay', status: { running: null, report: history, problem: null } }));
    const found = await page.evaluate(() => {
      const texts = document.createTreeWalker(document.querySelector('main')!, NodeFilter.SHOW_TEXT);
      const all: string[] = [];
      while (texts.nextNode() !== null) all.push(texts.currentNode.textContent!);
      for (const element of document.querySelectorAll('main *')) {
        for (const name of ['aria-label', 'title', 'placeholder']) all.push(element.getAttribute(name) ?? '');
      }
      return all;
    });
    const names = ['Wide', 'twice as many units', 'hidden', 'cell', 'lstm', 'typescript', 'Brotli'];
    const foreign = found.filter((text) => /[a-z]{2}/i.test(text) && !/\p{Script=Han}/u.test(text));
    expect(foreign.filter((text) => !names.includes(text))).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-cn');
    for (const tab of ['曲线', '训练记录', '置信度', '你的历史']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.screenshot({ path: `${screenshots}/chinese-${tab}.png`, fullPage: true });
    }
  });

  it('tells how a training failed', async () => {
    const state: PanelState = { ...emptyPanelState, phase: 'failed', message: 'The workspace has too little text.' };
    await tellPanel(page, message({ type: 'state', state }));
    expect(await page.getByRole('status').textContent()).toBe(state.message);
    await page.getByRole('button', { name: 'Train RNN on workspace' }).waitFor();
  });

  it.each([null, 'x', { type: 'state' }, { type: 'progress', measurement: { step: -1 } }])(
    'ignores what is no message of ours: %j',
    async (strange) => {
      await tellPanel(page, message({ type: 'state', state: trainingState }));
      await tellPanel(page, strange);
      expect(await figure('steps')).toBe('3,600');
    },
  );
});

/** How far, in pixels, a point of a line is from where its value belongs, if the first and the highest point are right. */
function farthestFromLine(values: readonly number[], points: readonly number[][]): number {
  const [from, to] = [0, values.indexOf(values[0] === Math.max(...values) ? Math.min(...values) : Math.max(...values))];
  const scale = (points[to]![1]! - points[from]![1]!) / (values[to]! - values[from]!);
  const places = values.map((value) => points[from]![1]! + (value - values[from]!) * scale);
  return Math.max(...places.map((place, index) => Math.abs(place - points[index]![1]!)));
}

/** How many pixels of the chart have exactly this colour. */
function pixelsOf(page: Page, [red, green, blue]: readonly number[]): Promise<number> {
  return page.evaluate(
    ([r, g, b]) => {
      const canvas = document.querySelector('canvas')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let at = 0; at < data.length; at += 4) {
        if (data[at] === r && data[at + 1] === g && data[at + 2] === b) count++;
      }
      return count;
    },
    [red, green, blue] as const,
  );
}

/** In the page: what axe-core finds serious or critical. */
const seriousProblems = `axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) =>
  violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html, any }) => html.slice(0, 120) + (any[0]?.message ?? '')).join(' | ')),
)`;
