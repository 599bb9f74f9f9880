import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { thirdPartyNotices } from '../../scripts/package/notices.mjs';
import { neverLoaded, packageOf, runtimeFiles } from '../../scripts/package/runtimeFiles.mjs';
import { packagedManifest, stageExtension, withoutDeadLinks } from '../../scripts/package/stage.mjs';
import { findTarget, hostTarget, nativeParts } from '../../scripts/package/targets.mjs';

describe('the allowlist of the package', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'recur-package-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const wanted = [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'ThirdPartyNotices.txt',
    'bom.cdx.json',
    'dist/extension.js',
    'dist/node_modules/a/index.js',
    'dist/panel.css',
    'media/icon.png',
    'package.json',
  ];
  const unwanted = [
    '.env',
    '.recur/current.json',
    'bench/a.ts',
    'dist/extension.js.map',
    'dist/node_modules/a/index.d.ts',
    'dist/node_modules/a/index.js.map',
    'node_modules/b/index.js',
    'scripts/setup.mjs',
    'src/core/a.ts',
    'test/core/a.test.ts',
    'tsconfig.json',
  ];

  it('lets in what the extension needs and nothing else', async () => {
    for (const file of [...wanted, ...unwanted]) {
      mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(folder, file), '');
    }
    const manifest = { name: 'a', publisher: 'b', version: '1.0.0', engines: { vscode: '^1.101.0' } };
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
    const ignoreFile = path.resolve('.vscodeignore');
    const files = await listFiles({ cwd: folder, ignoreFile, packageManager: PackageManager.None });
    expect(files.sort()).toEqual(wanted);
  });
});

describe('what the package carries of node_modules', () => {
  it("is scripts, manifests, licences and this platform's libraries", async () => {
    const { files: libraries } = nativeParts(process.cwd(), findTarget(hostTarget()));
    const files = await runtimeFiles(process.cwd(), libraries);
    const native = files.filter((file) => /\.(node|so|dylib|dll)(\.|$)/.test(file) && !file.endsWith('.js'));
    const other = files.filter(
      (file) => !native.includes(file) && !/\.(m?js|cjs|json|wasm)$|licen[cs]e|notice|copying/i.test(file),
    );
    expect(other).toEqual([]);
    expect(files.filter((file) => /\.d\.ts$|\.map$|\/tests?\//.test(file))).toEqual([]);
    const onnxruntime = native.filter((file) => file.includes('/onnxruntime-node/'));
    expect(onnxruntime).toContain(
      `node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`,
    );
    expect(onnxruntime.every((file) => file.includes(`/${process.platform}/${process.arch}/`))).toBe(true);
    expect(native.filter((file) => /cuda|tensorrt/i.test(file))).toEqual([]);
  });

  it('is nothing that unpacks archives, deletes folders or talks to servers', async () => {
    const files = await runtimeFiles(process.cwd(), []);
    const names = new Set(files.map((file) => packageOf(file).replace(/^.*node_modules\//, '')));
    expect(names).toContain('@mapbox/node-pre-gyp');
    expect(neverLoaded.filter((name) => names.has(name))).toEqual([]);
  });

  it.each([
    ['node_modules/a/index.js', 'node_modules/a'],
    ['node_modules/@b/c/dist/index.js', 'node_modules/@b/c'],
    ['node_modules/a/node_modules/@b/c/index.js', 'node_modules/a/node_modules/@b/c'],
  ])('%s belongs to %s', (file, folder) => {
    expect(packageOf(file)).toBe(folder);
  });
});

describe('the notices of the package', () => {
  it('name every package with its version, its licence and the text of it', () => {
    const text = thirdPartyNotices(process.cwd(), ['node_modules/valibot', 'node_modules/@tensorflow/tfjs-core']);
    expect(text).toMatch(/^valibot \d+\.\d+\.\d+ \(MIT\)/m);
    expect(text).toContain('Permission is hereby granted, free of charge');
    expect(text).toMatch(/^@tensorflow\/tfjs-core 4\.22\.0 \(Apache-2\.0\)/m);
  });
});

describe('the packaged manifest', () => {
  it('keeps what the editor reads and drops what only the repository needs', () => {
    const own = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, unknown>;
    const packaged = packagedManifest(own);
    for (const key of ['name', 'publisher', 'version', 'main', 'engines', 'extensionKind']) {
      expect(packaged[key]).toEqual(own[key]);
    }
    expect(packaged).not.toHaveProperty('scripts');
    expect(packaged).not.toHaveProperty('devDependencies');
  });
});

describe('what the editor shows of the package', () => {
  it.each([
    ['[docs/a.md](docs/a.md)', 'docs/a.md'],
    ['([listed](docs/a.md)); [b](README.b.md)', '(listed (docs/a.md)); b (README.b.md)'],
    ['[text](media/icon.png), ![picture](media/absent.png)', '[text](media/icon.png), ![picture](media/absent.png)'],
    [
      '[there](https://example.com/docs/a.md) and [above](#start)',
      '[there](https://example.com/docs/a.md) and [above](#start)',
    ],
  ])('links to nothing that the package has not: %s', (markdown, expected) => {
    expect(withoutDeadLinks(markdown, new Set(['media/icon.png']))).toBe(expected);
  });

  it('has its links mended where it is laid out', () => {
    const stage = mkdtempSync(path.join(tmpdir(), 'recur-stage-'));
    try {
      const files = ['README.md', 'CHANGELOG.md', 'LICENSE'].map((file) => ({ source: file, target: file }));
      stageExtension(process.cwd(), stage, files);
      const shown = ['README.md', 'CHANGELOG.md']
        .map((file) => readFileSync(path.join(stage, file), 'utf8'))
        .join('\n');
      expect(shown).toContain('docs/settings.md');
      const targets = [...shown.matchAll(/(?<!!)\[[^\]]*\]\(([^)]*)\)/g)].map(([, target]) => target!);
      expect(targets.filter((target) => !target.startsWith('https:') && !existsSync(path.join(stage, target)))).toEqual(
        [],
      );
    } finally {
      rmSync(stage, { recursive: true });
    }
  });
});
