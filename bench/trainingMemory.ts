// npm run bench -- trainingMemory [--megabytes 50] [--threads 2] [--minutes 1] [--source node_modules]:
// how much memory a training on a large workspace holds, all of its processes together. Needs 'ps' (Linux, macOS).
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { globbySync } from 'globby';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { values: options } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '50' },
    threads: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '1' },
    source: { type: 'string', default: join(root, 'node_modules') },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'recur-memory-'));
try {
  const workspace = join(folder, 'workspace');
  const bytes = writeWorkspace(workspace, Number(options.megabytes) * 1e6);
  console.log(`${(bytes / 1e6).toFixed(1)} MB of files from ${options.source}, ${options.threads} threads`);
  await measure(workspace, join(folder, 'out'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Copies of real source files, until there are so many bytes. */
function writeWorkspace(workspace: string, wanted: number): number {
  const sources = globbySync('**/*.{js,mjs,cjs,ts,md,css}', {
    cwd: resolve(options.source),
    followSymbolicLinks: false,
  });
  let bytes = 0;
  for (const [index, source] of sources.entries()) {
    const content = readFileSync(join(options.source, source));
    if (content.length > 200_000 || bytes + content.length > wanted) continue;
    // Under names that no rule leaves out.
    const file = join(workspace, `part${Math.floor(index / 200)}`, `file${index}${extname(source)}`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    bytes += content.length;
  }
  return bytes;
}

/** Trains as a user would and looks at the processes five times a second. */
async function measure(workspace: string, out: string): Promise<void> {
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'ignore' });
  const { threads, minutes } = options;
  const args = ['train', workspace, '--out', out, '--minutes', minutes, '--threads', threads, '--json'];
  const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...args, '--max-corpus-bytes', '1000000000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const began = performance.now();
  const peaks = new Map<string, number>();
  let phase = 'reading';
  const look = (): void => {
    peaks.set(phase, Math.max(peaks.get(phase) ?? 0, residentMegabytes(child.pid ?? 0)));
  };
  const timer = setInterval(look, 200);
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line) as { type: string };
    if (message.type === 'corpus') console.log(`${seconds(began)} s to the corpus: ${line}`);
    if (message.type === 'done') console.log(line);
    if (message.type === 'progress') phase = 'training';
    if (message.type === 'corpus') phase = 'starting';
  }
  clearInterval(timer);
  for (const [name, megabytes] of peaks)
    console.log(`${name.padEnd(10)} ${megabytes.toFixed(0).padStart(6)} MB at most`);
  console.log(`${Math.max(...peaks.values()).toFixed(0)} MB resident at most, the goal is 1500`);
}

function seconds(sinceMs: number): string {
  return ((performance.now() - sinceMs) / 1000).toFixed(1);
}

/** Resident memory of a process and all below it; pages that processes share count for each. */
function residentMegabytes(rootId: number): number {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number) as [number, number, number]);
  const tree = new Set([rootId]);
  // Children have larger numbers only as long as numbers are not used again: look until nothing is new.
  for (let size = 0; size < tree.size;) {
    size = tree.size;
    for (const [id, parent] of rows) if (tree.has(parent)) tree.add(id);
  }
  return rows.reduce((sum, [id, , kilobytes]) => sum + (tree.has(id) ? kilobytes / 1024 : 0), 0);
}
