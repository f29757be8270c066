// Takes the declared tables, changes and log back to a record: rows begun later go, rows ended later stand again.
import type { Database } from '#sqlite';
import type { Schema } from './schema.js';

/** In the caller's transaction. The cost grows with what is taken back, not with what stays. */
export function cutBackRows(database: Database, schema: Schema, record: number): void {
  const touched = database
    .prepare<{ tbl: string; entity: number }>('SELECT DISTINCT tbl, entity FROM changes WHERE record > ?')
    .all(record);
  const statements = new Map(
    [...schema.tables.keys()].map((table) => [
      table,
      {
        remove: database.prepare(`DELETE FROM ${table} WHERE entity = ? AND valid_from > ?`),
        reopen: database.prepare(`UPDATE ${table} SET valid_to = NULL WHERE entity = ? AND valid_to > ?`),
      },
    ]),
  );
  for (const { tbl, entity } of touched) {
    const { remove, reopen } = statements.get(tbl)!;
    remove.run(entity, record);
    reopen.run(entity, record);
  }
  // Texts that were withheld come back only from the store: see canCutBackTo.
  for (const table of ['changes', 'clock_restarts', 'lost_records', 'log'])
    database.prepare(`DELETE FROM ${table} WHERE record > ?`).run(record);
}
