/**
 * Puts the texts of a language into a manifest, as the editor does.
 * @param {unknown} manifest package.json
 * @param {Readonly<Record<string, string>>} texts package.nls.json, or that of another language
 * @returns {unknown} the manifest with each `%key%` replaced
 * @throws {Error} where a key has no text
 */
export function localizedManifest(manifest, texts) {
  /** @type {unknown} */
  const copy = JSON.parse(JSON.stringify(manifest), (/** @type {string} */ _, /** @type {unknown} */ value) => {
    const key = keyOf(value);
    if (key === undefined) return value;
    if (texts[key] === undefined) throw new Error(`package.nls.json has no text for '${key}'.`);
    return texts[key];
  });
  return copy;
}

/**
 * @param {unknown} value of a manifest
 * @returns {string | undefined} the key, where it stands for a text
 */
export function keyOf(value) {
  return typeof value === 'string' ? /^%([^%\s]+)%$/.exec(value)?.[1] : undefined;
}
