// What somebody owes, from where it comes, and what became of it.
import type { Audience, CivilDate, DomainEvent, EventCommons, EventType, SealedEvidence, SealedReason, SealedText, Uuid } from '#kernel';

/** Who owes it: exactly one of these. */
export interface Owner {
  office?: Uuid;
  organisation?: Uuid;
  body?: Uuid;
  person?: Uuid;
}

/** When it is due: exactly one of these. */
export interface Due {
  on?: CivilDate;
  /** At a meeting. */
  meeting?: Uuid;
  /** At the next meeting of a body. */
  nextMeetingOf?: Uuid;
  /** Not said, with the reason. */
  unspecified?: SealedText;
}

/** The decision, request or undertaking that it comes from: exactly one of the three, with where it lies. */
export interface Origin {
  decision?: Uuid;
  /** Of a decision: the stream in which it lies. */
  proposal?: Uuid;
  /** A view expressed as a request. */
  view?: Uuid;
  /** A remark that undertakes it. */
  remark?: Uuid;
  /** Of a view or a remark: the meeting in which it lies. */
  meeting?: Uuid;
}

/** Somebody owes something from now on. */
export type FollowUpAssigned = DomainEvent<
  'follow-up-assigned',
  EventCommons & {
    body: Uuid;
    owner: Owner;
    action: SealedText;
    due: Due;
    from: Origin;
    audience?: Audience;
  }
>;

/** Something was done towards it. */
export type FollowUpProgressed = DomainEvent<'follow-up-progressed', EventCommons & { note: SealedText; evidence?: SealedEvidence }>;
export type FollowUpCompleted = DomainEvent<'follow-up-completed', EventCommons & { note?: SealedText; evidence: SealedEvidence }>;
export type FollowUpCancelled = DomainEvent<'follow-up-cancelled', EventCommons & { reason: SealedReason }>;
/** The meeting at which it was due concluded, and it was still open: it is due at that body's next meeting, or waits for one. */
export type FollowUpCarriedOver = DomainEvent<
  'follow-up-carried-over',
  EventCommons & {
    from: Uuid;
    to?: Uuid;
    /** The body for whose next meeting it waits, where none is scheduled. */
    waitsFor?: Uuid;
    /** How often it was carried over, this time included. */
    count: number;
  }
>;
/** The meeting that it waited for is scheduled. */
export type FollowUpDueSet = DomainEvent<'follow-up-due-set', EventCommons & { meeting: Uuid }>;
/** The meeting at which it was due was cancelled: it is due at the next one, or waits; this does not count as carried over. */
export type FollowUpDueMoved = DomainEvent<'follow-up-due-moved', EventCommons & { from: Uuid; to?: Uuid; waitsFor?: Uuid }>;
export type FollowUpAudienceSet = DomainEvent<'follow-up-audience-set', EventCommons & { audience: Audience; reason: SealedReason }>;

export type FollowUpEvent =
  | FollowUpAssigned
  | FollowUpProgressed
  | FollowUpCompleted
  | FollowUpCancelled
  | FollowUpCarriedOver
  | FollowUpDueSet
  | FollowUpDueMoved
  | FollowUpAudienceSet;

export const followUpEventTypes = {
  'follow-up-assigned': { version: 1 },
  'follow-up-progressed': { version: 1 },
  'follow-up-completed': { version: 1 },
  'follow-up-cancelled': { version: 1 },
  'follow-up-carried-over': { version: 1 },
  'follow-up-due-set': { version: 1 },
  'follow-up-due-moved': { version: 1 },
  'follow-up-audience-set': { version: 1 },
} satisfies Record<FollowUpEvent['type'], EventType>;
