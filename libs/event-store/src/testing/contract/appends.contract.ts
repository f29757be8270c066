import { describe, expect, it } from '@jest/globals';
import { AppendRefused, EventIdTaken, StoreUnavailable, WrongExpectedRevision } from '../../errors.js';
import { MAX_APPEND_BYTES } from '../../port.js';
import { logOf, streamOf } from '../collect.js';
import type { Bound } from '../event-store.contract.js';
import { newStream, sealAppend, sealEvents } from '../sealed-events.js';
import { randomId } from '#kernel';

export function describeAppends(bound: Bound): void {
  describe('append', () => {
    it('answers the events as stored', async () => {
      const append = sealAppend(newStream(), 'none', 3, { moreTexts: ['b', 'a', 'd', 'c'] });
      const { events, position, repeated } = await bound.store.append(append);
      expect(repeated).toBe(false);
      expect(events).toEqual(await streamOf(bound.store, append.stream));
      expect(events.map((event) => event.revision)).toEqual([0, 1, 2]);
      expect(position).toBe((await logOf(bound.store)).at(-1)!.position);
      const hashes = events[0]!.sealed.map((value) => value.hash);
      expect(hashes).toEqual([...hashes].sort());
      expect(new Set(events[0]!.sealed)).toEqual(new Set(append.events[0]!.sealed));
    });

    it('takes one of the writers that compete for a revision', async () => {
      const stream = newStream();
      await bound.store.append(sealAppend(stream));
      const racing = Array.from({ length: 16 }, () => sealAppend(stream, 0, 2));
      const results = await Promise.allSettled(racing.map((append) => bound.store.append(append)));
      const winners = racing.filter((_, index) => results[index]!.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(WrongExpectedRevision);
      const ids = (await streamOf(bound.store, stream)).slice(1).map((event) => event.id);
      expect(ids).toEqual(winners[0]!.events.map((event) => event.id));
    });

    it('does not interleave batches that race', async () => {
      const appends = Array.from({ length: 24 }, () => sealAppend(newStream(), 'none', 5));
      await Promise.all(appends.map((append) => bound.store.append(append)));
      const log = await logOf(bound.store);
      expect(log).toHaveLength(120);
      for (let at = 0; at < log.length; at += 5) {
        expect(log.slice(at, at + 5).map((event) => event.revision)).toEqual([0, 1, 2, 3, 4]);
        expect(new Set(log.slice(at, at + 5).map((event) => event.stream)).size).toBe(1);
      }
    });

    it('leaves the others alone when one is refused', async () => {
      const stream = newStream();
      const good = Array.from({ length: 8 }, () => sealAppend(newStream()));
      const bad = sealAppend(stream, 4, 1);
      const results = await Promise.allSettled([...good.slice(0, 4), bad, ...good.slice(4)].map((append) => bound.store.append(append)));
      expect(results.filter((result) => result.status === 'rejected')).toHaveLength(1);
      expect(await logOf(bound.store)).toHaveLength(8);
      expect(await streamOf(bound.store, stream)).toEqual([]);
    });

    it('says what was expected and what is', async () => {
      const stream = newStream();
      await expect(bound.store.append(sealAppend(stream, 0))).rejects.toMatchObject({ stream, expected: 0, actual: 'none' });
      await bound.store.append(sealAppend(stream, 'none', 2));
      await expect(bound.store.append(sealAppend(stream))).rejects.toMatchObject({ stream, expected: 'none', actual: 1 });
      await expect(bound.store.append(sealAppend(stream, 0))).rejects.toMatchObject({ expected: 0, actual: 1 });
      await expect(bound.store.append(sealAppend(stream, 7))).rejects.toBeInstanceOf(WrongExpectedRevision);
    });

    it('refuses an empty one', async () => {
      await expect(bound.store.append({ stream: newStream(), expected: 'none', events: [] })).rejects.toBeInstanceOf(AppendRefused);
    });

    it('takes what is as large as the limit, and nothing larger', async () => {
      const stream = newStream();
      const bytesOf = (text: string): number => {
        const [event] = sealEvents(stream, 0, 1, { text });
        return [event!.data, event!.meta, ...event!.sealed.map((each) => each.value)].reduce(
          (sum, part) => sum + Buffer.byteLength(part),
          0,
        );
      };
      const room = MAX_APPEND_BYTES - bytesOf('');
      // Two bytes a letter: what counts is bytes, not letters.
      const text = 'é'.repeat(Math.floor(room / 2)) + 'x'.repeat(room % 2);
      await expect(bound.store.append(sealAppend(stream, 'none', 1, { text: `${text}x` }))).rejects.toBeInstanceOf(AppendRefused);
      await bound.store.append(sealAppend(stream, 'none', 1, { text }));
      expect((await streamOf(bound.store, stream))[0]!.sealed.map((each) => each.value)).toContain(text);
    });

    it('refuses text that would not come back as it was', async () => {
      for (const bad of ['nul \0', 'lone \ud800', 'bell \u0007']) {
        const append = sealAppend(newStream());
        const [event] = append.events;
        const sealed = [{ ...event!.sealed[0]!, value: bad }];
        for (const broken of [
          { ...event!, sealed },
          { ...event!, data: JSON.stringify(bad).replace(/\\u0000|\\u0007|\\ud800/, bad.slice(-1)) },
        ]) {
          await expect(bound.store.append({ ...append, events: [broken] })).rejects.toBeInstanceOf(AppendRefused);
        }
      }
      expect(await logOf(bound.store)).toEqual([]);
    });

    it('refuses an id that it holds twice', async () => {
      const id = randomId();
      await expect(bound.store.append(sealAppend(newStream(), 'none', 2, { ids: [id, id] }))).rejects.toBeInstanceOf(AppendRefused);
    });

    it('refuses an id that is stored elsewhere', async () => {
      // An adapter without an index of ids cannot know it.
      if (bound.store.idsAre !== 'unique') return;
      const first = sealAppend(newStream(), 'none', 2);
      await bound.store.append(first);
      const [id] = first.events.map((event) => event.id);
      const other = newStream();
      await bound.store.append(sealAppend(other));
      for (const [stream, expected] of [
        [newStream(), 'none'],
        [other, 0],
        [other, 5],
        [first.stream, 1],
      ] as const) {
        const append = sealAppend(stream, expected, 2, { ids: [randomId(), id!] });
        await expect(bound.store.append(append)).rejects.toBeInstanceOf(EventIdTaken);
      }
      expect(await logOf(bound.store)).toHaveLength(3);
    });

    it('finishes what is in flight when it closes, and takes nothing after', async () => {
      const appends = Array.from({ length: 10 }, () => bound.store.append(sealAppend(newStream())));
      await new Promise(setImmediate);
      const { store } = bound;
      const closing = store.close();
      await expect(store.append(sealAppend(newStream()))).rejects.toBeInstanceOf(StoreUnavailable);
      await expect(logOf(store)).rejects.toBeInstanceOf(StoreUnavailable);
      await Promise.all([closing, store.close()]);
      const stored = (await Promise.allSettled(appends)).filter((result) => result.status === 'fulfilled').length;
      expect(await logOf(await bound.reopen())).toHaveLength(stored);
    });
  });
}
