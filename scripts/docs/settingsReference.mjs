/**
 * @typedef {object} Setting
 * @property {string | string[]} [type]
 * @property {unknown} default
 * @property {string} [scope]
 * @property {number} [order]
 * @property {(string | number | null)[]} [enum]
 * @property {string[]} [enumDescriptions]
 * @property {number} [minimum]
 * @property {number} [maximum]
 * @property {string} [markdownDescription]
 * @property {string} [description]
 *
 * @typedef {{title: string, order?: number, properties: Record<string, Setting>}} Section
 */

/**
 * Writes out the settings that a manifest contributes, as the settings page of the editor has them.
 * @param {unknown} manifest package.json with its texts
 * @returns {string} Markdown
 */
export function settingsReference(manifest) {
  const { contributes } = /** @type {{contributes: {configuration: Section[]}}} */ (manifest);
  const sections = [...contributes.configuration].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  const intro = [
    '# Settings',
    'Written from `package.json` by `npm run docs`. A setting of the scope _machine_ cannot be set by a workspace.',
  ];
  return `${[...intro, ...sections.map(sectionText)].join('\n\n')}\n`;
}

/** @param {Section} section */
function sectionText({ title, properties }) {
  const settings = Object.entries(properties).sort(([, a], [, b]) => (a.order ?? 0) - (b.order ?? 0));
  return [`## ${title}`, ...settings.map(([name, setting]) => settingText(name, setting))].join('\n\n');
}

/**
 * @param {string} name
 * @param {Setting} setting
 */
function settingText(name, setting) {
  const facts = [
    `default \`${JSON.stringify(setting.default)}\``,
    valuesOf(setting),
    `scope ${setting.scope ?? 'window'}`,
  ];
  const choices = (setting.enumDescriptions ?? []).map(
    (text, index) => `- \`${JSON.stringify(setting.enum?.[index])}\`: ${text}`,
  );
  const description = setting.markdownDescription ?? setting.description ?? '';
  return [`### \`${name}\``, description, `_${facts.filter((fact) => fact !== '').join('; ')}_`, choices.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** @param {Setting} setting */
function valuesOf({ type, minimum, maximum, enum: values }) {
  if (values !== undefined) return `one of ${values.map((value) => `\`${JSON.stringify(value)}\``).join(', ')}`;
  const bounds = [
    ...(minimum === undefined ? [] : [`from ${minimum}`]),
    ...(maximum === undefined ? [] : [`to ${maximum}`]),
  ];
  return [[type ?? 'any'].flat().join(' or '), ...bounds].join(' ');
}
