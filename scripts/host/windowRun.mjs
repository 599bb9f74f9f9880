/**
 * node windowRun.mjs BUNDLE RESULTS [PATTERN]: runs the suites that drive a window, in a process that testHost.mjs can
 * start without network, and writes what came of them as JSON.
 */
import { writeFileSync } from 'node:fs';

const [, , bundle = '', resultsFile = '', grep] = process.argv;
/** @type {unknown} */
const bundled = await import(bundle);
const { runWindowSuites } = /** @type {typeof import('../../test/host/runWindow')} */ (bundled);
writeFileSync(resultsFile, JSON.stringify(await runWindowSuites(grep)));
