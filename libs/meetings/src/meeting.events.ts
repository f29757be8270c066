// What happened at the table, and the frame in which it did: the meeting, its sittings, its agenda.
import type {
  Audience,
  DomainEvent,
  EventCommons,
  EventType,
  Occurred,
  Party,
  Place,
  SealedEvidence,
  SealedReason,
  SealedText,
  Uuid,
} from '#kernel';

export const MEETING_FORMATS = ['in-person', 'remote', 'hybrid'] as const;
export const ITEM_PURPOSES = ['information', 'discussion', 'decision'] as const;
export const ATTENDANCE_MODES = ['in-person', 'remote'] as const;
export const REMARK_KINDS = [
  'statement',
  'welcoming-remarks',
  'concluding-remarks',
  'explanation-of-position',
  'point-of-order',
  'ruling',
] as const;
export const STANCES = ['support', 'reservation', 'objection', 'request'] as const;
export const REVIEW_OUTCOMES = ['reviewed', 'noted', 'endorsed', 'approved', 'adopted', 'returned'] as const;
export const VIEW_SUBJECTS = ['presentation', 'panel', 'discussion', 'document', 'proposal'] as const;
export type MeetingFormat = (typeof MEETING_FORMATS)[number];
export type ItemPurpose = (typeof ITEM_PURPOSES)[number];
export type AttendanceMode = (typeof ATTENDANCE_MODES)[number];
export type RemarkKind = (typeof REMARK_KINDS)[number];
export type Stance = (typeof STANCES)[number];
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number];
export type ViewSubject = (typeof VIEW_SUBJECTS)[number];

/** A meeting of one body or several is to be held. */
export type MeetingScheduled = DomainEvent<
  'meeting-scheduled',
  EventCommons & {
    /** The bodies that meet; the first one convenes. */
    bodies: Uuid[];
    title: SealedText;
    session?: number;
    /** A date, or a time with its offset; absent while it is not known. */
    starts?: Occurred;
    ends?: Occurred;
    /** IANA zone of the venue; absent while it is not known. */
    zone?: string;
    venue?: SealedText;
    /** Absent while it is not known. */
    format?: MeetingFormat;
    host?: Party;
    audience?: Audience;
  }
>;

/** The meeting will be at another time, or at one to be said later (`starts` absent). */
export type MeetingPostponed = DomainEvent<
  'meeting-postponed',
  EventCommons & { starts?: Occurred; ends?: Occurred; reason: SealedReason }
>;
/** The meeting will not be held. */
export type MeetingCancelled = DomainEvent<'meeting-cancelled', EventCommons & { reason: SealedReason }>;
/** The meeting begins. */
export type MeetingOpened = DomainEvent<'meeting-opened', EventCommons>;
/** The meeting is over. */
export type MeetingConcluded = DomainEvent<'meeting-concluded', EventCommons>;
/** Who may read the meeting, and all within it that states no audience of its own, is set. */
export type MeetingAudienceSet = DomainEvent<'meeting-audience-set', EventCommons & { audience: Audience; reason: SealedReason }>;
/** What in a meeting has an id of its own. */
export type PartKind =
  'sitting' | 'chairing' | 'item' | 'attendance' | 'remark' | 'view' | 'presentation' | 'panel' | 'discussion' | 'review';
/** Who may read something of the meeting (a sitting, an item, a remark, a view …) is set. */
export type PartAudienceSet = DomainEvent<
  'part-audience-set',
  EventCommons & { part: Uuid; kind: PartKind; audience: Audience; reason: SealedReason }
>;

/** A sitting begins. */
export type SittingOpened = DomainEvent<
  'sitting-opened',
  EventCommons & { sitting: Uuid; number: number; class: 'open' | 'closed'; audience?: Audience }
>;
export type SittingClosed = DomainEvent<'sitting-closed', EventCommons & { sitting: Uuid }>;
/** Somebody takes the chair. */
export type ChairTaken = DomainEvent<
  'chair-taken',
  EventCommons & { chairing: Uuid; sitting?: Uuid; chair: Party; capacity?: SealedText; acting?: boolean }
>;

/** An item is put on the agenda. */
export type AgendaItemAdded = DomainEvent<
  'agenda-item-added',
  EventCommons & {
    item: Uuid;
    /** Its number as printed: `4`, `4.2`. */
    number: string;
    title: SealedText;
    parent?: Uuid;
    purpose: ItemPurpose;
    audience?: Audience;
  }
>;
export type AgendaAdopted = DomainEvent<'agenda-adopted', EventCommons>;

/** How many were present, without names. */
export type AttendanceStated = DomainEvent<
  'attendance-stated',
  EventCommons & {
    attendance: Uuid;
    present: number;
    entitled?: number;
    /** Of whom: "Member States of the WCO European region". */
    of?: SealedText;
    /** At a meeting of several: the body whose members they are; all of them, where they were counted together, for the quorum of none. */
    bodies?: Uuid[];
    evidence: SealedEvidence;
  }
>;
/** Somebody was present, by name: a member counts for the quorum, an observer does not. */
export type AttendanceRecorded = DomainEvent<
  'attendance-recorded',
  EventCommons & {
    attendance: Uuid;
    party: Party;
    as: 'member' | 'observer';
    mode?: AttendanceMode;
    /** From when; the opening where absent. */
    arrived?: Occurred;
  }
>;
/** Somebody left before the end. */
export type AttendanceEnded = DomainEvent<'attendance-ended', EventCommons & { attendance: Uuid; left: Occurred }>;
/** A stated count or an attendance by name was wrong. Stored quorums stay as they were. */
export type AttendanceCorrected = DomainEvent<
  'attendance-corrected',
  EventCommons & {
    attendance: Uuid;
    present?: number;
    entitled?: number;
    as?: 'member' | 'observer';
    mode?: AttendanceMode;
    arrived?: Occurred;
    left?: Occurred;
    /** It was not so at all. */
    struck?: true;
    reason: SealedReason;
  }
>;

/** An intervention or statement. */
export type RemarkMade = DomainEvent<
  'remark-made',
  EventCommons &
    Place & {
      remark: Uuid;
      kind: RemarkKind;
      speaker: Party;
      capacity?: SealedText;
      /** The organisation on whose behalf they spoke. */
      onBehalfOf?: Uuid;
      text: SealedText;
      audience?: Audience;
    }
>;
/** The remark was recorded wrongly: new text, another speaker, or it was not made. */
export type RemarkCorrected = DomainEvent<
  'remark-corrected',
  EventCommons & {
    remark: Uuid;
    text?: SealedText;
    speaker?: Party;
    capacity?: SealedText;
    struck?: true;
    reason: SealedReason;
  }
>;

/** Support, a reservation, an objection or a request, and what was called for. */
export type ViewExpressed = DomainEvent<
  'view-expressed',
  EventCommons &
    Place & {
      view: Uuid;
      stance: Stance;
      /** On what: something of this meeting, a document or a proposal. */
      on?: { kind: ViewSubject; id: Uuid };
      by: { kind: 'one'; party: Party } | { kind: 'several'; parties?: Party[] } | { kind: 'delegates' };
      text: SealedText;
      audience?: Audience;
    }
>;

/** A presentation, with what was asked for in it. */
export type PresentationMade = DomainEvent<
  'presentation-made',
  EventCommons &
    Place & {
      presentation: Uuid;
      title: SealedText;
      presenters: Party[];
      points: SealedText[];
      askedFor?: SealedText[];
      audience?: Audience;
    }
>;
/** A plan is presented to the meeting. */
export type PlanPresented = DomainEvent<
  'plan-presented',
  EventCommons &
    Place & {
      presentation: Uuid;
      document: Uuid;
      presenters: Party[];
      points: SealedText[];
      audience?: Audience;
    }
>;
/** A panel discussion, with the points that it emphasized. */
export type PanelHeld = DomainEvent<
  'panel-held',
  EventCommons &
    Place & {
      panel: Uuid;
      title: SealedText;
      panellists: Party[];
      points: SealedText[];
      audience?: Audience;
    }
>;
/** A discussion, with what was said in it. */
export type DiscussionHeld = DomainEvent<
  'discussion-held',
  EventCommons & Place & { discussion: Uuid; title: SealedText; points: SealedText[]; audience?: Audience }
>;

interface Review extends Place {
  review: Uuid;
  document: Uuid;
  /** Version of the document that lay before the meeting. */
  version?: string;
  outcome: ReviewOutcome;
  points?: SealedText[];
  audience?: Audience;
}
/** The meeting considered a plan. */
export type PlanReviewed = DomainEvent<'plan-reviewed', EventCommons & Review>;
/** The meeting considered a document that is no plan. */
export type DocumentReviewed = DomainEvent<'document-reviewed', EventCommons & Review>;

export type MeetingEvent =
  | MeetingScheduled
  | MeetingPostponed
  | MeetingCancelled
  | MeetingOpened
  | MeetingConcluded
  | MeetingAudienceSet
  | PartAudienceSet
  | SittingOpened
  | SittingClosed
  | ChairTaken
  | AgendaItemAdded
  | AgendaAdopted
  | AttendanceStated
  | AttendanceRecorded
  | AttendanceEnded
  | AttendanceCorrected
  | RemarkMade
  | RemarkCorrected
  | ViewExpressed
  | PresentationMade
  | PlanPresented
  | PanelHeld
  | DiscussionHeld
  | PlanReviewed
  | DocumentReviewed;

export const meetingEventTypes = {
  'meeting-scheduled': { version: 1 },
  'meeting-postponed': { version: 1 },
  'meeting-cancelled': { version: 1 },
  'meeting-opened': { version: 1 },
  'meeting-concluded': { version: 1 },
  'meeting-audience-set': { version: 1 },
  'part-audience-set': { version: 1 },
  'sitting-opened': { version: 1 },
  'sitting-closed': { version: 1 },
  'chair-taken': { version: 1 },
  'agenda-item-added': { version: 1 },
  'agenda-adopted': { version: 1 },
  'attendance-stated': { version: 1 },
  'attendance-recorded': { version: 1 },
  'attendance-ended': { version: 1 },
  'attendance-corrected': { version: 1 },
  'remark-made': { version: 1 },
  'remark-corrected': { version: 1 },
  'view-expressed': { version: 1 },
  'presentation-made': { version: 1 },
  'plan-presented': { version: 1 },
  'panel-held': { version: 1 },
  'discussion-held': { version: 1 },
  'plan-reviewed': { version: 1 },
  'document-reviewed': { version: 1 },
} satisfies Record<MeetingEvent['type'], EventType>;
