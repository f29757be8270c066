// What is recorded of a body: its name, rules, members, regions, terms, quotas and offices.
import type { Audience, CivilDate, DomainEvent, EventCommons, EventType, Occurred, SealedReason, SealedText, Uuid } from '#kernel';

export const BODY_KINDS = ['council', 'commission', 'committee', 'conference', 'board', 'working-group'] as const;
export type BodyKind = (typeof BODY_KINDS)[number];
export const OFFICE_KINDS = ['chair', 'vice-chair', 'rapporteur', 'secretary', 'secretary-general', 'other'] as const;
export type OfficeKind = (typeof OFFICE_KINDS)[number];
export const QUORUM_PURPOSES = ['opening', 'deciding', 'elections'] as const;
export type QuorumPurpose = (typeof QUORUM_PURPOSES)[number];

/** How many must be present: a fixed count, or a share of those entitled. */
export interface QuorumRule {
  for: QuorumPurpose;
  count?: number;
  /** A share `numerator`/`denominator`; `moreThan`: strictly more than it, else at least. */
  numerator?: number;
  denominator?: number;
  moreThan?: boolean;
}

/** A body is established. */
export type BodyEstablished = DomainEvent<
  'body-established',
  EventCommons & {
    kind: BodyKind;
    name: SealedText;
    /** The body to which it reports. */
    parent?: Uuid;
    /** IANA zone in which its days are reckoned. */
    zone?: string;
    audience: Audience;
  }
>;

/** The body has another name from now on. */
export type BodyRenamed = DomainEvent<'body-renamed', EventCommons & { name: SealedText; reason: SealedReason }>;

/** The rules of the body as they are in force from a date; each statement replaces the one before. */
export type BodyRulesStated = DomainEvent<
  'body-rules-stated',
  EventCommons & {
    /** The article that says so. */
    article?: string;
    inForceFrom: CivilDate;
    quorum: QuorumRule[];
  }
>;

/** Who may read the body, and all within it that states no audience of its own, is set. */
export type BodyAudienceSet = DomainEvent<'body-audience-set', EventCommons & { audience: Audience; reason: SealedReason }>;

/** An organisation becomes a member or an observer. */
export type MemberAdmitted = DomainEvent<
  'member-admitted',
  EventCommons & {
    membership: Uuid;
    organisation: Uuid;
    as: 'member' | 'observer';
    from: CivilDate;
    /** The region of this body to which the member belongs. */
    region?: Uuid;
  }
>;

/** A membership ends with a date. */
export type MembershipEnded = DomainEvent<'membership-ended', EventCommons & { membership: Uuid; until: CivilDate; reason: SealedReason }>;

/** A region that divides the members of the body. */
export type RegionDefined = DomainEvent<'region-defined', EventCommons & { region: Uuid; name: SealedText }>;

/** A period for which the seats of the body are held; terms of a body do not overlap. */
export type TermDefined = DomainEvent<'term-defined', EventCommons & { term: Uuid; name: SealedText; from: CivilDate; until: CivilDate }>;

/** How many seats on this body a region has. */
export type SeatQuotaSet = DomainEvent<
  'seat-quota-set',
  EventCommons & {
    region: Uuid;
    /** The body whose members the region divides. */
    regionOf: Uuid;
    seats: number;
    article?: string;
    /** When one was set that was recorded before this, and holds from then. */
    until?: Occurred;
  }
>;

/** An office of the body. */
export type OfficeEstablished = DomainEvent<
  'office-established',
  EventCommons & {
    office: Uuid;
    kind: OfficeKind;
    name: SealedText;
    /** The region for which it is held. */
    region?: Uuid;
  }
>;

/** Somebody holds an office from a date: a member may hold it, a person exercise it. */
export type OfficeAssumed = DomainEvent<
  'office-assumed',
  EventCommons & {
    office: Uuid;
    tenure: Uuid;
    person?: Uuid;
    organisation?: Uuid;
    from: CivilDate;
    until?: CivilDate;
    acting?: boolean;
  }
>;

/** A tenure ends with a date. */
export type OfficeVacated = DomainEvent<
  'office-vacated',
  EventCommons & { office: Uuid; tenure: Uuid; until: CivilDate; reason: SealedReason }
>;

export type BodyEvent =
  | BodyEstablished
  | BodyRenamed
  | BodyRulesStated
  | BodyAudienceSet
  | MemberAdmitted
  | MembershipEnded
  | RegionDefined
  | TermDefined
  | SeatQuotaSet
  | OfficeEstablished
  | OfficeAssumed
  | OfficeVacated;

export const bodyEventTypes = {
  'body-established': { version: 1 },
  'body-renamed': { version: 1 },
  'body-rules-stated': { version: 1 },
  'body-audience-set': { version: 1 },
  'member-admitted': { version: 1 },
  'membership-ended': { version: 1 },
  'region-defined': { version: 1 },
  'term-defined': { version: 1 },
  'seat-quota-set': { version: 1 },
  'office-established': { version: 1 },
  'office-assumed': { version: 1 },
  'office-vacated': { version: 1 },
} satisfies Record<BodyEvent['type'], EventType>;
