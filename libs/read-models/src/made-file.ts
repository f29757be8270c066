// A file of read models as it is made: its tables first, then, once they are full, what serves reading.
import type { Database } from '#sqlite';
import { FIXED, FIXED_INDEXES, type Schema } from './schema.js';
import { fillSearch } from './search-rows.js';

/** Whether a file holds read models that this release can read and continue, built to the end. */
export function isContinuable(database: Database, schema: Schema): boolean {
  const made = database.prepare(`SELECT 1 AS made FROM sqlite_master WHERE name = 'checkpoint'`).get();
  if (!made) return false;
  const row = database.prepare<{ fingerprint: string; complete: number }>('SELECT fingerprint, complete FROM checkpoint').get();
  return row?.fingerprint === schema.fingerprint && row.complete === 1;
}

/** Makes the tables in an empty file. What serves only reading is left to `completeReadModels`. */
export function createReadModels(database: Database, schema: Schema): void {
  database.transaction(() => {
    for (const statement of FIXED) database.exec(statement);
    for (const { create } of schema.tables.values()) for (const statement of create) database.exec(statement);
    database.prepare(`INSERT INTO checkpoint VALUES (1, 0, NULL, 0, 0, ?, 0, 0)`).run(schema.fingerprint);
  });
}

/** Makes the indexes and the search index of a file that was built without them. */
export function completeReadModels(database: Database, schema: Schema): void {
  database.transaction(() => {
    for (const { indexes } of schema.tables.values()) for (const statement of indexes) database.exec(statement);
    for (const statement of FIXED_INDEXES) database.exec(statement);
    fillSearch(database, schema.tables);
    database.exec('UPDATE checkpoint SET complete = 1');
  });
}
