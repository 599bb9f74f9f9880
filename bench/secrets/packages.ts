import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Twenty packages that many install, of many hands and kinds, none of them about keys. */
const npmPackages = [
  ...['axios@1.21.1', 'commander@14.0.3', 'eslint@10.15.0', 'express@5.3.0', 'jsonwebtoken@9.0.3', 'lodash@4.18.1'],
  ...['mongoose@9.12.1', 'react-dom@19.3.1', 'rxjs@7.8.2', 'socket.io@4.8.4', 'vue@3.5.45', 'webpack@5.113.0'],
];
const pythonPackages = [
  ...['click==8.5.1', 'django==5.2.19', 'flask==3.1.3', 'jinja2==3.1.6', 'pytest==9.2.0', 'requests==2.34.2'],
  ...['rich==15.0.0', 'sqlalchemy==2.1.9'],
];

/** A folder with a folder for each package, fetched by `npm pack` and `pip download` where they are not there yet. */
export function fetchPackages(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const fetch = (
    name: string,
    download: (into: string) => void,
    unpack: (file: string, into: string) => void,
  ): void => {
    const target = join(directory, name);
    if (existsSync(target)) return;
    const partial = `${target}.part`;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(join(partial, 'unpacked'), { recursive: true });
    download(partial);
    const file = readdirSync(partial).find((entry) => /\.(tgz|whl)$/.test(entry));
    if (file === undefined) throw new Error(`${name} could not be fetched.`);
    unpack(join(partial, file), join(partial, 'unpacked'));
    renameSync(join(partial, 'unpacked'), target);
    rmSync(partial, { recursive: true });
  };
  const run = (program: string, ...commands: string[]): void => {
    execFileSync(program, commands, { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  for (const name of npmPackages) {
    fetch(
      name,
      (into) => run('npm', 'pack', '--silent', '--pack-destination', into, name),
      (file, into) => run('tar', 'xzf', file, '-C', into),
    );
  }
  for (const name of pythonPackages) {
    fetch(
      name,
      (into) => run('python3', '-m', 'pip', 'download', '-q', '--no-deps', '--only-binary', ':all:', '-d', into, name),
      (file, into) => run('python3', '-m', 'zipfile', '-e', file, into),
    );
  }
  return directory;
}
