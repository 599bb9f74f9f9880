import { describe, expect, it } from 'vitest';
import { cells, defaultTraining, precisions } from '../../src/core/configuration';
import { fasterPrecision, measureSpeed } from '../../src/training/speedProbe';
import { loadTensorFlow } from '../../src/training/tensorflow';

describe('what is measured before a training', () => {
  it.each(cells)('tells which precision is faster for a %s, and how fast it is', async (cell) => {
    const tensorflow = await loadTensorFlow('tensorflow');
    const probed = { ...defaultTraining, model: { ...defaultTraining.model, cell }, batch: 4 };
    expect(precisions).toContain(fasterPrecision(tensorflow, probed, 50, 2));
    for (const precision of precisions) {
      const speed = await measureSpeed(tensorflow, { ...probed, precision, budget: { minutes: 0 } }, 50, null);
      expect(speed).toBeGreaterThan(1e8);
      expect(speed).toBeLessThan(1e13);
    }
  });

  it('is float32 without the native library', async () => {
    expect(fasterPrecision(await loadTensorFlow('cpu'), defaultTraining, 50, 2)).toBe('float32');
  });
});
