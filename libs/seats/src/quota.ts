// Rule 6: no region beyond its quota on a body, neither when its seats are proposed nor when they come into force.
import { quotaAt, type BodyState } from '#bodies/contracts';
import type { Occurred, Refusal, Uuid } from '#kernel';
import type { AllocationState } from './allocation.js';
import { allocationRefusals } from './allocation-refusals.js';

/**
 * @param on the body that has the seats
 * @param when it is proposed or decided, as stated
 */
export function beyondQuota(on: BodyState, region: Uuid, seats: number, when: Occurred, field: string): Refusal | undefined {
  const quota = quotaAt(on, region, when);
  if (!quota)
    return allocationRefusals['no-quota'](`The body has set no quota for the region ${region}.`, {
      fields: [{ field, reason: 'cannot be compared with a quota' }],
    });
  if (seats <= quota.seats) return undefined;
  return allocationRefusals['beyond-quota'](`${seats} seats are proposed, and the region has ${quota.seats}.`, {
    fields: [{ field, reason: `is more than ${quota.seats}` }],
  });
}

/** Of what was proposed, and is approved now. What an override let be proposed stands as an exception once, unless the quota was lowered since. */
export function approvedBeyondQuota(
  { region, seats, proposed }: AllocationState,
  on: BodyState,
  when: Occurred,
  field: string,
): Refusal | undefined {
  const refusal = beyondQuota(on, region!, seats.size, when, field);
  const isExcepted =
    refusal && proposed?.exceptions.includes(refusal.code) && seatsAt(on, region!, when) >= seatsAt(on, region!, proposed.on.at);
  return isExcepted ? undefined : refusal;
}

const seatsAt = (on: BodyState, region: Uuid, when: Occurred): number => quotaAt(on, region, when)?.seats ?? 0;
