/** The processes that Recur has started, and its command line. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { onCpu, startLanguageServer, uriOf } from '../lsp/languageClient';

const execute = promisify(execFile);

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Every process of this machine that runs the bundle with this name. */
export async function processesOf(bundle: 'engine' | 'trainer'): Promise<RunningProcess[]> {
  const { stdout } = await execute('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args=']);
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, command]) => ({ pid: Number(pid), parent: Number(parent), command: command! }))
    .filter(({ command }) => command.endsWith(`/dist/${bundle}.js`));
}

/** Threads of a process, as the system counts them. */
export async function threadsOf({ pid }: RunningProcess): Promise<number> {
  const { stdout } = await execute('ps', ['-o', 'nlwp=', '-p', String(pid)]);
  return Number(stdout);
}

/** A place in a saved file that the command line is asked about; line and character from 0. */
interface AskedPlace {
  readonly commandLine: string;
  readonly file: string;
  readonly line: number;
  readonly character: number;
  readonly modelDirectory: string;
}

/** What `recur complete` prints for a place. */
export async function completeByCommandLine(place: AskedPlace): Promise<string> {
  const at = ['--line', String(place.line + 1), '--column', String(place.character + 1)];
  const args = [place.commandLine, 'complete', place.file, ...at, '--model', place.modelDirectory, '--json'];
  const { stdout } = await execute(process.execPath, args, { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  return (JSON.parse(last) as { text: string }).text;
}

/** What `recur lsp` offers first at a place, asked over stdio, when it knows the folder. */
export async function completeByLanguageServer(place: AskedPlace & { readonly folder: string }): Promise<string> {
  const client = await startLanguageServer({
    cli: place.commandLine,
    folders: [place.folder],
    arguments: ['--model', place.modelDirectory],
    settings: onCpu,
  });
  try {
    const uri = uriOf(place.file);
    client.open(uri, await readFile(place.file, 'utf8'));
    const ask = () => client.complete(uri, place.line, place.character);
    await ask();
    await client.until(/^progress end/);
    const [item] = await ask();
    await client.end();
    return (item?.insertText as string | undefined) ?? '';
  } finally {
    client.child.kill('SIGKILL');
  }
}
