import { describe, expect, it } from '@jest/globals';
import { logOf } from '../collect.js';
import type { Bound } from '../event-store.contract.js';
import { newStream, sealAppend } from '../sealed-events.js';

export function describeBookkeeping(bound: Bound): void {
  describe('bookkeeping', () => {
    it('keeps the last value of a key, over a restart', async () => {
      const { bookkeeping } = bound.store;
      expect(await bookkeeping.read('checkpoint')).toBeUndefined();
      await bookkeeping.write('checkpoint', 'one');
      await Promise.all([bookkeeping.write('checkpoint', 'two'), bookkeeping.write('note', '— origin\n')]);
      expect(await bookkeeping.read('checkpoint')).toBe('two');
      const reopened = await bound.reopen();
      expect(await reopened.bookkeeping.read('checkpoint')).toBe('two');
      expect(await reopened.bookkeeping.read('note')).toBe('— origin\n');
    });

    it('lies outside the log', async () => {
      await bound.store.bookkeeping.write('key', 'value');
      await bound.store.append(sealAppend(newStream()));
      expect(await logOf(bound.store)).toHaveLength(1);
    });
  });
}
