// What a decision makes of an allocation: approved, returned, and returned again where that decision is no longer in force.
import { command, type Revision, type Uuid } from '#kernel';
import { allocation, type AllocationState } from './allocation.js';

export interface SettleAllocation {
  decision: Uuid;
  proposal: Uuid;
  meeting: Uuid;
  /** The revision of the allocation on which the decision was taken. */
  seen: Revision;
  /** The decisions that it supersedes: what one of them settled, it settles in its turn. */
  replaces: readonly Uuid[];
}

const SETTLED = { approved: 'seat-allocation-approved', returned: 'seat-allocation-returned' } as const;

/** By the process manager alone: the decision is taken already. Where it does not meet what it was taken on, that is an exception. */
const settleAllocation = (name: string, status: keyof typeof SETTLED) =>
  command<AllocationState, SettleAllocation>({
    name,
    on: allocation,
    roles: ['system'],
    stream: 'existing',
    decide({ seen, replaces, ...by }, state) {
      const isOpenToIt = state.status === 'proposed' || replaces.includes(state.settledBy!);
      if (isOpenToIt && state.proposedAt <= seen) return [{ type: SETTLED[status], data: { ...by, seats: [...state.seats.keys()] } }];
      if (state.settledBy === by.decision) return [];
      return [
        {
          type: 'seat-allocation-settlement-failed',
          data: { ...by, body: state.nominatedBy!, exceptions: [{ rule: 'allocation-not-proposed', as: 'discrepancy' }] },
        },
      ];
    },
  });

export const approveAllocation = settleAllocation('approve-seat-allocation', 'approved');
export const returnAllocation = settleAllocation('return-seat-allocation', 'returned');

export interface WithdrawApproval extends Omit<SettleAllocation, 'seen' | 'replaces'> {
  approvedBy: Uuid;
}

/** By the process manager alone: the decision that approved it was taken back, or replaced by one that does not approve it. */
export const withdrawApproval = command<AllocationState, WithdrawApproval>({
  name: 'withdraw-seat-allocation-approval',
  on: allocation,
  roles: ['system'],
  stream: 'existing',
  decide({ approvedBy, decision, proposal, meeting }, state) {
    if (state.status !== 'approved' || state.settledBy !== approvedBy) return [];
    return [{ type: SETTLED.returned, data: { decision, proposal, meeting, seats: [...state.seats.keys()] } }];
  },
});
