// Picks the driver: Node's own where it exists and has full-text search, else the same API as a package with its binary inside.
import type { DatabaseSyncInstance, DatabaseSyncOptions } from '@photostructure/sqlite';

type DatabaseSyncClass = new (file: string, options?: DatabaseSyncOptions) => DatabaseSyncInstance;

export interface Driver {
  name: 'node:sqlite' | '@photostructure/sqlite';
  DatabaseSync: DatabaseSyncClass;
}

/** Node 22.13 and 22.15 have the module, but were built without FTS5. */
function hasFullTextSearch(DatabaseSync: DatabaseSyncClass): boolean {
  const database = new DatabaseSync(':memory:');
  try {
    database.exec('CREATE VIRTUAL TABLE probe USING fts5(words)');
    return true;
  } catch {
    return false;
  } finally {
    database.close();
  }
}

/** Node 22 warns of its own module in every thread that loads it; the tests of this project are what says that it works. */
function loadBuiltIn(): { DatabaseSync: DatabaseSyncClass } | undefined {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite') as { DatabaseSync: DatabaseSyncClass } | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}

async function pickDriver(): Promise<Driver> {
  const builtIn = loadBuiltIn();
  if (builtIn && hasFullTextSearch(builtIn.DatabaseSync)) return { name: 'node:sqlite', DatabaseSync: builtIn.DatabaseSync };
  const { DatabaseSync } = await import('@photostructure/sqlite');
  return { name: '@photostructure/sqlite', DatabaseSync };
}

/** One driver a process: two copies of SQLite in one process would drop each other's file locks. */
export const driver: Driver = await pickDriver();
