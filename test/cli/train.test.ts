import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstCodePointToken } from '../../src/text/vocabulary';
import { readHistory } from '../../src/store/history';
import { paths, readCurrent } from '../../src/store/modelDirectory';
import { runCli, startCli, type CliResult } from './runCli';

/** A real package's sources. */
const fixture = join(import.meta.dirname, '../fixtures/workspace');
const small = ['--hidden', '32', '--embedding', '16', '--batch', '8', '--sequence', '32', '--json'];

let directory: string;
let workspace: string;
let out: string;
let trained: CliResult;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-train-'));
  workspace = join(directory, 'workspace');
  out = join(directory, 'model');
  await cp(fixture, workspace, { recursive: true });
  trained = await runCli('train', workspace, '--out', out, '--steps', '60', ...small);
}, 180_000);

afterAll(() => rm(directory, { recursive: true, force: true }));

const lastOf = (result: CliResult, type: string) => result.lines.findLast((line) => line.type === type)!;

/** Nats per character of the whole validation part at the end of a training. */
function validation(result: CliResult): number {
  return (lastOf(result, 'done') as { validation: { nats: number } }).validation.nats;
}

describe('recur train', () => {
  it('says what it read, how it goes and how it ended, in JSON lines and nothing else', () => {
    expect(trained.stderr).toBe('');
    expect(trained.code).toBe(0);
    const types = trained.lines.map((line) => line.type);
    expect(types[0]).toBe('corpus');
    expect(types.at(-1)).toBe('done');
    expect(types).toContain('progress');
    expect(types).toContain('validation');
    const corpus = lastOf(trained, 'corpus') as Record<string, number>;
    expect(corpus.characters).toBe(corpus.trainCharacters! + corpus.validationCharacters! + corpus.testCharacters!);
    expect(lastOf(trained, 'done')).toMatchObject({ steps: 60, reason: 'budget' });
  });

  it('learns: better than a uniform guess and than letter frequencies are at the start', () => {
    const done = lastOf(trained, 'done') as unknown as {
      validation: { nats: number };
      baselines: { uniform: { nats: number } };
    };
    expect(done.validation.nats).toBeLessThan(done.baselines.uniform.nats - 0.5);
  });

  it('repeats itself to the digit for the same seed', async () => {
    const again = await runCli('train', workspace, '--out', join(directory, 'again'), '--steps', '60', ...small);
    const losses = (result: CliResult) =>
      result.lines.filter((line) => line.type === 'progress').map((line) => line.nats);
    expect(losses(again)).toEqual(losses(trained));
    expect((lastOf(again, 'done') as { validation: object }).validation).toEqual(
      (lastOf(trained, 'done') as { validation: object }).validation,
    );
  });

  it('writes its measurements down as it says them', async () => {
    const history = await readHistory(paths.history(paths.run(out, lastOf(trained, 'done').run as string)));
    const spoken = trained.lines.filter((line) => line.type === 'progress' || line.type === 'validation');
    expect(history.filter(({ type }) => type === 'progress' || type === 'validation')).toEqual(spoken);
  });

  it('keeps the best model and ends with 0 when it is interrupted', async () => {
    const run = startCli(['train', workspace, '--out', join(directory, 'stopped'), '--minutes', '10', ...small]);
    await run.until('"type":"progress"');
    run.child.kill('SIGINT');
    const result = await run.result;
    expect(result.code).toBe(0);
    const done = lastOf(result, 'done');
    expect(done.reason).toBe('stopped');
    const { model, validation: told } = done as unknown as { model: string; validation: { nats: number } };
    expect(await readCurrent(join(directory, 'stopped'))).toBe(basename(model));
    // Not what it has begun with, and what it says of the model is true of the file.
    const { uniform } = done.baselines as { uniform: { nats: number } };
    expect(told.nats).toBeLessThan(uniform.nats);
    const evaluated = await runCli('evaluate', '--split', 'validation', '--model', model, '--json');
    expect(Math.abs((lastOf(evaluated, 'total') as { nats: number }).nats - told.nats)).toBeLessThan(1e-3);
  });

  it.each([
    ['stopped', 'SIGINT', '1'],
    ['killed', 'SIGKILL', '1'],
    ['stopped', 'SIGINT', '2'],
  ] as const)(
    'ends where it would have when it is %s (%s) and goes on, on %s threads',
    async (how, signal, threads) => {
      const target = join(directory, `exact-${how}-${threads}`);
      const run = startCli(['train', workspace, '--out', target, '--steps', '60', ...small]);
      await run.until('"step":15,');
      run.child.kill(signal);
      await run.result;
      const resume = ['train', workspace, '--out', target, '--resume', '--steps', '60', '--threads', threads, '--json'];
      // The trainer of the killed one may still be there for a moment, without its parent: it is waited for.
      const resumed = await runCli(...resume);
      expect(resumed.code).toBe(0);
      const losses = (result: CliResult) =>
        new Map(
          result.lines.filter(({ type }) => type === 'progress').map(({ step, nats }) => [Number(step), Number(nats)]),
        );
      const expected = losses(trained);
      const actual = losses(resumed);
      expect(actual.size).toBeGreaterThan(how === 'killed' ? 19 : 5);
      for (const [step, nats] of [...actual].slice(1)) expect(nats, `step ${step}`).toBeCloseTo(expected.get(step)!, 4);
      expect(validation(resumed)).toBeCloseTo(validation(trained), 4);
      expect(lastOf(resumed, 'done').steps).toBe(60);
    },
    180_000,
  );

  it('goes on where it was stopped, with what the workspace has become', async () => {
    const run = startCli(['train', workspace, '--out', join(directory, 'resumed'), '--minutes', '10', ...small]);
    await run.until('"type":"progress"');
    run.child.kill('SIGINT');
    const stopped = lastOf(await run.result, 'done') as { steps: number; run: string };
    const grown = join(directory, 'grown');
    await cp(workspace, grown, { recursive: true });
    await writeFile(join(grown, 'new.ts'), '// ∀x ∃y ∀x ∃y\n'.repeat(20));
    const args = ['train', grown, '--out', join(directory, 'resumed'), '--resume', '--steps', '10', '--json'];
    const resumed = await runCli(...args);
    expect(resumed.stderr).toBe('');
    expect(lastOf(resumed, 'done')).toMatchObject({ run: stopped.run, steps: stopped.steps + 10 });
  });

  it('trains at a constant rate until it is told how to end, on as few code points as were asked for', async () => {
    const target = join(directory, 'constant');
    const args = ['train', workspace, '--out', target, '--decay-share', '0', '--learning-rate', '0.03'];
    const constant = await runCli(...args, '--max-vocabulary', '50', '--steps', '80', ...small);
    const rates = (result: CliResult) =>
      result.lines.filter(({ type }) => type === 'progress').map(({ learningRate }) => learningRate as number);
    expect(rates(constant).at(-1)).toBe(0.03);
    expect(lastOf(constant, 'corpus').vocabulary).toBe(50 + firstCodePointToken);
    const end = ['--resume', '--steps', '40', '--decay-share', '0.5', '--json'];
    const ended = rates(await runCli('train', workspace, '--out', target, ...end));
    expect(Math.max(...ended)).toBe(0.03);
    expect(ended.at(-1)).toBeLessThan(0.003);
  });

  it('starts from the export of another training, with its loss and its shape', async () => {
    const shared = join(directory, 'shared');
    await cp(lastOf(trained, 'done').model as string, shared, { recursive: true });
    const target = join(directory, 'started');
    const args = ['train', workspace, '--out', target, '--from', shared, '--steps', '1', '--json'];
    // A step too small to change anything leaves what it has started from.
    const started = await runCli(...args, '--hidden', '32', '--optimizer', 'sgd', '--learning-rate', '0.0000001');
    expect(started.stderr).toBe('');
    expect(validation(started)).toBeCloseTo(validation(trained), 4);
    const refused = await runCli(...args, '--cell', 'gru');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe(
      'recur: The model to start from has cell lstm, not gru. Leave cell out, or start from another model.\n',
    );
  });

  it('leaves the last good model in use when it is killed, and starts again at once', async () => {
    const target = join(directory, 'killed');
    await cp(out, target, { recursive: true });
    const before = await readCurrent(target);
    const run = startCli(['train', workspace, '--out', target, '--minutes', '10', ...small]);
    await run.until('"type":"corpus"');
    run.child.kill('SIGKILL');
    await run.result;
    const current = await readCurrent(target);
    expect(current).toBeDefined();
    expect(await readFile(join(paths.model(target, before!), 'model.onnx'))).toBeDefined();
    const evaluated = await runCli('evaluate', join(workspace, 'LICENSE'), '--model', target, '--json');
    expect(evaluated.code).toBe(0);
    // The trainer of the killed one may still be there for a moment, without its parent: it is waited for.
    const again = await runCli('train', workspace, '--out', target, '--steps', '2', ...small);
    expect(again.code).toBe(0);
  });
});

describe('a trained model', () => {
  it('has the same validation loss in onnxruntime as in TensorFlow', async () => {
    const result = await runCli('evaluate', '--split', 'validation', '--model', out, '--json');
    const done = lastOf(trained, 'done') as unknown as { validation: { nats: number } };
    const total = lastOf(result, 'total') as { nats: number; characters: number };
    expect(Math.abs(total.nats - done.validation.nats)).toBeLessThan(1e-3);
    expect(total.characters).toBe(lastOf(trained, 'corpus').validationCharacters);
  });

  it('measures files one by one, and all together as their mean', async () => {
    const result = await runCli('evaluate', join(workspace, 'src'), '--model', out, '--json');
    const files = result.lines.filter((line) => line.type === 'file') as unknown as {
      nats: number;
      characters: number;
    }[];
    const total = lastOf(result, 'total') as unknown as { nats: number; characters: number };
    const sum = files.reduce((nats, file) => nats + file.nats * file.characters, 0);
    expect(files.length).toBeGreaterThan(10);
    expect(total.nats).toBeCloseTo(sum / total.characters, 6);
  });

  it('is measured alone, beside it the memory, and both together', async () => {
    const alone = lastOf(await runCli('evaluate', '--split', 'test', '--model', out, '--json'), 'total');
    const evaluate = () => runCli('evaluate', '--split', 'test', '--with-memory', '--model', out, '--json');
    const result = await evaluate();
    expect(result.stderr).toBe('');
    const totals = result.lines.filter((line) => line.type === 'total') as unknown as Record<string, number>[];
    expect(totals.map(({ model }) => model)).toEqual(['network', 'memory', 'both']);
    expect(result.lines.at(-1)).toEqual(totals[2]);
    const [network, memory, both] = totals.map(({ bitsPerCharacter }) => bitsPerCharacter!);
    expect(network).toBeCloseTo(alone.bitsPerCharacter as number, 4);
    // After 60 steps the network knows little; the memory knows the workspace and what stands above.
    expect(memory).toBeLessThan(network!);
    expect(both).toBeLessThan(memory!);
    expect(totals.map(({ characters }) => characters)).toEqual(Array(3).fill(alone.characters));
    const files = result.lines.filter((line) => line.type === 'file') as unknown as Record<string, number>[];
    const sum = files.reduce((nats, file) => nats + file.nats! * file.characters!, 0);
    expect(totals[2]!.nats).toBeCloseTo(sum / totals[2]!.characters!, 9);
    // The weights were fitted the first time and are kept.
    expect((await evaluate()).stdout).toBe(result.stdout);
  });

  it.each(['network', 'both'])('says of each character what it says of the file: %s', async (model) => {
    const file = join(directory, 'characters.ts');
    await writeFile(file, "const a = '\u{1f600}';\r\nconst b = a;\n");
    const memory = model === 'both' ? ['--with-memory', '--workspace', workspace] : [];
    const args = ['evaluate', file, '--model', out, ...memory];
    const { lines } = await runCli(...args, '--per-character');
    const text = "const a = '\u{1f600}';\nconst b = a;\n";
    let offset = 0;
    for (const [index, character] of Array.from(text).entries()) {
      expect(lines[index]).toEqual({
        ...{ type: 'character', offset, text: character },
        ...{ bits: expect.any(Number) as number, entropy: expect.any(Number) as number },
      });
      offset += character.length;
    }
    const total = (await runCli(...args, '--json')).lines.find(
      (line) => line.type === 'total' && line.model === model,
    )!;
    const bits = (lines as unknown as { bits: number }[]).reduce((sum, line) => sum + line.bits, 0);
    expect(lines).toHaveLength(total.characters as number);
    expect(bits / lines.length).toBeCloseTo(total.bitsPerCharacter as number, 6);
  });

  it('is measured by what its completions are worth', async () => {
    const places = ['--completions', '--positions', '40', '--seed', '3'];
    const result = await runCli('evaluate', '--split', 'test', ...places, '--with-memory', '--model', out, '--json');
    expect(result.stderr).toBe('');
    const total = result.lines.at(-1) as { type: string; keystrokesSaved: { line: number; word: number } };
    expect(total).toMatchObject({ type: 'completions', model: 'both', positions: 40 });
    for (const share of ['exactShare', 'threshold', 'shownShare', 'precision', 'expectedCalibrationError']) {
      expect(total).toHaveProperty(
        share,
        expect.toSatisfy((value: number) => value >= 0 && value <= 1),
      );
    }
    expect(total.keystrokesSaved.word).toBeGreaterThanOrEqual(total.keystrokesSaved.line);
    const types = new Set(result.lines.map(({ type }) => type));
    expect(types).toEqual(new Set(['reliability', 'threshold', 'list', 'completions']));
  });

  it('is measured beside a memory that never holds the files themselves, or copies of them', async () => {
    const file = join(workspace, 'LICENSE');
    const bits = async (folder: string): Promise<unknown> => {
      const args = ['evaluate', file, '--with-memory', '--workspace', folder, '--model', out, '--json'];
      return lastOf(await runCli(...args), 'total').bitsPerCharacter;
    };
    const [withCopy, withoutCopy] = [join(directory, 'withCopy'), join(directory, 'withoutCopy')];
    for (const folder of [withCopy, withoutCopy]) await cp(join(workspace, 'src'), folder, { recursive: true });
    await cp(file, join(withCopy, 'copied.txt'));
    expect(await bits(withCopy)).toBe(await bits(withoutCopy));
  });

  it('completes what the workspace says elsewhere, unless the network is asked alone', async () => {
    const license = (await readFile(join(workspace, 'LICENSE'), 'utf8')).split('\n');
    const [index, line] = Array.from(license.entries()).find(([, text]) => text.length > 75)!;
    const file = join(directory, 'new.txt');
    await writeFile(file, [...license.slice(0, index), line.slice(0, 66)].join('\n'));
    const place = [
      '--line',
      String(index + 1),
      '--column',
      '67',
      '--minimum-confidence',
      '0',
      '--max-characters',
      '200',
      '--prose',
      'normal',
    ];
    const complete = async (...more: string[]) =>
      lastOf(await runCli('complete', file, ...place, '--model', out, '--json', ...more), 'completion').text;
    expect(await complete()).toBe(line.slice(66));
    expect(await complete('--without-memory')).not.toBe(line.slice(66));
  });

  it('is not needed to complete what a workspace says elsewhere', async () => {
    const license = (await readFile(join(workspace, 'LICENSE'), 'utf8')).split('\n');
    const line = license.find((text) => text.length > 50)!;
    const file = join(directory, 'untrained.txt');
    await writeFile(file, line.slice(0, 30));
    const place = ['--line', '1', '--column', '31', '--minimum-confidence', '0', '--max-characters', '200'];
    const result = await runCli('complete', file, ...place, '--workspace', workspace, '--json');
    expect(result.stderr).toBe('');
    expect(lastOf(result, 'completion')).toMatchObject({ text: line.slice(30), model: 'both' });
    const named = await runCli('complete', file, ...place, '--workspace', workspace, '--model', directory);
    expect(named).toMatchObject({ code: 1, stdout: '' });
    expect(named.stderr).toContain('There is no model');
  });

  it('gives the same text for the same seed, and greedy text whatever the seed', async () => {
    const generate = async (...more: string[]) =>
      lastOf(await runCli('generate', '--model', out, '--length', '40', '--json', ...more), 'completion')
        .text as string;
    expect(await generate('--temperature', '1', '--seed', '3')).toBe(
      await generate('--temperature', '1', '--seed', '3'),
    );
    expect(await generate('--temperature', '0', '--seed', '1')).toBe(
      await generate('--temperature', '0', '--seed', '2'),
    );
    expect(Array.from(await generate('--temperature', '1', '--seed', '3'))).toHaveLength(40);
  });

  it('completes no file whose content is secret', async () => {
    const file = join(directory, 'deploy.ts');
    // Put together here, so that this file holds no token itself.
    const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
    await writeFile(file, `const token = '${token}';\n`);
    const result = await runCli('complete', file, '--line', '1', '--column', '5', '--model', out);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('is not completed');
  });

  it('is passed over for the newest whole one when its file was changed, and refused where there is none', async () => {
    const damaged = join(directory, 'damaged');
    await cp(out, damaged, { recursive: true });
    const [current, models] = [(await readCurrent(damaged))!, await readdir(join(damaged, 'models'))];
    for (const id of models) if (id !== current) await rm(paths.model(damaged, id), { recursive: true });
    const whole = '20250101-000000-abcdef';
    await cp(paths.model(damaged, current), paths.model(damaged, whole), { recursive: true });
    const path = join(paths.model(damaged, current), 'model.onnx');
    const graph = await readFile(path);
    graph[graph.length >> 1]! ^= 1;
    await writeFile(path, graph);
    const evaluate = () => runCli('evaluate', join(workspace, 'LICENSE'), '--model', damaged);
    const passed = await evaluate();
    expect(passed).toMatchObject({ code: 0 });
    expect(passed.stderr).toContain(`A model is passed over: ${path} is damaged: its SHA-256`);
    await rm(paths.model(damaged, whole), { recursive: true });
    const refused = await evaluate();
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^recur: The model cannot be used: .* SHA-256 .*\n$/);
  });

  it('completes beside a damaged record of its run, which is named', async () => {
    const damaged = join(directory, 'damagedRun');
    await cp(out, damaged, { recursive: true });
    const record = paths.runConfiguration(paths.run(damaged, lastOf(trained, 'done').run as string));
    await writeFile(record, '{');
    const place = ['--line', '1', '--column', '1', '--json'];
    const result = await runCli('complete', join(workspace, 'LICENSE'), ...place, '--model', damaged);
    expect(result.code).toBe(0);
    expect(result.stderr).toContain(`${record} is damaged: it is no whole JSON.`);
    const measured = await runCli('evaluate', '--split', 'test', '--model', damaged);
    expect(measured).toMatchObject({ code: 1, stdout: '' });
    expect(measured.stderr).toContain('is gone or damaged');
  });
});
