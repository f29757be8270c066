// Tampering with a real store file, each kind once: a full export of the altered store is verified against the checkpoint that was signed before.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findForgery, leafEntryOf, LOG_FILE, LogDamaged, SqliteEventStore, type LoggedEvent } from '#event-store';
import type { StoredEvent, StreamName } from '#kernel';
import { tileBytes } from '#ledger/core';
import type { Verdict } from '#ledger/verify';
import { completeBundleLines, Signer, SignerDirectory, SignerRefused, type LogSource, type Signed } from '#ledger/writer';
import { openDatabase, type Database } from '#sqlite';
import { all, batches, codesOf, History, logKey, meeting, NOW_MS, ORIGIN, verify, writerKey } from './support/ledger-history.js';

const RECORDS = 700;
/** Where the matrix strikes: record number, in the third tile's first half. */
const VICTIM = 520;

let root: string;
let honest: string;
let signed: Signed;
let directory: string;

const sourceOf = (store: SqliteEventStore): LogSource => ({
  size: () => Promise.resolve(store.lastRecord()),
  async *entriesAfter(size) {
    const after = size > 0 ? { after: store.positionAt(size as never) } : {};
    for await (const batch of store.readLog(after)) {
      yield batch.map((event) => {
        const forged = findForgery(writerKey, event);
        return { entry: leafEntryOf(event), ...(forged && { forged }) };
      });
    }
  },
});
const signerOf = (store: SqliteEventStore, at: string, now = NOW_MS - 60_000): Promise<Signer> =>
  Signer.open({
    source: sourceOf(store),
    key: logKey,
    directory: join(at, 'signer'),
    bookkeeping: store.bookkeeping,
    now: () => now,
    settleMs: 0,
  });

/** What `plenary export --complete` does: events from the store, tiles and checkpoint from the signer's directory. */
async function exportOf(at: string, checkpoint = signed, events?: AsyncIterable<readonly StoredEvent[]>): Promise<string[]> {
  const store = await SqliteEventStore.open({ directory: join(at, 'data'), mode: 'reader' });
  const tiles = (await SignerDirectory.open(join(at, 'signer')))!;
  try {
    return await all(
      completeBundleLines({
        entryOf: leafEntryOf,
        origin: ORIGIN,
        scope: { kind: 'whole' },
        checkpoint: checkpoint.note,
        size: checkpoint.size,
        events: events ?? store.readLog(),
        isExported: () => true,
        tile: (index, width) => Promise.resolve(tileBytes(tiles.readTile(0, index, width))),
      }),
    );
  } finally {
    await store.close();
  }
}

async function withFile<T>(change: (database: Database) => T): Promise<T> {
  const database = openDatabase(join(directory, 'data', LOG_FILE), { mode: 'read-write' });
  try {
    const result = change(database);
    expect(database.pragma('integrity_check')).toBe('ok');
    return await Promise.resolve(result);
  } finally {
    database.close();
  }
}

const run = (sql: string, ...values: (string | number)[]) => withFile((database) => void database.prepare(sql).run(...values));
const columnOf = (column: string, record = VICTIM): Promise<string> =>
  withFile((database) => database.prepare<Record<string, string>>(`SELECT ${column} FROM events WHERE record = ?`).get(record)![column]!);
const verified = async (more: Parameters<typeof verify>[1] = {}): Promise<Verdict> => verify(await exportOf(directory), more);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'plenary-tamper-'));
  honest = join(root, 'honest');
  const history = new History();
  for (let at = 1; at < RECORDS; at++) history.remark(meeting(`m${at % 5}`));
  const store = await SqliteEventStore.open({ directory: join(honest, 'data'), mode: 'writer' });
  for (const event of history.events) await append(store, event);
  signed = (await (await signerOf(store, honest)).tick())!;
  await store.close();
});
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  directory = mkdtempSync(join(root, 'case-'));
  cpSync(honest, directory, { recursive: true });
});

const append = (store: SqliteEventStore, { stream, revision, ...event }: StoredEvent) =>
  store.append({ stream, expected: (revision === 0 ? 'none' : revision - 1) as never, events: [event] });

it('an untouched store is proven', async () => {
  expect(await verified({ since: signed.note })).toMatchObject({
    status: 0,
    integrity: 'proven',
    completeness: 'proven',
    custody: 'proven',
    counted: { events: RECORDS },
  });
});

describe('the first wrong record is named when', () => {
  const names = async (record: number, code = 'record-altered'): Promise<void> => {
    const verdict = await verified();
    expect(verdict).toMatchObject({ status: 1, integrity: 'broken', firstWrongRecord: record });
    expect(codesOf(verdict)).toContain(code);
    // Neither does the signer sign such a store.
    const store = await SqliteEventStore.open({ directory: join(directory, 'data'), mode: 'reader' });
    await expect(signerOf(store, directory)).rejects.toEqual(expect.objectContaining({ reason: 'diverged', record }));
    await store.close();
  };
  const flip = (text: string): string => text.replace(/[0-9a-f](?=[^0-9a-f]*$)/, (digit) => (digit === '0' ? '1' : '0'));

  it.each(['data', 'meta', 'recorded_at', 'id', 'data_salt', 'meta_salt'])('one byte is flipped in %s', async (column) => {
    const before = await columnOf(column);
    expect(flip(before)).not.toBe(before);
    await run(`UPDATE events SET ${column} = ? WHERE record = ?`, flip(before), VICTIM);
    await names(VICTIM);
  });

  it('a type or a schema version is changed', async () => {
    await run("UPDATE events SET type = 'remark-corrected' WHERE record = ?", VICTIM);
    await names(VICTIM);
    await run('UPDATE events SET schema_version = 2 WHERE record = ?', VICTIM - 10);
    await names(VICTIM - 10);
  });

  it('a sealed text is changed', async () => {
    await run('UPDATE sealed SET value = ? WHERE record = ?', 'I never said so', VICTIM);
    const verdict = await verified();
    expect(verdict).toMatchObject({ status: 1, firstWrongRecord: VICTIM });
    expect(codesOf(verdict)).toContain('value-altered');
    const store = await SqliteEventStore.open({ directory: join(directory, 'data'), mode: 'reader' });
    await expect(signerOf(store, directory)).rejects.toEqual(expect.objectContaining({ reason: 'forged', record: VICTIM }));
    await store.close();
  });

  it('a sealed text is taken out without a removal', async () => {
    await run('DELETE FROM sealed WHERE record = ?', VICTIM);
    expect(await verified()).toMatchObject({
      status: 2,
      integrity: 'not-proven',
      findings: [{ code: 'value-missing', record: VICTIM }, { code: 'value-missing' }],
    });
  });

  it('white space is added', async () => {
    await run('UPDATE events SET data = ? WHERE record = ?', `${await columnOf('data')} `, VICTIM);
    await names(VICTIM);
  });

  it('a key is doubled', async () => {
    await run('UPDATE events SET data = ? WHERE record = ?', (await columnOf('data')).replace('{', '{"number":0,'), VICTIM);
    await names(VICTIM);
  });

  it('a stream is renamed', async () => {
    const key = Number(await columnOf('stream_key'));
    await run('UPDATE streams SET name = ? WHERE key = ?', meeting('elsewhere'), key);
    const first = await withFile(
      (database) => database.prepare<{ record: number }>('SELECT min(record) AS record FROM events WHERE stream_key = ?').get(key)!.record,
    );
    await names(first);
  });

  it('two events are swapped', async () => {
    await run('UPDATE events SET record = -1 WHERE record = ?', VICTIM);
    await run('UPDATE events SET record = ? WHERE record = ?', VICTIM, VICTIM + 7);
    await run('UPDATE events SET record = ? WHERE record = -1', VICTIM + 7);
    await names(VICTIM);
  });

  it('an event is deleted, and those after it move up', async () => {
    await run('DELETE FROM events WHERE record = ?', VICTIM);
    await run('DELETE FROM sealed WHERE record = ?', VICTIM);
    for (const table of ['events', 'sealed']) {
      await run(`UPDATE ${table} SET record = -record WHERE record > ?`, VICTIM);
      await run(`UPDATE ${table} SET record = -record - 1 WHERE record < 0`);
    }
    await names(VICTIM);
  });

  it('an event is deleted: the store itself names the gap, and so does the verifier where the rest is read on', async () => {
    await run('DELETE FROM events WHERE record = ?', VICTIM);
    await expect(exportOf(directory)).rejects.toEqual(new LogDamaged(VICTIM));
    const lines = await exportOf(honest);
    expect(await verify(lines.filter((line) => !line.includes(`"index":${VICTIM - 1},"stream"`)))).toMatchObject({
      status: 1,
      firstWrongRecord: VICTIM,
    });
  });

  it('an event is inserted, with the writer key and a leaf of its own', async () => {
    const events = await eventsOf(directory);
    const forger = new History();
    for (let at = 1; at < RECORDS; at++) forger.remark(meeting(`m${at % 5}`));
    const inserted = [...events.slice(0, VICTIM - 1), forger.events[VICTIM]!, ...events.slice(VICTIM - 1)];
    expect(await verify(await exportOf(directory, signed, batches(inserted)))).toMatchObject({ status: 1, firstWrongRecord: VICTIM });
  });

  it('an event is written anew, with the writer key: its seal is right, and it is not what was signed', async () => {
    const forger = new History();
    for (let at = 1; at < RECORDS; at++) forger.remark(meeting(`m${at % 5}`));
    const { data, meta, dataSalt, metaSalt, seal, leaf, sealed: values, recordedAt } = forger.events[VICTIM - 1]!;
    await run(
      'UPDATE events SET data = ?, meta = ?, data_salt = ?, meta_salt = ?, seal = ?, leaf = ?, recorded_at = ? WHERE record = ?',
      data,
      meta,
      dataSalt,
      metaSalt,
      seal,
      leaf,
      recordedAt,
      VICTIM,
    );
    await run('DELETE FROM sealed WHERE record = ?', VICTIM);
    for (const { hash, salt, value } of values) await run('INSERT INTO sealed VALUES (?, ?, ?, ?)', VICTIM, hash, salt, value);
    expect((await eventsOf(directory)).map((event) => findForgery(writerKey, event))).not.toContain('seal');
    await names(VICTIM);
  });

  it('the tail is cut', async () => {
    await run('DELETE FROM events WHERE record > 650');
    await run('UPDATE store SET records = 650');
    await names(651, 'entries-missing');
  });
});

async function eventsOf(at: string): Promise<LoggedEvent[]> {
  const store = await SqliteEventStore.open({ directory: join(at, 'data'), mode: 'reader' });
  const events = (await all(store.readLog())).flat();
  await store.close();
  return events;
}

describe('an older copy of the store', () => {
  /** The store as it was at 600 records, with the signer's directory of that time, and another history after it. */
  async function takenBack(): Promise<{ directory: string; signed: Signed }> {
    const back = mkdtempSync(join(root, 'back-'));
    const store = await SqliteEventStore.open({ directory: join(back, 'data'), mode: 'writer' });
    const events = await eventsOf(honest);
    for (const event of events.slice(0, 600)) await append(store, event);
    const signer = await signerOf(store, back);
    await signer.tick();
    const revisions = new Map<StreamName, StoredEvent>(events.slice(0, 600).map((event) => [event.stream, event]));
    const forger = new History();
    for (let at = 1; at < RECORDS + 50; at++) forger.remark(meeting(`m${at % 5}`));
    for (const event of forger.events.slice(600)) {
      expect(event.revision).toBe(revisions.get(event.stream)!.revision + 1);
      revisions.set(event.stream, event);
      await append(store, event);
    }
    const again = (await signer.tick())!;
    await store.close();
    return { directory: back, signed: again };
  }

  it('is named where it goes on otherwise, under the checkpoint that was signed', async () => {
    const back = await takenBack();
    cpSync(join(back.directory, 'data'), join(directory, 'data'), { recursive: true });
    expect(await verified()).toMatchObject({ status: 1, firstWrongRecord: 601 });
  });

  it('and signer directory taken back together are shown by a kept checkpoint, and by nothing else', async () => {
    const back = await takenBack();
    const lines = await exportOf(back.directory, back.signed);
    expect(await verify(lines)).toMatchObject({ status: 0, integrity: 'proven', completeness: 'proven', custody: 'not-proven' });
    const verdict = await verify(lines, { since: signed.note });
    expect(verdict).toMatchObject({ status: 1, custody: 'broken' });
    expect(codesOf(verdict)).toEqual(['not-a-continuation']);
    const shorter = { ...back.signed, ...(await shortened(back.directory)) };
    expect(codesOf(await verify(await exportOf(join(back.directory, 'short'), shorter), { since: signed.note }))).toEqual(['taken-back']);
  });

  /** The same with fewer records than were kept: signed at 650. */
  async function shortened(at: string): Promise<Signed> {
    const events = (await eventsOf(at)).slice(0, 650);
    const store = await SqliteEventStore.open({ directory: join(at, 'short/data'), mode: 'writer' });
    for (const event of events) await append(store, event);
    const short = (await (await signerOf(store, join(at, 'short'))).tick())!;
    await store.close();
    return short;
  }
});

it('a signer never signs a store that was altered below its checkpoint, whatever was appended since', async () => {
  await run('UPDATE events SET recorded_at = ? WHERE record = 3', '2024-04-29T07:30:09.000Z');
  const store = await SqliteEventStore.open({ directory: join(directory, 'data'), mode: 'writer' });
  const forger = new History();
  await append(store, { ...forger.remark(meeting('new')), sealed: [] });
  await expect(signerOf(store, directory)).rejects.toThrow(SignerRefused);
  await store.close();
});
