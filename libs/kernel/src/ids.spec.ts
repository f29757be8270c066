import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bodyDigest, derivedId, isUuid, keyedId, randomId, uuidV8 } from './ids.js';

const V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const key = Buffer.alloc(32, 1);

describe('a UUIDv8', () => {
  it.each([
    ['00', '00000000-0000-8000-8000-000000000000'],
    ['ff', 'ffffffff-ffff-8fff-bfff-ffffffffffff'],
  ])('of bytes %s keeps all but version and variant', (byte, uuid) => expect(uuidV8(byte.repeat(32))).toBe(uuid));

  it('is made of the first 16 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 64 }), (bytes) => {
        const uuid = uuidV8(Buffer.from(bytes).toString('hex'));
        expect(uuid).toMatch(V8);
        const [made, given] = [Buffer.from(uuid.replaceAll('-', ''), 'hex'), Buffer.from(bytes.subarray(0, 16))];
        made[6]! &= 0x0f;
        given[6]! &= 0x0f;
        made[8]! &= 0x3f;
        given[8]! &= 0x3f;
        expect(made).toEqual(given);
      }),
    );
  });
});

describe('derived ids never change: they are stored', () => {
  it('from an id and a purpose', () =>
    expect(derivedId('c0000000-0000-8000-8000-000000000001', 'event/0')).toBe('f11856c4-860e-83fc-bbab-e6608a6e1f0e'));
  it('from facts, by a key', () =>
    expect(keyedId(key, ['subject', 'POST', '/api/v1/bodies', 'key-1'])).toBe('aadb9ab9-1cbe-801e-bc80-ed261a765518'));
  it('from a body, by a key', () =>
    expect(bodyDigest(key, { b: 1, a: ['x'] })).toBe('86b52598ec74f7ab74dfcdb5fff47067dfed61c40ed080c48b3f1045926dcc78'));

  it('as they are described', () => {
    const sha = createHash('sha256')
      .update(Buffer.concat([Buffer.from('plenary/derived/v1'), Buffer.of(0), Buffer.from('origin'), Buffer.of(0), Buffer.from('purpose')]))
      .digest('hex');
    expect(derivedId('origin', 'purpose')).toBe(uuidV8(sha));
    expect(keyedId(key, { b: 1, a: 2 })).toBe(uuidV8(createHmac('sha256', key).update('{"a":2,"b":1}').digest('hex')));
    expect(bodyDigest(key, { b: 1, a: 2 })).toBe(createHmac('sha256', key).update('{"a":2,"b":1}').digest('hex'));
  });
});

describe('derived ids differ', () => {
  it.each([
    ['by origin', derivedId('a', 'x'), derivedId('b', 'x')],
    ['by purpose', derivedId('a', 'x'), derivedId('a', 'y')],
    ['by where the one ends and the other begins', derivedId('a', 'bc'), derivedId('ab', 'c')],
    ['by key', keyedId(key, 1), keyedId(Buffer.alloc(32, 2), 1)],
    ['by fact', keyedId(key, ['a', 'bc']), keyedId(key, ['ab', 'c'])],
  ])('%s', (_, one, other) => expect(one).not.toBe(other));

  it('not by the order in which names were put', () => expect(keyedId(key, { a: 1, b: 2 })).toBe(keyedId(key, { b: 2, a: 1 })));
});

it.each<[unknown, boolean]>([
  ['00000000-0000-8000-8000-000000000000', true],
  ['0189d2a0-7b7e-7c3a-bf00-000000000000', true],
  ['00000000-0000-4000-8000-00000000000', false],
  ['00000000-0000-4000-8000-0000000000000', false],
  ['00000000-0000-0000-8000-000000000000', false],
  ['00000000-0000-9000-8000-000000000000', false],
  ['00000000-0000-4000-7000-000000000000', false],
  ['0000000000004000800000000000000000', false],
  ['ABCDEFAB-0000-4000-8000-000000000000', false],
  ['00000000-0000-4000-8000-000000000000\n', false],
  [' 00000000-0000-4000-8000-000000000000', false],
  ['', false],
  [undefined, false],
  [['00000000-0000-4000-8000-000000000000'], false],
])('%j is a UUID: %s', (text, expected) => expect(isUuid(text)).toBe(expected));

it('random ids are UUIDs, and differ', () => {
  const ids = Array.from({ length: 100 }, randomId);
  expect(ids.every(isUuid)).toBe(true);
  expect(new Set(ids).size).toBe(100);
});
