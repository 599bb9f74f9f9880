import { packagedBundles } from '../build.mjs';

/**
 * @typedef {import('./nativeHeaders.mjs').NativeHeader} NativeHeader
 * @typedef {import('./targets.mjs').Target} Target
 * @typedef {object} Inspected
 * @property {Target} target
 * @property {number} bytes of the VSIX
 * @property {readonly string[]} entries paths in the VSIX
 * @property {Readonly<Record<string, readonly NativeHeader[]>>} headers of every native file, by path in the VSIX
 * @property {readonly string[]} expected what was to be packed, by path in the VSIX
 */

/** Open VSX refuses more than 256 MB; this leaves room, and a download of less is kinder. */
export const mostBytes = 200e6;

/** What the machines are called in the headers of ELF, PE and Mach-O files. */
const machines = { x64: ['X86_64', 'AMD64'], arm64: ['AARCH64', 'ARM64'] };

const needed = [
  'extension/package.json',
  'extension/readme.md',
  'extension/ThirdPartyNotices.txt',
  'extension/bom.cdx.json',
  ...packagedBundles.map((script) => `extension/${script}`),
];

/** What belongs to this repository, or to nobody's package. */
const forbidden =
  /(^|\/)(\.env[^/]*|\.git|\.recur|[^/]*\.pem)(\/|$)|\.(map|ts|vsix)$|^extension\/(src|test|scripts|bench|docs|node_modules)\//;

/**
 * Says what is wrong with a package that was made.
 * @param {Inspected} inspected
 * @returns {string[]} one sentence each; none where it may be published
 */
export function packageProblems({ target, bytes, entries, headers, expected }) {
  const lower = new Set(entries.map((entry) => entry.toLowerCase()));
  const megabytes = (/** @type {number} */ size) => (size / 1e6).toFixed(1);
  return [
    ...needed.filter((file) => !lower.has(file.toLowerCase())).map((file) => `${file} is missing.`),
    ...expected.filter((file) => !lower.has(file.toLowerCase())).map((file) => `${file} was left out.`),
    ...entries.filter((entry) => forbidden.test(entry)).map((entry) => `${entry} does not belong there.`),
    ...Object.entries(headers).flatMap(([file, found]) => headerProblems(file, found, target)),
    ...(bytes > mostBytes ? [`It has ${megabytes(bytes)} MB, and ${megabytes(mostBytes)} are the limit.`] : []),
  ];
}

/**
 * @param {string} file
 * @param {readonly NativeHeader[]} found
 * @param {Target} target
 * @returns {string[]}
 */
function headerProblems(file, found, target) {
  if (found.length === 0) return [`${file} is named like a native library and is none.`];
  const fits = found.some(
    ({ system, machine }) => system === target.system && machines[target.processor].includes(machine),
  );
  if (!fits) {
    const made = found.map(({ system, machine }) => `${system} on ${machine}`).join(', ');
    return [`${file} was made for ${made}, and the package is for ${target.name}.`];
  }
  const glibc = target.musl === true && found.some(({ libraries }) => libraries.includes('libc.so.6'));
  return glibc ? [`${file} needs glibc, which ${target.name} does not have.`] : [];
}
