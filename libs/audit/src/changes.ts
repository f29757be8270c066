// What the register gained, changed and lost between two moments: read from `changes`, at a cost that grows with the changes.
import { isRefusal, refusals, type RecordNumber, type Refusal, type Uuid } from '#kernel';
import type { AnyList, Change, ChangedField, ChangesQuery, ReadModels, Row, Schema, TableDefinition } from '#read-models';
import { activities } from './activity.projection.js';

export const auditRefusals = refusals({
  'moments-reversed': {
    status: 422,
    title: 'The second moment lies before the first',
    rule: 'What changed is asked for from an earlier moment to a later one.',
  },
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
  if (earlier.record > later.record)
    return auditRefusals['moments-reversed'](`from is record ${earlier.record}, to is record ${later.record}.`);
  return { from: earlier.record, to: later.record };
}

/** The columns in which two versions of an entity differ that lie at two moments; of one change, it knows them itself. */
export function changedFields(table: TableDefinition, before: Row | undefined, after: Row | undefined): ChangedField[] {
  const fields: ChangedField[] = [];
  for (const field of [...Object.keys(table.columns), ...Object.keys(table.borrows ?? {}), 'audience']) {
    const [old, now] = [before?.[field] ?? null, after?.[field] ?? null];
    if (isSame(old, now)) continue;
    fields.push({ field, ...(old !== null && { before: old }), ...(now !== null && { after: now }) });
  }
  return fields;
}

/** Of columns: scalars mostly, which need no text made of them. */
const isSame = (old: unknown, now: unknown): boolean =>
  old === now ||
  (typeof old === 'object' && old !== null && typeof now === 'object' && now !== null && JSON.stringify(old) === JSON.stringify(now));

/** Narrows changes: to a context's tables, or to what lies in a body or a meeting. */
export interface Narrowing {
  table?: string | undefined;
  body?: string | undefined;
  meeting?: string | undefined;
}

/** @param bodiesOf the bodies that an entity belongs to, also by what it lies in */
export function concerns(change: Change, { body, meeting }: Narrowing, bodiesOf: (table: string, id: Uuid) => readonly string[]): boolean {
  const row = (): Record<string, unknown> | undefined => change.after ?? change.before;
  const names = (id: string, table: string, column: string): boolean =>
    (change.table === table && change.id === id) || row()?.[column] === id;
  const liesInBody = (id: string): boolean => names(id, 'bodies', 'body') || bodiesOf(change.table, change.id).includes(id);
  return (body === undefined || liesInBody(body)) && (meeting === undefined || names(meeting, 'meetings', 'meeting'));
}

/** Each record adds to somebody's activity: among what it changed, that would only be in the way. */
export const unlessAskedFor = (table: string | undefined): Pick<ChangesQuery, 'table' | 'without'> =>
  table === undefined ? { without: activities.name } : { table };

export const listOf = (schema: Schema, name: string): AnyList | undefined =>
  schema.projections.flatMap(({ lists = [] }) => lists).find((list) => list.name === name);
