import { describe, expect, it } from 'vitest';
import { panelPage } from '../../../src/extension/panel/panelPage';

describe('page of the panel', () => {
  const page = panelPage({
    script: 'vscode:panel.js',
    style: 'vscode:panel.css',
    cspSource: 'vscode:',
    nonce: 'n0nce',
  });

  it('allows its own script and style and nothing else', () => {
    expect(page).toContain(`content="default-src 'none'; script-src 'nonce-n0nce'; style-src vscode:;"`);
    expect(page).not.toMatch(/unsafe|<style|style="|\son[a-z]+=/);
    expect([...page.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual([
      '<script nonce="n0nce" src="vscode:panel.js">',
    ]);
  });
});
