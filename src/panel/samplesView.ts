import { longestPrefix, type FromPanel, type ToPanel } from '../protocol/panel';
import type { Sample } from '../store/files';
import { element, numberInput } from './element';
import { messages } from './messages';
import type { PageMemory } from './pageMemory';

/** What the model of each export wrote, and a place to let the one in use write. */
export interface SamplesView {
  readonly root: HTMLElement;
  /** @param samples by ascending step */
  show(samples: readonly Sample[]): void;
  generated(answer: Extract<ToPanel, { type: 'generated' }>): void;
}

export function createSamplesView(send: (message: FromPanel) => void, memory: PageMemory): SamplesView {
  const texts = messages.samples;
  const slider = element('input', { type: 'range', min: '0', max: '0', value: '0', class: 'wide' });
  const place = element('output', {});
  const text = element('pre', { class: 'writing', tabindex: '0', 'aria-label': texts.title });
  const empty = element('p', { class: 'quiet' }, texts.empty);
  const written = element(
    'div',
    { class: 'samples' },
    element('p', { class: 'quiet' }, texts.explanation),
    element('label', { class: 'row' }, texts.step, slider, place),
    text,
  );
  const writing = createWriting(send, memory);
  let samples: readonly Sample[] | undefined;
  let drawn: Sample | undefined;

  function draw(): void {
    const index = Number(slider.value);
    const sample = samples?.[index];
    if (samples === undefined || sample === undefined) return;
    place.textContent = texts.at(sample.step.toLocaleString('en'), index + 1, samples.length);
    // What a reader has selected in it stays selected.
    if (sample === drawn) return;
    drawn = sample;
    text.replaceChildren(element('span', { class: 'given' }, sample.prefix), sample.text);
  }
  slider.addEventListener('input', draw);

  return {
    root: element(
      'section',
      {},
      element('h2', {}, texts.title),
      empty,
      written,
      element('h2', {}, texts.continueTitle),
      writing.root,
    ),
    show(next) {
      if (next === samples) return;
      // Whoever looks at the newest one sees the next as it comes.
      const isAtEnd = Number(slider.value) >= (samples ?? []).length - 1;
      samples = next;
      empty.hidden = samples.length > 0;
      written.hidden = samples.length === 0;
      slider.max = String(Math.max(0, samples.length - 1));
      if (isAtEnd) slider.value = slider.max;
      draw();
    },
    generated: writing.generated,
  };
}

function createWriting(
  send: (message: FromPanel) => void,
  memory: PageMemory,
): Pick<SamplesView, 'root' | 'generated'> {
  const texts = messages.samples;
  const size = { rows: '3', spellcheck: 'false', class: 'wide', maxlength: String(longestPrefix) };
  const prefix = element('textarea', size);
  prefix.value = texts.prefixHint;
  memory.keep('samples.prefix', prefix);
  const temperature = memory.keep('samples.temperature', numberInput({ min: 0, max: 2, step: 0.1, value: 0.5 }));
  const length = memory.keep('samples.length', numberInput({ min: 1, max: 2_000, step: 1, value: 300 }));
  const button = element('button', { type: 'submit', class: 'quiet' }, texts.write);
  const result = element('pre', { class: 'writing', tabindex: '0', 'aria-label': texts.result, 'aria-live': 'polite' });
  result.hidden = true;
  let asked = '';
  const form = element(
    'form',
    {},
    element('label', { class: 'column' }, texts.prefix, prefix),
    element(
      'div',
      { class: 'toolbar' },
      element('label', {}, texts.temperature, temperature),
      element('label', {}, texts.length, length),
      button,
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    asked = prefix.value;
    button.textContent = texts.writing;
    button.disabled = true;
    send({ type: 'generate', prefix: asked, temperature: temperature.valueAsNumber, length: length.valueAsNumber });
  });
  return {
    root: element('div', { class: 'samples' }, form, result),
    generated({ text, problem }) {
      button.textContent = texts.write;
      button.disabled = false;
      result.hidden = false;
      if (text === null) result.textContent = problem;
      else result.replaceChildren(element('span', { class: 'given' }, asked), text);
    },
  };
}
