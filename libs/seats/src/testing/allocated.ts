// An allocation as specs find it: two seats of a region on a commission, one of them held.
import type { DomainEvent, Uuid } from '#kernel';
import { uuid } from '../../../kernel/src/testing/index.js';
import type { AllocationOf } from '../double-seats.js';

export const [commission, conference, region, norway, sweden, holding, term, otherRegion] = [
  uuid(1),
  uuid(2),
  uuid(3),
  uuid(4),
  uuid(5),
  uuid(7),
  uuid(8),
  uuid(9),
];

export const proposed: DomainEvent = {
  type: 'seat-allocation-proposed',
  data: {
    body: commission,
    region,
    regionOf: conference,
    term,
    period: { from: '2024-07-01', until: '2025-06-30' },
    seats: [{ seat: 1, holding, organisation: norway }, { seat: 2 }],
    nominatedBy: conference,
    electedBy: commission,
  },
};

const ofRegion = (of: Uuid): Uuid => `${of.slice(0, -4)}a110` as Uuid;
export const allocationOf: AllocationOf = (on, of, during) => (on === commission && during === term ? ofRegion(of) : uuid(999));
