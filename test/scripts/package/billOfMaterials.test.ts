import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { billOfMaterials } from '../../../scripts/package/billOfMaterials.mjs';

let root = '';
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'recur-bill-'));
  add('.', { name: 'recur', version: '1.0.0' });
  add('a', { name: 'a', version: '1.2.3', license: 'MIT' });
  add('b', { name: '@b/c', version: '2.0.0', license: '(Apache-2.0 AND BSD-3-Clause)' });
});
afterAll(() => rmSync(root, { recursive: true }));

function add(folder: string, manifest: object): void {
  mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, folder, 'package.json'), JSON.stringify(manifest));
}

const native = { system: 'linux-x64', libraries: [{ name: 'libtensorflow', version: '2.21.0' }] };

it('names every package with version, licence and package URL, and the native libraries', () => {
  const bill = JSON.parse(billOfMaterials(root, ['a', 'b'], native)) as { components: { name: string }[] };
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'recur', version: '1.0.0' } } });
  const byName = new Map(bill.components.map((component) => [component.name, component]));
  expect(byName.get('@b/c')).toMatchObject({
    purl: 'pkg:npm/%40b/c@2.0.0',
    licenses: [{ expression: '(Apache-2.0 AND BSD-3-Clause)' }],
  });
  expect(byName.get('a')).toMatchObject({
    version: '1.2.3',
    purl: 'pkg:npm/a@1.2.3',
    licenses: [{ license: { id: 'MIT' } }],
  });
  expect(byName.get('libtensorflow')).toMatchObject({ version: '2.21.0' });
});

it('is the same each time', () => {
  expect(billOfMaterials(root, ['b', 'a'], native)).toBe(billOfMaterials(root, ['a', 'b'], native));
});

it.each(['GPL-3.0-only', '(MIT AND GPL-2.0-only)', 'SEE LICENSE IN eula.txt', undefined])(
  'refuses what is under %s',
  (license) => {
    add('d', { name: 'd', version: '1.0.0', license });
    expect(() => billOfMaterials(root, ['d'], native)).toThrow(/d 1\.0\.0 may not be part of the package/);
  },
);
