/** What a suite can ask of the page that shows the editor: one entry per operation, with what goes in and comes back. */

/** 'editor' is the workbench itself, 'webview' the document inside the webview that is visible. */
export type FrameName = 'editor' | 'webview';

interface Target {
  /** A Playwright selector. */
  selector: string;
  /** Default: 'editor'. */
  frame?: FrameName;
}

/** In pixels of the page. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PageOperations {
  /** Writes test-results/screenshots/NAME.png, of the page or a part of it, and gives its path. */
  screenshot: { input: { name: string; clip?: Rectangle }; output: string };
  /** The text of every element that the selector finds now, in document order; no waiting. */
  texts: { input: Target; output: string[] };
  /** An attribute of every element that the selector finds now; null where an element lacks it. */
  attributes: { input: Target & { name: string }; output: (string | null)[] };
  /** Waits (default: 30 s) until an element, with that text if one is given, is visible or, if asked for, gone. */
  waitFor: {
    input: Target & { text?: string; state?: 'visible' | 'hidden'; timeoutMs?: number };
    output: null;
  };
  /** Presses a key or a combination such as 'Control+Shift+P' where the focus is. */
  press: { input: { key: string }; output: null };
  /** Types text key by key where the focus is. */
  type: { input: { text: string }; output: null };
  click: { input: Target & { text?: string }; output: null };
  /** The value of a JavaScript expression in that frame; it must be one that JSON can hold. */
  evaluate: { input: { expression: string; frame?: FrameName }; output: unknown };
  /** Runs a command through the command palette, by the title shown there. */
  command: { input: { title: string }; output: null };
}

export type PageOperationName = keyof PageOperations;

/** Environment variables by which the launcher reaches the test runner inside the extension host. */
export const hostEnvironment = {
  /** Address of the page driver; absent in desktop VS Code. */
  driverAddress: 'RECUR_HOST_DRIVER',
  driverToken: 'RECUR_HOST_DRIVER_TOKEN',
  /** File for the results, see hostResults.ts. */
  resultsFile: 'RECUR_HOST_RESULTS',
  /** Only tests whose full title matches this regular expression run. */
  grep: 'RECUR_HOST_GREP',
} as const;
