import { describe, expect, it } from '@jest/globals';
import { present } from './features.js';
import { isLanguageTag, sealText } from './localized-text.js';
import { isSealedReference, replaceMarks, sealed, unseal } from './sealed.js';

const reference = (text: string) => ({ $sealed: `hash of ${text}` });

describe('marks', () => {
  const value = {
    a: [
      { lang: 'en', text: sealed('one') },
      { lang: 'fr', text: sealed('un') },
    ],
    b: { c: sealed('two') },
    d: 1,
    e: null,
    f: undefined,
    g: ['plain'],
  };

  it('are replaced wherever they stand, in order; what is undefined is left out', () => {
    const seen: string[] = [];
    const replaced = replaceMarks(value, (text) => (seen.push(text), reference(text)));
    expect(Object.keys(replaced as object)).toEqual(['a', 'b', 'd', 'e', 'g']);
    expect(replaced).toEqual({
      a: [
        { lang: 'en', text: reference('one') },
        { lang: 'fr', text: reference('un') },
      ],
      b: { c: reference('two') },
      d: 1,
      e: null,
      g: ['plain'],
    });
    expect(seen).toEqual(['one', 'un', 'two']);
  });

  it('leave the value as it was', () => {
    replaceMarks(value, reference);
    expect(value.b.c).toEqual(sealed('two'));
  });

  it('are one for each language', () =>
    expect(
      sealText([
        { lang: 'en', text: 'a' },
        { lang: 'fr', text: 'b' },
      ]),
    ).toEqual([
      { lang: 'en', text: sealed('a') },
      { lang: 'fr', text: sealed('b') },
    ]));
});

describe('sealed values', () => {
  it('are put back, or said to be removed', () => {
    const stored = replaceMarks({ a: [sealed('one'), sealed('two')], b: null, c: 3 }, reference);
    expect(unseal(stored, new Map([['hash of one', 'one']]))).toEqual({ a: ['one', { $removed: 'hash of two' }], b: null, c: 3 });
  });
  it('may be empty', () => expect(unseal(reference(''), new Map([['hash of ', '']]))).toBe(''));
  it('are told from other things', () =>
    expect([reference('x'), { $sealed: 1 }, {}, null, 'x'].map(isSealedReference)).toEqual([true, false, false, false, false]));
});

it.each<[unknown, boolean]>([
  ['en', true],
  ['fr-CH', true],
  ['zh-Hans', true],
  ['und', true],
  ['de-CH-1996', true],
  ['EN', false],
  ['e', false],
  ['english', false],
  ['en_GB', false],
  ['en-', false],
  ['en-a', false],
  ['', false],
  [`en${'-abcdefgh'.repeat(4)}`, false],
  [undefined, false],
])('%j is a language tag: %s', (text, expected) => expect(isLanguageTag(text)).toBe(expected));

it('only what has a value is present', () => {
  expect(Object.keys(present({ a: undefined, b: null, c: false, d: 0, e: '' }))).toEqual(['b', 'c', 'd', 'e']);
});
