// Everything that read models hold, in one order: what is rebuilt, cut back or copied must dump the same.
import type { Database, SqlValue } from '#sqlite';

export type Dump = Readonly<Record<string, readonly (readonly SqlValue[])[]>>;

/** How a file came about, not what it holds. */
const LEFT_OUT = new Set(['audience_epoch', 'fingerprint', 'complete', 'residues']);

/** Every table, its rows in the order of all their columns; of the search index each word with its place. */
export function dump(database: Database): Dump {
  const tables = database
    .prepare<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'search' AND name NOT LIKE 'search\\_%' ESCAPE '\\' OR name = 'search_docs' ORDER BY name`,
    )
    .all();
  const rows: Record<string, readonly (readonly SqlValue[])[]> = {};
  for (const { name } of tables) rows[name] = tableRows(database, name);
  database.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab('main', 'search', 'instance')`);
  rows['search'] = database
    .prepareArrays<readonly SqlValue[]>('SELECT term, doc, col, offset FROM temp.search_words ORDER BY doc, col, offset, term')
    .all();
  return rows;
}

function tableRows(database: Database, table: string): readonly (readonly SqlValue[])[] {
  const columns = database.prepare<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`).all();
  const kept = columns.map(({ name }) => name).filter((name) => !LEFT_OUT.has(name));
  const list = kept.map((name) => `"${name}"`).join(', ');
  const rows = database.prepareArrays<readonly SqlValue[]>(`SELECT ${list} FROM "${table}" ORDER BY ${list}`).all();
  return rows.map((row) => row.map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value)));
}
