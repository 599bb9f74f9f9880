// Which licences the corpus may have: permissive ones, without a duty to pass a work on under the same terms.

const permissive =
  /^(0BSD|Apache(-v?2(\.0)?)?(-with-LLVM-exceptions?)?|BSD([-_~].*|\d.*)?|\d-clause-BSD|Expat|MIT([-_].*)?|X11|ISC|zlib|libpng|PSF(-.*)?|Python(-2\.0)?|Unlicense|BlueOak-1\.0\.0|PostgreSQL|CC0(-1\.0)?|public-domain)$/i;

/**
 * Whether an expression of licences (SPDX, short names of a Debian copyright file, or what PyPI calls them) leaves a
 * permissive one to choose.
 * @param {string} expression
 * @returns {boolean}
 */
export function isPermissive(expression) {
  const choices = expression.replaceAll(/[()]/g, ' ').split(/\s+or\s+|\/(?=Apache|MIT)/i);
  return choices.some((choice) => {
    const names = choice
      .split(/\s+and\s+|,/i)
      .map(shortName)
      .filter((name) => name !== '');
    return names.length > 0 && names.every((name) => permissive.test(name));
  });
}

/** 'Apache Software License' and 'MIT License' are 'Apache' and 'MIT'. @param {string} name */
function shortName(name) {
  return name
    .replace(/^(the|new|modified)\s+/i, '')
    .replace(/Python Software Foundation/i, 'PSF')
    .replace(/\s*ISCL\s*/, '')
    .replaceAll(/\b(Software|Licen[cs]e|version)\b/gi, '')
    .trim()
    .replaceAll(/[\s-]+/g, '-');
}

const restrictive =
  /General Public Licen[cs]e|\bA?L?GPL\b|\bLGPL|Mozilla Public|\bMPL\b|Eclipse Public|\bCDDL\b|Creative Commons|CC[- ]BY|proprietary|All rights reserved\.?\s*(Do not|No part)|Server Side Public|Business Source/i;
const headCharacters = 3_000;

/**
 * Whether a file says of itself, at its top, that its terms are not permissive.
 * @param {string} text
 */
export function saysRestrictive(text) {
  const head = text.slice(0, headCharacters);
  const named = /SPDX-License-Identifier:\s*([^\n*]+)/.exec(head)?.[1];
  if (named !== undefined) return !isPermissive(named.replace(/-->|"""|\*\//, '').trim());
  return restrictive.test(head);
}
