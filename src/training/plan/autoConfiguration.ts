import {
  defaultLearningRates,
  defaultTraining,
  type AskedTraining,
  type ModelConfiguration,
  type Precision,
  type TrainingBudget,
  type TrainingConfiguration,
} from '../../core/configuration';
import { gradientOperations, multiplyingWeights, updateOperations } from './trainingCost';

/** What a choice rests on. */
export interface Circumstances {
  readonly trainingCharacters: number;
  readonly vocabularySize: number;
  /** Streams that keep all training threads busy. */
  readonly busyStreams: number;
  /** Floating-point operations per second of a gradient, all threads together; null: the budget is not one of time. */
  readonly operationsPerSecond: number | null;
  /** The faster one here; only where {@link needsPrecision}. */
  readonly fasterPrecision: Precision;
  /** Whether the weights that it starts from have read other text before. */
  readonly pretrained: boolean;
}

/** A complete configuration, and a sentence for each thing that was chosen. */
export interface Choice {
  readonly configuration: TrainingConfiguration;
  readonly reasons: readonly string[];
}

/** Whether the speed of this machine matters for the choice: only where time is what limits the training. */
export function needsSpeed({ model, dropout, budget }: AskedTraining): boolean {
  return (model.hidden === null || dropout === null) && isTime(budget);
}

/** Whether it matters which precision is faster. */
export function needsPrecision({ precision, budget }: AskedTraining): boolean {
  return precision === null && isTime(budget);
}

function isTime({ minutes, steps, epochs }: TrainingBudget): boolean {
  return minutes !== undefined && steps === undefined && epochs === undefined;
}

/**
 * Fills in what is left open. With a budget in steps or epochs the corpus alone decides, so that a result can be repeated
 * on another machine. The rules come from docs/experiments.md.
 */
export function chooseConfiguration(asked: AskedTraining, known: Circumstances): Choice {
  const circumstances = isTime(asked.budget) ? known : { ...known, operationsPerSecond: null };
  const { trainingCharacters } = circumstances;
  const sequence = asked.sequence ?? defaultTraining.sequence;
  const batch =
    asked.batch ??
    chooseBatch(trainingCharacters, sequence, isTime(asked.budget) ? suitableBatch(known.busyStreams) : usualBatch);
  const firstBatch = Math.min(batch, asked.firstBatch ?? chooseFirstBatch(asked, batch, known));
  const precision = asked.precision ?? (needsPrecision(asked) ? known.fasterPrecision : 'float32');
  const layers = asked.model.layers ?? 1;
  const learningRate = asked.learningRate ?? chooseRate(asked, batch, circumstances);
  const shape = { ...asked, sequence, batch, firstBatch, precision, learningRate };
  const model = { ...asked.model, layers, hidden: asked.model.hidden ?? chooseWidth(shape, layers, circumstances) };
  const affordable = expectedCharacters(model, shape, circumstances);
  const mostPasses = known.pretrained ? mostPassesPretrained : mostPassesFromRandom;
  const mayBeBounded = (asked.model.hidden === null || known.pretrained) && isTime(asked.budget);
  const isBounded = mayBeBounded && affordable > mostPasses * trainingCharacters;
  const budget = isBounded ? { ...asked.budget, epochs: mostPasses } : asked.budget;
  const characters = isBounded ? mostPasses * trainingCharacters : affordable;
  const passes = characters / trainingCharacters;
  const weightsPerCharacter = multiplyingWeights(model, circumstances.vocabularySize) / trainingCharacters;
  const chosenDropout = known.pretrained ? pretrainedDropout(passes) : chooseDropout(passes, weightsPerCharacter);
  const dropout = asked.dropout ?? chosenDropout;
  const weightDecay = asked.weightDecay ?? (asked.optimizer === 'muon' && !known.pretrained ? muonDecay : 0);
  const configuration = { ...shape, model, budget, dropout, weightDecay };
  return { configuration, reasons: explain(asked, configuration, circumstances, characters) };
}

/** Over the training text. More of them learn it by heart: a small corpus is done before its time is up. */
const mostPassesFromRandom = 40;
const mostPassesPretrained = 4;

type Shape = Pick<AskedTraining, 'model' | 'budget' | 'optimizer'> & {
  readonly batch: number;
  readonly firstBatch: number;
  readonly sequence: number;
};

/** Updates in a pass, at least: fewer streams where the corpus is small. */
const leastWindows = 32;
const smallestBatch = 8;
const usualBatch = 64;
/** Chosen at most, for many threads. */
export const largestBatch = 128;
/** Batches are multiples of it, where the corpus allows. */
const batchUnit = 32;

/** Streams of a step that keep so many busy, where the corpus is large enough. */
export function suitableBatch(busyStreams: number): number {
  const whole = batchUnit * Math.floor(busyStreams / batchUnit);
  return Math.min(largestBatch, Math.max(usualBatch, whole));
}

/** Products of few streams are slow, and many streams give few updates. @param suitable where the corpus is large enough */
function chooseBatch(characters: number, sequence: number, suitable: number): number {
  let batch = suitable;
  while (batch > smallestBatch && batch * sequence * leastWindows > characters) batch /= 2;
  return batch;
}

/** Fewer streams make a gradient so noisy that the rate has to fall. */
const quietBatch = 32;

/**
 * The smallest equal part of the batch that is quiet enough and keeps all threads busy: half of the time gives more updates
 * with it. A budget in steps or epochs would gain nothing.
 */
function chooseFirstBatch({ batch: asked, budget }: AskedTraining, batch: number, known: Circumstances): number {
  if (asked !== null || !isTime(budget)) return batch;
  return batch / Math.max(1, Math.floor(batch / Math.max(quietBatch, known.busyStreams)));
}

/** Of a small corpus a few steps tell all: larger ones forget what the weights knew. From `least` up to `most` characters. */
const pretrainedRates = { least: 0.2, leastCharacters: 60_000, most: 0.4, mostCharacters: 500_000 } as const;

/** As a share of the rate for random weights, straight over the logarithm of the corpus' size. */
function pretrainedRateShare(characters: number): number {
  const { least, leastCharacters, most, mostCharacters } = pretrainedRates;
  const place = Math.log(characters / leastCharacters) / Math.log(mostCharacters / leastCharacters);
  return least + (most - least) * Math.min(1, Math.max(0, place));
}

/** Muon's falls with the root of a small batch, and is smaller where weights that have read much are only to be adapted. */
function chooseRate(
  { optimizer }: AskedTraining,
  batch: number,
  { pretrained, trainingCharacters }: Circumstances,
): number {
  const usual = defaultLearningRates[optimizer];
  if (pretrained) return Number((usual * pretrainedRateShare(trainingCharacters)).toPrecision(2));
  return optimizer === 'muon' ? usual * Math.sqrt(Math.min(1, batch / quietBatch)) : usual;
}

const widths = [64, 96, 128, 192, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1792, 2048] as const;
/** Where a weight has read fewer characters, a smaller network that reads more has learnt more. */
const charactersPerWeight = 5;
/** A schedule with fewer updates has no room to fall. */
const leastUpdates = 300;
/** More weights than characters in the corpus learn it by heart. */
const weightsPerCharacter = 1.5;

/** The largest network that the time lets read enough, and the corpus can teach. */
function chooseWidth(shape: Shape, layers: number, circumstances: Circumstances): number {
  const { trainingCharacters, vocabularySize } = circumstances;
  const suits = (hidden: number): boolean => {
    const model = { ...shape.model, layers, hidden };
    const weights = multiplyingWeights(model, vocabularySize);
    const characters = expectedCharacters(model, shape, circumstances);
    const updates = characters / meanWindow(shape);
    const isTaught = weights <= weightsPerCharacter * trainingCharacters;
    return isTaught && characters >= charactersPerWeight * weights && updates >= leastUpdates;
  };
  if (circumstances.operationsPerSecond === null) return corpusWidth(trainingCharacters);
  return widths.findLast(suits) ?? widths[0];
}

/** For a budget in steps or epochs. */
function corpusWidth(trainingCharacters: number): number {
  if (trainingCharacters < 100_000) return 128;
  return trainingCharacters < 2_000_000 ? 256 : 384;
}

/** Of the time, what training gets beside starting, measuring and exporting. */
const trainingShare = 0.9;

/** Characters of a step, the mean over both halves of the budget. */
function meanWindow({ batch, firstBatch, sequence }: Shape): number {
  return (sequence * (firstBatch + batch)) / 2;
}

/** What the budget lets a network read. */
function expectedCharacters(model: ModelConfiguration, shape: Shape, circumstances: Circumstances): number {
  const { trainingCharacters, vocabularySize, operationsPerSecond } = circumstances;
  const { minutes, steps, epochs }: TrainingBudget = shape.budget;
  const window = meanWindow(shape);
  const operations = window * gradientOperations(model, vocabularySize) + updateOperations(model, shape.optimizer);
  return Math.min(
    minutes === undefined || operationsPerSecond === null
      ? Infinity
      : (window * trainingShare * minutes * 60 * operationsPerSecond) / operations,
    steps === undefined ? Infinity : steps * window,
    epochs === undefined ? Infinity : epochs * trainingCharacters,
  );
}

/** From random weights: decay towards zero takes off what others knew before. */
const muonDecay = 0.1;
const mostDropout = 0.5;

/**
 * None while a corpus is read a few times; then more the oftener it is read, and the more weights there are to learn it by
 * heart.
 */
function chooseDropout(passes: number, weightsPerCharacter: number): number {
  if (!Number.isFinite(passes)) return 0;
  const dropout = 0.1 * Math.log2(Math.max(1, (passes * weightsPerCharacter) / 2));
  return Math.min(mostDropout, Math.round(20 * dropout) / 20);
}

/** They are general, and what they read again and again they would still learn by heart. */
function pretrainedDropout(passes: number): number {
  return passes > 2.5 ? 0.2 : 0.1;
}

function explain(
  {
    model: { hidden, layers },
    batch,
    firstBatch,
    sequence,
    precision,
    learningRate,
    weightDecay,
    dropout,
    budget: askedBudget,
  }: AskedTraining,
  { model, budget, ...chosen }: TrainingConfiguration,
  { trainingCharacters, vocabularySize, operationsPerSecond, pretrained }: Circumstances,
  characters: number,
): string[] {
  const weights = multiplyingWeights(model, vocabularySize);
  const passes = characters / trainingCharacters;
  const speed =
    operationsPerSecond === null
      ? `the corpus has ${millions(trainingCharacters)} characters, and the budget is no time`
      : `${(operationsPerSecond / 1e9).toFixed(0)} GFLOP/s were measured, which read about ${millions(characters)} characters, ${(characters / weights).toFixed(1)} for each of its weights`;
  return [
    ...(budget.epochs !== askedBudget.epochs
      ? [`at most ${budget.epochs} passes: more would learn the text by heart`]
      : []),
    ...(hidden === null ? [`${model.hidden} hidden units: ${speed}`] : []),
    ...(layers === null ? [`${model.layers} layer: wider ones learn more in the same time than several`] : []),
    ...(batch === null
      ? [
          `batch ${chosen.batch}: the training text has ${millions(trainingCharacters)} characters` +
            (chosen.batch > usualBatch ? ', and fewer streams would leave threads idle' : ''),
        ]
      : []),
    ...(firstBatch === null && chosen.firstBatch < chosen.batch
      ? [`batch ${chosen.firstBatch} in the first half of the time: more updates while they change much`]
      : []),
    ...(sequence === null
      ? [`windows of ${chosen.sequence} characters: shorter ones learn less from the same text`]
      : []),
    ...(precision === null && chosen.precision === 'bfloat16'
      ? ['products of the gradient from bfloat16 factors: this processor multiplies them faster']
      : []),
    ...(learningRate === null
      ? [
          pretrained
            ? `learning rate ${chosen.learningRate}: more would make it forget what it could read before`
            : `learning rate ${chosen.learningRate}: suits ${chosen.optimizer} at this batch`,
        ]
      : []),
    ...(weightDecay === null
      ? [
          pretrained
            ? `weight decay ${chosen.weightDecay}: it would take off what the weights knew before`
            : `weight decay ${chosen.weightDecay}: suits ${chosen.optimizer}`,
        ]
      : []),
    ...(dropout === null
      ? [`dropout ${chosen.dropout}: the training text is read about ${passes.toFixed(1)} times`]
      : []),
  ];
}

function millions(characters: number): string {
  return `${(characters / 1e6).toPrecision(2)} million`;
}
