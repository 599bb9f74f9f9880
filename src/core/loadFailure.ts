import { describeError } from './errors';

interface LikelyCause {
  readonly pattern: RegExp;
  /** What is likely wrong, and what to do about it; `$1` stands for what the pattern caught. */
  readonly cause: string;
}

/**
 * What the loaders of Linux, Windows and macOS, and Node before them, say where a native library does not load. The first row
 * that fits counts.
 */
const likelyCauses: readonly LikelyCause[] = [
  {
    pattern: /version `(GLIBC_[\d.]+)' not found/,
    cause: 'the C library of this system is older than $1: a newer system is needed',
  },
  {
    pattern: /version `((?:GLIBCXX|CXXABI)_[\d.]+)' not found/,
    cause: 'the C++ library of this system (libstdc++) is older than $1: a newer system is needed',
  },
  {
    pattern: /ld-linux[\w.-]*: (?:cannot open|No such file)|Error relocating|Error loading shared library/,
    cause: 'the library was made for glibc, and this system has musl (Alpine): install the package for alpine',
  },
  {
    pattern:
      /invalid ELF header|wrong ELF class|incompatible architecture|not a valid Win32 application|Exec format error/i,
    cause: 'the library was made for another processor or system: install the package for this platform',
  },
  {
    pattern: /file too short|truncated|bad image|section .* corrupt/i,
    cause: 'the library is damaged: install Recur again',
  },
  {
    pattern: /cannot enable executable stack|cannot apply additional memory protection/i,
    cause: 'the security rules of this system (SELinux or the like) forbid the library: its administrator can allow it',
  },
  {
    pattern: /Operation not permitted|Permission denied|EACCES|EPERM|Access is denied/i,
    cause:
      'the file may not be read or executed (a lost permission, a disk mounted with noexec, an antivirus): install Recur again where programs may run',
  },
  {
    pattern: /code signature|library load disallowed|not verified/i,
    cause: 'macOS keeps the library in quarantine: remove com.apple.quarantine from the folder of the extension',
  },
  {
    pattern: /(?:The specified module could not be found|0x7e\b)/i,
    cause: 'the Visual C++ runtime is missing: install the Microsoft Visual C++ Redistributable',
  },
  {
    pattern: /(lib[\w+.-]+\.so[\w.]*): cannot open shared object file|Library not loaded: (\S+)/,
    cause: '$1 is missing on this system: install it with the packages of the system',
  },
  {
    pattern: /SIGILL|illegal instruction/i,
    cause: 'this processor lacks instructions that the library uses (AVX)',
  },
  {
    pattern: /Cannot find (?:module|package)|MODULE_NOT_FOUND/,
    cause: 'this package of Recur does not hold it: install the package for this platform',
  },
];

/**
 * The likely cause of a native library that does not load, for people.
 * @param message what the loader said
 * @returns undefined where it says nothing that is known
 */
export function likelyCause(message: string): string | undefined {
  for (const { pattern, cause } of likelyCauses) {
    const found = pattern.exec(message);
    if (found !== null) return cause.replace('$1', found[1] ?? found[2] ?? '');
  }
  return undefined;
}

/** Why something did not load: the first line of the loader's words, and what is likely wrong. */
export function describeLoadFailure(error: unknown): string {
  const message = describeError(error);
  const first = message.split('\n', 1)[0]!.trim();
  const cause = likelyCause(message);
  return cause === undefined ? first : `${first}; likely ${cause}`;
}
