// A projection turns events into versions of rows. It reads no clock, and of rows only what never changes: what it writes depends on the events alone.
import type { Audience, DomainEvent, JsonObject, Metadata, Occurred, RecordNumber, Revision, StreamName, UtcTime, Uuid } from '#kernel';
import type { AnyList } from './list.js';
import type { SlippedCheck } from './stream-heads.js';
import type { Columns, TableDefinition, Values } from './table.js';

/** An event as a projection gets it: upcast to the newest schema version, its texts open (or `{"$removed": hash}`). */
export interface ProjectedEvent<Type extends string = string, Data = JsonObject> {
  record: RecordNumber;
  id: Uuid;
  type: Type;
  stream: StreamName;
  /** The id in the stream's name. */
  streamId: Uuid;
  revision: Revision;
  recordedAt: UtcTime;
  occurredAt: Occurred;
  data: Data;
  meta: Metadata<string>;
  /** Streams that had moved on before it in the log, since it was decided on them; absent where there are none. */
  slipped?: readonly SlippedCheck[];
}

/** An id; or the ids that such a column lists. */
export type Scope = string | readonly string[];

/** All that `apply` may do. Versions, `changes`, cutting back and dumps come from `put` and `end`. */
export interface TableWriter {
  /**
   * Begins a version of the entity: the columns given, over those of its standing version where it has one. The first put
   * of an id begins the entity. Several puts of one event to one entity make one version.
   */
  put<C extends Columns>(table: TableDefinition<C>, id: Uuid, columns: Values<C> & { audience?: Audience | null }): void;
  /** Ends the standing version; nothing where there is none. */
  end(table: TableDefinition, id: Uuid): void;
  /**
   * Sets who may see an entity, also one that has ended: today's audience governs what it was. Such a one gets a version that ends with the
   * record that begins it, so that it stands at no moment, and nothing in the register changes. One that never began is begun.
   */
  setAudience(table: TableDefinition, id: Uuid, audience: Audience | null): void;
  /**
   * What an entity that this or an earlier event began holds in a column that a list has as a scope: it never changes, so that it is the
   * same whenever the event is projected again. Null where there is no such entity.
   * @throws TypeError where the column is none
   */
  scopeOf(table: string, id: Uuid, column: string): Scope | null;
}

type Apply<E extends DomainEvent> = {
  [T in E['type']]?: (event: ProjectedEvent<T, Opened<Extract<E, { type: T }>['data']>>, t: TableWriter) => void;
};

/** The data type with every mark opened to its text. */
export type Opened<T> = T extends { text: unknown; lang: string }
  ? { lang: string; text: string }
  : T extends readonly (infer Each)[]
    ? Opened<Each>[]
    : T extends string | number | boolean | null | undefined
      ? T
      : T extends object
        ? { [K in keyof T]: Opened<T[K]> }
        : T;

export interface Projection {
  /** The context's name. */
  name: string;
  tables: readonly TableDefinition[];
  /** The lists that read these tables: their indexes are made with the tables. */
  lists?: readonly AnyList[];
  /** Raised when `apply` comes to write other rows for the same events: read models made under another one are rebuilt. */
  version?: number;
  apply: Readonly<Record<string, ((event: never, t: TableWriter) => void) | undefined>>;
  /** Called for every event, after `apply`. */
  applyAny?: (event: ProjectedEvent, t: TableWriter) => void;
}

/** Declares a projection over a context's union of events, with each handler's event typed by its key. */
export const projection = <E extends DomainEvent>(definition: Omit<Projection, 'apply'> & { apply: Apply<E> }): Projection => definition;
