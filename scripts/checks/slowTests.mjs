import { readdirSync } from 'node:fs';
import path from 'node:path';

/** Tests that take seconds each, most by whole trainings, processes or browsers: files, and folders with all they hold. */
const slow = [
  'test/bench',
  'test/cli',
  'test/corpus/readCorpus.test.ts',
  'test/corpus/reading.property.test.ts',
  'test/cuda/installCuda.test.ts',
  'test/editors/historyReplay.test.ts',
  'test/editors/trainingHost.test.ts',
  'test/engine/calibrating',
  'test/engine/documents/writtenSecrets.test.ts',
  'test/engine/engineService.test.ts',
  'test/engine/evaluating',
  'test/engine/main.test.ts',
  'test/engine/memory',
  'test/engine/model',
  'test/engine/providers',
  'test/inference/runtime.test.ts',
  'test/ipc',
  'test/lsp',
  'test/memory/code/codeMatches.test.ts',
  'test/memory/languageMemory.test.ts',
  'test/objectStore',
  'test/onnx/onnxChecker.test.ts',
  'test/onnx/tensorflowAgreement.test.ts',
  'test/panel/panel.test.ts',
  'test/scripts/documentedCommands.test.ts',
  'test/privacy',
  'test/protocol/messages.property.test.ts',
  'test/scripts',
  'test/store/containers.test.ts',
  'test/trainer',
  'test/training/gradient',
  'test/training/loop',
  'test/training/optimizers/muon.test.ts',
  'test/training/probing',
  'test/training/tensorflow',
  'test/training/threads',
];

/**
 * Lists the slow tests that a change leaves to npm test: all but those that it changes itself, and those of the files that it
 * changes (of src/ipc/client.ts, test/ipc/client.test.ts).
 * @param {string} root folder of the project
 * @param {readonly string[]} changed paths relative to it
 * @returns {string[]} such paths, sorted
 */
export function slowTestsLeft(root, changed) {
  const own = new Set(changed.flatMap((file) => [file, testOf(file)]));
  return readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((file) => `test/${file.split(path.sep).join('/')}`)
    .filter((file) => file.endsWith('.test.ts') && !own.has(file))
    .filter((file) => slow.some((place) => file === place || file.startsWith(`${place}/`)))
    .sort();
}

/** @param {string} file */
function testOf(file) {
  return file.replace(/^(src\/|(?=scripts\/))/, 'test/').replace(/\.\w+$/, '.test.ts');
}
