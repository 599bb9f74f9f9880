import type { LeftOutReason } from '../text/document';
import { headLength } from '../corpus/split';
import { languageIdOf } from '../text/languages';
import { formatVersion, mostReported, type CorpusReport, type ReportedFile } from '../store/files';
import type { PreparedData } from './trainingData';

/** Mean cross-entropy per character of the documents of the held-out parts, in nats. */
export type HeldOutNats = Readonly<Record<'validation' | 'test', readonly number[]>>;

type ReadData = Pick<PreparedData, 'split' | 'characters' | 'heldOutPaths' | 'leftOutPaths'> & {
  readonly summary: Pick<PreparedData['summary'], 'leftOut'>;
};

/**
 * What a training has read, by language and by file, and what it has left out.
 * @param measured after the training: what the model makes of the held-out documents
 */
export function corpusReport(data: ReadData, measured: HeldOutNats = { validation: [], test: [] }): CorpusReport {
  const nats = natsByPath(data, measured);
  const files = data.split.map(({ path, part }, index): ReportedFile => ({
    path,
    part,
    characters: data.characters[index]!,
    nats: nats.get(path) ?? null,
  }));
  // The largest are listed; all count.
  const listed = [...files].sort((a, b) => b.characters - a.characters).slice(0, mostReported.files);
  return {
    formatVersion,
    files: files.length,
    characters: sumOf(files, ({ characters }) => characters),
    languages: byLanguage(files).slice(0, mostReported.languages),
    listed: listed.filter(({ path }) => path.length <= mostReported.pathLength),
    leftOut: Object.entries(data.summary.leftOut).map(([reason, count]) => ({
      ...{ reason, files: count },
      paths: (data.leftOutPaths[reason as LeftOutReason] ?? [])
        .filter(({ length }) => length <= mostReported.pathLength)
        .slice(0, mostReported.leftOut),
    })),
  };
}

function natsByPath({ heldOutPaths }: ReadData, measured: HeldOutNats): ReadonlyMap<string, number> {
  const parts = ['validation', 'test'] as const;
  const entries = parts.flatMap((part) =>
    measured[part].map((nats, index) => [heldOutPaths[part][index]!, nats] as const),
  );
  return new Map(entries.filter(([, nats]) => Number.isFinite(nats)));
}

/** The language with the most characters first. */
function byLanguage(files: readonly ReportedFile[]): CorpusReport['languages'] {
  const groups = new Map<string, ReportedFile[]>();
  for (const file of files) {
    const language = languageIdOf(file.path);
    const group = groups.get(language);
    if (group === undefined) groups.set(language, [file]);
    else group.push(file);
  }
  const languages = [...groups].map(([language, own]) => {
    const held = own.filter(({ nats }) => nats !== null);
    const heldCharacters = sumOf(held, heldOutCharacters);
    return {
      language: language.slice(0, mostReported.pathLength),
      files: own.length,
      characters: sumOf(own, ({ characters }) => characters),
      nats: heldCharacters === 0 ? null : sumOf(held, (file) => file.nats! * heldOutCharacters(file)) / heldCharacters,
    };
  });
  return languages.sort((a, b) => b.characters - a.characters);
}

/** Of a file whose tail is held out, that. */
function heldOutCharacters({ part, characters }: ReportedFile): number {
  return part === 'tail' ? characters - headLength(characters) : characters;
}

function sumOf<T>(all: readonly T[], valueOf: (each: T) => number): number {
  return all.reduce((sum, each) => sum + valueOf(each), 0);
}
