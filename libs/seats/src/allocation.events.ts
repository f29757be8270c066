// The seats of a region on a body for a term: one stream, so that one place guards quota and double seats.
import type { Audience, DomainEvent, EventCommons, EventType, Party, SealedReason, SealedText, Uuid } from '#kernel';

/** A seat of the allocation: its ordinal from 1, and who holds it, where that is known. */
export interface AllocatedSeat {
  seat: number;
  organisation?: Uuid;
}

/** The region's seats on the body for the term are proposed. */
export type SeatAllocationProposed = DomainEvent<'seat-allocation-proposed', EventCommons & {
  body: Uuid;
  region: Uuid;
  /** The body whose members the region divides. */
  regionOf: Uuid;
  term: Uuid;
  seats: AllocatedSeat[];
  /** The body that nominates, and the one that elects. */
  nominatedBy: Uuid;
  electedBy?: Uuid;
  /** The rule by which no election is needed. */
  noElectionBy?: string;
  meeting?: Uuid;
  item?: Uuid;
  presentedBy?: Party;
  capacity?: SealedText;
  audience?: Audience;
}>;

/** The region approved the allocation: its seats are nominated. */
export type SeatAllocationApproved = DomainEvent<'seat-allocation-approved', EventCommons & { decision: Uuid; proposal: Uuid; meeting: Uuid }>;
/** The region sent the allocation back. */
export type SeatAllocationReturned = DomainEvent<'seat-allocation-returned', EventCommons & { decision: Uuid; proposal: Uuid; meeting: Uuid }>;
/** Who holds a seat becomes known, or changes. */
export type SeatHolderNamed = DomainEvent<'seat-holder-named', EventCommons & { seat: number; organisation: Uuid; reason?: SealedReason }>;
/** A holder gives up the seat. */
export type SeatVacated = DomainEvent<'seat-vacated', EventCommons & { seat: number; reason: SealedReason }>;
export type AllocationAudienceSet = DomainEvent<'allocation-audience-set', EventCommons & { audience: Audience; reason: SealedReason }>;

export type AllocationEvent =
  | SeatAllocationProposed | SeatAllocationApproved | SeatAllocationReturned | SeatHolderNamed | SeatVacated | AllocationAudienceSet;

export const allocationEventTypes = {
  'seat-allocation-proposed': { version: 1 }, 'seat-allocation-approved': { version: 1 }, 'seat-allocation-returned': { version: 1 }, 'seat-holder-named': { version: 1 }, 'seat-vacated': { version: 1 },
  'allocation-audience-set': { version: 1 },
} satisfies Record<AllocationEvent['type'], EventType>;
