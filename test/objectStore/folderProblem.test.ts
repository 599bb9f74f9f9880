import { expect, it } from 'vitest';
import { folderProblem } from '../../src/objectStore/folderProblem';

it.each([
  ['ENOSPC', true],
  ['ESTALE', true],
  ['EMFILE', true],
  ['ENFILE', true],
  ['EACCES', undefined],
  ['EROFS', undefined],
])('of a store in a folder %s passes by itself: %s', (code, isTemporary) => {
  const problem = folderProblem(Object.assign(new Error(code), { code }), '/store');
  expect(problem).toMatchObject({ name: 'UserError' });
  expect((problem as { isTemporary?: boolean }).isTemporary).toBe(isTemporary);
});
