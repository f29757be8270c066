// Compares two files of read models row by row, in the order of their keys, and names the first difference. Reads both once, and holds one row of each.
import type { Database, SqlValue } from '#sqlite';
import { HEAD, type Schema } from './schema.js';

export interface ReplayDifference {
  /**
   * - `differs`: a column has another value
   * - `only-live`: the log makes no such row
   * - `only-rebuilt`: the log makes a row that is not there
   */
  kind: 'differs' | 'only-live' | 'only-rebuilt';
  table: string;
  /** What the row is known by in its table: of an entity's version, the entity's id and the record that made the version. */
  row: Readonly<Record<string, SqlValue>>;
  /** Of `differs`. */
  column?: string;
  /** Bytes as hex. */
  live?: SqlValue;
  rebuilt?: SqlValue;
}

type Values = readonly SqlValue[];

interface Compared {
  table: string;
  /** Columns by which both are read in order; they come first. */
  key: readonly string[];
  columns: readonly string[];
  /** Of the rows, what they are known by to a person. */
  shown: readonly string[];
}

/** What the engine keeps beside the declared tables, and by what its rows are known. How a file came about is left out. */
const ENGINE: readonly Compared[] = [
  {
    table: 'log',
    key: ['record'],
    columns: ['record', 'position', 'event_id', 'leaf', 'running_at', 'recorded_at', 'stream', 'revision', 'type'],
    shown: ['record'],
  },
  { table: 'tree', key: ['level', 'idx'], columns: ['level', 'idx', 'hash'], shown: ['level', 'idx'] },
  { table: 'clock_restarts', key: ['record'], columns: ['record'], shown: ['record'] },
  { table: 'changes', key: ['record', 'ordinal'], columns: ['record', 'ordinal', 'tbl', 'entity', 'kind'], shown: ['record', 'ordinal'] },
  { table: 'search_docs', key: ['doc'], columns: ['doc', 'tbl', 'entity', 'lang', 'valid_from', 'valid_to'], shown: ['doc'] },
  { table: 'checkpoint', key: ['only'], columns: ['only', 'record', 'position', 'running_at'], shown: ['record'] },
];
const WORDS: Compared = {
  table: 'search',
  key: ['term', 'doc', 'col', 'offset'],
  columns: ['term', 'doc', 'col', 'offset'],
  shown: ['term', 'doc', 'offset'],
};

/** Undefined where both hold the same. Each caller sees to it that nothing is written to either meanwhile. */
export function firstDifference(live: Database, rebuilt: Database, schema: Schema): ReplayDifference | undefined {
  const declared = [...schema.tables.values()].map(({ name, columns }): Compared => {
    const all = [...HEAD, ...columns.map((column) => column.name)];
    const key = ['entity', 'valid_from'];
    return { table: name, key, columns: [...key, ...all.filter((column) => !key.includes(column))], shown: ['id', 'valid_from'] };
  });
  for (const compared of [ENGINE[0]!, ...declared, ...ENGINE.slice(1), ...others(rebuilt, schema)]) {
    const found = differenceIn(rowsOf(live, compared, compared.table), rowsOf(rebuilt, compared, compared.table), compared);
    if (found) return found;
  }
  return differenceIn(wordsOf(live), wordsOf(rebuilt), WORDS);
}

/** Whatever else the engine keeps, by all its columns. */
function others(database: Database, schema: Schema): Compared[] {
  const known = [...schema.tables.keys(), ...ENGINE.map(({ table }) => table)];
  const tables = database
    .prepare<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search%' ORDER BY name`,
    )
    .all();
  return tables
    .filter(({ name }) => !known.includes(name))
    .map(({ name }) => {
      const columns = database
        .prepare<{ name: string }>(`SELECT name FROM pragma_table_info('${name}')`)
        .all()
        .map((column) => column.name);
      return { table: name, key: columns, columns, shown: columns };
    });
}

const named = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

const rowsOf = (database: Database, { key, columns }: Compared, from: string): Generator<Values, void, undefined> =>
  database.prepareArrays<Values>(`SELECT ${named(columns)} FROM ${from} ORDER BY ${named(key)}`).iterate();

/** Each word of the search index with its place. */
function wordsOf(database: Database): Generator<Values, void, undefined> {
  database.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.replay_words USING fts5vocab('main', 'search', 'instance')`);
  return rowsOf(database, WORDS, 'temp.replay_words');
}

/** Walks both in step: where the keys part, the lower one has no counterpart. */
function differenceIn(
  lives: Generator<Values, void, undefined>,
  rebuilts: Generator<Values, void, undefined>,
  compared: Compared,
): ReplayDifference | undefined {
  try {
    for (;;) {
      const [live, rebuilt] = [lives.next().value as Values | undefined, rebuilts.next().value as Values | undefined];
      if (!live && !rebuilt) return undefined;
      const order = !live ? 1 : !rebuilt ? -1 : compareKeys(live, rebuilt, compared.key.length);
      if (order !== 0)
        return {
          kind: order < 0 ? 'only-live' : 'only-rebuilt',
          table: compared.table,
          row: rowOf(order < 0 ? live! : rebuilt!, compared),
        };
      const column = compared.columns.findIndex((_, index) => plain(live![index]!) !== plain(rebuilt![index]!));
      if (column >= 0)
        return {
          kind: 'differs',
          table: compared.table,
          row: rowOf(rebuilt!, compared),
          column: compared.columns[column]!,
          live: plain(live![column]!),
          rebuilt: plain(rebuilt![column]!),
        };
    }
  } finally {
    lives.return(undefined);
    rebuilts.return(undefined);
  }
}

function compareKeys(live: Values, rebuilt: Values, length: number): number {
  for (let index = 0; index < length; index++) {
    const order = compareValues(live[index]!, rebuilt[index]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** As SQLite orders them: numbers before texts, and texts by their bytes. */
function compareValues(one: SqlValue, other: SqlValue): number {
  if (typeof one === 'string' && typeof other === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(other));
  if (typeof one === 'string' || typeof other === 'string') return typeof one === 'string' ? 1 : -1;
  return Number(one) - Number(other);
}

const rowOf = (values: Values, { columns, shown }: Compared): ReplayDifference['row'] =>
  Object.fromEntries(shown.map((name) => [name, plain(values[columns.indexOf(name)]!)]));

const plain = (value: SqlValue): SqlValue => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value);
