// Proposals, and the decisions taken on them; a decision that no proposal preceded opens a stream of its own.
import type { Audience, DomainEvent, EventCommons, EventType, Party, SealedEvidence, SealedReason, SealedText, Uuid } from '#kernel';

export const OUTCOMES = [
  'adopted',
  'approved',
  'endorsed',
  'noted',
  'deferred',
  'rejected',
  'referred',
  'elected',
  'recommended',
  'ratified',
  'lapsed',
  'no-decision',
] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const METHODS = [
  'consensus',
  'no-objection',
  'acclamation',
  'show-of-hands',
  'roll-call-vote',
  'counted-vote',
  'secret-ballot',
  'lot',
  'en-bloc',
  'not-stated',
] as const;
export type Method = (typeof METHODS)[number];
export const QUORUM_STATUSES = ['met', 'not-met', 'no-rule', 'unknown'] as const;
export type QuorumStatus = (typeof QUORUM_STATUSES)[number];

/** The quorum as at the moment of the decision; a later correction of the attendance never rewrites it. */
export interface QuorumTaken {
  status: QuorumStatus;
  present?: number;
  entitled?: number;
  needed?: number;
  /** The article of the rule that was applied. */
  article?: string;
}

/** Where a decision lies: its own id, and the stream of its proposal. */
export interface DecisionReference {
  decision: Uuid;
  proposal: Uuid;
}

/** A text is put to a body for decision. */
export type ProposalIntroduced = DomainEvent<
  'proposal-introduced',
  EventCommons & {
    body: Uuid;
    meeting?: Uuid;
    /** The sitting in which it happened. */
    sitting?: Uuid;
    item?: Uuid;
    title?: SealedText;
    text: SealedText;
    /** Absent where they are unnamed. */
    proponents?: Party[];
    /** Put forward in the course of the meeting, not in a document before it. */
    fromTheFloor?: boolean;
    document?: Uuid;
    /** The withdrawn proposal that it takes up again. */
    takesUp?: Uuid;
    audience?: Audience;
  }
>;

/** The proposal is no longer put. */
export type ProposalWithdrawn = DomainEvent<'proposal-withdrawn', EventCommons & { reason: SealedReason }>;

export interface Paragraph {
  number: string;
  text: SealedText;
  addressee?: Party;
}

/** What the body ruled. */
export type DecisionTaken = DomainEvent<
  'decision-taken',
  EventCommons & {
    /** Of its own, derived from the command's, never the proposal's. */
    decision: Uuid;
    body: Uuid;
    meeting: Uuid;
    /** The sitting in which it happened. */
    sitting?: Uuid;
    item?: Uuid;
    outcome: Outcome;
    title?: SealedText;
    wording: SealedText;
    paragraphs?: Paragraph[];
    symbol?: string;
    method: Method;
    evidence: SealedEvidence;
    quorum: QuorumTaken;
    /** Taken without quorum, by override: to be ratified. */
    contested?: true;
    document?: Uuid;
    /** The decisions that it replaces. */
    supersedes?: DecisionReference[];
    /** The decisions that it takes back. */
    rescinds?: DecisionReference[];
    /** The seat allocations that it covers. */
    allocations?: Uuid[];
    audience?: Audience;
  }
>;

/** The wording was recorded wrongly. */
export type DecisionWordingCorrected = DomainEvent<
  'decision-wording-corrected',
  EventCommons & { decision: Uuid; wording: SealedText; reason: SealedReason }
>;
/** A later decision replaced this one. */
export type DecisionSuperseded = DomainEvent<'decision-superseded', EventCommons & { decision: Uuid; by: DecisionReference }>;
/** A later decision took this one back. */
export type DecisionRescinded = DomainEvent<'decision-rescinded', EventCommons & { decision: Uuid; by: DecisionReference }>;
/** A later decision names this one as replaced or taken back, and another had done so before: both stand, and people must settle it. */
export type DecisionReplacementFailed = DomainEvent<
  'decision-replacement-failed',
  EventCommons & { decision: Uuid; by: DecisionReference; body: Uuid; meeting: Uuid }
>;
/** The attendance by which its quorum was reckoned was corrected since: the quorum stays as it was, and is in question. */
export type QuorumQuestioned = DomainEvent<
  'quorum-questioned',
  EventCommons & { decision: Uuid; body: Uuid; meeting: Uuid; attendance: Uuid }
>;
/** The decision in force on the proposal was taken back: the proposal is to be decided again. */
export type ProposalReopened = DomainEvent<'proposal-reopened', EventCommons & { by: DecisionReference }>;
/** Who may read the proposal, and the decision on it that states no audience of its own, is set. */
export type ProposalAudienceSet = DomainEvent<'proposal-audience-set', EventCommons & { audience: Audience; reason: SealedReason }>;
export type DecisionAudienceSet = DomainEvent<
  'decision-audience-set',
  EventCommons & { decision: Uuid; audience: Audience; reason: SealedReason }
>;

export type ProposalEvent =
  | ProposalIntroduced
  | ProposalWithdrawn
  | DecisionTaken
  | DecisionWordingCorrected
  | DecisionSuperseded
  | DecisionRescinded
  | DecisionReplacementFailed
  | QuorumQuestioned
  | ProposalReopened
  | ProposalAudienceSet
  | DecisionAudienceSet;

export const proposalEventTypes = {
  'proposal-introduced': { version: 1 },
  'proposal-withdrawn': { version: 1 },
  'decision-taken': { version: 1 },
  'decision-wording-corrected': { version: 1 },
  'decision-superseded': { version: 1 },
  'decision-rescinded': { version: 1 },
  'decision-replacement-failed': { version: 1 },
  'proposal-reopened': { version: 1 },
  'quorum-questioned': { version: 1 },
  'proposal-audience-set': { version: 1 },
  'decision-audience-set': { version: 1 },
} satisfies Record<ProposalEvent['type'], EventType>;
