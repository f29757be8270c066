import { describe, expect, it } from '@jest/globals';
import type { EventStore, LogNotice } from '../../port.js';
import { eventsIn, follow, logOf } from '../collect.js';
import type { Bound } from '../event-store.contract.js';
import { newStream, sealAppend } from '../sealed-events.js';

async function write(store: EventStore, appends: number): Promise<void> {
  for (let round = 0; round < appends; round++) await store.append(sealAppend(newStream(), 'none', 3));
}

const isCaughtUp = (notice: LogNotice | undefined): boolean => notice?.kind === 'caught-up';

export function describeSubscriptions(bound: Bound): void {
  describe('a subscription', () => {
    it('delivers what is there, and says when there is no more', async () => {
      await write(bound.store, 5);
      const notices = await follow(bound.store, {}, (all) => isCaughtUp(all.at(-1)));
      expect(eventsIn(notices)).toEqual(await logOf(bound.store));
      expect(notices.filter((notice) => notice.kind === 'caught-up')).toHaveLength(1);
    });

    it('is caught up at once with an empty log', async () => {
      expect(await follow(bound.store, {}, (all) => all.length === 1)).toEqual([{ kind: 'caught-up' }]);
    });

    it('begins after a position', async () => {
      await write(bound.store, 4);
      const log = await logOf(bound.store);
      const notices = await follow(bound.store, { after: log[4]!.position }, (all) => isCaughtUp(all.at(-1)));
      expect(eventsIn(notices)).toEqual(log.slice(5));
    });

    it('delivers what is written meanwhile: all of it, once, in order', async () => {
      await write(bound.store, 10);
      const following = follow(bound.store, {}, (all) => eventsIn(all).length >= 150);
      await Promise.all([write(bound.store, 20), write(bound.store, 20)]);
      const notices = await following;
      expect(eventsIn(notices)).toEqual(await logOf(bound.store));
    });

    it('wakes each time after it has caught up', async () => {
      const ending = new AbortController();
      const subscription = bound.store.subscribe({ signal: ending.signal })[Symbol.asyncIterator]();
      const next = async (): Promise<LogNotice> => (await subscription.next()).value as LogNotice;
      expect(await next()).toEqual({ kind: 'caught-up' });
      for (let round = 0; round < 5; round++) {
        const waiting = next();
        const { events } = await bound.store.append(sealAppend(newStream()));
        expect(eventsIn([await waiting])).toMatchObject(events);
        expect(await next()).toEqual({ kind: 'caught-up' });
      }
      const last = subscription.next();
      ending.abort();
      expect((await last).done).toBe(true);
    });

    it('that is slow holds up neither writers nor others, and misses nothing', async () => {
      const ending = new AbortController();
      await write(bound.store, 1);
      const slow = bound.store.subscribe({ signal: ending.signal })[Symbol.asyncIterator]();
      const received = eventsIn([(await slow.next()).value as LogNotice]);
      await write(bound.store, 30);
      expect(eventsIn(await follow(bound.store, {}, (all) => isCaughtUp(all.at(-1))))).toHaveLength(93);
      for (let notice = await slow.next(); !isCaughtUp(notice.value as LogNotice) || received.length < 93; notice = await slow.next()) {
        received.push(...eventsIn([notice.value as LogNotice]));
      }
      expect(received).toEqual(await logOf(bound.store));
      ending.abort();
      expect((await slow.next()).done).toBe(true);
    });

    it('ends without an error when its signal aborts, before or while it waits', async () => {
      await write(bound.store, 1);
      for await (const notice of bound.store.subscribe({ signal: AbortSignal.abort() })) throw new Error(`unexpected ${notice.kind}`);
      const notices: LogNotice[] = [];
      const ending = new AbortController();
      for await (const notice of bound.store.subscribe({ signal: ending.signal })) {
        notices.push(notice);
        if (isCaughtUp(notice)) setImmediate(() => ending.abort());
      }
      // In how many batches events come is the adapter's affair.
      expect(eventsIn(notices)).toEqual(await logOf(bound.store));
      expect(notices.map((notice) => notice.kind).filter((kind, index, all) => kind !== all[index - 1])).toEqual(['events', 'caught-up']);
    });
  });
}
