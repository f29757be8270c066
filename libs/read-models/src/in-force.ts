// What is in force on a day, and what rows show of other entities: the same wherever rows are read.
import type { Reader, Uuid } from '#kernel';
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

/** Of a row with what it borrows: whether its period covers the day, and what it borrows lets it. */
export function isInForce({ inForceWhile }: TableDefinition, row: Row, day: string): boolean {
  const { from, until, ...columns } = row as unknown as Readonly<Record<string, unknown>> & { from: string; until: string | null };
  return (
    from <= day && (until === null || day <= until) && (inForceWhile === undefined || columns[inForceWhile.borrowed] === inForceWhile.is)
  );
}
