// What records changed, and the versions that an entity went through.
import { setImmediate } from 'node:timers/promises';
import type { Reader, RecordNumber, Refusal, Uuid } from '#kernel';
import { limitedTo } from '#sqlite';
import type { Connection } from './connection.js';
import { readCursor, writeCursor } from './cursor.js';
import type { Opened } from './list-reader.js';
import { markIncomplete } from './incomplete.js';
import { readingRefusals } from './reading-refusals.js';
import { EntityChange, type StoredChange } from './entity-change.js';
import type { ChangePage, ChangesQuery, Moment, Page, VersionsQuery } from './reading.js';
import { rowOf } from './rows.js';
import type { CompiledTable } from './schema.js';
import type { Columns, Row, TableDefinition } from './table.js';

/** Changes are read in chunks of a page, and of no fewer: many may be hidden. */
const LEAST_CHUNK = 100;
/** An event begins, changes or ends far fewer entities. */
const CHANGES_PER_RECORD = 1_000_000;

/** Visible changes in the order of recording: full pages, unless the last. */
export async function readChanges(opened: Opened, query: ChangesQuery, reader: Reader, limit: number): Promise<ChangePage | Refusal> {
  const of = `changes ${query.table ?? ''}`;
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, of);
  if (query.cursor !== undefined && !cursor) return readingRefusals['cursor-unreadable']('Begin again without it.');
  const upTo = (cursor?.record ?? query.upTo) as RecordNumber;
  let after = cursor?.after ?? (query.after + 1) * CHANGES_PER_RECORD - 1;
  const changes: { change: EntityChange; place: number }[] = [];
  const size = Math.max(limit + 1, LEAST_CHUNK);
  for (let read = size; read === size && changes.length <= limit;) {
    const chunk = readChunk(opened(), query, { after, upTo, size }, reader);
    changes.push(...chunk.visible);
    [read, after] = [chunk.read, chunk.last];
    if (read === size) await setImmediate();
  }
  const page = changes.slice(0, limit).map(({ change }) => change);
  markIncomplete(opened().connection, page, upTo);
  return {
    changes: page,
    upTo,
    ...(changes.length > limit && { next: writeCursor({ of, record: upTo, after: changes[limit - 1]!.place }) }),
  };
}

interface Chunk {
  after: number;
  upTo: number;
  size: number;
}

function readChunk(
  { connection, audiences }: ReturnType<Opened>,
  { table: only, without, past }: ChangesQuery,
  { after, upTo, size }: Chunk,
  reader: Reader,
) {
  // Of one table by its own index: what others changed meanwhile is not looked at.
  const rows = connection.statement(
    `SELECT c.record, c.ordinal, c.tbl, c.entity, c.kind, l.event_id, l.type, l.recorded_at
FROM changes c CROSS JOIN log l ON l.record = c.record
WHERE ${only === undefined ? '?4 IS NULL' : 'c.tbl = ?4'} AND (c.record, c.ordinal) > (?1, ?2) AND c.record <= ?3 AND c.tbl IS NOT ?5
ORDER BY c.record, c.ordinal ${limitedTo('?6')}`,
  );
  return connection.snapshot((snapshot) => {
    const [record, ordinal] = [Math.floor(after / CHANGES_PER_RECORD), after % CHANGES_PER_RECORD];
    const found = rows.all(record, ordinal, upTo, only ?? null, without ?? null, size) as unknown as StoredChange[];
    const visible = found.flatMap((stored) => {
      const [at, place, name, entity] = stored;
      const table = connection.table(name);
      if (!audiences.seesEntity(reader, table, entity, snapshot)) return [];
      const change = new EntityChange(stored, table, connection.statement(table.versionsUpTo).all(entity, at, 2));
      // What had ended before is nothing in the register, and stays so.
      if (change.isOfPast && !past) return [];
      return [{ change, place: at * CHANGES_PER_RECORD + place }];
    });
    const last = found.at(-1);
    return { visible, read: found.length, last: last ? last[0] * CHANGES_PER_RECORD + last[1] : after };
  });
}

/** The versions in which an entity stood, up to the moment, the newest first; and those of what had ended, where asked for. None where the reader may not see it today. */
export function readVersions<C extends Columns>(
  opened: Opened,
  definition: TableDefinition<C>,
  id: Uuid,
  query: VersionsQuery,
  reader: Reader,
  limit: number,
): Page<C> | Refusal {
  const of = `versions ${definition.name} ${id}`;
  const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, of);
  if (query.cursor !== undefined && !cursor) return readingRefusals['cursor-unreadable']('Begin again without it.');
  const { connection, audiences } = opened();
  const table = connection.table(definition.name);
  const record = (cursor?.record ?? query.moment.record) as RecordNumber;
  const moment: Moment = { record, isNow: query.moment.isNow && record === query.moment.record };
  const statement = connection.statement(
    `SELECT ${table.selected} FROM ${table.name} v WHERE v.entity = (SELECT entity FROM ${table.name} WHERE id = ? AND valid_from = first) AND v.valid_from <= ? AND (v.valid_to IS NOT v.valid_from OR ?) ORDER BY v.valid_from DESC ${limitedTo()}`,
  );
  return connection.snapshot((snapshot) => {
    const versions = statement.all(id, cursor ? cursor.after - 1 : record, query.past ? 1 : 0, limit + 1);
    if (versions.length === 0 || !audiences.sees(reader, table, versions[0]!, snapshot)) return { rows: [], moment };
    const rows = versions.slice(0, limit).map((version) => rowOf(table, version, record) as Row<C>);
    markIncomplete(connection, rows, record);
    return { rows, moment, ...(versions.length > limit && { next: writeCursor({ of, record, after: rows.at(-1)!.validFrom }) }) };
  });
}

/** Whether the reader sees every entity of which the record tells. A record that touched none shows itself to auditors alone. */
export function seesRecord({ connection, audiences }: ReturnType<Opened>, record: RecordNumber, reader: Reader): boolean {
  if (reader.role === 'auditor') return true;
  return connection.snapshot((snapshot) => {
    const entities = touchedBy(connection, record);
    const told = entities.filter(({ table: { definition } }) => !entities.some(({ table }) => table.name === definition.toldBy));
    return told.length > 0 && told.every(({ table, entity }) => audiences.seesEntity(reader, table, entity, snapshot));
  });
}

/** Whether the reader audits, or is of the secretariat that keeps every entity that the record touched. */
export function keepsRecord({ connection, audiences }: ReturnType<Opened>, record: RecordNumber, reader: Reader): boolean {
  if (reader.role === 'auditor') return true;
  return connection.snapshot((snapshot) => {
    const entities = touchedBy(connection, record);
    return entities.length > 0 && entities.every(({ table, entity }) => audiences.keeps(reader, table, entity, snapshot));
  });
}

const touchedBy = (connection: Connection, record: RecordNumber): { table: CompiledTable; entity: number }[] =>
  (connection.statement('SELECT tbl, entity FROM changes WHERE record = ?').all(record) as unknown as [string, number][])
    .map(([name, entity]) => ({ table: connection.table(name), entity }))
    .filter(({ table }) => !table.definition.repeats);
