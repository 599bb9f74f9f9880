import * as v from 'valibot';
import { precisions, type ModelConfiguration } from '../../src/core/configuration';
import { gates } from '../../src/core/parameters';

/** Who trains: 'peak' only multiplies matrices. */
export const trainers = ['peak', 'replicas', 'portable', 'layers', 'torch'] as const;
export type TrainerName = (typeof trainers)[number];

/** One measurement, in a process of its own. */
export const taskSchema = v.object({
  trainer: v.picklist(trainers),
  cell: v.picklist(['lstm', 'gru', 'rnn']),
  hidden: v.number(),
  batch: v.number(),
  optimizer: v.picklist(['adam', 'muon']),
  precision: v.picklist(precisions),
  /** Replicas; 0 where the trainer chooses. */
  threads: v.number(),
  seconds: v.number(),
});
export type Task = v.InferOutput<typeof taskSchema>;

export const resultSchema = v.object({
  charactersPerSecond: v.number(),
  /** Processor time over time: fewer than its threads where the machine was busy with something else. */
  coresUsed: v.number(),
  /** Of 'peak': billions of floating-point operations in a second. */
  gigaflops: v.exactOptional(v.number()),
  peakMegabytes: v.number(),
  /** What the trainer chose, for the table. */
  note: v.exactOptional(v.string()),
});
export type Result = v.InferOutput<typeof resultSchema>;

export const sequence = 64;
export const vocabularySize = 100;
export const embedding = 64;

export function modelOf({ cell, hidden }: Task): ModelConfiguration {
  return { cell, hidden, layers: 1, embedding };
}

/**
 * Floating-point operations of a character, forwards and backwards: a product costs two each weight, and its gradient
 * twice that. The same for every trainer, however it goes about it.
 */
export function operationsPerCharacter({ cell, hidden }: Task): number {
  return 6 * (gates[cell].length * hidden * (embedding + hidden) + hidden * vocabularySize);
}
