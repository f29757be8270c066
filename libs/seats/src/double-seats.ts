// Rule 6: no member with two regional seats on one body in a term, whatever the regions.
import { body, type BodyState } from '#bodies/contracts';
import type { CivilDate, Look, Refusal, Uuid } from '#kernel';
import { allocation, type AllocationState } from './allocation.js';
import { allocationRefusals } from './allocation-refusals.js';

/** The id of the allocation of a body, region and term. */
export type AllocationOf = (body: Uuid, region: Uuid, term: Uuid) => Uuid;

/** The allocations of other regions on the body for the term: of regions that have a quota there, or divide the same members. */
export async function allocationsBeside(
  own: { body: Uuid; region: Uuid; term: Uuid },
  regionOf: BodyState,
  allocationOf: AllocationOf,
  look: Look,
): Promise<AllocationState[]> {
  const on = await look.at(body, own.body);
  const regions = new Set([...(on?.quotas.keys() ?? []), ...regionOf.regions]);
  regions.delete(own.region);
  const beside: AllocationState[] = [];
  for (const region of regions) {
    const found = await look.whole(allocation, allocationOf(own.body, region, own.term));
    if (found && found.status !== 'returned') beside.push(found);
  }
  return beside;
}

/** Refused where the member holds a seat of another region on that day, or is to hold one. */
export function secondSeat(beside: readonly AllocationState[], organisation: Uuid, from: CivilDate, field: string): Refusal | undefined {
  for (const { seats, heldBefore, period } of beside) {
    const standing = [...seats].find(([, holder]) => holder?.organisation === organisation);
    const before = heldBefore.find((each) => each.organisation === organisation && from <= each.until);
    const [seat, until] = standing ? [standing[0], period!.until] : [before?.seat, before?.until];
    if (seat !== undefined)
      return allocationRefusals['double-seat'](`It holds seat ${seat} of another region until ${until}.`, {
        fields: [{ field, reason: 'holds a seat of another region' }],
      });
  }
  return undefined;
}
