import { expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random';
import { bindingOf, partsOf, renamed } from '../../../src/memory/code/renaming';

const divided: readonly (readonly [string, readonly string[]])[] = [
  ['fooBar', ['foo', 'Bar']],
  ['FooBar', ['Foo', 'Bar']],
  ['foo_bar', ['foo', '_', 'bar']],
  ['FOO_BAR', ['FOO', '_', 'BAR']],
  ['HTTPServer2', ['HTTP', 'Server', '2']],
  ['__init__', ['__', 'init', '__']],
  ['$scope', ['$', 'scope']],
  ['margin-top', ['margin', '-', 'top']],
  ['größeÄndern', ['größe', 'Ändern']],
  ['x', ['x']],
];

it.each(divided)('%s has the parts %j', (name, parts) => {
  expect(partsOf(name).written).toEqual(parts);
});

/** The name there and here, another name there, and what it is called here. */
const cases: readonly (readonly [string, string, string, string | undefined])[] = [
  ['foo', 'bar', 'foo', 'bar'],
  ['foo', 'bar', 'getFoo', 'getBar'],
  ['foo', 'bar', 'FOO_DEFAULT', 'BAR_DEFAULT'],
  ['foo', 'bar', 'foo_list', 'bar_list'],
  ['foo', 'bar', '_foo', '_bar'],
  ['Foo', 'Bar', 'fooBox', 'barBox'],
  ['getFoo', 'getBar', 'setFooNow', 'setBarNow'],
  ['FooHandler', 'LoginFormHandler', 'fooHandled', 'loginFormHandled'],
  ['FooHandler', 'LoginFormHandler', 'FOO_HANDLED', 'LOGIN_FORM_HANDLED'],
  ['FooHandler', 'LoginFormHandler', 'foo_handled', 'login_form_handled'],
  ['loginForm', 'user', 'showLoginForm', 'showUser'],
  ['loginForm', 'user', 'login_form_id', 'user_id'],
  ['font-size', 'line-height', 'max-font-size', 'max-line-height'],
  // Nothing of one is left: the whole names.
  ['item', 'items', 'item', 'items'],
  ['box', 'boxItem', 'boxes', undefined],
  ['foo', 'bar', 'food', undefined],
  ['i', 'j', 'isIt', undefined],
];

it.each(cases)('where %s is %s here, %s is %s', (there, here, name, expected) => {
  const binding = bindingOf(partsOf(there), partsOf(here));
  expect(binding && renamed(partsOf(name), binding)).toBe(expected);
});

const words = ['foo', 'bar', 'item', 'x', 'http'];
const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
const styles: readonly ((parts: readonly string[]) => string)[] = [
  (parts) => parts.map((part, index) => (index === 0 ? part : capital(part))).join(''),
  (parts) => parts.map(capital).join(''),
  (parts) => parts.join('_'),
  (parts) => parts.join('-'),
  (parts) => `_${parts.join('_')}_`,
  (parts) => parts.join('_').toUpperCase(),
];

it('divides a name of any style into parts that make it up, and renames it in its style', () => {
  const random = createRandom(5);
  for (let round = 0; round < 200; round++) {
    const style = styles[random.integer(styles.length)]!;
    const parts = words.slice(random.integer(3), 3 + random.integer(3));
    const name = style(parts);
    expect(partsOf(name).written.join('')).toBe(name);
    expect(partsOf(name).bare).toEqual(parts);
    const at = random.integer(parts.length);
    const changed = parts.with(at, 'other');
    const binding = bindingOf(partsOf(parts[at]!), partsOf('other'));
    if (binding !== undefined) expect(renamed(partsOf(name), binding)).toBe(style(changed));
  }
});
