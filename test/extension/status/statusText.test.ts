import { describe, expect, it } from 'vitest';
import { qualityOf } from '../../../src/text/metrics';
import type { EngineStatus } from '../../../src/protocol/engine';
import { emptyPanelState } from '../../../src/protocol/panelState';
import { commands } from '../../../src/extension/editor/commands';
import { statusText } from '../../../src/extension/status/statusText';

const noModel: EngineStatus = {
  answers: null,
  isBase: false,
  model: null,
  id: null,
  provider: null,
  reason: 'No model is loaded.',
  validation: null,
};
const model: EngineStatus = {
  answers: 'both',
  isBase: false,
  model: '/models/a-1',
  id: 'a-1',
  provider: 'cpu',
  reason: 'It was the fastest.',
  validation: qualityOf(Math.log(4.2)),
};

const completions = { enabled: true };

describe('status bar', () => {
  it('shows the model in use, and what it runs on and why', () => {
    const { text, label, tooltip } = statusText({ panel: emptyPanelState, engine: model, completions });
    expect(text).toBe('$(graph-line) Recur 4.20');
    expect(label).toBe('Recur, validation perplexity of the network 4.20');
    expect(tooltip).toContain('Model `a-1` on **cpu**. It was the fastest.');
    expect(tooltip).toContain('Validation perplexity of the network alone 4.20 (2.07 bits per character)');
    expect(tooltip).toContain('from the network and a memory');
  });

  it('shows how far a training is', () => {
    const panel = {
      ...emptyPanelState,
      phase: 'training' as const,
      validation: [{ type: 'validation' as const, step: 5, ...qualityOf(Math.log(12.34)) }],
      secondsLeft: 83,
    };
    const { text, tooltip } = statusText({ panel, engine: noModel, completions });
    expect(text).toBe('$(sync~spin) Recur 12.3 · 1:23 left');
    expect(tooltip).toContain(`(command:${commands.stopTraining})`);
  });

  it('says that there is no model, and that completions are off', () => {
    const { text, tooltip } = statusText({ panel: emptyPanelState, engine: noModel, completions: { enabled: false } });
    expect(text).toBe('$(circle-slash) Recur');
    expect(tooltip).toContain('No model is loaded.');
    expect(tooltip).toContain('Inline completions are off.');
  });

  it.each([
    {
      ...{ enabled: true, setting: 'completions.languages' as const, search: 'recur.completions.languages' },
      ...{ icon: 'circle-slash', says: 'on, but off in markdown', offers: 'Turn completions off' },
    },
    {
      ...{ enabled: true, setting: 'completions.enabled' as const, search: '@lang:markdown recur.completions.enabled' },
      ...{ icon: 'circle-slash', says: 'on, but off in markdown', offers: 'Turn completions off' },
    },
    {
      ...{
        enabled: false,
        setting: 'completions.enabled' as const,
        search: '@lang:markdown recur.completions.enabled',
      },
      ...{ icon: 'graph-line', says: 'off, but on in markdown', offers: 'Turn completions on' },
    },
  ])('says that completions are $says, and offers to $offers', ({ enabled, setting, search, icon, says, offers }) => {
    const exception = { languageId: 'markdown', setting };
    const facts = { panel: emptyPanelState, engine: model, completions: { enabled, exception } };
    const { text, tooltip } = statusText(facts);
    expect(text).toContain(`$(${icon})`);
    expect(tooltip).toContain(`Inline completions are ${says} by the setting [\`recur.${setting}\`](command:`);
    expect(tooltip).toContain(encodeURIComponent(JSON.stringify([search])));
    expect(tooltip).toContain(`[${offers}](command:${commands.toggleCompletions})`);
  });

  it('says that the memory answers alone where nothing was trained yet', () => {
    const engine: EngineStatus = { ...noModel, answers: 'memory', reason: 'No network has been trained yet.' };
    const { text, label, tooltip } = statusText({ panel: emptyPanelState, engine, completions });
    expect(text).toBe('$(graph-line) Recur memory only');
    expect(label).toBe('Recur, memory only');
    expect(tooltip).toContain('No network has been trained yet.');
    expect(tooltip).not.toContain('perplexity of');
  });

  it('says that nothing was trained on the workspace yet where the model that comes with Recur answers', () => {
    const engine: EngineStatus = { ...model, isBase: true, validation: null };
    const { text, label, tooltip } = statusText({ panel: emptyPanelState, engine, completions });
    expect(text).toBe('$(graph-line) Recur: not trained on this workspace yet');
    expect(label).toBe('Recur, not trained on this workspace yet');
    expect(tooltip).toContain('a small model of public code completes on **cpu**. It was the fastest.');
    expect(tooltip).toContain('from the network and a memory');
    expect(tooltip).not.toContain('erplexity');
  });

  it('links to commands that exist only', () => {
    const { tooltip } = statusText({ panel: emptyPanelState, engine: model, completions });
    const linked = [...tooltip.matchAll(/\(command:([^)]+)\)/g)].map(([, id]) => id);
    expect(linked.length).toBeGreaterThan(2);
    expect(Object.values(commands)).toEqual(expect.arrayContaining(linked));
  });
});
