import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createJobLines } from '../src/jobLines';

const done = {
  type: 'done',
  ...{ job: 'j', name: 'web', source: '0a1b', version: 3, steps: 60, again: false, formatVersion: 1, reason: 'budget' },
  validation: { nats: 1.5, bitsPerCharacter: 2.16, perplexity: 4.48 },
};

describe('what a job says', () => {
  it('becomes its progress, its measurements and its end', () => {
    const measured: unknown[] = [];
    const restored: number[] = [];
    const lines = createJobLines('one', {
      measured: (measurement) => measured.push(measurement),
      restored: (step) => restored.push(step),
    });
    lines.take('{"type":"restored","step":20,"seconds":3}');
    lines.take('{"type":"progress","step":30,"perplexity":9.5,"nats":2.25}');
    lines.take('{"type":"validation","step":30,"nats":2.3,"perplexity":9.97}');
    lines.take('{"type":"stored","step":40}');
    const progress = { worker: 'one', step: 30, perplexity: 9.5, validation: 9.97, stored: 40 };
    assert.deepEqual(lines.progress(), progress);
    assert.deepEqual(measured, [{ step: 30, nats: 2.3 }]);
    assert.deepEqual(restored, [20]);
    assert.equal(lines.done(), undefined);
    lines.take(JSON.stringify(done));
    const { job, name, source, version, steps, again } = done;
    assert.deepEqual(lines.done(), { job, name, source, version, steps, again, nats: 1.5, perplexity: 4.48 });
  });

  it('and is nothing known is passed over', () => {
    const fail = () => assert.fail('nothing was said');
    const lines = createJobLines('one', { measured: fail, restored: fail });
    for (const line of [
      '',
      'text',
      '{',
      'null',
      '{"type":"new"}',
      '{"type":"done"}',
      '{"type":"progress","step":"1"}',
    ]) {
      lines.take(line);
    }
    assert.equal(lines.done(), undefined);
    assert.equal(lines.progress().step, 0);
  });
});
