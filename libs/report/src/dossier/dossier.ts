// What a dossier is made of, before it is put into words of any language: entries, one a record, and in each the facts of its event.
import type { ShownRecord } from '#audit/contracts';
import type { LocalizedText } from '#kernel';

/** The links of the chain, in their order. */
export const LINKS = [
  'meeting',
  'agenda',
  'table',
  'documents',
  'proposal',
  'quorum',
  'decision',
  'attendance-since',
  'corrections',
  'replacement',
  'seats',
  'follow-ups',
  'mentions',
] as const;
export type LinkName = (typeof LINKS)[number];

/** What has a dossier, by the table in which it lies. */
export type Subject = 'decisions' | 'seats' | 'follow_ups' | 'documents';

export interface EntityReference {
  in: string;
  id: string;
}

/** What a record began, changed or ended; and, after the record that it began with, who and what that is. */
export interface Concerned extends EntityReference {
  /** The record that it began with. */
  first: number;
  /** Of something that was said, held or owed, by whom; of an attendance, whose. */
  who?: Name | undefined;
  /** What it is called, or its text. */
  name?: Name | undefined;
  /** Later records that corrected it, what struck it apart. */
  correctedBy: readonly number[];
  struckBy?: number | undefined;
}

/** The name of what a fact names by its id, and where that name stands. */
export interface Name extends EntityReference {
  texts: LocalizedText;
  record: number;
  event: string;
  /** Of the list of texts. */
  pointer: string;
  /** The record that struck what is named, where it was. */
  endedBy?: number | undefined;
}

/** One value of an event's data. */
export interface Fact {
  /** JSON pointer into the event's data: to the value, or to the list of its texts, one a language. */
  pointer: string;
  value?: string | number | boolean | null;
  texts?: LocalizedText;
  name?: Name;
}

export interface Entry {
  event: ShownRecord;
  /** What the event began, changed or ended, as far as this link of the chain is about it. */
  of: readonly Concerned[];
  /** Where it happened or belongs, as the stream says: the meeting of a remark, the body of a seat. */
  within?: Name | undefined;
  facts: Fact[];
}

export interface Link {
  name: LinkName;
  entries: Entry[];
}

export interface Dossier {
  /** The record up to which the register was read. */
  asOf: number;
  subject: EntityReference;
  /** Absent of what has no title, such as a seat. */
  title?: LocalizedText | undefined;
  /** Some of what was recorded of what it tells was lost. */
  incomplete: boolean;
  /** Links in which something is named, or recorded, that the reader may not see. */
  withheld: readonly LinkName[];
  links: Link[];
}
