import './pageLanguage';
import './panel.css';
import * as v from 'valibot';
import { toPanelSchema, type FromPanel } from '../protocol/panel';
import { afterMessage, emptyPanelState } from '../protocol/panelState';
import { createPageMemory } from './pageMemory';
import { createView } from './view';

const editor = acquireVsCodeApi();
const view = createView(
  document.querySelector('main')!,
  (message: FromPanel) => editor.postMessage(message),
  createPageMemory(editor),
);

let state = emptyPanelState;
let frame: number | undefined;

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const message = v.safeParse(toPanelSchema, data);
  if (!message.success) return;
  const next = afterMessage(state, message.output);
  if (next === state) {
    view.tell(message.output);
    return;
  }
  state = next;
  // Messages may come faster than the screen is drawn.
  frame ??= requestAnimationFrame(() => {
    frame = undefined;
    view.render(state);
  });
});

view.render(state);
editor.postMessage({ type: 'ready' } satisfies FromPanel);
