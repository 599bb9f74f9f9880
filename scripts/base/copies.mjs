// Copies are found by what they say: three lines in a row that another file has too.
import { createHash } from 'node:crypto';

/** Lines that say little (braces, blank ones, `return null;`) are passed over: shorter than this without white space at the ends. */
const leastLineCharacters = 12;
const leastLetters = 5;
/** Lines of a passage. */
const passageLines = 3;

/**
 * The passages of a text as numbers: every three telling lines in a row, white space made one blank. A licence at the top
 * is no part of it: thousands of files share it.
 * @param {string} text
 * @returns {Set<number>}
 */
export function passagesOf(text) {
  const lines = withoutLicence(text)
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter(isTelling);
  /** @type {Set<number>} */
  const passages = new Set();
  for (let end = passageLines; end <= lines.length; end++) {
    passages.add(numberOf(lines.slice(end - passageLines, end).join('\n')));
  }
  return passages;
}

/** @param {string} line */
function isTelling(line) {
  return line.length >= leastLineCharacters && (line.match(/\p{L}/gu)?.length ?? 0) >= leastLetters;
}

const licenceWords = /copyright|licen[cs]e|SPDX/i;

/**
 * Without the comment that a text begins with, where that speaks of a licence.
 * @param {string} text
 */
function withoutLicence(text) {
  const comment = /^(#!.*\n)?\s*(\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|((\/\/|#|--|;).*\n\s*)+)/.exec(text)?.[0] ?? '';
  return licenceWords.test(comment) ? text.slice(comment.length) : text;
}

/**
 * 52 bits of a hash: exact as a number.
 * @param {string} passage
 */
function numberOf(passage) {
  return createHash('md5').update(passage).digest().readUIntBE(0, 6);
}

/**
 * How many of some passages are known.
 * @param {Iterable<number>} passages
 * @param {{has(passage: number): boolean}} known
 */
export function countKnown(passages, known) {
  let count = 0;
  for (const passage of passages) if (known.has(passage)) count++;
  return count;
}

/**
 * Whether a file is nearly a copy of what was read before: half of its passages are known.
 * @param {number} shared @param {number} all
 */
export function isNearDuplicate(shared, all) {
  return shared >= 3 && shared * 2 >= all;
}

/**
 * Whether a file holds a copy of something that may not be read: a twentieth of its passages, or twenty of them. Much
 * stricter than among files that may be read, since here a doubt is no loss.
 * @param {number} shared @param {number} all
 */
export function holdsReserved(shared, all) {
  return (shared >= 2 && shared * 20 >= all) || shared >= 20;
}
