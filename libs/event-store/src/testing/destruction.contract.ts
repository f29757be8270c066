// The contract of stores that can destroy a sealed value: bound beside the port's own by those that can.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Destruction, EventStore, RemovedValue } from '../port.js';
import { findForgery, leafEntryOf } from '../sealer.js';
import { logOf, streamOf } from './collect.js';
import type { StoreHarness } from './event-store.contract.js';
import { newStream, resealed, sealAppend, testWriterKey } from './sealed-events.js';
import type { LoggedEvent } from '../log.js';
import type { RecordNumber } from '#kernel';

const destructionOf = (store: EventStore): Destruction => {
  if (!store.destruction) throw new Error('the store destroys nothing');
  return store.destruction;
};

/** Of a record, the value of this text. */
const placeOf = (events: readonly LoggedEvent[], text: string): RemovedValue => {
  const index = events.findIndex(({ sealed }) => sealed.some(({ value }) => value === text));
  return { record: (index + 1) as RecordNumber, hash: events[index]!.sealed.find(({ value }) => value === text)!.hash };
};

export function describeDestruction(name: string, makeStore: () => Promise<StoreHarness>): void {
  describe(`event store: ${name}: destruction`, () => {
    let harness: StoreHarness;
    beforeEach(async () => {
      harness = await makeStore();
    });
    afterEach(() => harness.destroy());

    it('takes a value with its salt, and nothing else; over a restart too', async () => {
      const { store } = harness;
      const stream = newStream();
      await store.append(sealAppend(stream, 'none', 2, { text: 'other', moreTexts: ['kept'] }));
      await store.append(sealAppend(stream, 1, 1, { text: 'gone', moreTexts: ['kept'] }));
      const before = await logOf(store);
      const place = placeOf(before, 'gone');
      await destructionOf(store).remove([place]);
      const expected = before.map((event) => ({ ...event, sealed: event.sealed.filter(({ hash }) => hash !== place.hash) }));
      expect(await logOf(store)).toEqual(expected);
      expect(await destructionOf(store).scrub()).toBe(true);
      const reopened = await harness.reopen();
      expect(await logOf(reopened)).toEqual(expected);
      expect((await streamOf(reopened, stream)).map(({ sealed }) => sealed.length)).toEqual([3, 3, 2]);
      for (const event of await logOf(reopened)) {
        expect(findForgery(testWriterKey, event)).toBeUndefined();
        expect(leafEntryOf(event)).toBe(leafEntryOf(before.find(({ id }) => id === event.id)!));
      }
    });

    it('is idempotent, and passes over what was never there', async () => {
      const { store } = harness;
      await store.append(sealAppend(newStream(), 'none', 1, { text: 'gone' }));
      const place = placeOf(await logOf(store), 'gone');
      const nowhere = [
        { record: 9 as RecordNumber, hash: place.hash },
        { record: 1 as RecordNumber, hash: '00'.repeat(32) },
      ];
      for (const values of [[], nowhere, [place, ...nowhere], [place]]) await destructionOf(store).remove(values);
      expect(await Promise.all([destructionOf(store).scrub(), destructionOf(store).scrub()])).toEqual([true, true]);
      expect((await logOf(store))[0]!.sealed.map(({ value }) => value)).toEqual(['A. Clerk']);
    });

    it('leaves appends, and their repeats, as they are', async () => {
      const { store } = harness;
      const append = sealAppend(newStream(), 'none', 2, { text: 'gone' });
      await store.append(append);
      const place = placeOf(await logOf(store), 'gone');
      const [, , next] = await Promise.all([
        destructionOf(store).remove([place]),
        destructionOf(store).scrub(),
        store.append(sealAppend(append.stream, 1, 1)),
      ]);
      expect(next.events[0]!.revision).toBe(2);
      const repeated = await store.append(resealed(append));
      expect([repeated.repeated, repeated.events.map(({ sealed }) => sealed.length)]).toEqual([true, [1, 2]]);
      expect(await logOf(store, { after: repeated.position })).toHaveLength(1);
      expect((await store.append(sealAppend(append.stream, 2, 1))).events[0]!.revision).toBe(3);
    });
  });
}
