import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder to train on, as a user would have it. */
export interface BenchCorpus {
  readonly name: string;
  readonly about: string;
  /** Fills an empty folder. */
  fill(folder: string, root: string): void;
}

/** A package of the npm registry that ships the sources that people wrote, in `src/`. */
interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** SHA-512 of the archive, as the registry's `dist.integrity` has it. */
  readonly integrity: string;
}

export const corpora: readonly BenchCorpus[] = [
  {
    name: 'tinyshakespeare',
    about: 'plays, 1.1 million characters; one file, whose last tenth validates',
    fill: (folder, root) => copyFileSync(join(root, 'bench/data/tinyshakespeare.txt'), join(folder, 'input.txt')),
  },
  packageCorpus('TypeScript, whole files validate', {
    name: '@xterm/xterm',
    version: '6.0.0',
    integrity: 'sha512-TQwDdQGtwwDt+2cgKDLn0IRaSxYu1tSUjgKarSDkUM0ZNiSRXFpjxEsvc/Zgc5kq5omJ+V0a8/kIM2WD3sMOYg==',
  }),
  packageCorpus('JavaScript, whole files validate', {
    name: 'svelte',
    version: '5.57.3',
    integrity: 'sha512-5mAftM3SoDV9X0zdF386F9p2pv8iKOwi/KfBS1XnBAkVCKFzVOLHUoa8iGWAt4buoicLmyWVRpuuD5wplXOQsg==',
  }),
];

function packageCorpus(about: string, pinned: PinnedPackage): BenchCorpus {
  const { name, version } = pinned;
  return {
    name: name.replace(/^@.*\//, ''),
    about: `sources of ${name} ${version}, ${about}`,
    fill: (folder, root) => {
      const archive = fetchPackage(pinned, join(root, '.cache/packages'));
      run('tar', ['-xzf', archive, '-C', folder, '--strip-components=1', 'package/src']);
    },
  };
}

/** The archive of a package, fetched once; throws where it is not the pinned one. */
function fetchPackage({ name, version, integrity }: PinnedPackage, folder: string): string {
  const archive = join(folder, `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(archive)) {
    run('npm', ['pack', `${name}@${version}`, '--silent', '--ignore-scripts', '--pack-destination', folder]);
  }
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== integrity) throw new Error(`${archive} is not the pinned one: ${found}.`);
  return archive;
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args[0] ?? ''} failed: ${error?.message ?? stderr.trim()}`);
}
