import { describe, expect, it } from 'vitest';
import { askedByDefault, defaultCorpus } from '../../src/core/configuration';
import { parseJobSpec } from '../../src/jobs/jobSpec';

const least = { name: 'web', folder: 'code', store: 'store', budget: { steps: 10 } };
const parse = (changes: object) => parseJobSpec({ ...least, ...changes }, '/specs');

describe('a SPEC', () => {
  it('leaves open what it does not say, and means folders from where it lies', () => {
    expect(parse({})).toMatchObject({
      place: { kind: 'folder', folder: '/specs/code' },
      store: '/specs/store',
      training: { ...askedByDefault, budget: { steps: 10 } },
      shape: {},
      corpus: defaultCorpus,
      publish: true,
    });
  });

  it('takes settings under the names that the editor has', () => {
    const training = { hidden: 32, embedding: 16, batch: 8, seed: 7 };
    const spec = parse({ training, corpus: { include: ['src/**'] } });
    expect(spec.training).toMatchObject({ model: { cell: 'lstm', hidden: 32, embedding: 16 }, batch: 8, seed: 7 });
    expect(spec.shape).toEqual({ hidden: 32, embedding: 16 });
    expect(spec.corpus.include).toEqual(['src/**']);
  });

  const repository = (address: string) => ({ folder: undefined, repository: address });

  it.each([
    'https://git.example/team/web.git',
    'ssh://git@git.example:2222/team/web',
    'git@git.example:team/web.git',
    'file:///srv/git/web.git',
    '/srv/git/web.git',
  ])('takes the repository %s', (address) => {
    expect(parse({ folder: undefined, repository: address }).place).toEqual({
      kind: 'repository',
      repository: address,
      revision: 'HEAD',
    });
  });

  it.each<[string, object, string]>([
    ['an unknown entry', { colour: 'red' }, "'colour' in the SPEC is not known."],
    ['an unknown setting', { training: { hiden: 3 } }, "'training.hiden' in the SPEC is not known."],
    ['a setting out of its limits', { training: { hidden: 0 } }, "'training.hidden' in the SPEC does not fit"],
    ['no budget', { budget: {} }, "'budget' in the SPEC needs minutes, steps or epochs."],
    ['minutes for several machines', { machines: 2, budget: { minutes: 1 } }, 'takes steps or epochs where there are'],
    ['too many machines', { machines: 17 }, "'machines' in the SPEC does not fit"],
    ['a name with a path', { name: '../x' }, "'name' in the SPEC takes small letters"],
    ['two places', { repository: 'https://a.example/b' }, "names a 'repository' or a 'folder', one of them"],
    ['no place', { folder: undefined }, "names a 'repository' or a 'folder', one of them"],
    ['an option of git as revision', { revision: '--upload-pack=x' }, "'revision' in the SPEC takes a branch"],
    ['a range as revision', { revision: 'a..b' }, "'revision' in the SPEC takes a branch"],
    ['a remote helper', repository('ext::sh -c x'), 'takes an https or ssh address'],
    ['an option of git', repository('--upload-pack=x'), 'takes an https or ssh address'],
    ['a password', repository('https://me:word@git.example/x'), 'holds credentials'],
    ['a token', repository('https://token@git.example/x'), 'holds credentials'],
  ])('with %s is refused in a sentence', (_, changes, sentence) => expect(() => parse(changes)).toThrow(sentence));
});
