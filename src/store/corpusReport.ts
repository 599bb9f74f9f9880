import { readJson, writeFileAtomically } from './atomicFile';
import { corpusReportSchema, type CorpusReport } from './files';
import { paths } from './modelDirectory';

/** What a run has read; undefined where that was not written down, or is damaged. */
export async function readCorpusReport(directory: string, run: string): Promise<CorpusReport | undefined> {
  return readJson(paths.corpusReport(paths.run(directory, run)), corpusReportSchema).catch(() => undefined);
}

/** Keeps what a run has read with it. */
export async function writeCorpusReport(directory: string, run: string, report: CorpusReport): Promise<void> {
  await writeFileAtomically(paths.corpusReport(paths.run(directory, run)), JSON.stringify(report));
}
