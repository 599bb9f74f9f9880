// The copyright file of a Debian package says which terms each file stands under (DEP 5, machine-readable).

/**
 * @param {string} text
 * @returns {{globs: RegExp[], licence: string}[]} in order; the last one that fits a path holds. None where the file is not
 * of that form.
 */
export function readCopyright(text) {
  if (!/^Format:.*(copyright-format|dep5|DEP-?5)/im.test(text)) return [];
  return text.split(/\n\s*\n/).flatMap((paragraph) => {
    const files = fieldOf(paragraph, 'Files');
    const licence = fieldOf(paragraph, 'License')?.split('\n')[0]?.trim();
    if (files === undefined || licence === undefined) return [];
    const globs = files.split(/[\s,]+/).filter((glob) => glob !== '');
    return [{ globs: globs.map(patternOf), licence }];
  });
}

/** @param {string} paragraph @param {string} name */
function fieldOf(paragraph, name) {
  return new RegExp(String.raw`^${name}:((?:.*)(?:\n[ \t].*)*)`, 'im').exec(paragraph)?.[1]?.trim();
}

/** `*` stands for any characters, `/` included, `?` for one. @param {string} glob */
function patternOf(glob) {
  const pattern = glob
    .replace(/^\.\//, '')
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`);
}

/**
 * The terms of a file; undefined where the copyright file says nothing of it.
 * @param {ReturnType<typeof readCopyright>} paragraphs
 * @param {string} path
 */
export function licenceOfFile(paragraphs, path) {
  return paragraphs.findLast(({ globs }) => globs.some((glob) => glob.test(path)))?.licence;
}
