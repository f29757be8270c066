// Documents, and plans: documents under consideration with a period and perhaps a parent plan.
import type { Audience, CivilDate, DomainEvent, EventCommons, EventType, SealedReason, SealedText, Uuid } from '#kernel';

export const DOCUMENT_KINDS = ['plan', 'report', 'working-document', 'statement', 'rules', 'other'] as const;
export const DOCUMENT_STATUSES = ['draft', 'final'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

/** A document exists. */
export type DocumentRegistered = DomainEvent<
  'document-registered',
  EventCommons & {
    kind: DocumentKind;
    title: SealedText;
    symbol?: string;
    /** The body that issued it. */
    issuer?: Uuid;
    /** As printed: `1`, `Rev.2`. */
    version?: string;
    status?: DocumentStatus;
    date?: CivilDate;
    /** Of a plan: what it is for. */
    period?: { from: CivilDate; until: CivilDate };
    /** Of a plan: the one that it carries out. */
    parent?: Uuid;
    originalLanguage?: string;
    /** The meeting that it reports on, or for which it was written. */
    meeting?: Uuid;
    audience?: Audience;
  }
>;

/** A new version of the document: a revision, an addendum, a corrigendum, or its final text. */
export type DocumentVersionAdded = DomainEvent<
  'document-version-added',
  EventCommons & {
    version: string;
    status?: DocumentStatus;
    date?: CivilDate;
    reason?: SealedReason;
  }
>;

/** What was registered of the document was wrong. */
export type DocumentCorrected = DomainEvent<
  'document-corrected',
  EventCommons & {
    title?: SealedText;
    symbol?: string;
    date?: CivilDate;
    reason: SealedReason;
  }
>;

/** Who may read the document is set. */
export type DocumentAudienceSet = DomainEvent<'document-audience-set', EventCommons & { audience: Audience; reason: SealedReason }>;

export type DocumentEvent = DocumentRegistered | DocumentVersionAdded | DocumentCorrected | DocumentAudienceSet;

export const documentEventTypes = {
  'document-registered': { version: 1 },
  'document-version-added': { version: 1 },
  'document-corrected': { version: 1 },
  'document-audience-set': { version: 1 },
} satisfies Record<DocumentEvent['type'], EventType>;
