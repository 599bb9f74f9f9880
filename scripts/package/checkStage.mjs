import path from 'node:path';
import { lastLine, runProgram } from '../setup/childProcess.mjs';

// Loads the packages as the bundles do, and refuses whatever lies outside: on the user's machine it is not there.
const program = `
  const [stage, withOnnxruntime, withTensorflow] = process.argv.slice(1);
  const Module = require('node:module');
  const util = require('node:util');
  const path = require('node:path');
  process.env.ORT_DISABLE_TELEMETRY = '1';
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (...args) {
    const found = resolve.apply(this, args);
    if (path.isAbsolute(found) && !found.startsWith(stage + path.sep)) throw new Error('needs ' + found);
    return found;
  };
  const load = Module.createRequire(path.join(stage, 'dist', 'trainer.js'));
  if (withTensorflow === 'true') {
    load('@tensorflow/tfjs-node').tensor([1]).square().dataSync();
    load('@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node'); // as training threads do
  }
  const tf = load('@tensorflow/tfjs');
  const wasm = load('@tensorflow/tfjs-backend-wasm');
  if (withOnnxruntime === 'true') load('onnxruntime-node').listSupportedBackends();
  const web = load('onnxruntime-web');
  web.env.wasm.numThreads = 1;
  tf.setBackend('wasm').then(async (works) => {
    if (!works) throw new Error('the WebAssembly backend does not start');
    // It refuses a graph that is none only once it has started.
    const problem = await web.InferenceSession.create(new Uint8Array(4)).catch((error) => error.message);
    if (!/protobuf|ModelProto|load model/i.test(problem)) throw new Error('the WebAssembly onnxruntime does not start: ' + problem);
    await tf.ones([2, 2]).matMul(tf.ones([2, 2])).data();
  });
`;

/**
 * Loads what the package carries, from the package alone.
 * @param {string} stage
 * @param {{onnxruntime: boolean, tensorflow: boolean}} options which native libraries it carries for this machine
 * @returns {Promise<void>}
 * @throws {Error} with one sentence where something is missing or does not load
 */
export async function checkStage(stage, { onnxruntime, tensorflow }) {
  const args = ['-e', program, path.resolve(stage), String(onnxruntime), String(tensorflow)];
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', NODE_PATH: '' };
  const outcome = await runProgram(process.execPath, args, { env, timeoutMs: 120_000 });
  if (outcome.code !== 0) {
    const problem = /^\w*Error: (.*)$/m.exec(outcome.output)?.[1] ?? lastLine(outcome.output);
    throw new Error(`What the package carries does not load from it alone: ${problem}.`);
  }
}
