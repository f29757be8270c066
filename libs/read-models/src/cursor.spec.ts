import fc from 'fast-check';
import { expect, it } from '@jest/globals';
import { readCursor, writeCursor } from './cursor.js';

const cursors = fc.record(
  {
    of: fc.string(),
    record: fc.nat(),
    after: fc.maxSafeNat(),
    key: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }).filter((text) => text.isWellFormed()),
      fc.integer(),
    ),
  },
  { requiredKeys: ['of', 'record', 'after'] },
);

it('comes back as it was written, for its own list alone', () => {
  fc.assert(
    fc.property(cursors, (cursor) => {
      expect(readCursor(writeCursor(cursor), cursor.of)).toEqual(cursor);
      expect(readCursor(writeCursor(cursor), `${cursor.of} `)).toBeUndefined();
    }),
  );
});

it('is refused, and never throws, where it is anything else', () => {
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const text of [
    '',
    'x',
    '!',
    encoded(null),
    encoded(['a']),
    encoded(['a', -1, 0]),
    encoded(['a', 1, 1.5]),
    encoded(['a', 1, 1, {}]),
    encoded(['a', '1', 1]),
    'A'.repeat(5000),
  ]) {
    expect(readCursor(text, 'a')).toBeUndefined();
  }
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json().map(encoded)), (text) => expect(() => readCursor(text, 'a')).not.toThrow()));
});
