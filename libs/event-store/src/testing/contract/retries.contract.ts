import { describe, expect, it } from '@jest/globals';
import { OutcomeUnclear, WrongExpectedRevision } from '../../errors.js';
import { logOf, streamOf } from '../collect.js';
import type { Bound } from '../event-store.contract.js';
import { FaultyStore } from '../faulty-store.js';
import { newStream, resealed, sealAppend } from '../sealed-events.js';
import { randomId } from '#kernel';

export function describeRetries(bound: Bound): void {
  describe('a retry', () => {
    it('is answered from the first attempt, whatever salts it brings', async () => {
      const append = sealAppend(newStream(), 'none', 3);
      const first = await bound.store.append(append);
      const again = resealed(append);
      expect(again.events[0]!.leaf).not.toBe(append.events[0]!.leaf);
      expect(await bound.store.append(again)).toEqual({ ...first, repeated: true });
      expect(await streamOf(bound.store, append.stream)).toEqual(first.events);
    });

    it('is recognised after others have written to the stream, and after a restart', async () => {
      const append = sealAppend(newStream(), 'none', 2);
      const first = await bound.store.append(append);
      await bound.store.append(sealAppend(append.stream, 1, 2));
      expect(await bound.store.append(resealed(append))).toEqual({ ...first, repeated: true });
      const reopened = await bound.reopen();
      expect(await reopened.append(resealed(append))).toEqual({ ...first, repeated: true });
      expect(await logOf(reopened)).toHaveLength(4);
    });

    it('does not depend on what the first attempt was checked against', async () => {
      const [guard, stream] = [newStream(), newStream()];
      const append = sealAppend(stream, 'none', 1, { checks: [{ stream: guard, revision: null }] });
      const first = await bound.store.append(append);
      await bound.store.append(sealAppend(guard));
      expect(await bound.store.append(append)).toEqual({ ...first, repeated: true });
    });

    it('that races with its first attempt stores once', async () => {
      const append = sealAppend(newStream(), 'none', 2);
      const answers = await Promise.all([append, resealed(append), resealed(append)].map((each) => bound.store.append(each)));
      expect(answers.map((answer) => answer.repeated)).toEqual([false, true, true]);
      for (const answer of answers) expect(answer.events).toEqual(answers[0]!.events);
      expect(await logOf(bound.store)).toHaveLength(2);
    });

    it('that overlaps in part is a conflict', async () => {
      const append = sealAppend(newStream(), 'none', 2);
      await bound.store.append(append);
      const [first, second] = append.events.map((event) => event.id);
      for (const ids of [
        [first!, second!, randomId()],
        [first!, randomId()],
        [randomId(), second!],
      ]) {
        const overlapping = sealAppend(append.stream, 'none', ids.length, { ids });
        await expect(bound.store.append(overlapping)).rejects.toBeInstanceOf(WrongExpectedRevision);
      }
      expect(await logOf(bound.store)).toHaveLength(2);
    });

    it.each(['failed', 'failed-but-persisted'] as const)('settles an unclear outcome: %s', async (fault) => {
      const faulty = new FaultyStore(bound.store);
      const append = sealAppend(newStream(), 'none', 2);
      faulty.next(fault);
      await expect(faulty.append(append)).rejects.toBeInstanceOf(OutcomeUnclear);
      const { repeated, events } = await faulty.append(resealed(append));
      expect(repeated).toBe(fault === 'failed-but-persisted');
      expect(await logOf(bound.store)).toMatchObject(events.map(({ id, leaf }) => ({ id, leaf })));
    });
  });
}
