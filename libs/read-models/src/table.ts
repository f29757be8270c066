// Declares a versioned table: what a context's projection writes and its lists and details read. Every row is a version.
import type { Audience, Json, LocalizedText, RecordNumber, Revision, Uuid } from '#kernel';

/**
 * - `id`: a UUID, perhaps of another table's entity
 * - `code`: an enumeration, symbol, number of an item, zone, tag: open ASCII
 * - `date`: a civil date, or RFC 3339 as sent (compared as text within one column only where all are dates)
 * - `texts`: what a person typed, a list of `{lang, text}`
 * - `json`: a small value of its own, given whole
 */
export type ColumnType = 'id' | 'code' | 'integer' | 'boolean' | 'date' | 'texts' | 'json';

export interface Column<T extends ColumnType = ColumnType> {
  type: T;
  /** One line for the API's documentation. */
  says: string;
  /** The values of a `code` that is an enumeration. */
  oneOf?: readonly string[];
  /** The table whose entity an `id` names, or whose entities a list of ids does. */
  of?: string;
  /** Texts that the search index holds. */
  searched?: true;
}

export type Columns = Record<string, Column>;

type ValueOf<T extends ColumnType> = T extends 'integer'
  ? number
  : T extends 'boolean'
    ? boolean
    : T extends 'texts'
      ? LocalizedText
      : T extends 'json'
        ? Json
        : string;

/** What `put` takes: every column may be absent (then it keeps its value) or null (then it has none). */
export type Values<C extends Columns> = { [K in keyof C]?: ValueOf<C[K]['type']> | null };

/** What an entity lies in: the column that names it, or lists several, in each of which the entity lies then; and their table. */
export interface Container {
  column: string;
  table: string;
}

/** How an entity's audience and bodies are found: its own where it states one, else the first container's that it names, with what lies beside. */
export interface AudienceRule {
  /** Nearest first. */
  within?: readonly Container[];
  /** Beside the container: whatever of these an entity names must admit the reader too, unless the entity states its own audience. */
  also?: readonly Container[];
  /** Columns of type `json` (a list of ids) or `id` that name the entity's bodies; else the container's. `id` for the entity itself. */
  bodies?: 'id' | readonly string[];
  /** Where neither the entity nor a container states one. */
  otherwise: Audience;
  /** It is the installation's own and no body's: no secretariat reads it whole. */
  ofInstallation?: true;
}

/** A column that a row shows of another entity, as that one stood at the same moment: looked up when the row is shown, and no part of its versions. */
export interface Borrowed {
  says: string;
  oneOf?: readonly string[];
  /** The column that names the entity. */
  through: string;
  /** The table in which it lies, and its column there. */
  from: TableDefinition;
  column: string;
}

export interface TableDefinition<C extends Columns = Columns> {
  /** Plural, snake case: the SQL table, and the name in `changes`. */
  name: string;
  /** Singular, kebab case, for people: `agenda-item`. */
  singular: string;
  says: string;
  columns: C;
  audience: AudienceRule;
  borrows?: Readonly<Record<string, Borrowed>>;
  /** Its rows are in force only while the column, its own or a borrowed one, holds this. */
  inForceWhile?: { column: string; is: string };
  /** Its rows only repeat, for a list of its own, what rows of other tables say: they do not decide who sees a record. */
  repeats?: true;
  /** A record that touches an entity of that table too tells of that one alone: who sees that one sees the record. */
  toldBy?: string;
}

/** Columns that every table has beside its own. */
export interface RowHead {
  id: Uuid;
  /** The record that this version began with. */
  validFrom: RecordNumber;
  /** The record that ended it, or null while it stands. */
  validTo: RecordNumber | null;
  /** The record that the entity began with. */
  first: RecordNumber;
  /** Revision of the event that made this version, in its stream: the ETag. */
  revision: Revision;
  /** The entity's own audience, or null where it has its container's. */
  audience: Audience | null;
  /** Sample data that stands for what a source does not say. */
  illustrative: boolean;
  /** Events of its stream were lost by then: what the row shows may not be all that was recorded. */
  incomplete?: true;
}

export type Row<C extends Columns = Columns> = RowHead & { [K in keyof C]: ValueOf<C[K]['type']> | null };

export const table = <const C extends Columns>(definition: TableDefinition<C>): TableDefinition<C> => definition;
