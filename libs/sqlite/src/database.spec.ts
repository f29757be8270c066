import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assertBindable, DatabaseNotOpened, driver, faultOf, openDatabase, type Database, type Statement } from './index.js';

let directory: string;
let file: string;
const opened: Database[] = [];
const open = (...args: Parameters<typeof openDatabase>): Database => {
  const database = openDatabase(...args);
  opened.push(database);
  return database;
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-sqlite-'));
  file = join(directory, 'some.db');
});
afterEach(() => {
  for (const database of opened.splice(0)) database.close();
  rmSync(directory, { recursive: true });
});

describe('the driver', () => {
  it('is the built-in one exactly where that has full-text search', () => {
    const major = Number(process.versions.node.split('.')[0]);
    expect(driver.name).toBe(major >= 24 ? 'node:sqlite' : major <= 20 ? '@photostructure/sqlite' : driver.name);
    open(file, { mode: 'read-write' }).exec('CREATE VIRTUAL TABLE words USING fts5(text)');
  });
});

describe('openDatabase', () => {
  it('commits to the disk unless told otherwise', () => {
    const database = open(file, { mode: 'read-write', walAutocheckpointPages: 8000 });
    expect(database.pragma('synchronous')).toBe(2);
    expect(database.pragma('journal_mode')).toBe('wal');
    expect(database.pragma('wal_autocheckpoint')).toBe(8000);
  });

  it('takes NORMAL for what can be rebuilt', () => {
    expect(open(file, { mode: 'read-write', synchronous: 'NORMAL' }).pragma('synchronous')).toBe(1);
  });

  it('fails where a pragma is not obeyed', () => {
    const holder = open(file, { mode: 'read-write', journal: 'DELETE' });
    holder.exec('CREATE TABLE t (a); BEGIN; SELECT * FROM t');
    expect(() => open(file, { mode: 'read-write', busyTimeoutMs: 0 })).toThrow(DatabaseNotOpened);
    expect(() => open(':memory:', { mode: 'read-write' })).toThrow(/journal_mode is memory/);
  });

  it('says what is wrong with the file', () => {
    writeFileSync(file, 'no database'.repeat(1000));
    for (const mode of ['read-write', 'read-only'] as const)
      expect(() => open(file, { mode })).toThrow(expect.objectContaining({ fault: 'not-a-database', file }));
    expect(() => open(join(directory, 'absent.db'), { mode: 'read-only' })).toThrow(expect.objectContaining({ fault: 'cannot-open' }));
  });

  it('does not write when read-only', () => {
    open(file, { mode: 'read-write' }).exec('CREATE TABLE t (a)');
    const reading = open(file, { mode: 'read-only' });
    const fault = (() => {
      try {
        return reading.exec('INSERT INTO t VALUES (1)');
      } catch (error) {
        return faultOf(error);
      }
    })();
    expect(fault).toBe('read-only');
  });

  it('tells damage by its fault, however rows are read', () => {
    const database = open(file, { mode: 'read-write', journal: 'DELETE' });
    database.exec('CREATE TABLE some (id INTEGER PRIMARY KEY, value TEXT) STRICT');
    const insert = database.prepare('INSERT INTO some VALUES (?, ?)');
    database.transaction(() => {
      for (let id = 0; id < 200; id++) insert.run(id, `value ${id} ${'.'.repeat(200)}`);
    });
    database.close();
    const bytes = readFileSync(file);
    const page = bytes.readUInt16BE(16);
    const at = bytes.indexOf('value 100 ');
    writeFileSync(file, bytes.fill(0xff, at - (at % page), at - (at % page) + page));
    const read = open(file, { mode: 'read-only' }).prepare('SELECT value FROM some WHERE id >= ?');
    const faults = [() => read.all(0), () => [...read.iterate(0)], () => read.get(100)].map((reading) => {
      try {
        return reading();
      } catch (error) {
        return faultOf(error);
      }
    });
    expect(faults).toEqual(['damaged', 'damaged', 'damaged']);
  });
});

describe('a transaction', () => {
  it('keeps all or nothing', () => {
    const database = open(file, { mode: 'read-write' });
    database.exec('CREATE TABLE t (a INTEGER PRIMARY KEY)');
    const insert = database.prepare('INSERT INTO t VALUES (?)');
    expect(database.transaction(() => insert.run(1).changes)).toBe(1);
    expect(() =>
      database.transaction(() => {
        insert.run(2);
        insert.run(1);
      }),
    ).toThrow(/UNIQUE/);
    expect(database.inTransaction).toBe(false);
    expect(database.prepareArrays<[number]>('SELECT a FROM t').all()).toEqual([[1]]);
  });
});

describe('a statement', () => {
  const collectGarbage = (): void => {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
  };
  const statementAlone = (): Statement<{ n: number }> => openDatabase(file, { mode: 'read-write' }).prepare<{ n: number }>('SELECT ? AS n');

  it('outlives every other reference to its database', async () => {
    const statements = Array.from({ length: 20 }, statementAlone);
    for (let round = 0; round < 5; round++) {
      collectGarbage();
      await setImmediate();
      for (const [index, statement] of statements.entries()) expect(statement.get(index)?.n).toBe(index);
    }
    expect([...statements[0]!.iterate(7)]).toEqual([expect.objectContaining({ n: 7 })]);
  });
});

describe('assertBindable', () => {
  it('refuses what would come back changed', () => {
    expect(assertBindable('naïve 𝒳\n', 'a text')).toBe('naïve 𝒳\n');
    for (const text of ['a\0b', '\ud800', 'x\udc00y']) expect(() => assertBindable(text, 'a text')).toThrow(TypeError);
  });
});
