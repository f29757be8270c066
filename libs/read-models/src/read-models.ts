// Reads the register: details, lists, counts, changes, histories and search, at any moment, under the reader's audience.
import { isRefusal, type Clock, type Reader, type RecordNumber, type Refusal, type Uuid } from '#kernel';
import { openDatabase } from '#sqlite';
import { Audiences, type IsMember, type Standing } from './audiences.js';
import { Connection } from './connection.js';
import { readCursor, writeCursor, type Cursor } from './cursor.js';
import type { AnyList, ListDefinition } from './list.js';
import { markIncomplete } from './incomplete.js';
import { readAtOnce, walkList, type Point, type Visible, type Walk } from './list-reader.js';
import { resolveMoment } from './moments.js';
import { readingRefusals } from './reading-refusals.js';
import { keepsRecord, readChanges, readVersions, seesRecord } from './change-reader.js';
import { search } from './search-reader.js';
import { hashesAt, rootAt } from './tree-rows.js';
import type {
  ChangePage,
  ChangesQuery,
  Count,
  ListQuery,
  LogRow,
  Moment,
  Page,
  SearchPage,
  SearchQuery,
  VersionsQuery,
} from './reading.js';
import { rowOf } from './rows.js';
import { indexName, quoted, type Schema } from './schema.js';
import type { Columns, Row, TableDefinition } from './table.js';

/** The most rows that a page holds. */
export const MAX_PAGE = 500;
/** Counting stops here: a reader learns that there are more. */
export const MAX_COUNT = 10_000;

/** Of a long history, a page of changes lies in thousands of pages of the file: with SQLite's own 2 MiB each is read again and again. */
const READ_CACHE = 'PRAGMA cache_size = -4000';

export interface ReadModelsParts {
  schema: Schema;
  /** The file to read; asked again by `reopen`. */
  file: () => string;
  isMember: IsMember;
  clock: Pick<Clock, 'now'>;
}

export class ReadModels {
  private opened: { connection: Connection; audiences: Audiences };

  /** @throws DatabaseNotOpened */
  constructor(private readonly parts: ReadModelsParts) {
    this.opened = this.open();
  }

  /** Reads the file that is current now: the read models were rebuilt. Lists under way go on in it. */
  reopen(): void {
    const before = this.opened;
    this.opened = this.open();
    before.connection.close();
  }

  close(): void {
    this.opened.connection.close();
  }

  /** The record that `asOf` means, a record number or an instant; the newest where it is absent. */
  resolveMoment(asOf?: string): Moment | Refusal {
    const { connection } = this.opened;
    return connection.snapshot(({ record }) => resolveMoment(connection.database, record, asOf, this.parts.clock.now()));
  }

  /** The entity as it stood, or undefined where there was none or the reader may not see it today. */
  detail<C extends Columns>(definition: TableDefinition<C>, id: Uuid, moment: Moment, reader: Reader): Row<C> | undefined {
    const { connection, audiences } = this.opened;
    const table = connection.table(definition.name);
    const { name } = table;
    const statement = connection.statement(
      `SELECT ${table.selected} FROM ${name} v WHERE v.entity = (SELECT entity FROM ${name} WHERE id = ? AND valid_from = first) AND v.valid_from <= ? ORDER BY v.valid_from DESC LIMIT 1`,
    );
    return connection.snapshot((snapshot) => {
      const stored = statement.get(id, moment.record);
      if (!stored) return undefined;
      const row = rowOf(table, stored, moment.record);
      if (row.validTo !== null || !audiences.sees(reader, table, stored, snapshot)) return undefined;
      markIncomplete(connection, [row], moment.record);
      return row as Row<C>;
    });
  }

  /** How the entity stands to the reader today. */
  standing(definition: TableDefinition, id: Uuid, reader: Reader): Standing {
    const { connection, audiences } = this.opened;
    return connection.snapshot((snapshot) => audiences.standing(reader, connection.table(definition.name), id, snapshot));
  }

  /**
   * What lay under a scope of the list that holds few rows each, such as who held a seat.
   * @throws RangeError where the moment lies beyond the record
   */
  under(definition: AnyList, scope: string, id: Uuid, { record }: Moment, reader: Reader): Row[] {
    return readAtOnce(() => this.opened, { definition, where: { [scope]: id }, sort: 'recorded', record, reader });
  }

  /** The ids of what lies under a scope of the list today, whoever may see it. */
  idsUnder({ table: { name } }: AnyList, scope: string, value: string): Uuid[] {
    const statement = this.opened.connection.statement(
      `SELECT id FROM ${name} INDEXED BY ${indexName(name, [scope], 'now')} WHERE ${quoted(scope)} = ? AND valid_to IS NULL`,
    );
    return statement.all(value).map(([id]) => id as Uuid);
  }

  /** The bodies that the entity belongs to today, by itself or by what it lies in: a remark to those of its meeting. */
  bodiesOf(table: string, id: Uuid): readonly string[] {
    const { connection, audiences } = this.opened;
    return connection.snapshot((snapshot) => audiences.bodiesOf(connection.table(table), id, snapshot));
  }

  /** Whether the entity's audience is restricted today, by its own or by what it lies in. */
  isRestricted(definition: TableDefinition, id: Uuid): boolean {
    const { connection, audiences } = this.opened;
    const table = connection.table(definition.name);
    return connection.snapshot((snapshot) => audiences.isEntityRestricted(table, id, snapshot));
  }

  /** A page: full, unless the list ends with it. */
  async list<C extends Columns>(definition: ListDefinition<C>, query: ListQuery): Promise<Page<C> | Refusal> {
    const of = `${definition.name} ${query.sort}`;
    const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, of);
    if (query.cursor !== undefined && !isCursorOf(cursor, query.sort))
      return readingRefusals['cursor-unreadable']('Begin the list again without it.');
    const limit = pageSize(query.limit);
    const record = (cursor?.record ?? query.moment.record) as RecordNumber;
    const after: Point | undefined = cursor && { entity: cursor.after, ...(cursor.key !== undefined && { key: cursor.key }) };
    const rows: Visible[] = [];
    // One more than the page holds tells whether the list goes on.
    for await (const part of walkList(() => this.opened, { ...walkOf(definition, query), record, after }, limit + 1)) {
      if (isRefusal(part)) return part;
      rows.push(...part);
      if (rows.length > limit) break;
    }
    const moment: Moment = { record, isNow: query.moment.isNow && record === query.moment.record };
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1)!.point : undefined;
    const next =
      last && writeCursor({ of, record, after: last.entity, ...(last.key !== undefined && { key: last.key as string | number }) });
    markIncomplete(
      this.opened.connection,
      page.map(({ row }) => row),
      record,
    );
    const restricted = page.some((each) => each.restricted);
    return { rows: page.map(({ row }) => row as Row<C>), moment, ...(restricted && { restricted }), ...(next !== undefined && { next }) };
  }

  /** How many the whole list holds for this reader, counted up to 10,000. */
  async count(definition: AnyList, query: Omit<ListQuery, 'sort' | 'limit' | 'cursor'>): Promise<Count | Refusal> {
    let count = 0;
    const walk = { ...walkOf(definition, { ...query, sort: 'recorded' }), record: query.moment.record };
    for await (const part of walkList(() => this.opened, walk, MAX_PAGE)) {
      if (isRefusal(part)) return part;
      count += part.length;
      if (count > MAX_COUNT) return { count: MAX_COUNT, more: true };
    }
    return { count, more: false };
  }

  /** What the records after one and up to another began, changed and ended, in their order, with the rows before and after: added up, the register. */
  changes(query: ChangesQuery, reader: Reader): Promise<ChangePage | Refusal> {
    return readChanges(() => this.opened, query, reader, pageSize(query.limit));
  }

  /** The history of an entity up to the moment, the newest version first; empty where the reader may not see it. */
  versions<C extends Columns>(definition: TableDefinition<C>, id: Uuid, query: VersionsQuery, reader: Reader): Page<C> | Refusal {
    return readVersions(() => this.opened, definition, id, query, reader, pageSize(query.limit));
  }

  /** Entities in whose texts every word occurs at the moment, those recorded last first. */
  search(text: string, query: SearchQuery, reader: Reader): Promise<SearchPage | Refusal> {
    return search(() => this.opened, text, query, reader, pageSize(query.limit));
  }

  /** Whether the reader audits, or is of the secretariat that keeps every entity that the record touched: then it may know who recorded it, and on what. */
  keepsRecord(record: RecordNumber, reader: Reader): boolean {
    return keepsRecord(this.opened, record, reader);
  }

  /** Whether the reader sees every entity of which the record tells: then what it says may be shown. */
  seesRecord(record: RecordNumber, reader: Reader): boolean {
    return seesRecord(this.opened, record, reader);
  }

  /** The Merkle root over the first `size` records. @throws RangeError where so many are not projected */
  rootAt(size: RecordNumber): Uint8Array {
    const { connection } = this.opened;
    return connection.snapshot(({ record }) => {
      if (size > record) throw new RangeError(`${size} records are not projected: ${record} is the last`);
      return rootAt(connection.database, size);
    });
  }

  /** Consecutive nodes of the tree, of a level that is a multiple of 8; fewer where so many are not projected. */
  treeHashes(level: number, from: number, count: number): Uint8Array[] {
    return hashesAt(this.opened.connection.database, level, from, count);
  }

  /** What the log keeps of a record. Shows nothing of what it says. */
  logRow(record: RecordNumber): LogRow | undefined {
    return logRowOf(this.opened.connection, record);
  }

  /** The records within a range that are of one of the types, in order: what follows the log by types need not read its events. */
  recordsOfTypes(after: RecordNumber, upTo: RecordNumber, types: readonly string[]): RecordNumber[] {
    const marks = types.map(() => '?').join(', ');
    const statement = this.opened.connection.statement(
      `SELECT record FROM log WHERE record > ? AND record <= ? AND type IN (${marks}) ORDER BY record`,
    );
    return statement.all(after, upTo, ...types).map(([record]) => record as RecordNumber);
  }

  /** The texts of a record that were removed, and the records that say so. */
  removalsOf(record: RecordNumber): { hash: string; by: RecordNumber }[] {
    const rows = this.opened.connection.statement('SELECT hash, removed_by FROM removed_values WHERE record = ? ORDER BY hash').all(record);
    return (rows as unknown as [string, RecordNumber][]).map(([hash, by]) => ({ hash, by }));
  }

  /** The record that lies at a position, or undefined while it is not projected. */
  recordAt(position: string): RecordNumber | undefined {
    return this.opened.connection.statement('SELECT record FROM log WHERE position = ?').get(position)?.[0] as RecordNumber | undefined;
  }

  /** The last record that is projected; 0 before the first. */
  last(): RecordNumber {
    return this.opened.connection.snapshot(({ record }) => record);
  }

  private open(): { connection: Connection; audiences: Audiences } {
    const { file, schema, isMember } = this.parts;
    const database = openDatabase(file(), { mode: 'read-only' });
    database.exec(READ_CACHE);
    const connection = new Connection(database, schema);
    return { connection, audiences: new Audiences(connection, isMember) };
  }
}

const pageSize = (limit: number): number => Math.min(Math.max(limit, 1), MAX_PAGE);

const isCursorOf = (cursor: Cursor | undefined, sort: string): cursor is Cursor =>
  cursor !== undefined && (cursor.key === undefined) === (sort === 'recorded' || sort === '-recorded');

const walkOf = (
  definition: AnyList,
  { where, sort, reader, keep }: Pick<ListQuery, 'where' | 'sort' | 'reader' | 'keep'>,
): Omit<Walk, 'record'> => ({
  definition,
  where,
  sort,
  reader,
  keep,
});

function logRowOf(connection: Connection, record: RecordNumber): LogRow | undefined {
  const row = connection
    .statement('SELECT record, position, event_id, leaf, running_at, recorded_at, stream, revision, type FROM log WHERE record = ?')
    .get(record);
  if (!row) return undefined;
  const [number, position, eventId, leaf, runningAt, recordedAt, stream, revision, type] = row;
  return {
    record: number,
    position,
    eventId,
    leaf: Buffer.from(leaf as Uint8Array).toString('hex'),
    runningAt,
    recordedAt,
    stream,
    revision,
    type,
  } as LogRow;
}
