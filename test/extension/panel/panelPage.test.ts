import { describe, expect, it } from 'vitest';
import { panelPage } from '../../../src/extension/panel/panelPage';

describe('page of the panel', () => {
  const hostile = '</script><script>alert(1)</script>';
  const page = panelPage({
    script: 'vscode:panel.js',
    style: 'vscode:panel.css',
    cspSource: 'vscode:',
    nonce: 'n0nce',
    language: 'zh-cn',
    translations: { Curves: hostile },
  });

  it('allows its own script and style and nothing else', () => {
    expect(page).toContain(`content="default-src 'none'; script-src 'nonce-n0nce'; style-src vscode:;"`);
    expect(page).not.toMatch(/unsafe|<style|style="|\son[a-z]+=/);
    expect([...page.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)).toEqual([
      '<script type="application/json" id="texts">',
      '<script nonce="n0nce" src="vscode:panel.js">',
    ]);
  });

  it('brings its texts along in the language of the editor', () => {
    const [, texts] = /id="texts">(.*?)<\/script>/.exec(page)!;
    expect(JSON.parse(texts!)).toEqual({ Curves: hostile });
    expect(page).toContain('<html lang="zh-cn">');
  });
});
