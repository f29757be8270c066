// The seats of a region on a body for a term: one stream, so that one place guards quota and double seats.
import type { Audience, CivilDate, DomainEvent, EventCommons, EventType, Party, SealedReason, SealedText, Uuid } from '#kernel';

/** A seat of the allocation: its ordinal from 1, and who is to hold it, where that is known. */
export interface AllocatedSeat {
  seat: number;
  /** Of the holding that begins with it. */
  holding?: Uuid;
  organisation?: Uuid;
}

/** The region's seats on the body for the term are proposed. */
export type SeatAllocationProposed = DomainEvent<
  'seat-allocation-proposed',
  EventCommons & {
    body: Uuid;
    region: Uuid;
    /** The body whose members the region divides. */
    regionOf: Uuid;
    term: Uuid;
    /** The days of the term, as they stood when it was proposed. */
    period: { from: CivilDate; until: CivilDate };
    seats: AllocatedSeat[];
    /** Where it was returned before: the seats that it no longer has, and the holdings that it named then. */
    replaces?: { seats: number[]; holdings: Uuid[] };
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
  }
>;

interface Settled {
  decision: Uuid;
  proposal: Uuid;
  meeting: Uuid;
  /** The ordinals of all its seats. */
  seats: number[];
}
/** The region approved the allocation: its seats are nominated. */
export type SeatAllocationApproved = DomainEvent<'seat-allocation-approved', EventCommons & Settled>;
/** The region sent the allocation back; or the decision that approved it was taken back, or replaced by one that does not approve it. */
export type SeatAllocationReturned = DomainEvent<'seat-allocation-returned', EventCommons & Settled>;
/** A decision covers the allocation, and another had settled it before, or it was proposed anew since: people must settle it. */
export type SeatAllocationSettlementFailed = DomainEvent<
  'seat-allocation-settlement-failed',
  EventCommons & { decision: Uuid; proposal: Uuid; body: Uuid; meeting: Uuid }
>;
/** Who holds a seat becomes known, or it is filled for the rest of the term. */
export type SeatHolderNamed = DomainEvent<
  'seat-holder-named',
  EventCommons & { seat: number; holding: Uuid; organisation: Uuid; from: CivilDate; until: CivilDate }
>;
/** A holder gives up the seat, or was named wrongly (`until` absent). */
export type SeatVacated = DomainEvent<
  'seat-vacated',
  EventCommons & { seat: number; holding: Uuid; until?: CivilDate; reason: SealedReason }
>;
/** Who may read the allocation is set. */
export type AllocationAudienceSet = DomainEvent<'allocation-audience-set', EventCommons & { audience: Audience; reason: SealedReason }>;

export type AllocationEvent =
  | SeatAllocationProposed
  | SeatAllocationApproved
  | SeatAllocationReturned
  | SeatAllocationSettlementFailed
  | SeatHolderNamed
  | SeatVacated
  | AllocationAudienceSet;

export const allocationEventTypes = {
  'seat-allocation-proposed': { version: 1 },
  'seat-allocation-approved': { version: 1 },
  'seat-allocation-returned': { version: 1 },
  'seat-allocation-settlement-failed': { version: 1 },
  'seat-holder-named': { version: 1 },
  'seat-vacated': { version: 1 },
  'allocation-audience-set': { version: 1 },
} satisfies Record<AllocationEvent['type'], EventType>;
