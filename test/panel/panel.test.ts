import { mkdir } from 'node:fs/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/host/requirements.mjs';
import { qualityOf } from '../../src/core/metrics';
import type { ProgressMeasurement, ValidationMeasurement } from '../../src/protocol/files';
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
    charactersPerSecond: 24_576,
    nats,
    perplexity: Math.exp(nats),
    gradientNorm: 0.8,
    learningRate: 4e-3,
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
    unigram: null,
  },
  progress: steps.map((step) => progress(step, natsAt(step))),
  validation: steps.filter((step) => step % 300 === 0).map((step) => validation(step, natsAt(step) + 0.15)),
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
    await openPanel(page, site.url, 'dark');
  });
  afterEach(async () => {
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
    expect(await figure('speed')).toBe('24,576');
    await tellPanel(page, message({ type: 'validation', measurement: validation(3_610, Math.log(3)) }));
    await tellPanel(page, message({ type: 'progress', measurement: progress(3_620, Math.log(2.5)), secondsLeft: 59 }));
    expect(await figure('validation')).toBe('3.00');
    expect(await figure('bits')).toBe('1.58');
    expect(await figure('training')).toBe('2.50');
    expect(await figure('time')).toBe('0:59');
    expect(await page.getByRole('img').getAttribute('aria-label')).toMatch(/to 3\.00 at step 3610\. .* 112\.$/);
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
    expect(await page.locator('canvas').count()).toBe(1);
  });

  it('stops with the keyboard alone', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
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

  it('shows the values under the pointer', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    const box = (await page.locator('.u-over').boundingBox())!;
    await page.mouse.move(box.x + box.width - 1, box.y + box.height / 2);
    expect(await page.locator('.legend').textContent()).toMatch(/at step 3,(59|60)0/);
    expect(await page.locator('.legend .baseline .reading').textContent()).toBe('112');
    expect(await page.locator('.legend .validation .reading').textContent()).toMatch(/^\d\.\d\d$/);
  });

  it('has every validation measurement in a table', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    await page.getByText('Validation measurements').click();
    expect(await page.locator('tbody tr').count()).toBe(12);
    expect(await page.locator('tr[data-step="300"] td').nth(3).textContent()).toBe((natsAt(300) + 0.15).toFixed(4));
    await page.screenshot({ path: `${screenshots}/table.png`, fullPage: true });
  });

  it('tells what confidence is worth, once it was fitted', async () => {
    await tellPanel(page, message({ type: 'state', state: trainingState }));
    const summary = page.getByText('What confidence is worth');
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
