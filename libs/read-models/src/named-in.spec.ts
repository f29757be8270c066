// A row names an entity in a column of one id, and in one that lists several.
import { expect, it } from '@jest/globals';
import type { Uuid } from '#kernel';
import { isNamedIn } from './named-in.js';
import { table, type Row } from './table.js';

const debates = table({
  name: 'debates',
  singular: 'debate',
  says: 'A debate.',
  columns: {
    hall: { type: 'id', of: 'halls', says: 'Where.' },
    guests: { type: 'json', of: 'halls', says: 'Whose guests.' },
    notes: { type: 'json', says: 'Notes.' },
  },
  audience: { otherwise: { kind: 'public' } },
});
const row = (columns: object): Row => columns as Row;

it.each([
  ['in a column of one id', { hall: 'a', guests: null, notes: null }, true],
  ['in one of several', { hall: 'b', guests: ['c', 'a'], notes: null }, true],
  ['in none', { hall: 'b', guests: ['c'], notes: null }, false],
  ['in one that names nothing', { hall: null, guests: null, notes: ['a'] }, false],
])('%s', (_, columns, expected) => {
  expect(isNamedIn(debates, row(columns), 'halls', 'a' as Uuid)).toBe(expected);
  expect(isNamedIn(debates, row(columns), 'sessions', 'a' as Uuid)).toBe(false);
});

it('where there is no row', () => {
  expect(isNamedIn(debates, undefined, 'halls', 'a' as Uuid)).toBe(false);
});
