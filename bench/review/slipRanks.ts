import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultCorpus } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { createRandom, shuffle } from '../../src/core/random';
import { sha256Of } from '../../src/core/sha256';
import { readCorpus } from '../../src/corpus/readCorpus';
import { keptWeights, memoryOf } from '../../src/engine/measuring/memoryEvaluation';
import type { LoadedModel } from '../../src/engine/model/engineModel';
import { linesOf, surpriseOfLines, type LineModel } from '../../src/engine/surprise/lineSurprise';
import { unhurried } from '../../src/inference/readPrefix';
import { inVocabulary } from '../../src/inference/translation';
import { createUniformSession } from '../../src/inference/uniformSession';
import { createLanguageMemory } from '../../src/memory/languageMemory';
import { initialWeights, withoutNetwork } from '../../src/memory/memoryWeights';
import type { CharacterSurprise } from '../../src/surprise/characterSurprise';
import { lineEvidence } from '../../src/surprise/lineEvidence';
import { judgeLine } from '../../src/surprise/lineJudgement';
import { partOf, type ScannedText } from '../../src/surprise/scannedText';
import { createWordKnowledge, type WordKnowledge } from '../../src/surprise/wordKnowledge';
import type { SourceDocument } from '../../src/text/document';
import { buildVocabulary, createVocabulary } from '../../src/text/vocabulary';
import type { Project } from '../usefulness/projects';
import { sourcesOf } from '../usefulness/projectFiles';
import { chooseSlips, type FileSlip } from './chooseSlips';
import { boundsOf, codeLinesOf, scanned } from './codeLines';
import { newDiagnostics, pyflakesDiagnose, typescriptDiagnose, type Diagnose, type Diagnostic } from './diagnostics';
import { remembering } from './remembering';
import { rankOf, type Rankings, type SlipRank } from './ranking';
import { applySlip } from './slip';

const pace = unhurried();

interface Held {
  readonly documents: readonly SourceDocument[];
  readonly rest: readonly SourceDocument[];
}

/** Files that are neither tiny nor huge, so many characters of them. */
function heldOut(all: readonly SourceDocument[], mostCharacters: number, seed: number): Held {
  const isHeld = ({ path }: SourceDocument): boolean => Number.parseInt(sha256Of(path).slice(0, 8), 16) % 5 === 0;
  const fitting = all.filter((file) => isHeld(file) && file.text.split('\n').length >= 30 && file.text.length < 30_000);
  let characters = 0;
  const documents = shuffle(fitting, createRandom(seed)).filter(
    ({ text }) => (characters += text.length) <= mostCharacters,
  );
  return { documents, rest: all.filter((file) => !isHeld(file)) };
}

async function lineModelOf(variant: string, model: LoadedModel, { documents, rest }: Held): Promise<LineModel> {
  if (variant === 'network') return { session: model.session, memory: undefined };
  const { codePoints } = buildVocabulary(
    [...documents, ...rest].map(({ text }) => text),
    2000,
  );
  const vocabulary = createVocabulary([...codePoints, ...model.session.vocabulary.codePoints]);
  const workspace = await memoryOf(vocabulary, rest);
  if (variant === 'memory') {
    const memory = createLanguageMemory(vocabulary, workspace, withoutNetwork(initialWeights()));
    return { session: createUniformSession(vocabulary), memory };
  }
  const weights = (await keptWeights(model.stored)) ?? initialWeights();
  const { session } = inVocabulary(model.session, vocabulary);
  return { session, memory: createLanguageMemory(vocabulary, workspace, weights) };
}

interface Slipped {
  readonly slip: FileSlip;
  readonly line: number;
  readonly text: string;
  readonly scanned: ScannedText;
  /** How many messages the language's own tool has more, by line; undefined: it cannot be had. */
  readonly diagnostics: ReadonlyMap<number, number> | undefined;
}

function slippedIn(slips: readonly FileSlip[], diagnose: Diagnose | undefined): Slipped[] {
  const before = new Map<SourceDocument, readonly Diagnostic[]>();
  return slips.map((slip) => {
    const { document } = slip;
    const text = applySlip(document.text, slip);
    const line = text.slice(0, slip.at).split('\n').length - 1;
    const changed = { path: document.path, text };
    let diagnostics: Slipped['diagnostics'];
    if (diagnose !== undefined) {
      if (!before.has(document)) before.set(document, diagnose([document])[0]!);
      diagnostics = newDiagnostics(before.get(document)!, diagnose([changed])[0]!);
    }
    return { slip, line, text, scanned: scanned(changed), diagnostics };
  });
}

function knowledgeOf(rest: readonly SourceDocument[], asked: readonly { text: ScannedText; line: number }[]) {
  const knowledge = createWordKnowledge(false);
  for (const { text, line } of asked) {
    const { from, to } = partOf(text, ...boundsOf(text.text, line));
    for (let place = from; place < to; place++) knowledge.surroundings.want(text.sequence.codes, place);
  }
  for (const document of rest) knowledge.add(scanned(document));
  return knowledge;
}

async function ranksIn(
  lineModel: LineModel,
  document: SourceDocument,
  slips: readonly Slipped[],
  knowledge: WordKnowledge,
): Promise<SlipRank[]> {
  const own = scanned(document);
  const codeLines = codeLinesOf(own);
  const [whole, ...slipped] = await surpriseOfLines(
    { ...lineModel, session: remembering(lineModel.session) },
    [
      { ...document, lines: codeLines },
      ...slips.map(({ line, text }) => ({ path: document.path, text, lines: [line] })),
    ],
    pace,
  );
  const judge = (text: ScannedText, line: number, surprise: CharacterSurprise): Omit<Rankings, 'diagnostics'> => {
    const [start, end] = boundsOf(text.text, line);
    const { score, bits } = judgeLine(lineEvidence(text, start, end, surprise, knowledge), knowledge);
    return { measure: score, surprisal: bits, length: end - start };
  };
  const lines = new Map(codeLines.map((line) => [line, judge(own, line, whole!.get(line)!)]));
  return slips.map(({ slip, line, scanned: changed, diagnostics }, index): SlipRank => {
    const withDiagnostics = (number: number, rankings: Omit<Rankings, 'diagnostics'>): Rankings => {
      return { ...rankings, diagnostics: diagnostics === undefined ? NaN : (diagnostics.get(number) ?? 0) };
    };
    const others = [...lines].filter(([other]) => other !== line).map(([other, each]) => withDiagnostics(other, each));
    const rank = rankOf(withDiagnostics(line, judge(changed, line, slipped[index]!.get(line)!)), others);
    return { kind: slip.kind, lines: others.length + 1, rank };
  });
}

export interface SlipChoice {
  /** Slips of each project, at most. */
  readonly slips: number;
  /** Of the files in which they are made, at most. */
  readonly characters: number;
  readonly seed: number;
  /** A folder for downloads. */
  readonly cache: string;
}

/**
 * Ranks slips in held-out files of a project.
 * @param onRanks told the ranks of each variant, and how many files they are of
 */
export async function slipRanks(
  project: Project,
  variants: readonly string[],
  model: LoadedModel,
  { slips: count, characters, seed, cache }: SlipChoice,
  onRanks: (variant: string, ranks: readonly SlipRank[], files: number) => void,
): Promise<void> {
  const directory = join(cache, project.name);
  await mkdir(directory, { recursive: true });
  const sources = await sourcesOf(project, directory);
  const { documents: all } = await readCorpus([{ directory: sources, name: '' }], defaultCorpus, silentLogger);
  const held = heldOut(all, characters, seed);
  const diagnose =
    project.language === 'Python' ? pyflakesDiagnose(join(cache, 'pyflakes')) : typescriptDiagnose(sources, all);
  if (diagnose === undefined) console.log(`\npyflakes cannot be had: ${project.name} is not asked about by it.`);
  const slips = slippedIn(chooseSlips(held.documents, count, createRandom(seed)), diagnose);
  const whole = held.documents.flatMap((document) => {
    const text = scanned(document);
    return linesOf(document.text).map((_, line) => ({ text, line }));
  });
  const knowledge = knowledgeOf(held.rest, [...whole, ...slips.map(({ scanned: text, line }) => ({ text, line }))]);
  for (const variant of variants) {
    const lineModel = await lineModelOf(variant, model, held);
    const ranks: SlipRank[] = [];
    for (const document of held.documents) {
      const inFile = slips.filter(({ slip }) => slip.document === document);
      if (inFile.length > 0) ranks.push(...(await ranksIn(lineModel, document, inFile, knowledge)));
    }
    onRanks(variant, ranks, held.documents.length);
  }
}
