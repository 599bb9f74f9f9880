/**
 * node scripts/docs/animation.mjs: the pictures that a host test has taken of completions being typed and accepted
 * (npm run test:host -- -g 'in an animation'), as media/completing.png, which README shows.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { projectRoot } from '../setup/prepare.mjs';

/**
 * @typedef {object} Frame
 * @property {Buffer} png
 * @property {number} ms how long it is shown
 *
 * @typedef {{ type: string, data: Buffer }} Chunk
 */

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/**
 * @param {Buffer} png
 * @returns {Chunk[]}
 */
export function chunksOf(png) {
  /** @type {Chunk[]} */
  const chunks = [];
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/**
 * Pictures of one size and kind as an animated PNG, which is shown again and again (Portable Network Graphics, third
 * edition, 11.3.6): the rows of each stay as they are, compressed anew. What is shown twice in a row is stored once.
 * @param {readonly Frame[]} frames
 * @returns {Buffer}
 */
export function animatedPng(frames) {
  const different = frames.reduce(joinSame, /** @type {Frame[]} */ ([]));
  const headers = new Set(different.map(({ png }) => headerOf(png).toString('hex')));
  if (headers.size !== 1) throw new Error('The pictures of an animation need one size and kind.');
  const header = Buffer.from([...headers].join(''), 'hex');
  let sequence = 0;
  const chunks = different.flatMap(({ png, ms }, index) => {
    const control = numbers([sequence++, header.readUInt32BE(0), header.readUInt32BE(4), 0, 0]);
    const timing = Buffer.from([ms >> 8, ms & 255, 1000 >> 8, 1000 & 255, 0, 0]);
    const frame = { type: 'fcTL', data: Buffer.concat([control, timing]) };
    const rows = deflateSync(inflateSync(pixelsOf(png)), { level: 9 });
    if (index === 0) return [frame, { type: 'IDAT', data: rows }];
    return [frame, { type: 'fdAT', data: Buffer.concat([numbers([sequence++]), rows]) }];
  });
  const all = [
    { type: 'IHDR', data: header },
    { type: 'acTL', data: numbers([different.length, 0]) },
    ...chunks,
    { type: 'IEND', data: Buffer.alloc(0) },
  ];
  return Buffer.concat([signature, ...all.map(written)]);
}

/** @param {Frame[]} frames @param {Frame} next */
function joinSame(frames, next) {
  const last = frames.at(-1);
  if (last?.png.equals(next.png) !== true) return [...frames, next];
  return [...frames.slice(0, -1), { ...last, ms: last.ms + next.ms }];
}

/** @param {Buffer} png */
const headerOf = (png) => /** @type {Chunk} */ (chunksOf(png)[0]).data;

/** @param {Buffer} png */
const pixelsOf = (png) => Buffer.concat(chunksOf(png).flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])));

/** @param {readonly number[]} values */
function numbers(values) {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

/** @param {Chunk} chunk */
function written({ type, data }) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([numbers([data.length]), named, numbers([crc32(named)])]);
}

/** The pictures in their order; the name of each says how long it is shown. @param {string} folder @returns {Frame[]} */
function readFrames(folder) {
  const names = readdirSync(folder).flatMap((name) => {
    const ms = /^animation-\d+-(\d+)ms\.png$/.exec(name)?.[1];
    return ms === undefined ? [] : [{ name, ms: Number(ms) }];
  });
  if (names.length === 0) throw new Error(`There are no pictures in ${folder}: run npm run test:host first.`);
  names.sort((a, b) => a.name.localeCompare(b.name));
  return names.map(({ name, ms }) => ({ png: readFileSync(path.join(folder, name)), ms }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const frames = readFrames(path.join(projectRoot, 'test-results/screenshots'));
  const animation = animatedPng(frames);
  writeFileSync(path.join(projectRoot, 'media/completing.png'), animation);
  const seconds = frames.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  console.log(
    `media/completing.png: ${frames.length} pictures, ${seconds.toFixed(1)} s, ${(animation.length / 1000).toFixed(0)} kB`,
  );
}
