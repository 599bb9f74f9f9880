import * as v from 'valibot';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What a reader has chosen and typed: the editor destroys the page behind another tab, and brings this back with it. */
export interface PageMemory {
  get(key: string): string | undefined;
  /** @param value undefined: as it is at first */
  set(key: string, value: string | undefined): void;
  /** Gives a field what was entered into it before, and keeps what will be. @returns the field */
  keep<Kind extends Field>(key: string, field: Kind): Kind;
}

/** The part of the editor's API that it stands on. */
export interface StateKeeper {
  getState(): unknown;
  setState(state: Readonly<Record<string, string>>): void;
}

const schema = v.fallback(v.record(v.string(), v.string()), {});

/** Stores something at once, also nothing: a panel without a state is not brought back with its window. */
export function createPageMemory(editor: StateKeeper): PageMemory {
  const kept = new Map(Object.entries(v.parse(schema, editor.getState())));
  const store = (): void => editor.setState(Object.fromEntries(kept));
  store();
  const set = (key: string, value: string | undefined): void => {
    if (value === undefined) kept.delete(key);
    else kept.set(key, value);
    store();
  };
  return {
    get: (key) => kept.get(key),
    set,
    keep(key, field) {
      const value = kept.get(key);
      if (value !== undefined) fill(field, value);
      field.addEventListener('input', () => set(key, contentOf(field)));
      return field;
    },
  };
}

function isCheckBox(field: Field): field is HTMLInputElement {
  return field instanceof HTMLInputElement && field.type === 'checkbox';
}

function contentOf(field: Field): string {
  return isCheckBox(field) ? String(field.checked) : field.value;
}

function fill(field: Field, content: string): void {
  if (isCheckBox(field)) field.checked = content === 'true';
  else field.value = content;
}
