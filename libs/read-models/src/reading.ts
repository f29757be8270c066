// What the query side asks of the read models, and what it gets.
import type { Reader, RecordNumber, UtcTime, Uuid } from '#kernel';
import type { Columns, Row } from './table.js';

/** A moment of the register: everything up to and including this record. */
export interface Moment {
  record: RecordNumber;
  /** Whether it is the newest: then the faster plan for the standing versions serves. */
  isNow: boolean;
}

export interface ListQuery {
  moment: Moment;
  reader: Reader;
  /** Filter column → value; only those that the list declares. */
  where: Readonly<Record<string, string>>;
  /** `recorded`, `starts`, `-starts` … */
  sort: string;
  /** From 1 to 500. */
  limit: number;
  cursor?: string;
  /** A last narrowing in code, for what an index cannot do (in force on a date). */
  keep?: (row: Row, record: RecordNumber) => boolean;
}

export interface Page<C extends Columns = Columns> {
  rows: Row<C>[];
  /** Continues the list at the same record, whatever was recorded since; absent at the end. */
  next?: string;
  moment: Moment;
  /** The audience of one of the rows is restricted today. */
  restricted?: true;
}

/** How many rows a list holds; `more` where counting stopped. */
export interface Count {
  count: number;
  more: boolean;
}

/** A column whose value differs; absent where it had, or has, none. */
export interface ChangedField {
  field: string;
  before?: unknown;
  after?: unknown;
}

/** One entity begun, changed or ended by a record. */
export interface Change {
  readonly record: RecordNumber;
  /** What the log says of the record. */
  readonly event: { readonly id: Uuid; readonly type: string; readonly recordedAt: string };
  readonly table: string;
  readonly id: Uuid;
  readonly kind: 'began' | 'changed' | 'ended';
  /** It had ended before, and the record sets who may see what it was: nothing in the register changed. Its rows are what it was last. */
  readonly isOfPast: boolean;
  /** Some of what was recorded of it was lost, as things stood at the end of what was asked for. */
  readonly incomplete: boolean;
  /** The version before, and after; undefined where there is none. */
  readonly before: Row | undefined;
  readonly after: Row | undefined;
  /** The columns in which they differ, in their order, and the audience. */
  readonly fields: readonly ChangedField[];
}

export interface ChangesQuery {
  /** Exclusive; 0 for the whole history. */
  after: RecordNumber;
  /** Inclusive: the newest record where everything is asked for. A cursor keeps it. */
  upTo: RecordNumber;
  /** Only changes of this table. */
  table?: string;
  /** Not those of this one. */
  without?: string;
  /** Also where a record only set who may see what had ended before. */
  past?: true;
  limit: number;
  cursor?: string;
}

export interface ChangePage {
  changes: Change[];
  upTo: RecordNumber;
  next?: string;
}

export interface VersionsQuery {
  moment: Moment;
  /** Also those that only set who may see what had ended before: each ends with the record that begins it. */
  past?: true;
  limit: number;
  cursor?: string;
}

export interface SearchQuery {
  moment: Moment;
  /** Only these tables. */
  tables?: readonly string[];
  /** Only texts in this language. */
  lang?: string;
  limit: number;
  cursor?: string;
}

export interface Hit {
  table: string;
  /** The language in which the words occur. */
  lang: string;
  /** As it stood at the moment. */
  row: Row;
}

export interface SearchPage {
  hits: Hit[];
  moment: Moment;
  next?: string;
}

/** What the log of the read models keeps of each record. */
export interface LogRow {
  record: RecordNumber;
  position: string;
  eventId: Uuid;
  leaf: string;
  /** Running maximum of recordedAt, in milliseconds, since the latest restart of the clock. */
  runningAt: number;
  recordedAt: UtcTime;
  stream: string;
  revision: number;
  type: string;
}
