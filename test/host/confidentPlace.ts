/** Finds a real place in a workspace at which the model in use has something to offer, by asking an engine of its own. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { defaultCompletions } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { startEngine, type EngineClient } from '../../src/ipc/client';
import type { Completion, CompletionRequest } from '../../src/protocol/engine';
import { newestRunFile } from './modelFiles';

/** A cursor behind a space, with the rest of its line removed. */
export interface Place {
  /** Absolute. */
  readonly file: string;
  /** From 0, in UTF-16 units, as the editor counts. */
  readonly line: number;
  readonly character: number;
  /** What stood there. */
  readonly expected: string;
  readonly completion: string;
}

interface Candidate {
  readonly line: number;
  readonly character: number;
  readonly offset: number;
  readonly expected: string;
}

/** Text before a place is short enough to be read as a whole, in the editor as by the command line. */
const mostCharacters = 3_500;
const shortestRest = 5;
const shortestCompletion = 4;
/** Its first word is told from typing when it is accepted alone: one letter could as well have come from the keyboard. */
const longFirstWord = /^\w{2}/;

function candidatesOf(text: string): Candidate[] {
  const candidates: Candidate[] = [];
  let start = 0;
  for (const [line, content] of text.split('\n').entries()) {
    if (start + content.length > mostCharacters) break;
    for (const { index } of content.matchAll(/(?<=[\w>=({:|&,?] )(?=\S)/g)) {
      const expected = content.slice(index);
      // A line that ends in a comment too: what is offered in one must be surer.
      const isComment = /^\s*\*|\/\/|\/\*/.test(content);
      if (expected.length >= shortestRest && !isComment)
        candidates.push({ line, character: index, offset: start + index, expected });
    }
    start += content.length + 1;
  }
  return candidates;
}

function score(place: Place, confidence: number): number {
  const right = place.expected.startsWith(place.completion);
  return place.completion.length * (0.5 + confidence) * (right ? 2 : 1);
}

interface Found {
  readonly place: Place;
  readonly score: number;
}

/** A text that an engine may be asked about, with the path that its header has. */
interface Text {
  readonly file: string;
  readonly path: string;
  readonly text: string;
}

/**
 * The completion at default settings, where a slightly smaller or larger threshold gives the same: a text read in other
 * slices has other roundings, which must not decide where a completion is cut.
 */
async function steadyCompletion(engine: EngineClient, request: CompletionRequest): Promise<Completion | undefined> {
  const completions: (Completion | undefined)[] = [];
  for (const factor of [1, 0.9, 1.1]) {
    const minimumConfidence = factor * defaultCompletions.minimumConfidence;
    const answer = await engine.remote.complete({ ...request, minimumConfidence });
    completions.push(answer.kind === 'completion' ? answer.completion : undefined);
  }
  const [first] = completions;
  return completions.every((completion) => completion?.text === first?.text) ? first : undefined;
}

async function placesIn(engine: EngineClient, { file, path: name, text }: Text): Promise<Found[]> {
  const found: Found[] = [];
  let version = 1;
  await engine.remote.openDocument({ uri: file, path: name, version, text });
  for (const { offset, expected, line, character } of candidatesOf(text)) {
    const edit = async (length: number, inserted: string) => {
      const edits = [{ offset, length, text: inserted }];
      await engine.remote.changeDocument({ uri: file, fromVersion: version, version: ++version, edits });
    };
    await edit(expected.length, '');
    const answer = await steadyCompletion(engine, { uri: file, version, offset, maxCharacters: 80 });
    await edit(0, expected);
    if (answer === undefined || answer.text.length < shortestCompletion || !longFirstWord.test(answer.text)) continue;
    const place = { file, line, character, expected, completion: answer.text };
    found.push({ place, score: score(place, answer.confidence) });
  }
  return found;
}

export interface Model {
  /** Bundle of the engine to ask. */
  readonly engineEntry: string;
  /** The folder with `current.json`. */
  readonly modelDirectory: string;
}

async function withEngine<Result>(model: Model, use: (engine: EngineClient) => Promise<Result>): Promise<Result> {
  const engine = startEngine({ entry: model.engineEntry, logger: silentLogger });
  try {
    const { folders, corpus } = newestRunFile(model.modelDirectory);
    const memory = { folders, corpus, patient: false };
    await engine.remote.load({ directory: model.modelDirectory, provider: 'cpu', memory });
    await engine.remote.memoryReady();
    return await use(engine);
  } finally {
    engine.dispose();
  }
}

function best(found: Found[]): Place | undefined {
  return found.sort((a, b) => b.score - a.score)[0]?.place;
}

/**
 * The best place in the files of the newest run: a long completion that it is sure of and that really stands there.
 * @returns undefined where it is confident nowhere
 */
export function findConfidentPlace(model: Model, workspaceFolder: string): Promise<Place | undefined> {
  return withEngine(model, async (engine) => {
    const names = newestRunFile(model.modelDirectory)
      .split.map((entry) => entry.path)
      .filter((name) => name.endsWith('.ts'));
    const found: Found[] = [];
    for (const name of names) {
      const file = path.join(workspaceFolder, name);
      found.push(...(await placesIn(engine, { file, path: name, text: readFileSync(file, 'utf8') })));
    }
    return best(found);
  });
}

/** The best place in one text. @param header path that the model is told */
export function findConfidentPlaceIn(model: Model, text: string, header: string): Promise<Place | undefined> {
  return withEngine(model, async (engine) => best(await placesIn(engine, { file: header, path: header, text })));
}
