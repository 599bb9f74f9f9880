import { describe, expect, it } from 'vitest';
import { describeLoadFailure, likelyCause } from '../../src/core/loadFailure';

describe('the likely cause of a native library that does not load', () => {
  // As glibc, musl, Windows, macOS and Node have said it.
  it.each([
    [
      "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by libonnxruntime.so.1)",
      /older than GLIBC_2\.34/,
    ],
    [
      "/usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.29' not found (required by a.node)",
      /libstdc\+\+.*GLIBCXX_3\.4\.29/,
    ],
    ['Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by a.node)', /musl/],
    ['Error relocating a.node: __memcpy_chk: symbol not found', /musl/],
    ['/ext/onnxruntime_binding.node: invalid ELF header', /another processor or system/],
    ['libonnxruntime.so.1: wrong ELF class: ELFCLASS32', /another processor or system/],
    [
      "dlopen(a.node, 0x0001): tried: 'a.node' (mach-o file, but is an incompatible architecture (have 'x86_64', need 'arm64'))",
      /another processor/,
    ],
    ['\\\\?\\C:\\ext\\onnxruntime_binding.node is not a valid Win32 application.', /another processor/],
    ['libonnxruntime.so.1: file too short', /damaged/],
    ['libtensorflow_cc.so.2: failed to map segment from shared object: Operation not permitted', /noexec/],
    ["EACCES: permission denied, open 'onnxruntime_binding.node'", /permission/],
    [
      "dlopen(a.node): code signature in 'a.node' not valid for use in process: library load disallowed by system policy",
      /quarantine/,
    ],
    ['The specified module could not be found.\n\\\\?\\C:\\ext\\onnxruntime_binding.node', /Visual C\+\+/],
    ['libgomp.so.1: cannot open shared object file: No such file or directory', /libgomp\.so\.1 is missing/],
    ["Cannot find module '../bin/napi-v6/linux/x64/onnxruntime_binding.node'", /package for this platform/],
    ['The process has ended (signal SIGILL).', /AVX/],
  ])('%s', (message, cause) => {
    expect(likelyCause(message)).toMatch(cause);
  });

  it('is not made up', () => {
    expect(likelyCause('bad allocation')).toBeUndefined();
    expect(describeLoadFailure(new Error('bad allocation\nand more'))).toBe('bad allocation');
  });

  it('stands behind what the loader said', () => {
    const error = new Error('libonnxruntime.so.1: file too short\nRequire stack:');
    expect(describeLoadFailure(error)).toBe(
      'libonnxruntime.so.1: file too short; likely the library is damaged: install Recur again',
    );
  });
});
