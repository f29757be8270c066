// What the register gained, changed and lost between two moments: read from `changes`, at a cost that grows with the changes.
import { isRefusal, refusals, type Reader, type RecordNumber, type Refusal, type Uuid } from '#kernel';
import type { AnyList, Change, ChangesQuery, Moment, ReadModels, Row, Schema, TableDefinition } from '#read-models';
import { activities } from './activity.projection.js';

export const auditRefusals = refusals({
  'moments-reversed': { status: 422, title: 'The second moment lies before the first', rule: 'What changed is asked for from an earlier moment to a later one.' },
});

export interface Between {
  /** Exclusive. */
  from: RecordNumber;
  /** Inclusive. */
  to: RecordNumber;
}

/** @param from a record number or an instant; the beginning where absent  @param to likewise; now where absent */
export function resolveBetween(readModels: ReadModels, from: string | undefined, to: string | undefined): Between | Refusal {
  const later = readModels.resolveMoment(to);
  if (isRefusal(later)) return later;
  const earlier = from === undefined || from === '0' ? { record: 0 as RecordNumber } : readModels.resolveMoment(from);
  if (isRefusal(earlier)) return earlier;
  if (earlier.record > later.record) return auditRefusals['moments-reversed'](`from is record ${earlier.record}, to is record ${later.record}.`);
  return { from: earlier.record, to: later.record };
}

/** A column whose value differs; absent where it had, or has, none. */
export interface ChangedField {
  field: string;
  before?: unknown;
  after?: unknown;
}

/** The columns in which two versions of an entity differ. */
export function changedFields(table: TableDefinition, before: Row | undefined, after: Row | undefined): ChangedField[] {
  const fields: ChangedField[] = [];
  for (const field of [...Object.keys(table.columns), 'audience']) {
    const [old, now] = [before?.[field] ?? null, after?.[field] ?? null];
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    fields.push({ field, ...(old !== null && { before: old }), ...(now !== null && { after: now }) });
  }
  return fields;
}

/** Narrows changes: to a context's tables, or to what lies in a body or a meeting. */
export interface Narrowing {
  table?: string | undefined;
  body?: string | undefined;
  meeting?: string | undefined;
}

export function concerns(change: Change, { body, meeting }: Narrowing): boolean {
  const row = (change.after ?? change.before) as Record<string, unknown> | undefined;
  const lies = (id: string, table: string): boolean => (change.table === table && change.id === id) || row?.[table === 'bodies' ? 'body' : 'meeting'] === id;
  return (body === undefined || lies(body, 'bodies')) && (meeting === undefined || lies(meeting, 'meetings'));
}

/** One entity of a list that is there at one moment and not at the other, or differs. */
export interface Difference {
  kind: 'appeared' | 'changed' | 'left';
  id: Uuid;
  /** The records that touched it between the moments. */
  records: RecordNumber[];
  before?: Row;
  after?: Row;
}

const CHANGES_PAGE = 500;

/** How a list with its filters differs between two moments: as asked at the one and at the other, without reading either. */
export async function diffList(
  readModels: ReadModels, list: AnyList, where: Readonly<Record<string, string>>, { from, to }: Between, reader: Reader,
): Promise<Difference[] | Refusal> {
  const touched = new Map<Uuid, RecordNumber[]>();
  let cursor: string | undefined;
  do {
    const page = await readModels.changes({ after: from, upTo: to, table: list.table.name, limit: CHANGES_PAGE, ...(cursor !== undefined && { cursor }) }, reader);
    if (isRefusal(page)) return page;
    for (const { id, record } of page.changes) touched.set(id, [...(touched.get(id) ?? []), record]);
    cursor = page.next;
  } while (cursor !== undefined);
  const at = (record: RecordNumber, id: Uuid): Row | undefined => {
    const moment: Moment = { record, isNow: false };
    const row = record === 0 ? undefined : (readModels.detail(list.table, id, moment, reader) as Row | undefined);
    return row && Object.entries(where).every(([column, value]) => stored(row[column]) === value) ? row : undefined;
  };
  return [...touched].flatMap(([id, records]) => difference(id, records, at(from, id), at(to, id)));
}

/** A filter's column as a parameter writes it. */
const stored = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function difference(id: Uuid, records: RecordNumber[], before: Row | undefined, after: Row | undefined): Difference[] {
  if (!before && !after) return [];
  const kind = !before ? 'appeared' : !after ? 'left' : 'changed';
  if (kind === 'changed' && before!.validFrom === after!.validFrom) return [];
  return [{ kind, id, records, ...(before && { before }), ...(after && { after }) }];
}

/** Each record adds to somebody's activity: among what it changed, that would only be in the way. */
export const unlessAskedFor = (table: string | undefined): Pick<ChangesQuery, 'table' | 'without'> => (table === undefined ? { without: activities.name } : { table });

export const listOf = (schema: Schema, name: string): AnyList | undefined =>
  schema.projections.flatMap(({ lists = [] }) => lists).find((list) => list.name === name);
