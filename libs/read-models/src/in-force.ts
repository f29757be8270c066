// What is in force on a day, and what rows show of other entities: the same wherever rows are read.
import type { Reader, Uuid } from '#kernel';
import { isNarrowedTo, type AnyList } from './list.js';
import type { Moment } from './reading.js';
import type { ReadModels } from './read-models.js';
import type { Row, TableDefinition } from './table.js';

/** The row with what it shows of other entities, as they stood then. */
export function withBorrowed(
  readModels: Pick<ReadModels, 'detail'>,
  { borrows = {} }: TableDefinition,
  row: Row,
  moment: Moment,
  reader: Reader,
): Row {
  const borrowed = Object.entries(borrows).map(([name, { through, from, column }]) => {
    const id = (row as Readonly<Record<string, unknown>>)[through] as Uuid;
    return [name, (readModels.detail(from, id, moment, reader) as Readonly<Record<string, unknown>> | undefined)?.[column] ?? null];
  });
  return { ...row, ...(Object.fromEntries(borrowed) as object) };
}

/** What a list is narrowed to on a day. */
export interface OnDay {
  day: string;
  where: Readonly<Record<string, string>>;
}

type Reading = Pick<ReadModels, 'detail' | 'under'>;
type Shown = (row: Row, moment: Moment) => Row | undefined;

/** How a list is read on a day: what is walked, narrowed to what, and what the list shows of each row that is met, if anything. */
export function walkOnDay(
  readModels: Reading,
  list: AnyList,
  on: OnDay,
  reader: Reader,
): Pick<OnDay, 'where'> & { walked: AnyList; shown: Shown } {
  const { table, onDate } = list;
  const ofDate = Object.entries(on.where).filter(([name]) => onDate && name in onDate.columns);
  if (!onDate || ofDate.length === 0)
    return { walked: list, where: on.where, shown: (row, moment) => rowOnDay(readModels, list, row, on, moment, reader) };
  const { from, scope, columns } = onDate;
  return {
    walked: from,
    where: Object.fromEntries(ofDate.map(([name, value]) => [columns[name]!, value])),
    shown: (naming, moment) => {
      if (!isInForce(from.table, withBorrowed(readModels, from.table, naming, moment, reader), on.day)) return undefined;
      const row = readModels.detail(table, (naming as Readonly<Record<string, unknown>>)[scope] as Uuid, moment, reader);
      return row && rowOnDay(readModels, list, row, on, moment, reader);
    },
  };
}

/** The row as the list shows it on the day; undefined where it is not in force then, or not among what the list is narrowed to. */
export function rowOnDay(
  readModels: Reading,
  list: AnyList,
  row: Row,
  { day, where }: OnDay,
  moment: Moment,
  reader: Reader,
): Row | undefined {
  const { table, onDate } = list;
  const whole = withBorrowed(readModels, table, row, moment, reader);
  if (!isInForce(table, whole, day)) return undefined;
  const shown = onDate ? { ...whole, ...ofDay(readModels, onDate, row.id, day, moment, reader) } : whole;
  return isNarrowedTo(list, shown, where) ? shown : undefined;
}

/** The columns that the row in force on the day gives the entity that it names; null where there is none. */
function ofDay(
  readModels: Reading,
  { from, scope, columns }: NonNullable<AnyList['onDate']>,
  id: Uuid,
  day: string,
  moment: Moment,
  reader: Reader,
): object {
  const naming = readModels
    .under(from, scope, id, moment, reader)
    .find((row) => isInForce(from.table, withBorrowed(readModels, from.table, row, moment, reader), day));
  const of = naming as Readonly<Record<string, unknown>> | undefined;
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, of?.[column] ?? null]));
}

/** Of a row with what it borrows: whether its period covers the day, and its state lets it. */
export function isInForce({ inForceWhile }: TableDefinition, row: Row, day: string): boolean {
  const { from, until, ...columns } = row as unknown as Readonly<Record<string, unknown>> & { from: string; until: string | null };
  return (
    from <= day && (until === null || day <= until) && (inForceWhile === undefined || columns[inForceWhile.column] === inForceWhile.is)
  );
}
