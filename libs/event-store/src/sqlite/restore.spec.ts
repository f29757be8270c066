// Records that a log lost with its tail are put back behind it; where what they said is lost, as placeholders. Their stored form, to the byte.
import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase } from '#sqlite';
import { derivedId, streamName, type RecordNumber, type Revision, type StoredEvent } from '#kernel';
import { RestoreRefused } from '../errors.js';
import { findForgery, leafEntryOf, placeholderOf } from '../sealer.js';
import { logOf } from '../testing/collect.js';
import { sealEvents, testWriterKey } from '../testing/sealed-events.js';
import { LOG_FILE, SqliteEventStore } from './sqlite-event-store.js';

const STREAM = streamName('meeting', derivedId('restore', 'meeting'));
const OTHER = streamName('meeting', derivedId('restore', 'other'));
let directory: string;
let store: SqliteEventStore;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-restore-'));
  store = await SqliteEventStore.open({ directory, mode: 'writer' });
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

const storedAt = (stream: typeof STREAM, first: number, count: number): StoredEvent[] =>
  sealEvents(stream, first, count).map((event, index) => ({
    ...event,
    sealed: [...event.sealed].sort((a, b) => (a.hash < b.hash ? -1 : 1)),
    stream,
    revision: (first + index) as Revision,
  }));
const placeholders = (events: readonly StoredEvent[]): StoredEvent[] =>
  events.map((event) => placeholderOf(testWriterKey, leafEntryOf(event)));

async function reopened(): Promise<void> {
  await store.close();
  store = await SqliteEventStore.open({ directory, mode: 'writer' });
}

const withoutPositions = async (): Promise<StoredEvent[]> => (await logOf(store)).map((event) => ({ ...event, position: undefined }));

describe('restoring', () => {
  it('puts events back as they were, in the order that is given, and appends go on behind them', async () => {
    const [a, b, c] = storedAt(STREAM, 0, 3) as [StoredEvent, StoredEvent, StoredEvent];
    const [other] = storedAt(OTHER, 0, 1) as [StoredEvent];
    await store.append({ stream: STREAM, expected: 'none', events: [a] });
    await store.restore([other, b, c]);
    await reopened();
    expect(await withoutPositions()).toEqual([a, other, b, c]);
    await store.append({ stream: STREAM, expected: 2 as Revision, events: sealEvents(STREAM, 3, 1) });
    expect(store.lastRecord()).toBe(5);
  });

  it.each<[string, (a: StoredEvent, b: StoredEvent) => StoredEvent[]]>([
    ['skips a revision', (_, b) => [b]],
    ['is there already', (a) => [a, a]],
    ['has a taken id', (a, b) => [a, { ...b, id: a.id }]],
  ])('stores nothing at all where one %s', async (_, of) => {
    const [a, b] = storedAt(STREAM, 0, 2) as [StoredEvent, StoredEvent];
    await expect(store.restore(of(a, b))).rejects.toThrow(RestoreRefused);
    expect([store.lastRecord(), await logOf(store)]).toEqual([0, []]);
  });

  it('of nothing is nothing', async () => {
    await store.restore([]);
    expect(store.lastRecord()).toBe(0);
  });
});

describe('a placeholder', () => {
  const entry = `{"at":"2024-04-29T07:30:00.000Z","data":"${'d'.repeat(64)}","id":"00000000-0000-8000-8000-00000000000a","meta":"${'e'.repeat(64)}","rev":0,"stream":"${STREAM}","tv":3,"type":"remark-made","v":1}`;
  const hash = createHash('sha256').update(Buffer.of(0)).update(entry).digest('hex');
  const seal = createHmac('sha256', testWriterKey).update(entry).digest('hex');

  it('has the leaf of the event, and the seal that the event had', () => {
    const [event] = storedAt(STREAM, 0, 1) as [StoredEvent];
    const [placeholder] = placeholders([event]) as [StoredEvent];
    expect([placeholder.leaf, placeholder.seal, leafEntryOf(placeholder)]).toEqual([event.leaf, event.seal, leafEntryOf(event)]);
    expect(findForgery(testWriterKey, placeholder)).toBeUndefined();
    expect(findForgery(testWriterKey, { ...placeholder, lost: { ...placeholder.lost!, data: 'f'.repeat(64) } })).toBe('leaf');
  });

  it('lies in the file with no data and no metadata, and their hashes in place of the salts', async () => {
    await store.restore([placeholderOf(testWriterKey, entry)]);
    await store.close();
    const database = openDatabase(join(directory, LOG_FILE), { mode: 'read-only' });
    const row = database
      .prepare('SELECT record, revision, id, type, schema_version, recorded_at, data, meta, data_salt, meta_salt, seal, leaf FROM events')
      .get();
    const { format } = database.prepare<{ format: number }>('SELECT format FROM store').get()!;
    database.close();
    expect(row).toEqual({
      record: 1,
      revision: 0,
      id: '00000000-0000-8000-8000-00000000000a',
      type: 'remark-made',
      schema_version: 3,
      recorded_at: '2024-04-29T07:30:00.000Z',
      data: '',
      meta: '',
      data_salt: 'd'.repeat(64),
      meta_salt: 'e'.repeat(64),
      seal,
      leaf: hash,
    });
    // An earlier version must not take it for forged.
    expect(format).toBe(2);
  });

  it('is read back as what it is, in the log and in its stream', async () => {
    const events = storedAt(STREAM, 0, 3);
    const mixed = [events[0]!, ...placeholders(events.slice(1))];
    await store.restore(mixed);
    await reopened();
    expect(await withoutPositions()).toEqual(mixed);
    const inStream = [];
    for await (const batch of store.readStream(STREAM)) inStream.push(...batch);
    expect(inStream).toEqual(mixed);
    expect(inStream.map(({ lost }) => lost !== undefined)).toEqual([false, true, true]);
  });

  it('gives its place to the event, where that is found again: all of them, or none', async () => {
    const [a, b] = storedAt(STREAM, 0, 2) as [StoredEvent, StoredEvent];
    await store.restore(placeholders([a, b]));
    const [other] = storedAt(OTHER, 0, 1) as [StoredEvent];
    await expect(
      store.refill([
        { record: 1, event: a },
        { record: 2, event: other },
      ]),
    ).rejects.toThrow(RestoreRefused);
    expect((await logOf(store)).every(({ lost }) => lost !== undefined)).toBe(true);
    await store.refill([{ record: 1, event: a }]);
    await expect(store.refill([{ record: 1, event: a }])).rejects.toThrow('record 1 is no placeholder');
    await reopened();
    expect(await withoutPositions()).toEqual([a, ...placeholders([b])]);
  });

  it('is made of nothing but a leaf entry', () => {
    for (const text of ['', '{}', 'null', ` ${entry}`, entry.replace('"v":1', '"v":2')])
      expect(() => placeholderOf(testWriterKey, text)).toThrow();
  });
});

it('texts that events lost stand beside them again: all of them, or none', async () => {
  const events = storedAt(STREAM, 0, 2);
  await store.restore(events);
  const texts = [1, 2].map((record) => ({ record, sealed: [...events[record - 1]!.sealed] }));
  expect(texts.every(({ sealed }) => sealed.length > 0)).toBe(true);
  await store.destruction.remove(
    texts.flatMap(({ record, sealed }) => sealed.map(({ hash }) => ({ record: record as RecordNumber, hash }))),
  );
  await expect(store.addTexts([texts[0]!, texts[1]!, texts[1]!])).rejects.toThrow();
  expect((await withoutPositions()).every(({ sealed }) => sealed.length === 0)).toBe(true);
  await store.addTexts(texts);
  await store.addTexts([]);
  await reopened();
  expect(await withoutPositions()).toEqual(events);
});

it('a log without placeholders has the format that it always had', async () => {
  await store.restore(storedAt(STREAM, 0, 1));
  await store.close();
  const database = openDatabase(join(directory, LOG_FILE), { mode: 'read-only' });
  expect(database.prepare('SELECT format FROM store').get()).toEqual({ format: 1 });
  database.close();
});
