import { describe, expect, it } from 'vitest';
import { licenceOfFile, readCopyright } from '../../../scripts/base/debianCopyright.mjs';
import { isPermissive, saysRestrictive } from '../../../scripts/base/licences.mjs';

describe('terms of a package', () => {
  it.each([
    'MIT',
    '(Apache-2.0 OR MIT)',
    'BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0',
    'GPL-2 or Apache-2.0',
    'Expat',
    'BSD-2-clause',
    'Apache Software License',
    'BSD License',
    'Python Software Foundation License',
    'ISC License (ISCL)',
    'EPL-2.0 OR BSD-3-Clause',
    'Unlicense',
  ])('%s are permissive', (expression) => {
    expect(isPermissive(expression)).toBe(true);
  });

  it.each([
    '',
    'GPL-2+',
    'GNU Lesser General Public License v3 or later (LGPLv3+)',
    'MPL-2.0 AND MIT',
    'AGPL-3.0',
    'CC-BY-4.0',
    'SEE LICENSE IN LICENSE.md',
    'EPL-2.0 or EDL-1.0',
    'Public Domain AND BSD License AND GNU General Public License (GPL)',
    'MIT and CC-BY-SA-4.0',
  ])("'%s' are not", (expression) => {
    expect(isPermissive(expression)).toBe(false);
  });
});

describe('the top of a file', () => {
  it.each([
    ['/* This program is free software under the GNU General Public License. */', true],
    ['// SPDX-License-Identifier: LGPL-2.1-or-later', true],
    ['// SPDX-License-Identifier: MIT OR GPL-2.0', false],
    ['/* SPDX-License-Identifier: BSD-3-Clause */', false],
    ['# Licensed under the Mozilla Public License', true],
    ['// Copyright (c) somebody, MIT License', false],
  ])('%s', (top, restrictive) => {
    expect(saysRestrictive(`${top}\nint main(void) { return 0; }\n`)).toBe(restrictive);
  });
});

describe("a Debian package's copyright file", () => {
  const paragraphs = readCopyright(`Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2020 Somebody
License: Expat

Files: src/old/*
 tools/make?.sh
Copyright: 1999 Somebody else
License: GPL-2+
 This program is free software.

License: Expat
 Permission is hereby granted.
`);

  it.each([
    ['src/new.c', 'Expat'],
    ['src/old/deep/one.c', 'GPL-2+'],
    ['tools/make1.sh', 'GPL-2+'],
    ['tools/make12.sh', 'Expat'],
  ])('says of %s: %s', (file, licence) => {
    expect(licenceOfFile(paragraphs, file)).toBe(licence);
  });

  it('says nothing where it is not machine-readable', () => {
    expect(readCopyright('This package was debianized by somebody.\n\nFiles: *\nLicense: MIT\n')).toEqual([]);
  });
});
