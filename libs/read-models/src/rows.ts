// From an array of SQLite's values to a row as the query side gets it.
import type { Audience } from '#kernel';
import type { SqlValue } from '#sqlite';
import { decode } from './columns.js';
import { HEAD, type CompiledTable } from './schema.js';
import type { Row } from './table.js';

export type StoredRow = readonly SqlValue[];
export const entityOf = (stored: StoredRow): number => stored[0] as number;

/**
 * @param stored the columns that `selected` names, in its order
 * @param record the moment: what ended the version later is not known then
 */
export function rowOf({ columns }: CompiledTable, stored: StoredRow, record: number): Row {
  const [, validFrom, validTo, id, first, revision, audience, illustrative] = stored;
  const row: Record<string, unknown> = {
    id,
    validFrom,
    validTo: validTo !== null && (validTo as number) > record ? null : validTo,
    first,
    revision,
    audience: audience === null ? null : (JSON.parse(audience as string) as Audience),
    illustrative: illustrative === 1,
  };
  for (let index = 0; index < columns.length; index++) {
    const { name, column } = columns[index]!;
    row[name] = decode(column.type, stored[HEAD.length + index]!);
  }
  return row as unknown as Row;
}
