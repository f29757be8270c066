import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '#kernel';
import { parseSeat } from './seat-number.js';

describe('the number of a seat in a path', () => {
  it.each([
    ['1', 1],
    ['24', 24],
    ['9999', 9999],
  ])('%s', (typed, seat) => expect(parseSeat(typed)).toBe(seat));

  it.each(['', 'x', '0', '01', '-1', '+1', '2.0', '1e1', '0x1', ' 1', '1 ', '10000', '999999999999999999999', '٣'])(
    '%j is none, and is shown as typed',
    (typed) => {
      const refused = parseSeat(typed);
      expect(isRefusal(refused) && [refused.code, refused.kind.status, refused.detail]).toEqual([
        'not-found',
        404,
        expect.stringContaining(`There is no seat ${JSON.stringify(typed)}`),
      ]);
    },
  );

  it('what is long is cut', () =>
    expect(parseSeat('7'.repeat(2000))).toMatchObject({ detail: expect.stringContaining(`"${'7'.repeat(40)}"`) as unknown }));
});
