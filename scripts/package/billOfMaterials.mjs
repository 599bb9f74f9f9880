import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import path from 'node:path';
import { readJson } from '../setup/jsonFile.mjs';

/** @typedef {{name: string, version: string, license?: string}} Manifest */

/** Licences under which a package may be carried along: permissive, without duties beyond their notices. */
const permitted = [
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
];

/**
 * Writes down what a package consists of, as CycloneDX does: the same input gives the same text.
 * @param {string} root folder of the project
 * @param {readonly string[]} folders of the packages in it, bundled or carried, relative to the project
 * @param {{system: string, libraries: readonly {name: string, version: string}[]}} native what native libraries come with it
 * @returns {string} JSON
 * @throws {Error} with one sentence where a package has no licence that permits it
 */
export function billOfMaterials(root, folders, native) {
  const own = manifestOf(root, '.');
  const bom = new Models.Bom();
  bom.metadata.component = new Models.Component(Enums.ComponentType.Application, own.name, {
    version: own.version,
    bomRef: own.name,
  });
  const components = [
    ...folders.map((folder) => componentOf(manifestOf(root, folder))),
    ...native.libraries.map(
      ({ name, version }) =>
        new Models.Component(Enums.ComponentType.Library, name, {
          version,
          bomRef: `${name}@${version}-${native.system}`,
          licenses: licenceOf('Apache-2.0'),
        }),
    ),
  ];
  const known = new Map(components.map((component) => [component.bomRef.value, component]));
  for (const key of [...known.keys()].sort()) bom.components.add(/** @type {Models.Component} */ (known.get(key)));
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return serializer.serialize(bom, { sortLists: true, space: 2 });
}

/** @param {Manifest} manifest */
function componentOf({ name, version, license }) {
  if (license === undefined || !isPermitted(license)) {
    throw new Error(`${name} ${version} may not be part of the package: its licence is ${license ?? 'not named'}.`);
  }
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return new Models.Component(Enums.ComponentType.Library, name, {
    version,
    bomRef: purl,
    purl,
    licenses: licenceOf(license),
  });
}

/** @param {string} license SPDX id or expression */
function licenceOf(license) {
  const entry = license.includes(' ') ? new Models.LicenseExpression(license) : new Models.SpdxLicense(license);
  return new Models.LicenseRepository([entry]);
}

/**
 * @param {string} root
 * @param {string} folder
 */
function manifestOf(root, folder) {
  return /** @type {Manifest} */ (readJson(path.join(root, folder, 'package.json')));
}

/** @param {string} license SPDX id, or an expression of ids with AND, OR and the parentheses of npm */
function isPermitted(license) {
  const parts = license.replace(/[()]/g, '').split(' AND ');
  return parts.every((part) => part.split(' OR ').some((id) => permitted.includes(id)));
}
