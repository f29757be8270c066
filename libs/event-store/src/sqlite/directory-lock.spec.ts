import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sourceCommand, startProcess, type SourceProcess } from '../../../../test/support/source-process.js';
import { StoreNotOpened } from '../errors.js';
import { logOf, newStream, sealAppend } from '../testing/index.js';
import { SqliteEventStore } from './sqlite-event-store.js';

let directory: string;
const stores: SqliteEventStore[] = [];
const processes: SourceProcess[] = [];

async function open(mode: 'writer' | 'reader' = 'writer'): Promise<SqliteEventStore> {
  const store = await SqliteEventStore.open({ directory, mode });
  stores.push(store);
  return store;
}

async function startHolder(announce: string): Promise<SourceProcess> {
  const order = JSON.stringify({ directory, mode: 'writer', announce, appends: 2 });
  const holder = startProcess(sourceCommand(new URL('../../../../test/support/store-process.ts', import.meta.url), [order]));
  processes.push(holder);
  await holder.line();
  return holder;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-lock-'));
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const each of processes.splice(0)) await each.kill();
  rmSync(directory, { recursive: true });
});

describe('the lock of a directory', () => {
  it('is held by one store, and free once that is closed', async () => {
    expect(SqliteEventStore.holderOf(directory)).toEqual({ held: false });
    const store = await open();
    expect(SqliteEventStore.holderOf(directory)).toEqual({ held: true });
    await expect(open()).rejects.toThrow(StoreNotOpened);
    await expect(open()).rejects.toThrow(`another process holds ${directory}`);
    await store.append(sealAppend(newStream()));
    await store.close();
    expect(SqliteEventStore.holderOf(directory)).toEqual({ held: false });
    expect(await logOf(await open())).toHaveLength(1);
  });

  it('tells where its holder listens, and no more once that is gone', async () => {
    const store = await open();
    store.announce('http://127.0.0.1:3000');
    expect(SqliteEventStore.holderOf(directory)).toEqual({ held: true, address: 'http://127.0.0.1:3000' });
    await store.close();
    expect(SqliteEventStore.holderOf(directory)).toEqual({ held: false });
    expect(existsSync(join(directory, 'server.json'))).toBe(false);
  });

  it('keeps out another process, which learns the address, and dies with its holder', async () => {
    const holder = await startHolder('http://127.0.0.1:4000');
    await expect(open()).rejects.toThrow(/another process holds .* it listens at http:\/\/127\.0\.0\.1:4000/);
    expect(SqliteEventStore.holderOf(directory)).toEqual({ held: true, address: 'http://127.0.0.1:4000' });
    const reader = await open('reader');
    expect(await logOf(reader)).toHaveLength(2);
    await holder.kill();
    // It could not remove its address: that is told no more, since nobody holds the directory.
    expect(existsSync(join(directory, 'server.json'))).toBe(true);
    expect(SqliteEventStore.holderOf(directory)).toEqual({ held: false });
    const next = await open();
    expect(SqliteEventStore.holderOf(directory)).toEqual({ held: true });
    expect(await logOf(next)).toHaveLength(2);
  });

  it('survives questions from its own process', async () => {
    await open();
    for (let round = 0; round < 3; round++) expect(SqliteEventStore.holderOf(directory).held).toBe(true);
    const other = startProcess(
      sourceCommand(new URL('../../../../test/support/store-process.ts', import.meta.url), [JSON.stringify({ directory, mode: 'writer' })]),
    );
    processes.push(other);
    await expect(other.line()).rejects.toThrow(/another process holds/);
  });
});
