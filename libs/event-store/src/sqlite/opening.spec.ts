import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sourceCommand, startProcess } from '../../../../test/support/source-process.js';
import type { StoreProcessOrder, StoreProcessReport } from '../../../../test/support/store-process.js';
import { StoreNotOpened } from '../errors.js';
import { logOf, newStream, sealAppend } from '../testing/index.js';
import { LogDamaged } from './log-damaged.js';
import { LOG_FILE, SqliteEventStore } from './sqlite-event-store.js';
import { openDatabase } from '#sqlite';

let directory: string;
const stores: SqliteEventStore[] = [];
const file = (): string => join(directory, LOG_FILE);

async function open(mode: 'writer' | 'reader' = 'writer'): Promise<SqliteEventStore> {
  const store = await SqliteEventStore.open({ directory, mode });
  stores.push(store);
  return store;
}

/** A log of `count` records, closed again. */
async function makeLog(count: number): Promise<void> {
  const store = await open();
  await store.append(sealAppend(newStream(), 'none', count));
  await store.close();
}

function tamper(sql: string): void {
  const database = openDatabase(file(), { mode: 'read-write' });
  database.exec(sql);
  database.close();
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-open-'));
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  chmodSync(directory, 0o755);
  rmSync(directory, { recursive: true });
});

describe('opening a store', () => {
  it('says so where the file is no database', async () => {
    writeFileSync(file(), 'minutes of the meeting '.repeat(500));
    for (const mode of ['writer', 'reader'] as const) {
      await expect(open(mode)).rejects.toThrow(StoreNotOpened);
      await expect(open(mode)).rejects.toThrow(`${file()} is not a database`);
    }
  });

  it("says so where the file is another application's, and leaves it alone", async () => {
    const other = openDatabase(file(), { mode: 'read-write' });
    other.exec('CREATE TABLE accounts (a)');
    other.close();
    for (const mode of ['writer', 'reader'] as const) await expect(open(mode)).rejects.toThrow(/another application/);
    const after = openDatabase(file(), { mode: 'read-only' });
    expect(after.prepareArrays('SELECT name FROM sqlite_schema').all()).toEqual([['accounts']]);
    after.close();
  });

  it('says so where a newer version made it', async () => {
    await makeLog(1);
    tamper('UPDATE store SET format = 99');
    for (const mode of ['writer', 'reader'] as const) await expect(open(mode)).rejects.toThrow(/has format 99, made by a newer version/);
  });

  it('says so where a reader finds no log, and makes none', async () => {
    await expect(open('reader')).rejects.toThrow(`there is no log at ${file()}`);
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    ['the last record is missing', 'DELETE FROM events WHERE record = 5'],
    ['the first record is missing', 'DELETE FROM events WHERE record = 1'],
    ['all are missing', 'DELETE FROM events'],
  ])('does not write where %s', async (_, sql) => {
    await makeLog(5);
    tamper(sql);
    await expect(open()).rejects.toThrow(/is damaged: 5 records were written/);
    await open('reader');
    expect(SqliteEventStore.holderOf(directory)).toEqual({ held: false });
  });

  it('reads up to a record that is missing, and names it', async () => {
    await makeLog(5);
    tamper('DELETE FROM events WHERE record = 3');
    await expect(logOf(await open('reader'))).rejects.toEqual(new LogDamaged(3));
  });

  it('takes record numbers from positions', async () => {
    const store = await open();
    const { position } = await store.append(sealAppend(newStream(), 'none', 4));
    expect(store.recordNumberOf(position)).toBe(4);
    expect(store.lastRecord()).toBe(4);
  });
});

describe('a place that cannot be written', () => {
  const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

  async function openElsewhere(order: StoreProcessOrder): Promise<StoreProcessReport> {
    const source = new URL('../../../../test/support/store-process.ts', import.meta.url);
    const child = startProcess(sourceCommand(source, [JSON.stringify(order)]), asNobody);
    const report = JSON.parse(await child.line()) as StoreProcessReport;
    child.child.stdin!.end();
    await child.ended;
    return report;
  }

  it.each([
    ['directory', 0o555, 0o444],
    ['file', 0o777, 0o444],
  ])('is read on: a read-only %s', async (_, directoryMode, fileMode) => {
    await makeLog(3);
    for (const name of readdirSync(directory)) chmodSync(join(directory, name), fileMode);
    chmodSync(directory, directoryMode);
    expect(await openElsewhere({ directory, mode: 'writer', appends: 1 })).toEqual({
      canWrite: false,
      records: 3,
      refused: 'StoreUnavailable read-only',
    });
  });

  it('is refused where it holds no log', async () => {
    chmodSync(directory, 0o555);
    if (asNobody.uid) chownSync(directory, 0, 0);
    await expect(openElsewhere({ directory, mode: 'writer' })).rejects.toThrow(/cannot be written, and holds no log to read/);
  });
});
