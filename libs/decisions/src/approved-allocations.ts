// The seat allocations that a decision approves.
import { body, type BodyState } from '#bodies/contracts';
import { happensBefore, type DecisionContext, type Look, type Occurred, type Refusal, type Uuid } from '#kernel';
import { allocation, approvedBeyondQuota, type AllocationState } from '#seats/contracts';
import { decisionRefusals } from './decision-refusals.js';
import { approvesSeats } from './outcome-for-seats.js';
import type { DecisionReference, Outcome } from './proposal.events.js';

export interface ApprovedAllocation {
  id: Uuid;
  state: AllocationState;
  /** The body that has the seats. */
  on: BodyState | undefined;
}

/** Ends with the first that it does not find. */
export async function lookAtAllocations(ids: readonly Uuid[], look: Look): Promise<ApprovedAllocation[] | Refusal> {
  const allocations: ApprovedAllocation[] = [];
  for (const id of ids) {
    const state = await look.at(allocation, id);
    if (!state) return notProposed(id, 'not there');
    allocations.push({ id, state, on: state.body && (await look.at(body, state.body)) });
  }
  return allocations;
}

/** One that an earlier decision settled is open to the decision that supersedes that one. */
export function notApprovable(
  { id, state }: ApprovedAllocation,
  bodyId: Uuid,
  supersedes: readonly DecisionReference[] = [],
): Refusal | undefined {
  if (state.nominatedBy !== bodyId)
    return decisionRefusals['allocation-of-another-body'](`The body ${bodyId} does not nominate for it.`, {
      fields: [{ field: 'allocations', reason: `${id} is nominated by another body` }],
    });
  const isReplaced = supersedes.some(({ decision }) => decision === state.settledBy);
  return state.status === 'proposed' || isReplaced ? undefined : notProposed(id, state.status);
}

const notProposed = (id: Uuid, status: string): Refusal =>
  decisionRefusals['allocation-not-proposed'](`The allocation ${id} is ${status}.`, {
    fields: [{ field: 'allocations', reason: `${id} is not proposed` }],
  });

/** An override lets it through: when it was proposed may be recorded wrongly. */
export function beforeProposed({ id, state: { proposed } }: ApprovedAllocation, context: DecisionContext<unknown>): Refusal | undefined {
  if (!proposed || !happensBefore(proposed.on, context)) return undefined;
  return decisionRefusals['before-proposed'](
    `The allocation ${id} was proposed on ${proposed.on.at}, and this decision taken on ${context.occurredAt}.`,
    { fields: [{ field: 'occurredAt', reason: 'lies before the allocation was proposed' }] },
  );
}

/** The quota may have been lowered since the seats were proposed. Seats that are approved already come into force no second time. */
export const seatsBeyondQuota = (
  outcome: Outcome,
  allocations: readonly ApprovedAllocation[],
  occurredAt: Occurred,
): (Refusal | undefined)[] =>
  approvesSeats(outcome)
    ? allocations.map(({ state, on }) =>
        on && state.status !== 'approved' ? approvedBeyondQuota(state, on, occurredAt, 'allocations') : undefined,
      )
    : [];
