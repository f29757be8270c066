// The physical form: every declared table, its indexes, and what the engine keeps beside them, as SQL.
import { createHash } from 'node:crypto';
import { limitedTo } from '#sqlite';
import { SQL_TYPE } from './columns.js';
import type { AnyList } from './list.js';
import type { Projection } from './projection.js';
import type { Column, TableDefinition } from './table.js';

/**
 * Entities are numbered by recording: the record that began one, times this, plus its ordinal among those that the same
 * event begins in its table. More than an event within the limit of an append could begin.
 */
export const ENTITIES_PER_RECORD = 16_384;

/** Columns that the engine keeps in each table, in the order in which rows are read and written. */
export const HEAD = ['entity', 'valid_from', 'valid_to', 'id', 'first', 'revision', 'audience', 'illustrative'] as const;

export interface CompiledTable {
  definition: TableDefinition;
  name: string;
  /** The declared columns, in their order. */
  columns: readonly { name: string; column: Column }[];
  columnIndex: ReadonlyMap<string, number>;
  /** The columns of a version under the alias `v`, in the order in which `rowOf` reads them: SQL. */
  selected: string;
  /** The versions of an entity up to a record, the newest first. Parameters: entity, record, how many. */
  versionsUpTo: string;
  /** Indexes into `columns` of those that never change, by the lists' declarations. */
  scopes: readonly number[];
  searched: readonly number[];
  /** Indexes into `columns` of those on which the audience of an entity depends: its containers and bodies. */
  audienceColumns: readonly number[];
  /** Whether another table's entities may take their audience from this one's. */
  isContainer: boolean;
  lists: readonly AnyList[];
  /** Statements that a table cannot do without while it is written. */
  create: readonly string[];
  /** Statements for reading, made last when a file is built from the beginning. */
  indexes: readonly string[];
}

export interface Schema {
  tables: ReadonlyMap<string, CompiledTable>;
  projections: readonly Projection[];
  /** Differs wherever a file made under another composition could not be read or continued under this one. */
  fingerprint: string;
}

export const quoted = (name: string): string => `"${name}"`;
export const sortKey = (column: string): string => `${column}__key`;
/** Where the ids lie that a column lists, one a row. */
export const memberTable = (table: string, column: string): string => `${table}__${column}`;
const RESERVED = new Set<string>([...HEAD, 'validFrom', 'validTo', 'rowid', 'oid']);

export function compile(projections: readonly Projection[]): Schema {
  const definitions = projections.flatMap(({ tables }) => tables);
  const lists = projections.flatMap((projection) => projection.lists ?? []);
  const containers = new Set(
    definitions.flatMap(({ audience: { within = [], also = [] } }) => [...within, ...also].map(({ table }) => table)),
  );
  const tables = new Map<string, CompiledTable>();
  for (const definition of definitions) {
    if (tables.has(definition.name)) throw new Error(`the table ${definition.name} is declared twice`);
    const own = lists.filter(({ table }) => table.name === definition.name);
    tables.set(definition.name, compileTable(definition, own, containers.has(definition.name)));
  }
  assertDeclared(lists, containers, tables);
  const versions = projections.map(({ name, version }) => `${name}/${version ?? 1}`);
  const texts = [...tables.values()].flatMap(({ create, indexes }) => [...create, ...indexes]);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([FIXED, FIXED_INDEXES, versions, texts]))
    .digest('hex');
  return { tables, projections, fingerprint };
}

function assertDeclared(lists: readonly AnyList[], containers: ReadonlySet<string>, tables: ReadonlyMap<string, CompiledTable>): void {
  for (const container of containers) if (!tables.has(container)) throw new Error(`the table ${container}, a container, is not declared`);
  const names = new Set<string>();
  for (const { name, table } of lists) {
    if (names.has(name)) throw new Error(`the list ${name} is declared twice`);
    if (!tables.has(table.name)) throw new Error(`the list ${name} reads ${table.name}, which is not declared`);
    names.add(name);
  }
}

function compileTable(definition: TableDefinition, lists: readonly AnyList[], isContainer: boolean): CompiledTable {
  const columns = Object.entries(definition.columns).map(([name, column]) => ({ name, column }));
  const columnIndex = new Map(columns.map(({ name }, index) => [name, index]));
  const at = (column: string): number => {
    const index = columnIndex.get(column);
    if (index === undefined) throw new Error(`${definition.name} has no column ${column}`);
    return index;
  };
  for (const { name } of columns) if (RESERVED.has(name)) throw new Error(`${definition.name} may not name a column ${name}`);
  const unique = (pick: (list: AnyList) => readonly string[] | undefined): string[] => [
    ...new Set(lists.flatMap((list) => pick(list) ?? [])),
  ];
  const scopes = unique((list) => list.scopes);
  const sorts = unique((list) => list.sorts);
  const listing = unique(({ underEach }) => underEach && [underEach.of]);
  const { within = [], also = [], bodies } = definition.audience;
  const selected = [...HEAD, ...columns.map(({ name }) => quoted(name))].map((column) => `v.${column}`).join(', ');
  return {
    definition,
    name: definition.name,
    columns,
    columnIndex,
    selected,
    versionsUpTo: `SELECT ${selected} FROM ${definition.name} v WHERE v.entity = ? AND v.valid_from <= ? ORDER BY v.valid_from DESC ${limitedTo()}`,
    scopes: [...scopes, ...listing].map(at),
    searched: columns.flatMap(({ column }, index) => (column.searched ? [index] : [])),
    audienceColumns: [
      ...[...within, ...also].map(({ column }) => at(column)),
      ...(bodies === undefined || bodies === 'id' ? [] : bodies.map(at)),
    ],
    isContainer,
    lists,
    create: [...createStatements(definition, sorts), ...listing.flatMap((column) => memberStatements(definition, column, sorts))],
    indexes: indexStatements(
      definition.name,
      lists,
      unique((list) => list.filters),
      scopes,
    ),
  };
}

function createStatements({ name, columns }: TableDefinition, sorts: readonly string[]): string[] {
  const declared = Object.entries(columns).map(([column, { type }]) => `${quoted(column)} ${SQL_TYPE[type]}`);
  // Sorting by a column that may be null needs a key that never is: else a cursor could not continue from it.
  const keys = sorts.map((column) => {
    const least = SQL_TYPE[columns[column]!.type] === 'INTEGER' ? String(Number.MIN_SAFE_INTEGER) : `''`;
    return `${quoted(sortKey(column))} ${SQL_TYPE[columns[column]!.type]} GENERATED ALWAYS AS (ifnull(${quoted(column)}, ${least})) VIRTUAL`;
  });
  const head = [
    'entity INTEGER NOT NULL',
    'valid_from INTEGER NOT NULL',
    'valid_to INTEGER',
    'id TEXT NOT NULL',
    'first INTEGER NOT NULL',
    'revision INTEGER NOT NULL',
    'audience TEXT',
    'illustrative INTEGER NOT NULL',
  ];
  return [
    `CREATE TABLE ${name} (${[...head, ...declared, ...keys].join(', ')})`,
    `CREATE UNIQUE INDEX ${indexName(name, [], 'versions')} ON ${name} (entity, valid_from)`,
    `CREATE UNIQUE INDEX ${indexName(name, ['id'], 'first')} ON ${name} (id) WHERE valid_from = first`,
  ];
}

/**
 * SQLite has no index on what a list of ids holds: a table serves as one, with a row for each of them in each version. Triggers keep it,
 * so that whatever writes, ends or takes back versions knows nothing of it.
 */
function memberStatements({ name, columns }: TableDefinition, column: string, sorts: readonly string[]): string[] {
  const members = memberTable(name, column);
  const kept = ['entity', 'valid_from', 'valid_to', 'first', ...sorts.map((sort) => quoted(sortKey(sort)))];
  const keys = sorts.map((sort) => `, ${quoted(sortKey(sort))} ${SQL_TYPE[columns[sort]!.type]}`);
  const row = (version: 'NEW' | 'OLD'): string => `entity = ${version}.entity AND valid_from = ${version}.valid_from`;
  return [
    `CREATE TABLE ${members} (member TEXT NOT NULL, entity INTEGER NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER, first INTEGER NOT NULL${keys.join('')}, PRIMARY KEY (entity, valid_from, member)) WITHOUT ROWID`,
    `CREATE TRIGGER ${members}__began AFTER INSERT ON ${name} BEGIN INSERT INTO ${members} (member, ${kept.join(', ')}) SELECT DISTINCT value, ${kept.map((each) => `NEW.${each}`).join(', ')} FROM json_each(NEW.${quoted(column)}); END`,
    `CREATE TRIGGER ${members}__ended AFTER UPDATE OF valid_to ON ${name} BEGIN UPDATE ${members} SET valid_to = NEW.valid_to WHERE ${row('NEW')}; END`,
    `CREATE TRIGGER ${members}__gone AFTER DELETE ON ${name} BEGIN DELETE FROM ${members} WHERE ${row('OLD')}; END`,
  ];
}

export type IndexKind = 'now' | 'first' | 'all' | 'versions';
export const indexName = (table: string, columns: readonly string[], kind: IndexKind): string =>
  quoted([table, ...columns, kind].join('__'));

function indexStatements(table: string, lists: readonly AnyList[], filters: readonly string[], scopes: readonly string[]): string[] {
  const statements = new Set<string>();
  const add = (columns: readonly string[], kind: IndexKind, on = table, leading: readonly string[] = []): void => {
    const keyed = [...leading, ...columns.map(quoted), 'entity'];
    const range = kind === 'all' ? ['valid_from', 'valid_to'] : kind === 'first' ? ['valid_to'] : [];
    const where = kind === 'now' ? ' WHERE valid_to IS NULL' : kind === 'first' ? ' WHERE valid_from = first' : '';
    statements.add(`CREATE INDEX ${indexName(on, columns, kind)} ON ${on} (${[...keyed, ...range].join(', ')})${where}`);
  };
  const both = (columns: readonly string[], past: IndexKind): void => {
    add(columns, 'now');
    add(columns, past);
  };
  const byMember = (column: string, columns: readonly string[], past: IndexKind): void => {
    for (const kind of ['now', past] as const) add(columns, kind, memberTable(table, column), ['member']);
  };
  const own = new Set(lists.flatMap(({ scopes: all = [], underEach }) => all.filter((scope) => scope !== underEach?.scope)));
  if (lists.length > 0) both([], 'first');
  for (const scope of scopes) if (own.has(scope)) both([scope], 'first');
  for (const { underEach } of lists) if (underEach) byMember(underEach.of, [], 'first');
  for (const filter of filters) if (!scopes.includes(filter)) both([filter], 'all');
  for (const { sorts = [], scopes: all = [], underEach } of lists) {
    for (const sort of sorts) {
      both([sortKey(sort)], 'all');
      for (const scope of all) if (scope !== underEach?.scope) both([scope, sortKey(sort)], 'all');
      if (underEach) byMember(underEach.of, [sortKey(sort)], 'all');
    }
  }
  return [...statements];
}

/** What the engine keeps beside the declared tables. */
export const FIXED: readonly string[] = [
  'CREATE TABLE checkpoint (only INTEGER PRIMARY KEY CHECK (only = 1), record INTEGER NOT NULL, position TEXT, running_at INTEGER NOT NULL, audience_epoch INTEGER NOT NULL, fingerprint TEXT NOT NULL, complete INTEGER NOT NULL, residues INTEGER NOT NULL)',
  'CREATE TABLE log (record INTEGER PRIMARY KEY, position TEXT NOT NULL, event_id TEXT NOT NULL, leaf BLOB NOT NULL, running_at INTEGER NOT NULL, recorded_at TEXT NOT NULL, stream TEXT NOT NULL, revision INTEGER NOT NULL, type TEXT NOT NULL)',
  'CREATE TABLE removed_values (record INTEGER NOT NULL, hash TEXT NOT NULL, removed_by INTEGER NOT NULL, PRIMARY KEY (record, hash)) WITHOUT ROWID',
  'CREATE TABLE stream_heads (stream TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID',
  'CREATE TABLE clock_restarts (record INTEGER PRIMARY KEY)',
  'CREATE TABLE lost_records (record INTEGER PRIMARY KEY, stream TEXT NOT NULL)',
  'CREATE INDEX lost_records__stream ON lost_records (stream, record)',
  'CREATE TABLE tree (level INTEGER NOT NULL, idx INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (level, idx)) WITHOUT ROWID',
  'CREATE TABLE changes (record INTEGER NOT NULL, ordinal INTEGER NOT NULL, tbl TEXT NOT NULL, entity INTEGER NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (record, ordinal)) WITHOUT ROWID',
  'CREATE TABLE search_docs (doc INTEGER PRIMARY KEY, tbl TEXT NOT NULL, entity INTEGER NOT NULL, lang TEXT NOT NULL, valid_from INTEGER NOT NULL, valid_to INTEGER)',
  // Only of documents that stand: an entity corrected a hundred thousand times has as many that do not.
  'CREATE INDEX search_docs__standing ON search_docs (entity, tbl) WHERE valid_to IS NULL',
  // With the name of the table, which is no word that anybody finds: of a table in which little lies, no more than that is looked at.
  `CREATE VIRTUAL TABLE search USING fts5(words, tbl, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')`,
];

export const FIXED_INDEXES: readonly string[] = [
  'CREATE UNIQUE INDEX log__position ON log (position)',
  'CREATE INDEX changes__table ON changes (tbl, record, ordinal)',
];
