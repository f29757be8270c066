// Golden values, computed with another implementation (Python's hashlib): the formats are fixed for ever.
import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { leafEntry, ledgerHashes, type LeafFields } from './hashes.js';

const hashes = ledgerHashes((...parts) => createHash('sha256').update(Buffer.concat(parts)).digest());
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Buffer.from(text);
const salt = Uint8Array.from({ length: 32 }, (_, index) => index);
const canonical = bytes('{"name":[{"lang":"en","text":{"$sealed":"00"}}]}');

const fields: LeafFields = {
  stream: 'meeting-0190f3a5-0000-8000-8000-000000000002',
  rev: 3,
  id: '0190f3a5-0000-8000-8000-000000000001',
  type: 'remark-made',
  tv: 1,
  at: '2024-04-29T07:30:00.000Z',
  data: 'aa'.repeat(32),
  meta: 'bb'.repeat(32),
};
const entry =
  `{"at":"2024-04-29T07:30:00.000Z","data":"${'aa'.repeat(32)}","id":"0190f3a5-0000-8000-8000-000000000001","meta":"${'bb'.repeat(32)}",` +
  '"rev":3,"stream":"meeting-0190f3a5-0000-8000-8000-000000000002","tv":1,"type":"remark-made","v":1}';

it('writes the leaf entry as RFC 8785 does, whatever the order of the fields', () => {
  expect(leafEntry(fields)).toBe(entry);
  expect(leafEntry(Object.fromEntries(Object.entries(fields).reverse()) as unknown as LeafFields)).toBe(entry);
});

it.each([
  ['data', hashes.data(salt, canonical), '41b22d8055590c8980d637c693fc7aa36cb9cc0ee363940319272a5294decded'],
  ['metadata', hashes.meta(salt, canonical), 'd28d3d6ec2fbaf694ad662e777e18c2e1d785474c156cf206f92dfe6620c4aeb'],
  [
    'a sealed value',
    hashes.sealed(salt, bytes('"Zürich: \\"a\\"\\n"')),
    '697902b96b57821409ff20444de9f7b72bda3d9dec933b14b25aaff2179da279',
  ],
  ['a leaf', hashes.leaf(bytes(entry)), 'c9783529ae3dc500aab52e1ee5b20d875e8a484d22b5feecfea4d17bca76940f'],
  [
    'a node',
    hashes.node(Buffer.alloc(32, 0xaa), Buffer.alloc(32, 0xbb)),
    '2f65cc0c7abfdb0c535cb7f942d65ae1fb04c9a3ad3ea5a62057aa8ac934a93a',
  ],
  ['the empty tree', hashes.empty(), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
])('hashes %s', (_, actual, golden) => expect(hex(actual)).toBe(golden));
