import { shuffle, type Random } from '../../src/core/random';
import type { SourceDocument } from '../../src/text/document';
import { copiedLines } from './copiedLines';
import { askPython } from './python';
import { applySlip, slipKinds, type Slip, type SlipKind, type SlipPlace } from './slip';
import { isValidTypescript, typescriptPlaces } from './typescriptPlaces';

/** A slip in one of the files. */
export interface FileSlip extends Slip {
  readonly document: SourceDocument;
}

interface Candidate {
  readonly document: SourceDocument;
  readonly place: SlipPlace;
}

/** More are drawn than wanted: some do not parse. */
const spare = 1.3;

/** One realistic slip for each of so many copies of files, kinds in turn as long as there are places, by a seed. */
export function chooseSlips(documents: readonly SourceDocument[], count: number, random: Random): FileSlip[] {
  const byKind = new Map<SlipKind, Candidate[]>(slipKinds.map((kind) => [kind, []]));
  for (const candidate of candidatesIn(documents)) byKind.get(candidate.place.kind)!.push(candidate);
  for (const candidates of byKind.values()) shuffle(candidates, random);
  const drawn: FileSlip[] = [];
  while (drawn.length < count * spare && [...byKind.values()].some(({ length }) => length > 0)) {
    for (const candidates of byKind.values()) {
      const candidate = candidates.pop();
      if (candidate !== undefined) drawn.push(slipAt(candidate, random));
    }
  }
  return validSlips(drawn).slice(0, count);
}

function candidatesIn(documents: readonly SourceDocument[]): Candidate[] {
  const python = documents.filter(isPython);
  const pythonPlaces = askPython('pythonPlaces.py', { texts: python.map(({ text }) => text) }) as SlipPlace[][];
  return documents.flatMap((document) => {
    const parsed = isPython(document)
      ? pythonPlaces[python.indexOf(document)]!
      : typescriptPlaces(document.path, document.text);
    return [...parsed, ...copiedLines(document.text)].map((place) => ({ document, place }));
  });
}

function slipAt({ document, place: { kind, start, end, choices } }: Candidate, random: Random): FileSlip {
  const replacement = choices[random.integer(choices.length)]!;
  return { document, kind, start, end, replacement, at: start };
}

function validSlips(slips: readonly FileSlip[]): FileSlip[] {
  const changed = slips.map((slip) => applySlip(slip.document.text, slip));
  const python = slips.map(({ document }) => isPython(document));
  const checked = askPython('pythonPlaces.py', { check: changed.filter((_, index) => python[index]) }) as boolean[];
  return slips.filter(({ document }, index) =>
    python[index] ? checked.shift() : isValidTypescript(document.path, changed[index]!),
  );
}

function isPython({ path }: SourceDocument): boolean {
  return path.endsWith('.py');
}
