import { describe, expect, it } from '@jest/globals';
import { ChecksFailed, WrongExpectedRevision } from '../../errors.js';
import { streamOf } from '../collect.js';
import type { Bound } from '../event-store.contract.js';
import { newStream, sealAppend } from '../sealed-events.js';
import type { Revision } from '#kernel';

const at = (revision: number): Revision => revision as Revision;

export function describeChecks(bound: Bound): void {
  describe('checks', () => {
    it('let an append through while they hold', async () => {
      const [guard, absent, stream] = [newStream(), newStream(), newStream()];
      await bound.store.append(sealAppend(guard, 'none', 3));
      const checks = [
        { stream: guard, revision: at(2) },
        { stream: absent, revision: null },
      ];
      await bound.store.append(sealAppend(stream, 'none', 1, { checks }));
      expect(await streamOf(bound.store, stream)).toHaveLength(1);
    });

    it('refuse an append, and say which of them moved on', async () => {
      const [guard, stream] = [newStream(), newStream()];
      await bound.store.append(sealAppend(guard, 'none', 3));
      for (const revision of [at(1), at(3), null]) {
        const check = { stream: guard, revision };
        const failure = bound.store.append(sealAppend(stream, 'none', 1, { checks: [check] }));
        await expect(failure).rejects.toBeInstanceOf(ChecksFailed);
        await expect(failure).rejects.toMatchObject({ check, actual: 2 });
      }
      const never = { stream: newStream(), revision: at(0) };
      await expect(bound.store.append(sealAppend(stream, 'none', 1, { checks: [never] }))).rejects.toMatchObject({
        check: never,
        actual: null,
      });
      expect(await streamOf(bound.store, stream)).toEqual([]);
    });

    it('come after the expected revision', async () => {
      const [guard, stream] = [newStream(), newStream()];
      const checks = [{ stream: guard, revision: at(9) }];
      await expect(bound.store.append(sealAppend(stream, 3, 1, { checks }))).rejects.toBeInstanceOf(WrongExpectedRevision);
    });

    it('on each other let exactly one of two racing appends through', async () => {
      // An adapter that only reads around the append cannot promise it; what slips through is then a recorded exception.
      if (bound.store.checksAre !== 'transactional') return;
      for (let round = 0; round < 10; round++) {
        const [one, two] = [newStream(), newStream()];
        const results = await Promise.allSettled([
          bound.store.append(sealAppend(one, 'none', 1, { checks: [{ stream: two, revision: null }] })),
          bound.store.append(sealAppend(two, 'none', 1, { checks: [{ stream: one, revision: null }] })),
        ]);
        const failures = results.filter((result) => result.status === 'rejected');
        expect(failures).toHaveLength(1);
        expect(failures[0]!.reason).toBeInstanceOf(ChecksFailed);
        const stored = [...(await streamOf(bound.store, one)), ...(await streamOf(bound.store, two))];
        expect(stored).toHaveLength(1);
      }
    });
  });
}
