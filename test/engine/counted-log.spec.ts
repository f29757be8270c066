// The log of a database as the signer reads it: counted, since the database numbers nothing, and signed only once it has settled.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { leafEntryOf, nodeHashes, TailWithdrawn } from '#event-store';
import { logOf, newStream, sealAppend, testWriterKey } from '#event-store/testing';
import { parseCheckpoint, parseNote, TreeEdge } from '#ledger/core';
import { LEDGER_KEY, Signer, SignerRefused, type SignableEntry } from '#ledger/writer';
import { CountedLog } from '../../apps/api/src/ledger/log-source.js';
import { EventStoreDbEventStore } from '../../libs/event-store/src/eventstoredb/index.js';
import { ProtocolServer } from '../../libs/event-store/src/eventstoredb/testing/index.js';
import { logKey } from '../ledger/support/ledger-history.js';

let server: ProtocolServer;
let store: EventStoreDbEventStore;
let log: CountedLog;
let directory: string;

beforeEach(async () => {
  server = await new ProtocolServer().start();
  store = await EventStoreDbEventStore.open({ url: server.connectionString, mode: 'reader', timing: { giveUpAfterMs: 0 } });
  log = new CountedLog(store, testWriterKey);
  directory = mkdtempSync(join(tmpdir(), 'plenary-counted-'));
});
afterEach(async () => {
  await store.close();
  await server.stop();
  rmSync(directory, { recursive: true });
});

const record = (count: number) => store.append(sealAppend(newStream(), 'none', count));
const entries = async (after: number): Promise<SignableEntry[]> => {
  const all: SignableEntry[] = [];
  for await (const batch of log.entriesAfter(after)) all.push(...batch);
  return all;
};
const stored = async () => (await logOf(store)).map((event) => ({ entry: leafEntryOf(event) }));
/** Takes back the last events of the record, and what was written in between. */
const withdraw = (count: number): void => {
  const ours = server.log.records.flatMap(({ stream }, at) => (stream.startsWith('plenary:') ? [at] : []));
  server.log.withdraw(server.log.records.length - ours.at(-count)!);
};

describe('a log that is counted', () => {
  it('is as long as the record, and goes on from any size, across what lies between', async () => {
    expect([await log.size(), await entries(0)]).toEqual([0, []]);
    for (const count of [1, 300, 300]) {
      await record(count);
      await store.bookkeeping.write('note', String(count));
    }
    expect(await log.size()).toBe(601);
    const all = await stored();
    for (const after of [0, 1, 300, 499, 500, 501, 600, 601]) expect(await entries(after)).toEqual(all.slice(after));
    await record(3);
    expect(await log.size()).toBe(604);
    expect(await entries(602)).toEqual((await stored()).slice(602));
  });

  it('is counted, and read, no further once who does it is to end', async () => {
    await record(3);
    const ending = new AbortController();
    const ended = new CountedLog(store, testWriterKey, ending.signal);
    expect(await ended.size()).toBe(3);
    await record(3);
    ending.abort();
    await expect(ended.size()).rejects.toThrow(/aborted/);
    await expect(ended.entriesAfter(0).next()).rejects.toThrow(/aborted/);
  });

  it('reads what it has counted only once', async () => {
    for (let count = 0; count < 3; count++) await record(400);
    await log.size();
    const before = server.count('Read');
    await log.size();
    expect(server.count('Read') - before).toBe(1);
  });

  it('keeps no more places to read on from where it grows little by little', async () => {
    for (let size = 40; size <= 1200; size += 40) {
      await record(40);
      expect(await log.size()).toBe(size);
    }
    expect((log as unknown as { marks: unknown[] }).marks).toHaveLength(3);
    const all = await stored();
    for (const after of [0, 519, 520, 521, 1040, 1199]) expect(await entries(after)).toEqual(all.slice(after));
  });

  it('is counted again where its end was withdrawn, also where as much came in its place', async () => {
    for (let count = 0; count < 3; count++) await record(400);
    expect(await log.size()).toBe(1200);
    withdraw(150);
    await expect(entries(1200)).rejects.toBeInstanceOf(TailWithdrawn);
    expect(await log.size()).toBe(1050);
    expect(await entries(1000)).toEqual((await stored()).slice(1000));
    await record(400);
    expect(await log.size()).toBe(1450);
    withdraw(1450);
    expect([await log.size(), await entries(0)]).toEqual([0, []]);
    await record(5);
    expect(await log.size()).toBe(5);
  });

  it('names what no node wrote', async () => {
    await record(2);
    const other = new CountedLog(store, Buffer.alloc(32, 9));
    for await (const batch of other.entriesAfter(1)) expect(batch).toEqual([{ ...(await stored())[1]!, forged: 'seal' }]);
  });
});

describe('the signer on a database', () => {
  let elapsed: number;
  const open = () =>
    Signer.open({
      source: log,
      key: logKey,
      directory: join(directory, 'signer'),
      bookkeeping: store.bookkeeping,
      now: () => Date.UTC(2024, 3, 30),
      elapsed: () => elapsed,
      settleMs: 10_000,
    });
  const rootOf = async (): Promise<Uint8Array> => {
    const edge = new TreeEdge(nodeHashes);
    for (const { entry } of await stored()) edge.append(nodeHashes.leaf(Buffer.from(entry)));
    return edge.root();
  };
  const published = async () => {
    const note = await store.bookkeeping.read(LEDGER_KEY);
    return note === undefined ? undefined : parseCheckpoint(parseNote(note).text);
  };

  it('signs what it reads back unchanged 10 s later, and nothing of a tail that was withdrawn meanwhile', async () => {
    elapsed = 0;
    const signer = await open();
    await record(7);
    expect(await signer.tick()).toBeUndefined();
    // As many come in the place of those that are taken back.
    withdraw(3);
    await record(3);
    elapsed = 10_000;
    expect([await signer.tick(), await published()]).toEqual([undefined, undefined]);
    expect(await signer.tick()).toBeUndefined();
    elapsed = 19_999;
    expect([await signer.tick(), await published()]).toEqual([undefined, undefined]);
    elapsed = 20_000;
    expect(await signer.tick()).toMatchObject({ size: 7, root: await rootOf() });
    expect(await published()).toMatchObject({ size: 7, root: await rootOf() });
    // Whoever opens it again finds the tiles of what was signed, not of what was read first.
    expect((await open()).last).toMatchObject({ size: 7 });

    await record(2);
    await signer.tick();
    withdraw(2);
    elapsed = 30_000;
    expect(await signer.tick()).toBeUndefined();
    expect(await published()).toMatchObject({ size: 7 });
  });

  it('refuses once the database took back what was signed', async () => {
    elapsed = 0;
    const signer = await open();
    await record(4);
    await signer.tick();
    elapsed = 10_000;
    await signer.tick();
    withdraw(1);
    await expect(signer.tick()).rejects.toEqual(expect.objectContaining({ reason: 'diverged', record: 4 }));
    await expect(open()).rejects.toBeInstanceOf(SignerRefused);
  });
});
