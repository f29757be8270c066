// Rule 6: no region beyond its quota on a body, neither when its seats are proposed nor when they come into force.
import type { BodyState } from '#bodies/contracts';
import type { Refusal, Uuid } from '#kernel';
import { allocationRefusals } from './allocation-refusals.js';

/** @param on the body that has the seats */
export function beyondQuota(on: BodyState, region: Uuid, seats: number, field: string): Refusal | undefined {
  const quota = on.quotas.get(region);
  if (!quota) return allocationRefusals['no-quota'](`The body has set no quota for the region ${region}.`, { fields: [{ field, reason: 'cannot be compared with a quota' }] });
  if (seats <= quota.seats) return undefined;
  return allocationRefusals['beyond-quota'](`${seats} seats are proposed, and the region has ${quota.seats}.`, { fields: [{ field, reason: `is more than ${quota.seats}` }] });
}
