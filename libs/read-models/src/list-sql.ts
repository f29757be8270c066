// The SQL of a list: one statement for now, one for any earlier moment, the index named in each so that no plan can drift.
import { limitedTo } from '#sqlite';
import { indexName, memberTable, quoted, sortKey, type CompiledTable, type IndexKind } from './schema.js';
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

/** Columns by which a query may narrow a list. */
export const narrowing = ({ scopes = [], filters = [] }: AnyList): readonly string[] => [...scopes, ...filters];

/** What both statements of a list have in common. */
interface Plan {
  table: CompiledTable;
  bound: readonly string[];
  driving: string | undefined;
  /** The table that the walk goes along in place of the list's own: where a row is found under each of the ids that it lists. */
  members: string | undefined;
  /** Columns of the order: an entity alone, or a sort key before it. */
  order: readonly string[];
  descending: boolean;
  windowed: boolean;
  indexed: readonly string[];
}

export function listSql(table: CompiledTable, { definition, where, sort, descending }: ListShape): ListSql {
  const { scopes = [] } = definition;
  const bound = narrowing(definition).filter((column) => where.includes(column));
  const listed = definition.underEach && bound.includes(definition.underEach.scope) ? definition.underEach : undefined;
  const scope = listed?.scope ?? bound.find((column) => scopes.includes(column));
  const driving = scope ?? (sort === undefined ? bound[0] : undefined);
  const key = sort === undefined ? [] : [sortKey(sort)];
  const windowed = bound.length > (driving === undefined ? 0 : 1);
  const members = listed && memberTable(table.name, listed.of);
  const indexed = [...(driving === undefined || members ? [] : [driving]), ...key];
  const plan: Plan = { table, bound, driving, members, order: [...key.map(quoted), 'entity'], descending, windowed, indexed };
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
    between: [
      `${here} ${greater} ${point(after)}`,
      ...(asOf ? [`${alias}.entity < ?${limit + 1}`] : []),
      ...(windowed ? [`${here} ${least} ${point(until)}`] : []),
    ],
    order: `ORDER BY ${columns.map((column) => column + way).join(', ')} ${limitedTo(`?${limit}`)}`,
  };
}

/** The column of the walk that the driving value is compared with. */
const drivingColumn = ({ driving, members }: Plan): string => (members ? 'member' : quoted(driving!));

/** @param walked the alias of what the walk goes along */
const equals = (plan: Plan, walked: string, from: number): string[] =>
  plan.bound.map(
    (column, index) => `${column === plan.driving ? `${walked}.${drivingColumn(plan)}` : `v.${quoted(column)}`} = ?${index + from}`,
  );

/** What a walk over versions goes along, and the alias of it: the rows themselves, or the ids that lead to them. */
function walkedVersions({ table, members, indexed }: Plan, kind: IndexKind): { walked: string; from: string } {
  if (!members) return { walked: 'v', from: `${table.name} v INDEXED BY ${indexName(table.name, indexed, kind)}` };
  const from = `${members} m INDEXED BY ${indexName(members, indexed, kind)}
CROSS JOIN ${table.name} v INDEXED BY ${indexName(table.name, [], 'versions')} ON v.entity = m.entity AND v.valid_from = m.valid_from`;
  return { walked: 'm', from };
}

function now(plan: Plan): Statements {
  const { walked, from } = walkedVersions(plan, 'now');
  const { between, order } = walk(plan, walked, false);
  const rows = `SELECT ${plan.table.selected}
FROM ${from}
WHERE ${[...equals(plan, walked, 1), `${walked}.valid_to IS NULL`, ...between].join(' AND ')}
${order}`;
  return { rows, window: windowEnd(plan, 'now', 'v.valid_to IS NULL') };
}

const stood = (alias: string): string => `(${alias}.valid_to IS NULL OR ${alias}.valid_to > ?1)`;

/** Walks all versions that had the value of a column that changes. */
function asOfRanging(plan: Plan): Statements {
  const { walked, from } = walkedVersions(plan, 'all');
  const { between, order } = walk(plan, walked, true);
  const rows = `SELECT ${plan.table.selected}
FROM ${from}
WHERE ${[...equals(plan, walked, 2), ...between, `${walked}.valid_from <= ?1`, stood(walked)].join(' AND ')}
${order}`;
  return { rows, window: windowEnd(plan, 'all') };
}

/** Walks the entities, by their first versions, and seeks the version of each that stood. */
function asOfSeeking(plan: Plan): Statements {
  const { table, bound, driving, members, indexed } = plan;
  const { name } = table;
  const { between, order } = walk(plan, 'f', true);
  // Only the driving scope is asked of the first version: the index holds it, so the walk itself reads no row.
  const scope = driving === undefined ? [] : [`f.${drivingColumn(plan)} = ?${bound.indexOf(driving) + 2}`];
  const rest = bound.flatMap((column, index) => (column === driving ? [] : [`v.${quoted(column)} = ?${index + 2}`]));
  // Most entities still have their first version: the index says so, and nothing needs to be sought.
  const versions = indexName(name, [], 'versions');
  const [join, first, version] = members
    ? [` INDEXED BY ${versions} ON v.entity = f.entity AND v.valid_from`, 'f.valid_from', 's.valid_from']
    : [' ON v.rowid', 'f.rowid', 's.rowid'];
  const rows = `SELECT ${table.selected}
FROM ${members ?? name} f INDEXED BY ${indexName(members ?? name, indexed, 'first')}
CROSS JOIN ${name} v${join} = CASE WHEN f.valid_to IS NULL OR f.valid_to > ?1 THEN ${first} ELSE (
  SELECT ${version} FROM ${name} s INDEXED BY ${versions}
  WHERE s.entity = f.entity AND s.valid_from <= ?1 ORDER BY s.valid_from DESC LIMIT 1) END
WHERE ${['f.valid_from = f.first', ...scope, ...between, stood('v'), ...rest].join(' AND ')}
${order}`;
  return { rows, window: windowEnd(plan, 'first', 'v.valid_from = v.first') };
}

function windowEnd(plan: Plan, kind: IndexKind, ...partial: string[]): string {
  const { table, driving, members, order, descending, indexed } = plan;
  const walked = members ?? table.name;
  const columns = order.map((column) => `v.${column}`);
  const first = driving === undefined ? 1 : 2;
  const here =
    order.length === 1
      ? `${columns[0]} ${descending ? '<' : '>'} ?${first}`
      : `(${columns.join(', ')}) ${descending ? '<' : '>'} (?${first}, ?${first + 1})`;
  const conditions = [...(driving === undefined ? [] : [`v.${drivingColumn(plan)} = ?1`]), ...partial, here];
  return `SELECT ${columns.join(', ')} FROM ${walked} v INDEXED BY ${indexName(walked, indexed, kind)}
WHERE ${conditions.join(' AND ')} ORDER BY ${columns.map((column) => (descending ? `${column} DESC` : column)).join(', ')} LIMIT 1 OFFSET ?${first + order.length}`;
}
