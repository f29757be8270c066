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
  keep?: ((row: Row) => boolean) | undefined;
  after?: Point | undefined;
}

export interface Visible {
  row: Row;
  point: Point;
}

const LARGEST_CHUNK = 1000;
/** Greater than every text and number, in SQLite's order of types. */
const GREATEST = Uint8Array.of(0);

/**
 * The rows that the reader sees, in order, in arrays; ends with the list.
 * @param first how many rows the first chunk reads
 */
export async function* walkList(opened: Opened, walk: Walk, first: number): AsyncGenerator<Visible[] | Refusal, void, undefined> {
  const plan = planOf(opened().connection.table(walk.definition.table.name), walk);
  let after = walk.after ?? plan.start;
  for (let size = first; ; size = Math.min(size * 2, LARGEST_CHUNK)) {
    const chunk = readChunk(opened(), walk, plan, after, size);
    yield isRefusal(chunk) ? chunk : chunk.visible;
    if (isRefusal(chunk) || chunk.read < size) return;
    after = chunk.last!;
    await setImmediate();
  }
}

interface Plan {
  sql: ListSql;
  values: readonly SqlValue[];
  /** Index of the sort column among the declared ones. */
  sortIndex: number | undefined;
  least: string | number;
  start: Point;
}

function planOf(table: CompiledTable, { definition, where, sort }: Walk): Plan {
  const descending = sort.startsWith('-');
  const column = descending ? sort.slice(1) : sort;
  const byColumn = column !== 'recorded';
  if (byColumn && !definition.sorts?.includes(column)) throw new TypeError(`the list ${definition.name} is not sorted by ${column}`);
  const allowed = narrowing(definition);
  for (const name of Object.keys(where)) if (!allowed.includes(name)) throw new TypeError(`the list ${definition.name} is not narrowed by ${name}`);
  const sql = listSql(table, { definition, where: Object.keys(where), descending, ...(byColumn && { sort: column }) });
  const sortIndex = byColumn ? table.columnIndex.get(column)! : undefined;
  const least = sortIndex !== undefined && SQL_TYPE[table.columns[sortIndex]!.column.type] === 'INTEGER' ? Number.MIN_SAFE_INTEGER : '';
  const entity = descending ? Number.MAX_SAFE_INTEGER : -1;
  return {
    sql,
    values: sql.bound.map((name) => filterValue(table.definition.columns[name]!, where[name]!, name)),
    sortIndex,
    least,
    start: byColumn ? { entity, key: descending ? GREATEST : least } : { entity },
  };
}

/** Filters come from addresses, as text. */
function filterValue({ type }: Column, text: string, name: string): SqlValue {
  if (type === 'boolean') return text === 'true' ? 1 : 0;
  return type === 'integer' ? encode(type, Number(text), name) : text;
}

interface Chunk {
  visible: Visible[];
  read: number;
  last: Point | undefined;
}

function readChunk({ connection, audiences }: ReturnType<Opened>, walk: Walk, plan: Plan, after: Point, size: number): Chunk | Refusal {
  const { definition, record, reader, keep } = walk;
  const table = connection.table(definition.table.name);
  const point = (stored: StoredRow): Point => {
    const entity = entityOf(stored);
    return plan.sortIndex === undefined ? { entity } : { entity, key: (stored[HEAD.length + plan.sortIndex] ?? plan.least) as string | number };
  };
  return connection.snapshot((snapshot) => {
    if (record > snapshot.record) return readingRefusals['as-of-beyond-record'](`The last record is ${snapshot.record}.`);
    const rows = readRows(connection, walk, plan, after, size, snapshot);
    const whole = readsEverything(reader);
    const visible: Visible[] = [];
    for (const stored of rows) {
      if (!whole && !audiences.sees(reader, table, stored, snapshot)) continue;
      const row = rowOf(table, stored, record);
      if (!keep || keep(row)) visible.push({ row, point: point(stored) });
    }
    const last = rows.at(-1);
    return { visible, read: rows.length, last: last && point(last) };
  });
}

function readRows(connection: Connection, { record }: Walk, { sql, values }: Plan, after: Point, size: number, snapshot: Snapshot): StoredRow[] {
  const from = after.key === undefined ? [after.entity] : [after.key, after.entity];
  // A list that began as now goes on by the other plan once something was recorded meanwhile.
  if (record === snapshot.record) return connection.statement(sql.now).all(...values, ...from, size);
  const beyond = (record + 1) * ENTITIES_PER_RECORD;
  return connection.statement(sql.asOf).all(record, ...values, ...from, beyond, size);
}
