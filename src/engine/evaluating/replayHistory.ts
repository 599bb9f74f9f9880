import {
  completionFigures,
  completionTotals,
  lineCosts,
  type MeasuredPlace,
  type TypedLine,
} from '../../offers/measuring/completionFigures';
import { ratioOf } from '../../offers/measuring/standardError';
import { wordList } from '../../offers/measuring/wordList';
import type { Logger } from '../../core/logger';
import { createLanguageMemory } from '../../memory/languageMemory';
import { languageIdOf } from '../../text/languages';
import type { Replay, ReplayedText, ReplayFigures, ReplayRequest } from '../../protocol/replay';
import { readRunOfModel } from '../../store/modelDirectory';
import { confidenceOfModel } from '../calibrating/confidenceFitting';
import type { Completer } from '../measuring/completer';
import { typeLines } from '../measuring/lineTyping';
import type { Judging } from '../measuring/measuredPlace';
import { memoryWeightsOf } from '../measuring/memoryEvaluation';
import { createReplayedWorkspace, type ReplayedWorkspace } from '../measuring/replayedWorkspace';
import type { LoadedModel } from '../model/engineModel';

/** A line that was typed again. */
interface ReplayedLine extends TypedLine {
  readonly path: string;
}

/**
 * What completions are worth on lines that commits have added: each is typed where it stood then, with a memory of what the
 * workspace held then; the texts of a commit are saved one after the other.
 * @param onTyped told how many lines are typed so far
 */
export async function replayHistory(
  model: LoadedModel,
  { documents, commits, minimumConfidence, maxCharacters, prose }: ReplayRequest,
  onTyped: (lines: number) => void,
  logger: Logger,
): Promise<Replay> {
  const workspace = await createReplayedWorkspace(documents);
  const weights = await memoryWeightsOf(model, await readRunOfModel(model.stored), logger);
  const judging = { calibration: await confidenceOfModel(model, 'both', logger), prose };
  const completerNow = (): Completer => {
    const remembered = workspace.current();
    const memory = createLanguageMemory(remembered.vocabulary, remembered, weights);
    return { session: model.session, memory, maxCharacters };
  };
  const lines: ReplayedLine[] = [];
  for (const commit of commits) {
    for (const { pathBefore, after } of commit) {
      if (pathBefore !== undefined && pathBefore !== after?.path) await workspace.replace(pathBefore, undefined);
    }
    for (const change of commit) {
      await typeChange(completerNow, workspace, change, judging, (line) => onTyped(lines.push(line)));
    }
  }
  return figuresOf(lines, minimumConfidence);
}

async function typeChange(
  completerNow: () => Completer,
  workspace: ReplayedWorkspace,
  { before, after, lines }: ReplayedText,
  judging: Judging,
  onLine: (line: ReplayedLine) => void,
): Promise<void> {
  if (after === undefined) return;
  if (lines.length > 0) {
    await typeLines(completerNow(), { before, after, lines }, judging, ({ start, end }, places) =>
      onLine({
        path: after.path,
        text: after.text.slice(start, end),
        places,
        listAt: wordList({ document: after, start, end }),
      }),
    );
  }
  await workspace.replace(after.path, after.text);
}

function figuresOf(lines: readonly ReplayedLine[], threshold: number): Replay {
  const { curves } = completionFigures(placesOf(lines), lines, threshold);
  const all = groupOf({ of: 'all', name: '' }, lines, threshold);
  const languages = groupedBy(lines, ({ path }) => languageIdOf(path));
  const files = groupedBy(lines, ({ path }) => path);
  return {
    groups: [
      all,
      ...[...languages].map(([name, own]) => groupOf({ of: 'language', name }, own, threshold)),
      ...[...files].map(([name, own]) => groupOf({ of: 'file', name }, own, threshold)),
    ],
    curves,
  };
}

function groupOf(
  group: Pick<ReplayFigures, 'of' | 'name'>,
  lines: readonly ReplayedLine[],
  threshold: number,
): ReplayFigures {
  const figures = completionTotals(placesOf(lines), lines, threshold);
  const costs = lineCosts(lines, threshold);
  const characters = costs.reduce((sum, cost) => sum + cost.characters, 0);
  const saved = ratioOf(costs.map(({ characters: whole, keystrokes }) => ({ whole, part: whole - keystrokes.line })));
  return { ...group, lines: lines.length, characters, ...figures, savedError: saved.standardError };
}

function placesOf(lines: readonly TypedLine[]): MeasuredPlace[] {
  return lines.flatMap(({ places }) => [...places.values()]);
}

/** Those with the most lines first. */
function groupedBy(lines: readonly ReplayedLine[], nameOf: (line: ReplayedLine) => string): [string, ReplayedLine[]][] {
  const groups = new Map<string, ReplayedLine[]>();
  for (const line of lines) groups.set(nameOf(line), [...(groups.get(nameOf(line)) ?? []), line]);
  return [...groups].sort(([, a], [, b]) => b.length - a.length);
}
