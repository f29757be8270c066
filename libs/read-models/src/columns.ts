// How values lie in SQLite, and how they come back: texts and JSON as JSON text, booleans as 0 and 1, the rest as it is.
import type { SqlValue } from '#sqlite';
import type { ColumnType } from './table.js';

export type Stored = string | number | null;

export const SQL_TYPE: Readonly<Record<ColumnType, 'TEXT' | 'INTEGER'>> = {
  id: 'TEXT',
  code: 'TEXT',
  date: 'TEXT',
  texts: 'TEXT',
  json: 'TEXT',
  integer: 'INTEGER',
  boolean: 'INTEGER',
};

/** @throws TypeError where the value is not of the column's type: a projection that is wrong stops, and writes nothing. */
export function encode(type: ColumnType, value: unknown, column: string): Stored {
  if (value === null) return null;
  switch (type) {
    case 'texts':
    case 'json':
      return JSON.stringify(value);
    case 'boolean':
      if (typeof value === 'boolean') return value ? 1 : 0;
      break;
    case 'integer':
      if (Number.isSafeInteger(value)) return value as number;
      break;
    default:
      if (typeof value === 'string') return value;
  }
  throw new TypeError(`${column} is of type ${type} and was given ${JSON.stringify(value)}`);
}

export function decode(type: ColumnType, stored: SqlValue): unknown {
  if (stored === null) return null;
  if (type === 'texts' || type === 'json') return JSON.parse(stored as string);
  return type === 'boolean' ? stored === 1 : stored;
}
