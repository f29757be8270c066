// Reads a list in chunks, each of one snapshot, under the reader's audience; between chunks the event loop gets its turn.
import { setImmediate } from 'node:timers/promises';
import { isRefusal, type Reader, type RecordNumber, type Refusal } from '#kernel';
import type { SqlValue } from '#sqlite';
import { readsEverything, type Audiences } from './audiences.js';
import { encode, SQL_TYPE } from './columns.js';
import type { Connection, Snapshot } from './connection.js';
import type { AnyList } from './list.js';
import { listSql, narrowing, type ListSql } from './list-sql.js';
import { readingRefusals } from './reading-refusals.js';
import { entityOf, rowOf, type StoredRow } from './rows.js';
import { ENTITIES_PER_RECORD, HEAD, type CompiledTable } from './schema.js';
import type { Column, Row } from './table.js';

/** The connection of today: another one once the read models were rebuilt. */
export type Opened = () => { connection: Connection; audiences: Audiences };

/** Where a list goes on: after this entity, in the list's order. */
export interface Point {
  entity: number;
  key?: string | number | Uint8Array;
}

export interface Walk {
  definition: AnyList;
  where: Readonly<Record<string, string>>;
  sort: string;
  record: RecordNumber;
  reader: Reader;
  keep?: ((row: Row, record: RecordNumber) => boolean) | undefined;
  after?: Point | undefined;
}

export interface Visible {
  row: Row;
  point: Point;
  /** Its audience is restricted today. */
  restricted: boolean;
}

const LARGEST_CHUNK = 1000;
/** So many entries of the index are walked for each row that a chunk may hold, before the event loop gets its turn. */
const WINDOW = 8;
/** Greater than every text and number, in SQLite's order of types. */
const GREATEST = Uint8Array.of(0);

/**
 * The rows that the reader sees, in order, in arrays; ends with the list.
 * @param first how many rows the first chunk reads
 */
export async function* walkList(opened: Opened, walk: Walk, first: number): AsyncGenerator<Visible[] | Refusal, void, undefined> {
  const plan = planOf(opened().connection.table(walk.definition.table.name), walk);
  let after: Point | undefined = walk.after ?? plan.start;
  for (let size = first; after; size = Math.min(size * 2, LARGEST_CHUNK)) {
    const chunk = readChunk(opened(), walk, plan, after, size);
    yield isRefusal(chunk) ? chunk : chunk.visible;
    after = isRefusal(chunk) ? undefined : chunk.next;
    if (after) await setImmediate();
  }
}

/** The same rows in one turn of the event loop: of a list that is narrowed to a few. */
export function readAtOnce(opened: Opened, walk: Walk): Row[] {
  const plan = planOf(opened().connection.table(walk.definition.table.name), walk);
  const rows: Row[] = [];
  for (let after: Point | undefined = walk.after ?? plan.start; after;) {
    const chunk = readChunk(opened(), walk, plan, after, LARGEST_CHUNK);
    if (isRefusal(chunk)) throw new RangeError(chunk.detail);
    rows.push(...chunk.visible.map(({ row }) => row));
    after = chunk.next;
  }
  return rows;
}

interface Plan {
  sql: ListSql;
  values: readonly SqlValue[];
  /** Index of the sort column among the declared ones. */
  sortIndex: number | undefined;
  least: string | number;
  start: Point;
  end: Point;
}

function planOf(table: CompiledTable, { definition, where, sort }: Walk): Plan {
  const descending = sort.startsWith('-');
  const column = descending ? sort.slice(1) : sort;
  const byColumn = column !== 'recorded';
  if (byColumn && !definition.sorts?.includes(column)) throw new TypeError(`the list ${definition.name} is not sorted by ${column}`);
  const allowed = narrowing(definition);
  for (const name of Object.keys(where))
    if (!allowed.includes(name)) throw new TypeError(`the list ${definition.name} is not narrowed by ${name}`);
  const sql = listSql(table, { definition, where: Object.keys(where), descending, ...(byColumn && { sort: column }) });
  const sortIndex = byColumn ? table.columnIndex.get(column)! : undefined;
  const least = sortIndex !== undefined && SQL_TYPE[table.columns[sortIndex]!.column.type] === 'INTEGER' ? Number.MIN_SAFE_INTEGER : '';
  const first: Point = byColumn ? { entity: -1, key: least } : { entity: -1 };
  const last: Point = byColumn ? { entity: Number.MAX_SAFE_INTEGER, key: GREATEST } : { entity: Number.MAX_SAFE_INTEGER };
  const values = sql.bound.map((name) => filterValue(table.definition.columns[name]!, where[name]!, name));
  return { sql, values, sortIndex, least, start: descending ? last : first, end: descending ? first : last };
}

/** Filters come from addresses, as text. */
function filterValue({ type }: Column, text: string, name: string): SqlValue {
  if (type === 'boolean') return text === 'true' ? 1 : 0;
  return type === 'integer' ? encode(type, Number(text), name) : text;
}

interface Chunk {
  visible: Visible[];
  /** Where the walk goes on; absent at its end. */
  next: Point | undefined;
}

function readChunk({ connection, audiences }: ReturnType<Opened>, walk: Walk, plan: Plan, after: Point, size: number): Chunk | Refusal {
  const { definition, record, reader, keep } = walk;
  const table = connection.table(definition.table.name);
  const point = (stored: StoredRow): Point => {
    const entity = entityOf(stored);
    return plan.sortIndex === undefined
      ? { entity }
      : { entity, key: (stored[HEAD.length + plan.sortIndex] ?? plan.least) as string | number };
  };
  return connection.snapshot((snapshot) => {
    if (record > snapshot.record) return readingRefusals['as-of-beyond-record'](`The last record is ${snapshot.record}.`);
    const until = plan.sql.windowed ? windowEnd(connection, walk, plan, after, size, snapshot) : undefined;
    const rows = readRows(connection, walk, plan, after, size, until, snapshot);
    const whole = readsEverything(reader, table);
    const visible: Visible[] = [];
    for (const stored of rows) {
      if (!whole && !audiences.sees(reader, table, stored, snapshot)) continue;
      const row = rowOf(table, stored, record);
      if (!keep || keep(row, record))
        visible.push({
          row,
          point: point(stored),
          restricted: reader.role !== 'public' && audiences.isRestricted(table, stored, snapshot),
        });
    }
    return { visible, next: rows.length === size ? point(rows.at(-1)!) : until };
  });
}

const bindable = ({ key, entity }: Point): SqlValue[] => (key === undefined ? [entity] : [key, entity]);

/** A list that began as now goes on by the other plan once something was recorded meanwhile. */
const statementsOf = ({ sql }: Plan, record: number, snapshot: Snapshot): ListSql['now'] =>
  record === snapshot.record ? sql.now : sql.asOf;

function readRows(
  connection: Connection,
  { record }: Walk,
  plan: Plan,
  after: Point,
  size: number,
  until: Point | undefined,
  snapshot: Snapshot,
): StoredRow[] {
  const { values, sql } = plan;
  const statement = connection.statement(statementsOf(plan, record, snapshot).rows);
  const last = sql.windowed ? bindable(until ?? plan.end) : [];
  if (record === snapshot.record) return statement.all(...values, ...bindable(after), size, ...last);
  return statement.all(record, ...values, ...bindable(after), size, (record + 1) * ENTITIES_PER_RECORD, ...last);
}

/** Where the next so many entries of the index end, or undefined where the index does before. */
function windowEnd(
  connection: Connection,
  { record }: Walk,
  plan: Plan,
  after: Point,
  size: number,
  snapshot: Snapshot,
): Point | undefined {
  const { driving, bound } = plan.sql;
  const value = driving === undefined ? [] : [plan.values[bound.indexOf(driving)]!];
  const end = connection.statement(statementsOf(plan, record, snapshot).window).get(...value, ...bindable(after), size * WINDOW - 1);
  if (!end) return undefined;
  return end.length === 1 ? { entity: end[0] as number } : { key: end[0] as string | number, entity: end[1] as number };
}
