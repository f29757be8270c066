// The SQL of a list: one statement for now, one for any earlier moment, the index named in each so that no plan can drift.
import { HEAD, indexName, quoted, sortKey, type CompiledTable } from './schema.js';
import type { AnyList } from './list.js';

export interface ListShape {
  definition: AnyList;
  /** The columns that this query narrows by. */
  where: readonly string[];
  /** The column to sort by; the order of recording where absent. */
  sort?: string;
  descending: boolean;
}

export interface ListSql {
  /** Parameters: the narrowing values, (sort key,) entity, limit. */
  now: string;
  /** Parameters: record, the narrowing values, (sort key,) entity, the first entity beyond the record, limit. Numbered. */
  asOf: string;
  /** The columns whose values are bound, in order. */
  bound: readonly string[];
}

/** The columns of a row, in the order in which `rowOf` reads them. */
export const selected = (table: CompiledTable, alias: string): string =>
  [...HEAD, ...table.columns.map(({ name }) => quoted(name))].map((column) => `${alias}.${column}`).join(', ');

/** Columns by which a query may narrow a list. */
export const narrowing = ({ scopes = [], filters = [] }: AnyList): readonly string[] => [...scopes, ...filters];

export function listSql(table: CompiledTable, shape: ListShape): ListSql {
  const { scopes = [] } = shape.definition;
  const bound = narrowing(shape.definition).filter((column) => shape.where.includes(column));
  const scope = bound.find((column) => scopes.includes(column));
  if (shape.sort !== undefined) return sorted(table, shape, bound, scope);
  const driving = scope ?? bound[0];
  return { now: recordedNow(table, shape, bound, driving), asOf: recordedAsOf(table, shape, bound, driving, scope !== undefined || driving === undefined), bound };
}

const equals = (bound: readonly string[], alias: string, from: number): string[] =>
  bound.map((column, index) => `${alias}.${quoted(column)} = ?${index + from}`);

function recordedNow(table: CompiledTable, { descending }: ListShape, bound: readonly string[], driving: string | undefined): string {
  const index = indexName(table.name, driving === undefined ? [] : [driving], 'now');
  const after = bound.length + 1;
  return `SELECT ${selected(table, 'v')}
FROM ${table.name} v INDEXED BY ${index}
WHERE ${[...equals(bound, 'v', 1), 'v.valid_to IS NULL', `v.entity ${descending ? '<' : '>'} ?${after}`].join(' AND ')}
ORDER BY v.entity${descending ? ' DESC' : ''} LIMIT ?${after + 1}`;
}

/** Walks the entities, and seeks the version of each; or, by a column that changes, walks all versions that had its value. */
function recordedAsOf(table: CompiledTable, { descending }: ListShape, bound: readonly string[], driving: string | undefined, seeks: boolean): string {
  const { name } = table;
  const after = bound.length + 2;
  const walked = seeks ? 'f' : 'v';
  const bounds = [`${walked}.entity ${descending ? '<' : '>'} ?${after}`, `${walked}.entity < ?${after + 1}`];
  const order = `ORDER BY ${walked}.entity${descending ? ' DESC' : ''} LIMIT ?${after + 2}`;
  const stands = '(v.valid_to IS NULL OR v.valid_to > ?1)';
  if (!seeks) {
    return `SELECT ${selected(table, 'v')}
FROM ${name} v INDEXED BY ${indexName(name, [driving!], 'all')}
WHERE ${[...equals(bound, 'v', 2), ...bounds, 'v.valid_from <= ?1', stands].join(' AND ')}
${order}`;
  }
  // Most entities still have their first version: the index says so, and nothing needs to be sought.
  // Only the driving scope is asked of the first version: the index holds it, so the walk itself reads no row.
  const walk = driving === undefined ? [] : [`f.${quoted(driving)} = ?${bound.indexOf(driving) + 2}`];
  const rest = bound.flatMap((column, index) => (column === driving ? [] : [`v.${quoted(column)} = ?${index + 2}`]));
  return `SELECT ${selected(table, 'v')}
FROM ${name} f INDEXED BY ${indexName(name, driving === undefined ? [] : [driving], 'first')}
CROSS JOIN ${name} v ON v.rowid = CASE WHEN f.valid_to IS NULL OR f.valid_to > ?1 THEN f.rowid ELSE (
  SELECT s.rowid FROM ${name} s INDEXED BY ${indexName(name, [], 'versions')}
  WHERE s.entity = f.entity AND s.valid_from <= ?1 ORDER BY s.valid_from DESC LIMIT 1) END
WHERE ${['f.valid_from = f.first', ...walk, ...bounds, stands, ...rest].join(' AND ')}
${order}`;
}

function sorted(table: CompiledTable, { sort, descending }: ListShape, bound: readonly string[], scope: string | undefined): ListSql {
  const key = sortKey(sort!);
  const columns = [...(scope === undefined ? [] : [scope]), key];
  const way = descending ? ' DESC' : '';
  const statement = (kind: 'now' | 'all', from: number, stands: readonly string[]): string => {
    const after = from + bound.length;
    const end = kind === 'all' ? after + 2 : after + 1;
    return `SELECT ${selected(table, 'v')}
FROM ${table.name} v INDEXED BY ${indexName(table.name, columns, kind)}
WHERE ${[...equals(bound, 'v', from), `(v.${quoted(key)}, v.entity) ${descending ? '<' : '>'} (?${after}, ?${after + 1})`, ...stands].join(' AND ')}
ORDER BY v.${quoted(key)}${way}, v.entity${way} LIMIT ?${end + 1}`;
  };
  const beyond = bound.length + 4;
  return {
    now: statement('now', 1, ['v.valid_to IS NULL']),
    asOf: statement('all', 2, [`v.entity < ?${beyond}`, 'v.valid_from <= ?1', '(v.valid_to IS NULL OR v.valid_to > ?1)']),
    bound,
  };
}
