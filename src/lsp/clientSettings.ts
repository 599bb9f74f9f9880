import { DidChangeConfigurationNotification, type Connection, type InitializeParams } from 'vscode-languageserver/node';
import { describeError } from '../core/errors';
import type { SettingReader } from '../editors/settings';

/** The client's values of Recur's settings. */
export interface ClientSettings {
  /** Unchecked, as they were when they were last told; nothing before that. */
  readonly read: SettingReader;
  /** Resolves when the client has told them for the first time. */
  readonly known: Promise<void>;
}

/**
 * Asks the client for the section `recur`, and again when it says that they have changed; a client that cannot be asked tells them
 * with its first request and with every change.
 * @param initialized resolves when the client may be asked
 * @param changed called whenever they were told, but for the first time
 */
export function followSettings(
  connection: Connection,
  { capabilities, initializationOptions }: InitializeParams,
  initialized: Promise<void>,
  changed: () => void,
): ClientSettings {
  const canBeAsked = capabilities.workspace?.configuration === true;
  let values = sectionOf(initializationOptions);

  async function ask(): Promise<void> {
    try {
      const told: unknown = await connection.workspace.getConfiguration('recur');
      // Nothing is said by whoever has no such section.
      if (typeof told === 'object' && told !== null) values = told;
    } catch (error) {
      connection.console.warn(`The settings could not be asked for: ${describeError(error)}`);
    }
  }

  async function askFirst(): Promise<void> {
    await initialized;
    if (!canBeAsked) return;
    if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
      void connection.client.register(DidChangeConfigurationNotification.type, { section: 'recur' });
    }
    await ask();
  }

  connection.onDidChangeConfiguration(({ settings }: { settings: unknown }) => {
    if (!canBeAsked) values = sectionOf(settings);
    void (canBeAsked ? ask() : Promise.resolve()).then(changed);
  });
  return { read: (key) => valueAt(values, key), known: askFirst() };
}

/** The section `recur` of settings, or all of them where they have none. */
function sectionOf(settings: unknown): unknown {
  return valueAt(settings, 'recur') ?? settings;
}

/** The value of `a.b` in `{a: {b: …}}` or `{'a.b': …}`: clients send both. */
export function valueAt(settings: unknown, key: string): unknown {
  if (typeof settings !== 'object' || settings === null) return undefined;
  const own = Object.entries(settings).find(([name]) => name === key);
  if (own !== undefined) return own[1];
  for (const [name, value] of Object.entries(settings)) {
    const found = key.startsWith(`${name}.`) ? valueAt(value, key.slice(name.length + 1)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
