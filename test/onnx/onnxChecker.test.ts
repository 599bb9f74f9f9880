import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../../src/onnx/exportModel';
import { findOnnxPython } from '../../scripts/setup/python.mjs';
import { missingTool } from '../missingTool';
import { checkModel } from './onnxChecker';
import { asciiVocabulary, randomWeights, shapeName, shapes } from './randomWeights';

const python = await findOnnxPython(resolve(import.meta.dirname, '../..'));
describe('onnx.checker accepts', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'recur-onnx-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it.for(shapes.map((shape) => ({ name: shapeName(shape), shape })))('$name', async ({ name, shape }, { skip }) => {
    if (python === undefined) missingTool(skip, 'no Python here can import onnx (Debian: python3-onnx, PyPI: onnx)');
    const file = join(directory, `${name}.onnx`);
    const metadata = { step: 0, validation: null, test: null };
    await writeFile(file, exportModel(randomWeights(shape, 20), asciiVocabulary(20), metadata));
    expect(checkModel(python, file)).toBe('');
  });
});
