import { afterAll, describe, expect, it } from 'vitest';
import { loadTensorFlow } from '../../../src/training/tensorflow/tensorflow';
import { trainModel } from '../../../src/training/loop/trainingLoop';
import { recordingOptions, smallConfiguration, smallData } from '../smallTraining';

afterAll(async () => {
  await loadTensorFlow();
});

describe.each(['wasm', 'cpu'] as const)('without the native library, on the %s backend', (backend) => {
  it('trains a small model, whose loss falls, and says in one sentence that it is slower', async () => {
    const loaded = await loadTensorFlow(backend);
    expect(loaded.backend).toBe(backend);
    expect(loaded.tf.getBackend()).toBe(backend);
    expect(loaded.warning).toMatch(/^TensorFlow's native library is not in use.*slower\.$/);
    const { options, recorded } = recordingOptions();
    const model = await trainModel(loaded, smallConfiguration(), smallData(), options);
    expect(model.validation.nats).toBeLessThan(0.85 * Math.log(smallData().vocabulary.size));
    expect(recorded.progress.at(-1)!.nats).toBeLessThan(recorded.progress[0]!.nats);
  });
});
