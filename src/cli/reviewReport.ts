import type { ReviewedLine } from '../protocol/engine';

/** A line of a review as it is told. */
export function describeReviewed({ path, line, score, expected, places }: ReviewedLine): string {
  const instead = expected === '' ? '' : `; ${hereItWrites(expected, places)}`;
  return `${path}:${line}: ${score.toFixed(1)}${instead}`;
}

/** The JSON line of a reviewed line. */
export function reviewRecord({ path, line, score, bits, expected }: ReviewedLine): object {
  return { type: 'line', path, line, score, bits, expected };
}

function hereItWrites(expected: string, places: number): string {
  return `here this project writes ${expected} (${places} ${places === 1 ? 'place' : 'places'})`;
}

const rule = {
  id: 'surprising-line',
  name: 'SurprisingLine',
  shortDescription: { text: 'A line that is unlike the code around it.' },
  fullDescription: {
    text: 'A language model of this code base was sure of something else here. It is a hint for the reader, not an error.',
  },
  defaultConfiguration: { level: 'note' },
};

/**
 * The review as a SARIF 2.1.0 log (OASIS Standard, 27 March 2020).
 * @param version of Recur
 */
export function sarifLog(reviewed: readonly ReviewedLine[], version: string): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Recur', semanticVersion: version, rules: [rule] } },
        columnKind: 'utf16CodeUnits',
        results: reviewed.map(sarifResult),
      },
    ],
  };
}

function sarifResult({ path, line, score, bits, expected, places, start, end }: ReviewedLine): object {
  const instead = expected === '' ? '' : ` Here this project writes '${expected}' (places: ${places}).`;
  const columns = end > start ? { startColumn: start + 1, endColumn: end + 1 } : {};
  const artifactLocation = { uri: path.split('/').map(encodeURIComponent).join('/') };
  return {
    ruleId: rule.id,
    ruleIndex: 0,
    level: 'note',
    message: { text: `Unlike the code around it (score ${score.toFixed(1)}).${instead}` },
    locations: [{ physicalLocation: { artifactLocation, region: { startLine: line, ...columns } } }],
    properties: { score, bits, expected },
  };
}
