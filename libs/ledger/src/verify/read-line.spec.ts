import fc from 'fast-check';
import { Malformed } from '../core/index.js';
import { readLine } from './read-line.js';

const hash = (digit: string): string => digit.repeat(64);
const event = (said: { data: string; meta: string; values: readonly string[] }) => ({
  kind: 'event',
  index: 3,
  stream: 'meeting-6d435c73-4033-8474-95cb-00e41f3b89b0',
  rev: 0,
  id: 'b2c60d8b-fd66-884f-afd8-3f4584b11c7d',
  type: 'remark-made',
  tv: 1,
  at: '2024-04-29T07:30:00.003Z',
  data: said.data,
  meta: said.meta,
  salts: { data: hash('a'), meta: hash('b') },
  seal: hash('c'),
  sealed: said.values.map((value) => ({ hash: hash('d'), salt: hash('e'), value })),
});

function accepts(text: string): boolean {
  try {
    readLine(text);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(Malformed);
    return false;
  }
}

/** The same event with an empty proof: looked at field by field, and written again. */
const lookedAtByField = (text: string): string => text.replace(/\}$/, ',"proof":[]}');

// What needs escaping, what need not be, and halves of what is one letter.
const letter = fc.oneof(
  fc.constantFrom('"', '\\', '/', '\b', '\t', '\n', '\v', '\f', '\r', '\0', '\x1f', '\x7f', '\u2028', 'é', '😀', '\ud800', '\udc00'),
  fc.string({ minLength: 1, maxLength: 1 }),
);
const string = fc.array(letter, { maxLength: 8 }).map((letters) => letters.join(''));
const line = fc
  .record({ data: string, meta: string, values: fc.array(string, { maxLength: 3 }) })
  .map((said) => JSON.stringify(event(said)));
const change = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 3 }),
  by: fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '\n',
      '"',
      '\\',
      '\\u0008',
      '\\u0041',
      '\\/',
      '\\u000b',
      '\\u001F',
      '\ud800',
      '0',
      '-',
      '1e3',
      '{',
      '}',
      ',"rev":0',
      '"rev":0,',
      'A',
      'g',
    ),
    fc.string({ maxLength: 2 }),
  ),
});

test('an event as it is written is read as it is', () => {
  fc.assert(
    fc.property(line, (text) => {
      if (accepts(text)) expect(readLine(text)).toEqual(JSON.parse(text));
      else expect(text).toMatch(/\\ud[89a-f]/);
    }),
  );
});

test('however an event is written, its text is judged as its fields are', () => {
  fc.assert(
    fc.property(line, fc.array(change, { minLength: 1, maxLength: 2 }), (text, changes) => {
      const changed = changes.reduce((before, { at, length, by }) => {
        const from = at % before.length;
        return before.slice(0, from) + by + before.slice(from + length);
      }, text);
      expect({ changed, accepted: accepts(changed) }).toEqual({ changed, accepted: accepts(lookedAtByField(changed)) });
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ['a space between fields', (text: string) => text.replace('"rev":0', '"rev": 0')],
  ['a key that stands twice', (text: string) => text.replace('"rev":0', '"rev":0,"rev":0')],
  ['a letter escaped without need', (text: string) => text.replace('said', '\\u0073aid')],
  ['a control character by its number, where it has a short form', (text: string) => text.replace('said', '\\u0008')],
  ['a number in another form', (text: string) => text.replace('"index":3', '"index":3e0')],
  ['a hash in upper case', (text: string) => text.replaceAll(hash('c'), hash('C'))],
  // Node decodes U+4E38 to the digit 8: its low byte is one.
  ['letters of another script in a salt', (text: string) => text.replaceAll(hash('a'), hash('丸'))],
  ['letters of another script in the seal', (text: string) => text.replaceAll(hash('c'), hash('丸'))],
])('no event has %s', (_, alter) => {
  const text = JSON.stringify(event({ data: '{"text":"said"}', meta: '{}', values: [] }));
  expect(accepts(text)).toBe(true);
  expect(accepts(alter(text))).toBe(false);
});

test('a long text of nothing but escapes is read', () => {
  expect(accepts(JSON.stringify(event({ data: '\n'.repeat(4_000_000), meta: '{}', values: [] })))).toBe(true);
});
