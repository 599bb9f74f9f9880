import { execFileSync, type ChildProcess } from 'node:child_process';
import { readlinkSync } from 'node:fs';

/*
 * Machines on one computer: each is a network namespace with a link to a switch in the namespace of this process, which scripts/team.mjs
 * has given it for itself.
 */

/** Why no link is cut; undefined where that can be done without harm to others. */
export const noLinks =
  process.env.RECUR_TEAM_OWN_NETWORK === '1'
    ? undefined
    : 'needs a network of its own, which scripts/team.mjs gives it';

/** A machine's link to the switch. */
export interface Link {
  /** Pulls the cable: nothing more arrives, on either side, and nobody is told. */
  cut(): void;
  mend(): void;
}

export interface Network {
  /** The address of this process's own machine. */
  readonly address: string;
  /** What a program is started by on a machine of its own: it waits there until it is connected. */
  machine(): { readonly via: readonly string[]; connect(started: ChildProcess): Promise<Link> };
  close(): void;
}

const bridge = 'recur0';
const addressOf = (machine: number): string => `10.99.${machine >> 8}.${machine & 255}`;
/** Waits for the link, and becomes the program. */
const script =
  'until ip link show eth0 >/dev/null 2>&1; do sleep 0.1; done; ip link set lo up; ip address add "$1"/16 dev eth0; ' +
  'ip link set eth0 up; shift; exec "$@"';
const lookMs = 20;

export function createNetwork(): Network {
  let machines = 1;
  ip('link', 'add', bridge, 'type', 'bridge');
  ip('address', 'add', `${addressOf(1)}/16`, 'dev', bridge);
  ip('link', 'set', bridge, 'up');
  return {
    address: addressOf(1),
    machine() {
      const number = ++machines;
      const link = `machine${number}`;
      return {
        via: ['unshare', '--net', 'sh', '-c', script, 'sh', addressOf(number)],
        async connect(started) {
          await isElsewhere(started);
          ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(started.pid));
          ip('link', 'set', link, 'master', bridge, 'up');
          return { cut: () => ip('link', 'set', link, 'down'), mend: () => ip('link', 'set', link, 'up') };
        },
      };
    },
    close: () => ip('link', 'delete', bridge),
  };
}

function ip(...args: string[]): void {
  execFileSync('ip', args);
}

/** Resolves when the process has a namespace of its own. */
async function isElsewhere({ pid }: ChildProcess): Promise<void> {
  const here = readlinkSync('/proc/self/ns/net');
  while (readlinkSync(`/proc/${pid}/ns/net`) === here) await new Promise((resolve) => setTimeout(resolve, lookMs));
}
