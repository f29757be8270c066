import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import canonicalize from 'canonicalize';
import { canonicalJson, findUnstorable, MAX_JSON_DEPTH } from './json.js';

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
const parsed = (text: string): unknown => JSON.parse(text);

describe('what may be stored', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['booleans', [true, false]],
    ['safe integers', [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]],
    ['newline and tab', 'a\n\tb'],
    ['any other character of Unicode', '\u0020~\u00a0é\u200b\u2028\ufeff\uffff日𝒳\u{10ffff}'],
    ['empty things', { '': '', a: [], b: {} }],
    ['names that only look forbidden', { proto: 1, __proto: 1, hasOwnProperty: 2, toString: 3 }],
    ['an object without prototype', Object.assign(Object.create(null) as object, { a: 1 })],
    ['the deepest that is allowed', nested(MAX_JSON_DEPTH)],
  ])('%s', (_, value) => expect(findUnstorable(value)).toBeUndefined());

  it.each<[string, unknown, string, RegExp]>([
    ['a decimal', { a: [1.5] }, 'a[0]', /safe integer/],
    ['an unsafe integer', { a: Number.MAX_SAFE_INTEGER + 1 }, 'a', /safe integer/],
    ['a negative unsafe integer', Number.MIN_SAFE_INTEGER - 1, '', /safe integer/],
    ['minus zero', { a: -0 }, 'a', /safe integer/],
    ['minus zero, as parsed', parsed('{"a":-0}'), 'a', /safe integer/],
    ['no number', NaN, '', /safe integer/],
    ['infinity, as parsed', parsed('[1e999]'), '[0]', /safe integer/],
    ['a lone high surrogate', { text: [{ lang: 'a\ud835' }] }, 'text[0].lang', /surrogate/],
    ['a lone low surrogate', '\udcb3', '', /surrogate/],
    ['surrogates the wrong way round', '\udcb3\ud835', '', /surrogate/],
    ['a lone surrogate in a name', { 'a\ud835': 1 }, 'a\ud835', /surrogate/],
    ['NUL', 'a\0b', '', /control/],
    ['a carriage return', 'a\r\nb', '', /control/],
    ['a vertical tab', '\v', '', /control/],
    ['escape', '\u001b[31m', '', /control/],
    ['DEL', '\u007f', '', /control/],
    ['a control character of C1', '\u009b', '', /control/],
    ['a control character in a name', { 'a\u0001': 1 }, 'a\u0001', /control/],
    ['__proto__, as parsed', parsed('{"a":{"__proto__":{"b":1}}}'), 'a.__proto__', /may have/],
    ['__proto__ with nothing in it', parsed('{"__proto__":null}'), '__proto__', /may have/],
    ['constructor', { constructor: 1 }, 'constructor', /may have/],
    ['prototype', [{ prototype: 1 }], '[0].prototype', /may have/],
    ['undefined', { a: undefined }, 'a', /undefined/],
    // eslint-disable-next-line no-sparse-arrays
    ['a hole', [1, , 2], '[1]', /undefined/],
    ['a bigint', [1n], '[0]', /bigint/],
    ['a function', { a: () => 1 }, 'a', /function/],
    ['a symbol', Symbol('a'), '', /symbol/],
    ['what writes itself as something else', { a: new Date(0) }, 'a', /something else/],
    ['what is nested too deep', nested(MAX_JSON_DEPTH + 1), '[0]'.repeat(MAX_JSON_DEPTH), /deeper than 32/],
    ['what is nested so deep that it would exhaust the stack', nested(5_000), '[0]'.repeat(MAX_JSON_DEPTH), /deeper/],
  ])('not %s', (_, value, path, reason) => {
    expect(findUnstorable(value)?.path).toBe(path);
    expect(findUnstorable(value)?.reason).toMatch(reason);
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it('what holds itself is too deep, and does not hang', () => {
    const ring: unknown[] = [];
    ring.push(ring);
    expect(findUnstorable(ring)?.reason).toMatch(/deeper/);
  });

  it('whatever it is given, it answers', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true, withDate: true, withMap: true }),
        (value) => {
          findUnstorable(value);
        },
      ),
    );
  });
});

describe('canonical JSON', () => {
  it.each<[string, unknown, string]>([
    ['no white space', { a: [1, { b: null }], c: true }, '{"a":[1,{"b":null}],"c":true}'],
    [
      'names by UTF-16 units',
      { '\ufb33': 'f', '€': 'e', '😀': 'd', ö: 'c', '': 'b', '1': 'a', A: 'x', a: 'y', aa: 'z' },
      '{"":"b","1":"a","A":"x","a":"y","aa":"z","ö":"c","€":"e","😀":"d","\ufb33":"f"}',
    ],
    ['numbers as names in the order of text', { '10': 1, '9': 2, '1': 3 }, '{"1":3,"10":1,"9":2}'],
    ['the order of arrays', [3, 1, 2], '[3,1,2]'],
    ['the fewest escapes', '"\\/\n\t\u2028é<>&\u00a0', '"\\"\\\\/\\n\\t\u2028é<>&\u00a0"'],
    ['no normalisation', ['\u00e9', 'e\u0301'], '["\u00e9","e\u0301"]'],
    [
      'integers in full',
      [9007199254740991, -9007199254740991, 100000000000000000 / 1000, 0],
      '[9007199254740991,-9007199254740991,100000000000000,0]',
    ],
    ['a string alone', 'x', '"x"'],
    ['null alone', null, 'null'],
  ])('%s', (_, value, text) => expect(canonicalJson(value)).toBe(text));

  const storable = fc.jsonValue({ maxDepth: 6, noUnicodeString: false }).filter((value) => findUnstorable(value) === undefined);

  it('reads back as it was, and is then the same text', () => {
    fc.assert(
      fc.property(storable, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('does not depend on the order in which names were put', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), storable).filter((value) => findUnstorable(value) === undefined),
        (value) => {
          expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(canonicalJson(value));
        },
      ),
    );
  });

  it('is what the canonicaliser writes, whatever the names are', () => {
    const name = fc.oneof(fc.constantFrom('10', '9', '0', '-1', '1a', 'a', 'B', 'é', '€', '😀', ':', '/'), fc.string());
    const value = fc.letrec((tie) => ({
      any: fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string(), fc.array(tie('any')), fc.dictionary(name, tie('any'))),
    })).any;
    fc.assert(
      fc.property(
        value.filter((each) => findUnstorable(each) === undefined),
        (each) => expect(canonicalJson(each)).toBe(canonicalize(each)),
      ),
    );
  });
});
