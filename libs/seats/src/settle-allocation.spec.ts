import { describe, expect, it } from '@jest/globals';
import type { DomainEvent, Revision } from '#kernel';
import { given, uuid } from '../../kernel/src/testing/index.js';
import { allocation } from './allocation.js';
import { approveAllocation, returnAllocation, withdrawApproval } from './settle-allocation.js';
import { conference, holding, proposed } from './testing/allocated.js';

const vacated = (until: string): DomainEvent => ({ type: 'seat-vacated', data: { seat: 1, holding, until, reason: { code: 'other' } } });
const standing = (...events: DomainEvent[]) => given(allocation, proposed, ...events);

describe('a decision on the allocation is completed in it', () => {
  const by = { decision: uuid(20), proposal: uuid(21), meeting: uuid(22) };
  const settling = { ...by, seen: 0 as Revision, replaces: [] };
  const data = { ...by, seats: [1, 2] };
  const [approved, returned]: DomainEvent[] = [
    { type: 'seat-allocation-approved', data },
    { type: 'seat-allocation-returned', data },
  ];
  const failed = (decision = by.decision): DomainEvent => ({
    type: 'seat-allocation-settlement-failed',
    data: { ...by, decision, body: conference, exceptions: [{ rule: 'allocation-not-proposed', as: 'discrepancy' }] },
  });

  it('approved', () => standing().when(approveAllocation, settling).then([approved!]));
  it('returned', () => standing().when(returnAllocation, settling).then([returned!]));
  it('approved, whatever happened to its seats since', () =>
    standing(vacated('2024-12-31')).when(approveAllocation, settling).then([approved!]));
  it.each([approved!, returned!])('once: $type', async (event) => {
    await standing(event).when(approveAllocation, settling).thenNothing();
    await standing(event).when(returnAllocation, settling).thenNothing();
  });
  it.each([approved!, returned!])('not by two, the second one stands out: $type', async (event) => {
    await standing(event)
      .when(approveAllocation, { ...settling, decision: uuid(23) })
      .then([failed(uuid(23))]);
    await standing(event)
      .when(returnAllocation, { ...settling, decision: uuid(23) })
      .then([failed(uuid(23))]);
  });
  it('not of what was proposed anew since', async () => {
    await standing(returned!, proposed)
      .when(approveAllocation, { ...settling, decision: uuid(23), seen: 0 as Revision })
      .then([failed(uuid(23))]);
    await standing(returned!, proposed)
      .when(approveAllocation, { ...settling, decision: uuid(23), seen: 2 as Revision })
      .then([{ ...approved!, data: { ...data, decision: uuid(23) } }]);
  });
  it.each([approved!, returned!])('in its turn by one that supersedes it: $type', async (event) => {
    const later = { ...settling, decision: uuid(23), seen: 1 as Revision, replaces: [uuid(24), by.decision] };
    await standing(event)
      .when(approveAllocation, later)
      .then([{ ...approved!, data: { ...data, decision: uuid(23) } }]);
    await standing(event)
      .when(returnAllocation, later)
      .then([{ ...returned!, data: { ...data, decision: uuid(23) } }]);
    await standing(event)
      .when(approveAllocation, { ...later, replaces: [uuid(24)] })
      .then([failed(uuid(23))]);
    await standing(returned!, proposed, event)
      .when(approveAllocation, { ...later, seen: 0 as Revision })
      .then([failed(uuid(23))]);
  });
  it('by the system alone', () =>
    expect([approveAllocation, returnAllocation, withdrawApproval].map(({ roles }) => roles)).toEqual([
      ['system'],
      ['system'],
      ['system'],
    ]));
});

describe('where the decision that approved it is no longer in force', () => {
  const by = { decision: uuid(20), proposal: uuid(21), meeting: uuid(22) };
  const approved: DomainEvent = { type: 'seat-allocation-approved', data: { ...by, seats: [1, 2] } };
  const returned: DomainEvent = { type: 'seat-allocation-returned', data: { ...by, seats: [1, 2] } };
  const later = { decision: uuid(30), proposal: uuid(31), meeting: uuid(32) };
  const withdrawing = { ...later, approvedBy: by.decision };

  it('it is returned, by the later one', () =>
    standing(approved)
      .when(withdrawApproval, withdrawing)
      .then([{ type: 'seat-allocation-returned', data: { ...later, seats: [1, 2] } }]));
  it.each<[string, DomainEvent[]]>([
    ['it was never approved', []],
    ['another one approved it', [{ ...approved, data: { ...approved.data, decision: uuid(40) } }]],
    ['it was returned by it', [returned]],
    ['it was proposed anew since', [approved, returned, proposed]],
  ])('but not where %s', (_, before) =>
    standing(...before)
      .when(withdrawApproval, withdrawing)
      .thenNothing(),
  );
});
