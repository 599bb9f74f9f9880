/** Runs a program without network, so that what works there works offline. */
import { spawnSync } from 'node:child_process';

/** Brings the loopback up in a network namespace that has nothing else, and becomes the program. */
const script = 'ip link set lo up && exec "$@"';

/** As root, and for users whom the system lets make namespaces of their own. */
const ways = [['--net'], ['--map-root-user', '--net']];

/**
 * @param {string[]} program with its arguments
 * @returns {{ command: string[], problem?: string }} what to run instead; `problem`: why it is not cut off
 */
export function withoutNetwork(program) {
  for (const way of process.platform === 'linux' ? ways : []) {
    const prefix = ['unshare', ...way, 'sh', '-c', script, 'sh'];
    if (spawnSync('unshare', [...prefix.slice(1), 'true']).status === 0) return { command: [...prefix, ...program] };
  }
  const problem =
    'the network cannot be cut here: it takes Linux, unshare, ip and the right to make network namespaces';
  return { command: program, problem };
}

/** A network that exists but that no well-behaved program gets out by. */
export const deadProxy = {
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1,localhost',
};
