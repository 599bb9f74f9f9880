import { config } from '@vscode/l10n';

/**
 * Imported before everything else of the page: texts are looked up as their modules are loaded. The extension has put the
 * editor's language into the page; nothing of it where that is English.
 */
const texts = document.getElementById('texts')?.textContent ?? '';
if (texts !== '') config({ contents: texts });
