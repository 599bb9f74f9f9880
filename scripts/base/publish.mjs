// Puts an export where the extension takes it with it, its weights stored in float16.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readJson } from '../setup/jsonFile.mjs';
import { loadHalfPrecision } from './productSources.mjs';

const graphName = 'model.onnx';
const manifestName = 'manifest.json';
/** Every package carries it. */
const mostBytes = 6_000_000;

/**
 * @param {string} model folder of an export
 * @param {string} target
 * @returns {Promise<number>} bytes of the graph
 */
export async function publishBase(model, target) {
  const { storeInHalf } = await loadHalfPrecision();
  const graph = storeInHalf(readFileSync(path.join(model, graphName)));
  if (graph.length > mostBytes) throw new Error(`The base model has ${graph.length} bytes, more than ${mostBytes}.`);
  const manifest = /** @type {object} */ (readJson(path.join(model, manifestName)));
  const sha256 = createHash('sha256').update(graph).digest('hex');
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, graphName), graph);
  const files = [{ name: graphName, bytes: graph.length, sha256 }];
  writeFileSync(path.join(target, manifestName), `${JSON.stringify({ ...manifest, files })}\n`);
  return graph.length;
}
