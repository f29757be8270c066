// What somebody with access to the database may do to the record's streams, as a suite: bound on the protocol server and on a real one.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import { randomId, type Revision, type StreamName } from '#kernel';
import { StoreUnavailable } from '../../errors.js';
import { newStream, sealAppend, streamOf } from '../../testing/index.js';
import type { EventStoreDbEventStore, OpenEventStoreDb } from '../eventstoredb-event-store.js';
import type { Names } from '../names.js';

export interface DeletionHarness {
  /** As its operators reach the database. */
  connectionString: string;
  names: Names;
  open: (options?: Partial<OpenEventStoreDb>) => Promise<EventStoreDbEventStore>;
  close: () => Promise<void>;
}

export function describeDeletions(database: string, start: () => Promise<DeletionHarness>): void {
  let harness: DeletionHarness;
  let operator: EventStoreDBClient;
  let store: EventStoreDbEventStore;
  let alarms: { next: () => Promise<string> };

  beforeEach(async () => {
    harness = await start();
    operator = EventStoreDBClient.connectionString(harness.connectionString);
    const waiting: ((message: string) => void)[] = [];
    const risen: string[] = [];
    alarms = { next: () => new Promise((resolve) => (risen.length > 0 ? resolve(risen.shift()!) : waiting.push(resolve))) };
    store = await harness.open({ onEndangered: (message) => (waiting.length > 0 ? waiting.shift()!(message) : risen.push(message)) });
  });

  afterEach(async () => {
    await operator.dispose();
    await harness.close();
  });

  const named = (stream: StreamName | string): string => harness.names.record + stream;

  describe(`on ${database}, an alarm rises, and appends stop, when a stream of the record`, () => {
    const ways: [string, RegExp, (name: string) => Promise<unknown>][] = [
      ['is deleted', /forget by \$tb/, (name) => operator.deleteStream(name)],
      ['is deleted for good', /deleted for good/, (name) => operator.tombstoneStream(name)],
      ['gets a $maxCount', /\$maxCount/, (name) => operator.setStreamMetadata(name, { maxCount: 1 })],
      ['gets a $maxAge', /\$maxAge/, (name) => operator.setStreamMetadata(name, { maxAge: 3600 })],
      ['is truncated', /\$tb/, (name) => operator.setStreamMetadata(name, { truncateBefore: 1 })],
    ];
    it.each(ways)('%s', async (_, message, change) => {
      const append = sealAppend(newStream(), 'none', 3);
      await store.append(append);
      await change(named(append.stream));
      expect(await alarms.next()).toMatch(message);
      expect(store.trouble).toMatchObject({ reason: 'failing', message: expect.stringMatching(message) });
      await expect(store.append(sealAppend(newStream()))).rejects.toMatchObject({
        constructor: StoreUnavailable,
        message: expect.stringContaining(append.stream),
      });
      // A start finds it too.
      const another = await harness.open();
      expect(another.trouble).toMatchObject({ message: expect.stringMatching(message) });
    });

    it('and goes when the metadata are put right', async () => {
      const append = sealAppend(newStream(), 'none', 3);
      await store.append(append);
      await operator.setStreamMetadata(named(append.stream), { maxCount: 10 });
      await alarms.next();
      await operator.setStreamMetadata(named(append.stream), { note: 'of no consequence' });
      // The next alarm comes after the metadata before it.
      await operator.setStreamMetadata(named('meeting-other'), { maxCount: 1 });
      await alarms.next();
      await operator.setStreamMetadata(named('meeting-other'), {});
      await operator.setStreamMetadata(named('meeting-third'), { maxAge: 5 });
      expect(await alarms.next()).toMatch(/meeting-third/);
      expect(store.trouble!.message).toMatch(/meeting-third/);
    });

    it('but not for streams of others', async () => {
      await operator.setStreamMetadata(`of-another-${randomId()}`, { maxCount: 1 });
      await operator.setStreamMetadata(`${harness.names.note}anything`, { maxCount: 1 });
      await operator.setStreamMetadata(named('meeting-x'), { maxCount: 1 });
      expect(await alarms.next()).toMatch(/meeting-x/);
    });
  });

  describe(`on ${database}, without the watch`, () => {
    it('a stream that forgot its beginning is not read as if it were whole', async () => {
      const reader = await harness.open({ mode: 'reader' });
      const { stream } = await store.append(sealAppend(newStream(), 'none', 5)).then(({ events }) => events[0]!);
      await operator.setStreamMetadata(named(stream), { maxCount: 2 });
      await expect(streamOf(reader, stream)).rejects.toThrow(/lost events/);
      await expect(streamOf(reader, stream, { direction: 'backwards' })).rejects.toThrow(/lost events/);
      await expect(streamOf(reader, stream, { from: 1 as Revision })).rejects.toThrow(/lost events/);
      expect(await streamOf(reader, stream, { direction: 'backwards', limit: 1 })).toHaveLength(1);
    });

    it('an append whose stream was deleted before ends where it should not, and is the last one', async () => {
      const writer = await harness.open({ mode: 'reader' });
      const { stream } = await store.append(sealAppend(newStream(), 'none', 3)).then(({ events }) => events[0]!);
      await operator.deleteStream(named(stream));
      await expect(writer.append(sealAppend(stream, 'none'))).rejects.toThrow(/should end at revision 0 ended at 3/);
      await expect(writer.append(sealAppend(newStream()))).rejects.toMatchObject({ reason: 'failing' });
      expect(writer.trouble).toMatchObject({ reason: 'failing' });
    });

    it('an append to a stream that was deleted for good stores nothing, and says why', async () => {
      const writer = await harness.open({ mode: 'reader' });
      const { stream } = await store.append(sealAppend(newStream(), 'none', 1)).then(({ events }) => events[0]!);
      await operator.tombstoneStream(named(stream));
      await expect(writer.append(sealAppend(stream, 0))).rejects.toMatchObject({
        reason: 'failing',
        message: expect.stringMatching(/deleted/),
      });
    });
  });
}
