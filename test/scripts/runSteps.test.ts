import { describe, expect, it } from 'vitest';
import { runSteps } from '../../scripts/checks/runSteps.mjs';

interface Outcome {
  readonly name: string;
  readonly code: number;
  readonly counts?: { passed: number; failed: number };
  readonly needed?: boolean;
  readonly error?: string;
}

async function run(outcomes: readonly Outcome[]) {
  const [ran, lines]: [string[], string[]] = [[], []];
  const steps = outcomes.map(({ name, needed, error, ...result }) => ({
    name,
    ...(needed === undefined ? {} : { needed }),
    run: () => {
      ran.push(name);
      return error === undefined ? Promise.resolve(result) : Promise.reject(new Error(error));
    },
  }));
  const code = await runSteps(steps, (line: string) => lines.push(line));
  return { code, ran, last: lines.at(-1), output: lines.join('\n') };
}

const unit = (passed: number, failed: number) => ({
  name: 'unit tests',
  code: failed === 0 ? 0 : 1,
  counts: { passed, failed },
});
const lint = (code: number) => ({ name: 'lint', code });

describe('the steps of npm test', () => {
  it('are all run, and all that failed stand at the end', async () => {
    const { code, ran, last, output } = await run([
      lint(1),
      unit(3, 2),
      { name: 'host', code: 0, counts: { passed: 4, failed: 0 } },
    ]);
    expect(ran).toEqual(['lint', 'unit tests', 'host']);
    expect(code).toBe(1);
    expect(output.slice(output.lastIndexOf('failed:'))).toMatch(/^failed: lint, unit tests \(2 tests\)\n/);
    expect(last).toBe('7 passed, 3 failed');
  });

  it('end well where nothing failed', async () => {
    const { code, last, output } = await run([lint(0), unit(3, 0)]);
    expect([code, last]).toEqual([0, '3 passed, 0 failed']);
    expect(output).not.toMatch(/^failed:/m);
  });

  it.each([
    { what: 'ends with a status and no counts', step: lint(2) },
    { what: 'fails although no test did', step: { name: 'host', code: 1, counts: { passed: 0, failed: 0 } } },
    { what: 'throws', step: { name: 'build', code: 0, error: 'cannot bundle' } },
  ])('count a failure where a step $what', async ({ step }) => {
    const { code, last, output } = await run([step]);
    expect([code, last]).toEqual([1, '0 passed, 1 failed']);
    expect(output).toContain(`failed: ${step.name}`);
  });

  it('fail where a run of tests failed some and said that all was well', async () => {
    expect(await run([{ ...unit(1, 1), code: 0 }])).toMatchObject({ code: 1, last: '1 passed, 1 failed' });
  });

  it('stop where nothing can run without the step that failed, and name what was not run', async () => {
    const { code, ran, last, output } = await run([
      { name: 'set-up', code: 0, needed: true, error: 'npm ci failed' },
      lint(0),
      unit(1, 0),
    ]);
    expect(ran).toEqual(['set-up']);
    expect(output).toContain('npm ci failed');
    expect(output).toContain('not run: lint, unit tests');
    expect([code, last]).toEqual([1, '0 passed, 1 failed']);
  });
});
