import './panel.css';
import * as v from 'valibot';
import { toPanelSchema, type FromPanel } from '../protocol/panel';
import { afterMessage, emptyPanelState } from '../protocol/panelState';
import { createView } from './view';

const editor = acquireVsCodeApi();
const render = createView(document.querySelector('main')!, (message: FromPanel) => editor.postMessage(message));

let state = emptyPanelState;
let frame: number | undefined;

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const message = v.safeParse(toPanelSchema, data);
  if (!message.success) return;
  state = afterMessage(state, message.output);
  // Messages may come faster than the screen is drawn.
  frame ??= requestAnimationFrame(() => {
    frame = undefined;
    render(state);
  });
});

// A panel with a state is one that the editor brings back with its window; what it shows comes from the extension.
editor.setState({ restore: true });
render(state);
editor.postMessage({ type: 'ready' } satisfies FromPanel);
