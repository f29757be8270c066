// The envelope of an event: what is stored with its data, and hashed with it.
import type { Uuid } from './ids.js';
import type { JsonObject } from './json.js';
import type { LocalizedText, TextIn } from './localized-text.js';
import type { Role } from './audience.js';
import type { SealedReference, SealedValue } from './sealed.js';
import type { Occurred, OffsetTime, UtcTime } from './time.js';

/** Revision of an event in its stream, from 0. */
export type Revision = number & { readonly revision: unique symbol };
/** 1, 2, 3 … in the order of the global log. Minus one, it is the Merkle leaf index. */
export type RecordNumber = number & { readonly recordNumber: unique symbol };

export const CATEGORIES = [
  'body',
  'organisation',
  'person',
  'meeting',
  'document',
  'proposal',
  'allocation',
  'followup',
  'token',
  'log',
] as const;
export type Category = (typeof CATEGORIES)[number];
/** `meeting-<uuid>`, or `log`. ASCII, opaque, fixed for ever by the leaf. */
export type StreamName = string & { readonly streamName: unique symbol };

export const streamName = (category: Category, id: Uuid): StreamName => `${category}-${id}` as StreamName;
export const LOG_STREAM = 'log' as StreamName;

/** The category and the entity's id that a stream's name holds (`log` has no id). */
export function parseStreamName(stream: string): { category: Category; id: Uuid | undefined } {
  const dash = stream.indexOf('-');
  return dash < 0
    ? { category: stream as Category, id: undefined }
    : { category: stream.slice(0, dash) as Category, id: stream.slice(dash + 1) as Uuid };
}

/** Who acts. `subject` is a random UUID for one human or service, the same for all its tokens. */
export interface Actor<Name = string> {
  subject: Uuid;
  token?: Uuid;
  role: Role | 'system';
  /** The body for which they act, where there is one. */
  body?: Uuid;
  /** A typed name, sealed in the record. */
  name?: Name;
}

/** On whose instruction somebody acted, if another's. */
export interface Instruction<Text = string> {
  person?: Uuid;
  by?: TextIn<Text>[];
}

/** A stream, and its revision, on which a decision rests (null: it had no events). */
export interface StreamRevision {
  stream: StreamName;
  revision: Revision | null;
}

/** Exactly what the metadata of an event may hold; what is absent is left out, never null. */
export interface Metadata<Text = SealedReference> {
  occurredAt: Occurred;
  typedAt?: OffsetTime;
  actor: Actor<Text>;
  instruction?: Instruction<Text>;
  commandId: Uuid;
  bodyDigest?: string;
  correlation: Uuid;
  /** Id of the event that caused this one. */
  causation?: Uuid;
  language?: string;
  source?: JsonObject;
  decidedOn?: StreamRevision[];
}

/** An event as a decider answers it: an explicit type, data with marks. */
export interface DomainEvent<Type extends string = string, Data = object> {
  type: Type;
  data: Data;
}

/** What `evolve` folds: no texts, only the marks or references that stand where they were. */
export type FoldedEvent<E extends DomainEvent = DomainEvent> = E & {
  id: Uuid;
  revision: Revision;
  recordedAt: UtcTime;
  occurredAt: Occurred;
  typedAt?: OffsetTime;
};

/**
 * An event sealed and ready to be stored. `data` and `meta` are canonical bytes (RFC 8785); salts, hashes and seal are
 * lower-case hex of 32 bytes; `leaf` is the RFC 6962 leaf hash.
 */
export interface SealedEvent {
  id: Uuid;
  type: string;
  schemaVersion: number;
  recordedAt: UtcTime;
  data: string;
  meta: string;
  dataSalt: string;
  metaSalt: string;
  seal: string;
  leaf: string;
  sealed: readonly SealedValue[];
}

/** What is left of the data and metadata of an event that was lost: their hashes, as its leaf entry holds them. */
export interface LostParts {
  data: string;
  meta: string;
}

/** An event as read back from a store. */
export interface StoredEvent extends SealedEvent {
  stream: StreamName;
  revision: Revision;
  /** Set on a placeholder: what the event said is lost. `data`, `meta` and the salts are empty then, and nothing is sealed beside it. */
  lost?: LostParts;
}

/** Resolves localized text after unsealing: what a reader's projection gets. */
export type OpenText = LocalizedText;
