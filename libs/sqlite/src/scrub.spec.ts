import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openDatabase, type Database } from './database.js';
import { scrub } from './scrub.js';

const MARK = 'zqxmarker';
let directory: string;
let file: string;
let database: Database;

/** Rows of many sizes, in an order that splits pages. */
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-scrub-'));
  file = join(directory, 'some.db');
  database = openDatabase(file, { mode: 'read-write', walAutocheckpointPages: 8000 });
  database.exec(
    'CREATE TABLE texts (record INTEGER NOT NULL, hash TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (record, hash)) WITHOUT ROWID',
  );
  const insert = database.prepare('INSERT INTO texts VALUES (?, ?, ?)');
  for (let record = 1; record < 3000; record++) {
    database.transaction(() => {
      for (let at = 0; at < 1 + (record % 9); at++) {
        insert.run(
          record,
          String((at * 7919 + record * 104_729) % 1_000_003),
          `${record % 5 === 0 ? MARK : 'other'} ${'y'.repeat((record * 37 + at * 101) % 900)}`,
        );
      }
    });
  }
});
afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

const isLeft = (): boolean => ['', '-wal'].some((suffix) => readFileSync(`${file}${suffix}`).includes(MARK));
const count = (): unknown => database.prepare('SELECT count(*) AS n FROM texts').get();

it('leaves nothing of what was deleted, which deleting alone does', () => {
  database.prepare('DELETE FROM texts WHERE value LIKE ?').run(`${MARK}%`);
  const kept = count();
  database.pragma('wal_checkpoint(TRUNCATE)');
  expect(isLeft()).toBe(true);
  expect(scrub(database)).toBe(true);
  expect(isLeft()).toBe(false);
  expect(readFileSync(`${file}-wal`)).toHaveLength(0);
  expect(count()).toEqual(kept);
});

it('says that it must be done again while somebody reads an older state, and waits no longer for locks than before', () => {
  database.prepare('DELETE FROM texts WHERE value LIKE ?').run(`${MARK}%`);
  const patience = database.pragma('busy_timeout');
  const reader = openDatabase(file, { mode: 'read-only' });
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM texts').all();
  expect(scrub(database)).toBe(false);
  reader.close();
  expect(scrub(database)).toBe(true);
  expect(isLeft()).toBe(false);
  expect(database.pragma('busy_timeout')).toBe(patience);
});
