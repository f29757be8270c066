import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sourceCommand, startProcess } from '../../../../test/support/source-process.js';
import { OutcomeUnclear, StoreUnavailable } from '../errors.js';
import type { LogNotice } from '../port.js';
import { eventsIn, logOf, newStream, sealAppend } from '../testing/index.js';
import { SqliteEventStore } from './sqlite-event-store.js';

const AN_HOUR_MS = 3_600_000;
let directory: string;
const stores: SqliteEventStore[] = [];
const ending = new AbortController();

async function open(mode: 'writer' | 'reader', pollMs?: number): Promise<SqliteEventStore> {
  const store = await SqliteEventStore.open({ directory, mode, ...(pollMs !== undefined && { pollMs }) });
  stores.push(store);
  return store;
}

/** A subscription that has caught up with an empty log, and what it gets next. */
async function waitingSubscription(store: SqliteEventStore): Promise<{ next: Promise<LogNotice> }> {
  const subscription = store.subscribe({ signal: ending.signal });
  expect((await subscription.next()).value).toEqual({ kind: 'caught-up' });
  return { next: subscription.next().then(({ value }) => value as LogNotice) };
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-readers-'));
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  rmSync(directory, { recursive: true });
});

describe('a reader', () => {
  it('is woken by the writer of its process', async () => {
    const writer = await open('writer');
    const { next } = await waitingSubscription(await open('reader', AN_HOUR_MS));
    const { events } = await writer.append(sealAppend(newStream(), 'none', 3));
    expect(eventsIn([await next])).toMatchObject(events);
  });

  it('sees what another process writes', async () => {
    await (await open('writer')).close();
    const { next } = await waitingSubscription(await open('reader', 5));
    const order = JSON.stringify({ directory, mode: 'writer', appends: 1 });
    const other = startProcess(sourceCommand(new URL('../../../../test/support/store-process.ts', import.meta.url), [order]));
    await other.line();
    expect(eventsIn([await next])).toHaveLength(1);
    other.child.stdin!.end();
    expect(await other.ended).toBe(0);
  });

  it('writes nothing', async () => {
    await open('writer');
    const reader = await open('reader');
    expect(reader.canWrite).toBe(false);
    await expect(reader.append(sealAppend(newStream()))).rejects.toMatchObject({ reason: 'read-only' });
    await expect(reader.bookkeeping.write('a', 'b')).rejects.toBeInstanceOf(StoreUnavailable);
    expect(() => reader.announce('http://127.0.0.1')).toThrow(StoreUnavailable);
  });
});

describe('closing', () => {
  it('ends a subscription that waits with an error: its consumer has missed nothing, and hears nothing more', async () => {
    const writer = await open('writer');
    const { next } = await waitingSubscription(writer);
    const failed = expect(next).rejects.toMatchObject({ reason: 'closed' });
    await writer.close();
    await failed;
    expect(writer.trouble).toMatchObject({ reason: 'closed' });
  });

  it('answers every append that came before', async () => {
    const writer = await open('writer');
    const appends = Array.from({ length: 200 }, () => writer.append(sealAppend(newStream())));
    await writer.close();
    expect(await Promise.all(appends)).toHaveLength(200);
    const reader = await open('reader');
    expect(reader.lastRecord()).toBe(200);
  });
});

describe('a thread that writes and dies', () => {
  it('leaves what was in flight unclear, and every later append refused', async () => {
    const store = await open('writer');
    await store.append(sealAppend(newStream()));
    const { thread } = (store as unknown as { writer: { thread: Worker } }).writer;
    const inFlight = store.append(sealAppend(newStream()));
    const unclear = expect(inFlight).rejects.toBeInstanceOf(OutcomeUnclear);
    // Before the append is sent, which is in a microtask: a thread must never be terminated in the middle of a query.
    await thread.terminate();
    await unclear;
    await expect(store.append(sealAppend(newStream()))).rejects.toMatchObject({ reason: 'failing' });
    expect(store.trouble).toMatchObject({ reason: 'unclear' });
    expect(await logOf(store)).toHaveLength(1);
  });
});
