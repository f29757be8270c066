// Organisations and persons: who is a member or observer, who holds office and speaks.
import type { DomainEvent, EventCommons, EventType, SealedReason, SealedText, Uuid } from '#kernel';

export const ORGANISATION_KINDS = ['state-administration', 'international-organisation', 'regional-office', 'other'] as const;
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];

/** An organisation that can be a member or an observer: a state's administration, an organisation. */
export type OrganisationRegistered = DomainEvent<
  'organisation-registered',
  EventCommons & {
    kind: OrganisationKind;
    name: SealedText;
    shortName?: SealedText;
  }
>;

/** The organisation has another name: from now on, or because the first one was mistyped. */
export type OrganisationRenamed = DomainEvent<
  'organisation-renamed',
  EventCommons & { name: SealedText; shortName?: SealedText; reason: SealedReason }
>;

/** A person who speaks or holds office. */
export type PersonRegistered = DomainEvent<
  'person-registered',
  EventCommons & {
    name: SealedText;
    /** The office in which they serve, in words: "Director General of Norwegian Customs". */
    position?: SealedText;
    /** The organisation for which they work. */
    organisation?: Uuid;
  }
>;

/** The name or position of the person was wrong, or has changed. */
export type PersonCorrected = DomainEvent<
  'person-corrected',
  EventCommons & {
    name?: SealedText;
    position?: SealedText;
    organisation?: Uuid;
    reason: SealedReason;
  }
>;

export type OrganisationEvent = OrganisationRegistered | OrganisationRenamed;
export type PersonEvent = PersonRegistered | PersonCorrected;

export const partyEventTypes = {
  'organisation-registered': { version: 1 },
  'organisation-renamed': { version: 1 },
  'person-registered': { version: 1 },
  'person-corrected': { version: 1 },
} satisfies Record<OrganisationEvent['type'] | PersonEvent['type'], EventType>;
