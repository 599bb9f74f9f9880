import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import * as v from 'valibot';
import {
  askedByDefault,
  defaultCorpus,
  type AskedTraining,
  type CorpusConfiguration,
  type ModelConfiguration,
} from '../core/configuration';
import { isMissing } from '../core/errors';
import { defaultOuter, mostMachines } from '../core/roundSettings';
import { askedTrainingSchema, corpusConfigurationSchema } from '../store/files';
import { namePattern } from './keys';

/** A SPEC that cannot be meant: its sentence names the entry. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
}

const { model, budget, ...trainingEntries } = askedTrainingSchema.entries;
/** As the options of `recur train`; what is left out is chosen. */
const trainingSchema = v.partial(v.strictObject({ ...model.entries, ...trainingEntries }));

/** Neither an option of git nor a range. */
const revisionPattern = /^(?!.*\.\.)[A-Za-z\d_][\w./+-]{0,199}$/;
const text = (message: string, pattern: RegExp) => v.pipe(v.string(), v.regex(pattern, message));
const numberFrom = (least: number, most: number) => v.pipe(v.number(), v.minValue(least), v.maxValue(most));
const wholeFrom = (least: number, most: number) => v.pipe(numberFrom(least, most), v.integer());

const notEmpty = v.pipe(v.string(), v.minLength(1));

/** What a job is: `recur job run SPEC.json` (docs/scale.md has a table of it). */
const jobSpecSchema = v.strictObject({
  name: text('takes small letters, digits, dots, dashes and underscores', namePattern),
  /** Where there is none, the job is named by what it trains on and how. */
  id: v.optional(text('takes small letters, digits and dashes', /^[a-z\d][a-z\d-]{0,63}$/)),
  repository: v.optional(notEmpty),
  revision: v.optional(text('takes a branch, a tag or a commit', revisionPattern), 'HEAD'),
  folder: v.optional(notEmpty),
  store: notEmpty,
  budget: v.pipe(
    v.strictObject(budget.entries),
    v.check((given) => Object.keys(given).length > 0, 'needs minutes, steps or epochs'),
  ),
  training: v.optional(trainingSchema, {}),
  corpus: v.optional(v.partial(v.strictObject(corpusConfigurationSchema.entries)), {}),
  from: v.optional(v.picklist(['base', 'none']), 'base'),
  /** False: the result is kept, and published by `recur job publish` alone. */
  publish: v.optional(v.boolean(), true),
  /** Versions that are kept in the store. */
  keepVersions: v.optional(wholeFrom(2, 1000), 30),
  checkpoint: v.optional(
    v.strictObject({ seconds: v.optional(numberFrom(1, 3600), 25), steps: v.exactOptional(wholeFrom(1, 1e9)) }),
    {},
  ),
  /** That train this model together, each for `round` steps between two meetings. */
  machines: v.optional(wholeFrom(1, mostMachines), 1),
  round: v.optional(wholeFrom(1, 1_000_000), 500),
  /** Of the step that they take together. */
  outer: v.optional(
    v.strictObject({
      rate: v.optional(numberFrom(0.01, 10), defaultOuter.rate),
      momentum: v.optional(numberFrom(0, 0.99), defaultOuter.momentum),
    }),
    {},
  ),
  /** Minutes that a machine waits for the others in each round. */
  wait: v.optional(numberFrom(0.01, 10_080), 60),
  /** Of checking the repository out. */
  limits: v.optional(
    v.strictObject({
      megabytes: v.optional(numberFrom(1, 1_000_000), 2_000),
      minutes: v.optional(numberFrom(0.01, 1_440), 15),
    }),
    {},
  ),
});

type ParsedSpec = v.InferOutput<typeof jobSpecSchema>;

/** Where the text comes from. */
export type JobPlace =
  | { readonly kind: 'repository'; readonly repository: string; readonly revision: string }
  | { readonly kind: 'folder'; readonly folder: string };

/** A job, with all that its SPEC leaves out. */
export interface JobSpec extends Pick<
  ParsedSpec,
  | 'name'
  | 'id'
  | 'store'
  | 'from'
  | 'publish'
  | 'keepVersions'
  | 'checkpoint'
  | 'machines'
  | 'round'
  | 'outer'
  | 'wait'
  | 'limits'
> {
  readonly place: JobPlace;
  readonly training: AskedTraining;
  /** What the SPEC says of the network's shape. */
  readonly shape: Partial<ModelConfiguration>;
  readonly corpus: CorpusConfiguration;
}

/**
 * Reads a SPEC from a file; relative folders in it are meant from there.
 * @throws SpecError with a sentence that names what does not fit
 */
export async function readJobSpec(file: string): Promise<JobSpec> {
  return parseJobSpec(parseJson(await readSpec(file), file), dirname(resolve(file)));
}

async function readSpec(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) throw new SpecError(`There is no SPEC ${file}.`);
    throw error;
  }
}

function parseJson(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new SpecError(`${file} is no JSON.`);
  }
}

/**
 * @param directory that relative folders are meant from, absolute
 * @throws SpecError with a sentence that names what does not fit
 */
export function parseJobSpec(value: unknown, directory: string): JobSpec {
  const parsed = v.safeParse(jobSpecSchema, value);
  if (!parsed.success) throw new SpecError(describeIssue(parsed.issues[0]));
  const { store, training, corpus, repository, revision, folder, budget: wanted, ...rest } = parsed.output;
  if (rest.machines > 1 && wanted.minutes !== undefined) {
    throw new SpecError("'budget' in the SPEC takes steps or epochs where there are several machines.");
  }
  return {
    ...rest,
    store: store.includes('://') ? store : resolve(directory, store),
    place: placeOf({ repository, revision, folder }, directory),
    training: trainingOf(training, wanted),
    shape: shapeOf(training),
    corpus: { ...defaultCorpus, ...withoutUndefined(corpus) },
  };
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const key = v.getDotPath(issue);
  const where = key === null ? 'The SPEC' : `'${key}' in the SPEC`;
  if (issue.type === 'regex' || issue.type === 'check') return `${where} ${issue.message}.`;
  if (issue.type === 'strict_object' && issue.expected === 'never') return `${where} is not known.`;
  return `${where} does not fit: expected ${issue.expected ?? 'another value'}, received ${issue.received}.`;
}

function placeOf(
  { repository, revision, folder }: Pick<ParsedSpec, 'repository' | 'revision' | 'folder'>,
  directory: string,
): JobPlace {
  if ((repository === undefined) === (folder === undefined)) {
    throw new SpecError("The SPEC names a 'repository' or a 'folder', one of them.");
  }
  if (folder !== undefined) return { kind: 'folder', folder: resolve(directory, folder) };
  return { kind: 'repository', repository: requireRepository(repository!), revision };
}

/** What git itself takes from the network or the disk; no helper programs, and no secrets in a file that others read. */
function requireRepository(repository: string): string {
  const isUrl = /^(https?|ssh|git|file):\/\/[^\s]+$/i.test(repository);
  const isScp = /^[\w.-]+@[\w.-]+:[\w./~-]+$/.test(repository);
  if (!isUrl && !isScp && !isAbsolute(repository)) {
    throw new SpecError("'repository' in the SPEC takes an https or ssh address, or an absolute path.");
  }
  if (/^[a-z]+:\/\/[^/@]*:[^/@]*@/i.test(repository) || /^https?:\/\/[^/@]+@/i.test(repository)) {
    throw new SpecError("'repository' in the SPEC holds credentials: leave them to a git credential helper or to SSH.");
  }
  return repository;
}

function trainingOf(given: ParsedSpec['training'], wanted: ParsedSpec['budget']): AskedTraining {
  const defaults = askedByDefault;
  const settings = Object.entries(withoutUndefined(given)).filter(([name]) => !Object.hasOwn(model.entries, name));
  return {
    ...defaults,
    ...Object.fromEntries(settings),
    model: { ...defaults.model, ...shapeOf(given) },
    budget: wanted,
  };
}

function shapeOf({ cell, hidden, layers, embedding }: ParsedSpec['training']): Partial<ModelConfiguration> {
  const given = Object.entries({ cell, hidden, layers, embedding });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== null));
}

type Defined<Values> = { [Key in keyof Values]: Exclude<Values[Key], undefined> };

function withoutUndefined<Values extends object>(values: Values): Partial<Defined<Values>> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<Defined<Values>>;
}
