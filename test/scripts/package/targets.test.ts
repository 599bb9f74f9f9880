import { describe, expect, it } from 'vitest';
import { findTarget, hostTarget, missingProblem, nativeParts, targets } from '../../../scripts/package/targets.mjs';

const root = process.cwd();
const parts = (name: string, host: string) => nativeParts(root, findTarget(name), host);

describe('the native libraries of a target', () => {
  it.each(targets.map(({ name }) => name))('%s: are of its own system and processor', (name) => {
    const { system, processor } = findTarget(name);
    const onnxruntime = parts(name, 'another machine').files;
    expect(onnxruntime.filter((file) => !file.includes(`/${system}/${processor}/`))).toEqual([]);
  });

  it.each([
    { name: 'linux-arm64', host: 'linux-x64', missing: ['TensorFlow'] },
    { name: 'win32-x64', host: 'linux-x64', missing: ['TensorFlow'] },
    { name: 'darwin-x64', host: 'linux-x64', missing: ['onnxruntime', 'TensorFlow'] },
    { name: 'alpine-x64', host: 'linux-x64', missing: ['onnxruntime', 'TensorFlow'] },
  ])('$name lacks $missing on $host', ({ name, host, missing }) => {
    expect(parts(name, host).missing).toEqual(missing);
  });

  it('of musl are not those of glibc', () => {
    expect(parts('alpine-x64', 'linux-x64').files).toEqual([]);
  });

  it('are refused in one sentence where they are missing, with the way out', () => {
    const problem = missingProblem(findTarget('darwin-x64'), ['onnxruntime', 'TensorFlow'], 'linux-x64');
    expect(problem).toMatch(/onnxruntime and TensorFlow for darwin-x64 .*\(linux-x64\): --fallback/);
    expect(missingProblem(findTarget('linux-x64'), [])).toBeUndefined();
  });
});

describe('a target', () => {
  it('is one of seven', () => {
    expect(targets).toHaveLength(7);
    expect(() => findTarget('solaris-sparc')).toThrow(/solaris-sparc: name one of linux-x64, .*alpine-x64/);
  });

  it('is told of this machine', () => {
    expect(hostTarget()).toMatch(new RegExp(`^(${process.platform}|alpine)-${process.arch}$`));
  });
});
