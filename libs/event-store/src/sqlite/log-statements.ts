// The SQL with which the writer of a log reads and writes it.
import type { Database, SqlValue, Statement } from '#sqlite';
import { PLACEHOLDER } from './placeholder.js';

type Pair = readonly [number, number];

export interface LogStatements extends Record<
  'addStream' | 'advanceStream' | 'addEvent' | 'refill' | 'addSealed' | 'removeSealed' | 'removeAltered' | 'count' | 'format' | 'note',
  Statement<Record<string, SqlValue>>
> {
  stream: Statement<Pair>;
  event: Statement<Pair>;
  placeholder: Statement<readonly [number]>;
  counted: Statement<readonly [number]>;
  noted: Statement<readonly [string]>;
}

export const prepareStatements = (database: Database): LogStatements => ({
  stream: database.prepareArrays<Pair>('SELECT key, revision FROM streams WHERE name = ?'),
  event: database.prepareArrays<Pair>('SELECT stream_key, revision FROM events WHERE id = ?'),
  placeholder: database.prepareArrays<readonly [number]>(
    `SELECT record FROM events WHERE record = ? AND leaf = ? AND data = '${PLACEHOLDER}'`,
  ),
  counted: database.prepareArrays<readonly [number]>('SELECT records FROM store'),
  noted: database.prepareArrays<readonly [string]>('SELECT value FROM bookkeeping WHERE key = ?'),
  addStream: database.prepare('INSERT INTO streams (name, revision) VALUES (?, ?)'),
  advanceStream: database.prepare('UPDATE streams SET revision = ? WHERE key = ?'),
  addEvent: database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
  refill: database.prepare('UPDATE events SET data = ?, meta = ?, data_salt = ?, meta_salt = ? WHERE record = ?'),
  addSealed: database.prepare('INSERT INTO sealed VALUES (?, ?, ?, ?)'),
  removeSealed: database.prepare('DELETE FROM sealed WHERE record = ? AND hash = ?'),
  removeAltered: database.prepare('DELETE FROM sealed WHERE record = ? AND hash = ? AND (salt IS NOT ? OR value IS NOT ?)'),
  count: database.prepare('UPDATE store SET records = ?'),
  format: database.prepare('UPDATE store SET format = ?'),
  note: database.prepare('INSERT INTO bookkeeping VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'),
});
