// The file: its tables, and how it tells that it is a Plenary log of a format that this version knows.
import { StoreNotOpened } from '../errors.js';
import type { Database } from '#sqlite';

/** "Plen", in SQLite's header: tells a log from every other application's database. */
const APPLICATION_ID = 0x506c656e;
/** What is written as long as it will do. */
const PLAIN_FORMAT = 1;
/** Holds placeholders of lost events: an earlier version would take them for forged. */
export const FORMAT_WITH_PLACEHOLDERS = 2;
const NEWEST_FORMAT = FORMAT_WITH_PLACEHOLDERS;

// Streams have integer keys: with their names in the index of events, a growing file takes twice as long.
const TABLES = `
  CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    format INTEGER NOT NULL,
    records INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE streams (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE events (
    record INTEGER PRIMARY KEY,
    stream_key INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    data TEXT NOT NULL,
    meta TEXT NOT NULL,
    data_salt TEXT NOT NULL,
    meta_salt TEXT NOT NULL,
    seal TEXT NOT NULL,
    leaf TEXT NOT NULL,
    UNIQUE (stream_key, revision)
  ) STRICT;
  CREATE TABLE sealed (
    record INTEGER NOT NULL,
    hash TEXT NOT NULL,
    salt TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (record, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE bookkeeping (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Makes the tables in an empty file, all or none. */
export function createWhereEmpty(database: Database, newId: string): void {
  if (database.pragma('schema_version') !== 0 || database.pragma('application_id') !== 0) return;
  database.transaction(() => {
    database.exec(TABLES);
    database.prepare('INSERT INTO store VALUES (1, ?, ?, 0)').run(newId, PLAIN_FORMAT);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  });
}

/** The store's id. @throws StoreNotOpened where the file is not a log of this format */
export function checkedStoreId(database: Database, file: string): string {
  if (database.pragma('application_id') !== APPLICATION_ID) {
    throw new StoreNotOpened(`${file} is a database of another application, not a Plenary log`);
  }
  const store = database.prepare<{ id: string; format: number }>('SELECT id, format FROM store').get();
  if (!store) throw new StoreNotOpened(`${file} is damaged: it does not say which store it is`);
  if (store.format > NEWEST_FORMAT) {
    throw new StoreNotOpened(
      `${file} has format ${store.format}, made by a newer version; this version knows formats up to ${NEWEST_FORMAT}`,
    );
  }
  return store.id;
}

/**
 * The number of the last record. Constant time: that no record is missing in between is asserted by whoever reads them.
 * @throws StoreNotOpened where records are missing at either end
 */
export function checkedLastRecord(database: Database, file: string): number {
  const ends = database
    .prepare<{ written: number; first: number; last: number }>(
      `SELECT records AS written,
        coalesce((SELECT record FROM events ORDER BY record LIMIT 1), 1) AS first,
        coalesce((SELECT record FROM events ORDER BY record DESC LIMIT 1), 0) AS last
      FROM store`,
    )
    .get()!;
  if (ends.first !== 1 || ends.last !== ends.written) {
    throw new StoreNotOpened(
      `${file} is damaged: ${ends.written} records were written and it holds numbers ${ends.first} to ${ends.last}; start it for reading, or restore it`,
    );
  }
  return ends.last;
}
