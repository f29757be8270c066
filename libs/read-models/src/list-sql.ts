// The SQL of a list: one statement for now, one for any earlier moment, the index named in each so that no plan can drift.
import { HEAD, indexName, quoted, sortKey, type CompiledTable, type IndexKind } from './schema.js';
import type { AnyList } from './list.js';

export interface ListShape {
  definition: AnyList;
  /** The columns that this query narrows by. */
  where: readonly string[];
  /** The column to sort by; the order of recording where absent. */
  sort?: string;
  descending: boolean;
}

export interface Statements {
  /** Parameters: record (asOf only), the narrowing values, after, limit, beyond (asOf only), until (where there are windows). */
  rows: string;
  /** Finds where a window of the walk ends. Parameters: the driving value if any, after, how many entries to skip. */
  window: string;
}

/** `after` and `until` are a sort key, where the list is sorted by one, and an entity. */
export interface ListSql {
  now: Statements;
  asOf: Statements;
  /** The columns whose values are bound, in order. */
  bound: readonly string[];
  /** The one of them that the walk along the index is by. */
  driving: string | undefined;
  /** Whether the walk meets rows that the rest of the conditions leave out: then it is made window by window. */
  windowed: boolean;
}

/** The columns of a row, in the order in which `rowOf` reads them. */
export const selected = (table: CompiledTable, alias: string): string =>
  [...HEAD, ...table.columns.map(({ name }) => quoted(name))].map((column) => `${alias}.${column}`).join(', ');

/** Columns by which a query may narrow a list. */
export const narrowing = ({ scopes = [], filters = [] }: AnyList): readonly string[] => [...scopes, ...filters];

/** What both statements of a list have in common. */
interface Plan {
  table: CompiledTable;
  bound: readonly string[];
  driving: string | undefined;
  /** Columns of the order: an entity alone, or a sort key before it. */
  order: readonly string[];
  descending: boolean;
  windowed: boolean;
  indexed: readonly string[];
}

export function listSql(table: CompiledTable, { definition, where, sort, descending }: ListShape): ListSql {
  const { scopes = [] } = definition;
  const bound = narrowing(definition).filter((column) => where.includes(column));
  const scope = bound.find((column) => scopes.includes(column));
  const driving = scope ?? (sort === undefined ? bound[0] : undefined);
  const key = sort === undefined ? [] : [sortKey(sort)];
  const windowed = bound.length > (driving === undefined ? 0 : 1);
  const plan: Plan = { table, bound, driving, order: [...key.map(quoted), 'entity'], descending, windowed, indexed: [...(driving === undefined ? [] : [driving]), ...key] };
  const seeks = sort === undefined && (scope !== undefined || driving === undefined);
  return { now: now(plan), asOf: seeks ? asOfSeeking(plan) : asOfRanging(plan), bound, driving, windowed };
}

/** The conditions that hold the walk between `after` and `until`, its order, and the numbers of the parameters. */
function walk({ bound, order, descending, windowed }: Plan, alias: string, asOf: boolean): { between: string[]; order: string } {
  const columns = order.map((column) => `${alias}.${column}`);
  const after = bound.length + (asOf ? 2 : 1);
  const limit = after + order.length;
  const until = limit + (asOf ? 2 : 1);
  const point = (from: number): string => (order.length === 1 ? `?${from}` : `(${order.map((_, at) => `?${from + at}`).join(', ')})`);
  const here = order.length === 1 ? columns[0]! : `(${columns.join(', ')})`;
  const [greater, least, way] = descending ? ['<', '>=', ' DESC'] : ['>', '<=', ''];
  return {
    between: [`${here} ${greater} ${point(after)}`, ...(asOf ? [`${alias}.entity < ?${limit + 1}`] : []), ...(windowed ? [`${here} ${least} ${point(until)}`] : [])],
    order: `ORDER BY ${columns.map((column) => column + way).join(', ')} LIMIT ?${limit}`,
  };
}

const equals = (bound: readonly string[], alias: string, from: number): string[] =>
  bound.map((column, index) => `${alias}.${quoted(column)} = ?${index + from}`);

function now(plan: Plan): Statements {
  const { table, bound, indexed } = plan;
  const { between, order } = walk(plan, 'v', false);
  const rows = `SELECT ${selected(table, 'v')}
FROM ${table.name} v INDEXED BY ${indexName(table.name, indexed, 'now')}
WHERE ${[...equals(bound, 'v', 1), 'v.valid_to IS NULL', ...between].join(' AND ')}
${order}`;
  return { rows, window: windowEnd(plan, 'now', 'v.valid_to IS NULL') };
}

const STOOD = '(v.valid_to IS NULL OR v.valid_to > ?1)';

/** Walks all versions that had the value of a column that changes. */
function asOfRanging(plan: Plan): Statements {
  const { table, bound, indexed } = plan;
  const { between, order } = walk(plan, 'v', true);
  const rows = `SELECT ${selected(table, 'v')}
FROM ${table.name} v INDEXED BY ${indexName(table.name, indexed, 'all')}
WHERE ${[...equals(bound, 'v', 2), ...between, 'v.valid_from <= ?1', STOOD].join(' AND ')}
${order}`;
  return { rows, window: windowEnd(plan, 'all') };
}

/** Walks the entities, by their first versions, and seeks the version of each that stood. */
function asOfSeeking(plan: Plan): Statements {
  const { table, bound, driving, indexed } = plan;
  const { name } = table;
  const { between, order } = walk(plan, 'f', true);
  // Only the driving scope is asked of the first version: the index holds it, so the walk itself reads no row.
  const scope = driving === undefined ? [] : [`f.${quoted(driving)} = ?${bound.indexOf(driving) + 2}`];
  const rest = bound.flatMap((column, index) => (column === driving ? [] : [`v.${quoted(column)} = ?${index + 2}`]));
  // Most entities still have their first version: the index says so, and nothing needs to be sought.
  const rows = `SELECT ${selected(table, 'v')}
FROM ${name} f INDEXED BY ${indexName(name, indexed, 'first')}
CROSS JOIN ${name} v ON v.rowid = CASE WHEN f.valid_to IS NULL OR f.valid_to > ?1 THEN f.rowid ELSE (
  SELECT s.rowid FROM ${name} s INDEXED BY ${indexName(name, [], 'versions')}
  WHERE s.entity = f.entity AND s.valid_from <= ?1 ORDER BY s.valid_from DESC LIMIT 1) END
WHERE ${['f.valid_from = f.first', ...scope, ...between, STOOD, ...rest].join(' AND ')}
${order}`;
  return { rows, window: windowEnd(plan, 'first', 'v.valid_from = v.first') };
}

function windowEnd({ table, driving, order, descending, indexed }: Plan, kind: IndexKind, ...partial: string[]): string {
  const columns = order.map((column) => `v.${column}`);
  const first = driving === undefined ? 1 : 2;
  const here = order.length === 1 ? `${columns[0]} ${descending ? '<' : '>'} ?${first}` : `(${columns.join(', ')}) ${descending ? '<' : '>'} (?${first}, ?${first + 1})`;
  const conditions = [...(driving === undefined ? [] : [`v.${quoted(driving)} = ?1`]), ...partial, here];
  return `SELECT ${columns.join(', ')} FROM ${table.name} v INDEXED BY ${indexName(table.name, indexed, kind)}
WHERE ${conditions.join(' AND ')} ORDER BY ${columns.map((column) => (descending ? `${column} DESC` : column)).join(', ')} LIMIT 1 OFFSET ?${first + order.length}`;
}
