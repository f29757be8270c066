// Which rows name an entity: in a column of one id, or in one that lists several.
import type { Uuid } from '#kernel';
import type { Row, TableDefinition } from './table.js';

/** Whether a row has the entity of that table in one of its columns. */
export const isNamedIn = ({ columns }: TableDefinition, row: Row | undefined, table: string, id: Uuid): boolean =>
  row !== undefined &&
  Object.entries(columns).some(([name, { of }]) => {
    if (of !== table) return false;
    const named = row[name] as unknown;
    return named === id || (Array.isArray(named) && named.includes(id));
  });
