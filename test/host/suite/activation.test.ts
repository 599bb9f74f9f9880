import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { printLine } from '../pageDriver';

interface ExtensionManifest {
  contributes?: { commands?: { command: string }[] };
}

function findRecur(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('recur.recur');
  assert.ok(extension, 'the extension recur.recur is installed');
  return extension;
}

/** Files that the dynamic linker has mapped into the extension host, as Node itself reports them. */
function sharedObjects(): string[] {
  const report = process.report.getReport() as unknown as { sharedObjects?: string[] };
  return (report.sharedObjects ?? []).map((file) => file.replaceAll('\\', '/'));
}

describe('activation', () => {
  it('activates', async function () {
    const extension = findRecur();
    const startedMs = performance.now();
    await extension.activate();
    await printLine(
      `      active after ${(performance.now() - startedMs).toFixed(1)} ms, while the window was starting`,
    );
    assert.equal(extension.isActive, true);
  });

  it('loads no native module into the extension host', async () => {
    const extension = findRecur();
    await extension.activate();
    const objects = sharedObjects();
    assert.ok(objects.length > 0, 'Node reports the shared objects of this process');
    const folder = `${extension.extensionPath.replaceAll('\\', '/')}/`;
    const editorServer = path.posix.join(folder, '.cache/'); // the VS Code under test may itself lie in the checkout
    const ours = objects.filter((file) => file.startsWith(folder) && !file.startsWith(editorServer));
    const frameworks = objects.filter((file) => /tensorflow|onnxruntime|tfjs/i.test(path.posix.basename(file)));
    assert.deepEqual([...ours, ...frameworks], []);
  });

  it('registers every command of its manifest', async () => {
    const extension = findRecur();
    await extension.activate();
    const manifest = JSON.parse(
      readFileSync(path.join(extension.extensionPath, 'package.json'), 'utf8'),
    ) as ExtensionManifest;
    const declared = (manifest.contributes?.commands ?? []).map(({ command }) => command);
    assert.ok(declared.length > 0, 'package.json contributes commands');
    // `true` leaves out internal commands; what an extension registers is never internal unless its name starts with '_'.
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      declared.filter((command) => !registered.has(command)),
      [],
    );
  });
});
