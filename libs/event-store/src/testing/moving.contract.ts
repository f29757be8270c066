// The contract of stores from which a history can move away, or into which one can move: bound beside the port's own.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomId, type Revision, type StoredEvent, type StreamName } from '#kernel';
import { inHashOrder } from '../append-rules.js';
import { RestoreRefused, StoreUnavailable } from '../errors.js';
import type { Move, Moving } from '../moving.js';
import type { EventStore } from '../port.js';
import { findForgery, leafEntryOf, placeholderOf } from '../sealer.js';
import { logOf, streamOf } from './collect.js';
import { newStream, sealAppend, sealEvents, testWriterKey } from './sealed-events.js';

type MovingStore = EventStore & { moving: Moving; canWrite: boolean; trouble: { reason: string; message: string } | undefined };

export interface MovingHarness {
  store: MovingStore;
  reopen(): Promise<MovingStore>;
  destroy(): Promise<void>;
}

const other = { store: randomId(), place: 'esdb://db:2113' };
const moved = { records: 3, root: 'ab'.repeat(32), at: '2024-04-29T07:30:00.000Z' };

const storedOf = (stream: StreamName, first: number, count: number): StoredEvent[] =>
  sealEvents(stream, first, count).map((event, index) => ({
    ...event,
    sealed: inHashOrder(event.sealed),
    stream,
    revision: (first + index) as Revision,
  }));
const withoutPositions = async (store: EventStore): Promise<StoredEvent[]> =>
  (await logOf(store)).map((event) => ({ ...event, position: undefined }));

export function describeMoving(name: string, makeStore: () => Promise<MovingHarness>): void {
  describe(`event store: ${name}: moving`, () => {
    let harness: MovingHarness;
    beforeEach(async () => {
      harness = await makeStore();
    });
    afterEach(() => harness.destroy());

    it('takes records in as they are, in the order that is given, over a restart; a text that is gone stays gone', async () => {
      const [one, two] = [newStream(), newStream()];
      const [a, b, c] = storedOf(one, 0, 3) as [StoredEvent, StoredEvent, StoredEvent];
      const [d, e] = storedOf(two, 0, 2) as [StoredEvent, StoredEvent];
      const given = [a, d, b, { ...c, sealed: [] }, e];
      await harness.store.moving.receive(given.slice(0, 2));
      await harness.store.moving.receive([]);
      await harness.store.moving.receive(given.slice(2));
      expect(await withoutPositions(harness.store)).toEqual(given);
      const reopened = await harness.reopen();
      expect(await withoutPositions(reopened)).toEqual(given);
      expect(await streamOf(reopened, one)).toEqual([a, b, { ...c, sealed: [] }]);
      expect((await reopened.append(sealAppend(one, 2))).events[0]!.revision).toBe(3);
    });

    it('takes in many records of one stream, and large ones', async () => {
      const stream = newStream();
      const large = 'x'.repeat(300_000);
      const given = [
        ...storedOf(stream, 0, 700),
        ...sealEvents(stream, 700, 5, { text: large }).map((event, index): StoredEvent => ({
          ...event,
          sealed: inHashOrder(event.sealed),
          stream,
          revision: (700 + index) as Revision,
        })),
      ];
      await harness.store.moving.receive(given);
      expect(await withoutPositions(harness.store)).toEqual(given);
    });

    it('takes in placeholders', async () => {
      const stream = newStream();
      const [a, b, c] = storedOf(stream, 0, 3) as [StoredEvent, StoredEvent, StoredEvent];
      const lost = placeholderOf(testWriterKey, leafEntryOf(b));
      await harness.store.moving.receive([a, lost, c]);
      const reopened = await harness.reopen();
      expect(await withoutPositions(reopened)).toEqual([a, lost, c]);
      for (const event of await logOf(reopened)) expect(findForgery(testWriterKey, event)).toBeUndefined();
      expect((await streamOf(reopened, stream))[1]!.lost).toEqual(lost.lost);
    });

    it('refuses a record that does not follow', async () => {
      const stream = newStream();
      const [a, , c] = storedOf(stream, 0, 3) as [StoredEvent, StoredEvent, StoredEvent];
      await harness.store.moving.receive([a]);
      await expect(harness.store.moving.receive([c])).rejects.toBeInstanceOf(RestoreRefused);
      expect(await withoutPositions(harness.store)).toEqual([a]);
    });

    it('remembers where a move stands', async () => {
      expect(await harness.store.moving.read()).toBeUndefined();
      const moves: Move[] = [
        { kind: 'arriving', from: other, records: 3, arrived: 0 },
        { kind: 'arrived', from: other, logEvents: 1, ...moved },
        { kind: 'leaving', to: other },
      ];
      for (const move of moves) {
        await harness.store.moving.write(move);
        expect(await harness.store.moving.read()).toEqual(move);
      }
      expect(await (await harness.reopen()).moving.read()).toEqual(moves.at(-1));
    });

    it.each<[Move, boolean]>([
      [{ kind: 'arriving', from: other, records: 3, arrived: 1 }, true],
      [{ kind: 'discarded', from: other }, true],
      [{ kind: 'leaving', to: other }, false],
      [{ kind: 'left', to: other, ...moved }, false],
    ])('takes no appends while it is %j, over a restart', async (move, takesNotes) => {
      const stream = newStream();
      await harness.store.append(sealAppend(stream));
      await harness.store.moving.write(move);
      for (const open of [() => Promise.resolve(harness.store), () => harness.reopen()]) {
        const store = await open();
        await expect(store.append(sealAppend(stream, 0))).rejects.toMatchObject({
          constructor: StoreUnavailable,
          reason: 'moved',
          message: expect.stringContaining(other.place),
        });
        expect([store.canWrite, store.trouble?.reason]).toEqual([false, 'moved']);
        const noted = store.bookkeeping.write('key', 'value').then(
          () => true,
          (error: { reason?: string }) => error.reason,
        );
        expect(await noted).toBe(takesNotes ? true : 'moved');
        expect(await logOf(store)).toHaveLength(1);
      }
    });

    it.each<Move>([
      { kind: 'arrived', from: other, logEvents: 1, ...moved },
      { kind: 'stayed', from: other },
    ])('takes appends once it is %j', async (move) => {
      await harness.store.moving.write({ kind: 'leaving', to: other });
      await harness.store.moving.write(move);
      for (const open of [() => Promise.resolve(harness.store), () => harness.reopen()]) {
        const store = await open();
        await store.append(sealAppend(newStream()));
        await store.bookkeeping.write('key', 'value');
        expect([store.canWrite, store.trouble]).toEqual([true, undefined]);
      }
    });
  });
}
