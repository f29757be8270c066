import { describe, expect, it } from '@jest/globals';
import { ForeignPosition } from '../../errors.js';
import type { Position } from '../../log.js';
import { findForgery } from '../../sealer.js';
import { logOf, streamOf } from '../collect.js';
import type { Bound } from '../event-store.contract.js';
import { newStream, sealAppend, testWriterKey } from '../sealed-events.js';
import type { Revision } from '#kernel';

const at = (revision: number): Revision => revision as Revision;
const revisions = (events: readonly { revision: Revision }[]): number[] => events.map((event) => event.revision);

export function describeReads(bound: Bound): void {
  describe('reading', () => {
    it('answers every byte after a restart as before', async () => {
      const streams = [newStream(), newStream()];
      for (const stream of streams) await bound.store.append(sealAppend(stream, 'none', 3, { moreTexts: ['', 'long '.repeat(500)] }));
      await bound.store.append(sealAppend(streams[0]!, 2, 2));
      const before = await logOf(bound.store);
      const { id } = bound.store;
      const reopened = await bound.reopen();
      expect(reopened.id).toBe(id);
      expect(await logOf(reopened)).toEqual(before);
      for (const event of before) expect(findForgery(testWriterKey, event)).toBeUndefined();
      const { revision } = (await reopened.append(sealAppend(streams[0]!, 4))).events[0]!;
      expect(revision).toBe(5);
    });

    it('yields a stream in either direction, from a revision, up to a limit', async () => {
      const stream = newStream();
      await bound.store.append(sealAppend(stream, 'none', 6));
      await bound.store.append(sealAppend(newStream(), 'none', 2));
      await bound.store.append(sealAppend(stream, 5, 4));
      const read = async (options: Parameters<typeof streamOf>[2]): Promise<number[]> =>
        revisions(await streamOf(bound.store, stream, options));
      expect(await read({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(await read({ from: at(7) })).toEqual([7, 8, 9]);
      expect(await read({ from: at(4), limit: 3 })).toEqual([4, 5, 6]);
      expect(await read({ from: at(10) })).toEqual([]);
      expect(await read({ direction: 'backwards' })).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
      expect(await read({ direction: 'backwards', from: at(2) })).toEqual([2, 1, 0]);
      expect(await read({ direction: 'backwards', from: at(40), limit: 2 })).toEqual([9, 8]);
      expect(await read({ direction: 'backwards', limit: 1 })).toEqual([9]);
      expect(await read({ limit: 0 })).toEqual([]);
    });

    it('merges each event with its own sealed values, in either direction', async () => {
      const stream = newStream();
      const { events } = await bound.store.append(sealAppend(stream, 'none', 5, { moreTexts: ['another'] }));
      expect(await streamOf(bound.store, stream)).toEqual(events);
      expect(await streamOf(bound.store, stream, { direction: 'backwards' })).toEqual([...events].reverse());
      expect((await logOf(bound.store)).map((event) => event.sealed)).toEqual(events.map((event) => event.sealed));
    });

    it('says which of two positions lies behind the other', async () => {
      const { position: first } = await bound.store.append(sealAppend(newStream(), 'none', 2));
      const { position: second } = await bound.store.append(sealAppend(newStream(), 'none', 2));
      expect([bound.store.isAfter(second, first), bound.store.isAfter(first, second), bound.store.isAfter(first, first)]).toEqual([
        true,
        false,
        false,
      ]);
      const log = (await logOf(bound.store)).map(({ position }) => position);
      for (const [index, position] of log.slice(1).entries()) expect(bound.store.isAfter(position, log[index]!)).toBe(true);
      const foreign = `${newStream()}:1` as Position;
      expect(() => bound.store.isAfter(foreign, first)).toThrow(ForeignPosition);
      expect(() => bound.store.isAfter(first, foreign)).toThrow(ForeignPosition);
    });

    it('yields nothing of a stream that does not exist', async () => {
      expect(await streamOf(bound.store, newStream())).toEqual([]);
      expect(await streamOf(bound.store, newStream(), { direction: 'backwards' })).toEqual([]);
    });

    it('yields the log in one order, after a position, in batches', async () => {
      const streams = Array.from({ length: 5 }, newStream);
      for (const stream of streams) await bound.store.append(sealAppend(stream, 'none', 3));
      const log = await logOf(bound.store);
      expect(log.map((event) => event.stream)).toEqual(streams.flatMap((stream) => [stream, stream, stream]));
      for (let index = 0; index < log.length; index++) {
        const after = await logOf(bound.store, { after: log[index]!.position, batch: 4 });
        expect(after).toEqual(log.slice(index + 1));
      }
      const sizes: number[] = [];
      for await (const batch of bound.store.readLog({ batch: 4, limit: 10 })) sizes.push(batch.length);
      expect(sizes.every((size) => size <= 4)).toBe(true);
      expect(sizes.reduce((sum, size) => sum + size)).toBe(10);
    });

    it('spans more than one batch', async () => {
      const stream = newStream();
      for (let revision = -1; revision < 2499; revision += 500) {
        await bound.store.append(sealAppend(stream, revision < 0 ? 'none' : revision, 500));
      }
      const expected = Array.from({ length: 2500 }, (_, revision) => revision);
      expect(revisions(await streamOf(bound.store, stream))).toEqual(expected);
      expect(revisions(await logOf(bound.store))).toEqual(expected);
      expect(revisions(await streamOf(bound.store, stream, { direction: 'backwards' }))).toEqual(expected.reverse());
    });

    it('refuses the positions of other stores', async () => {
      const other = await bound.another();
      const { position } = await other.store.append(sealAppend(newStream()));
      await bound.store.append(sealAppend(newStream()));
      const own = (await logOf(bound.store))[0]!.position;
      for (const foreign of [position, '', 'nonsense', `${bound.store.id}:`, `${own}x`, `x${own}`] as Position[]) {
        await expect(logOf(bound.store, { after: foreign })).rejects.toBeInstanceOf(ForeignPosition);
        const signal = new AbortController().signal;
        await expect(bound.store.subscribe({ after: foreign, signal })[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(
          ForeignPosition,
        );
      }
    });

    it('never shows half of an append', async () => {
      let writing = true;
      const write = (async () => {
        for (let round = 0; round < 40; round++) await bound.store.append(sealAppend(newStream(), 'none', 7));
        writing = false;
      })();
      while (writing) expect((await logOf(bound.store)).length % 7).toBe(0);
      await write;
    });
  });
}
