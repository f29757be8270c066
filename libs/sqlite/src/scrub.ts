// What is deleted leaves copies behind: in pages that were split or freed before, and in the write-ahead log. A file written anew has none.
import type { Database } from './database.js';
import { faultOf } from './fault.js';

/** How long readers of the file are waited for; meanwhile nobody writes it. */
const READERS_WAIT_MS = 250;

/**
 * Writes the file anew from what its tables hold, and empties its write-ahead log. Row ids of tables without an integer primary
 * key may change. Needs as much room again as the file has.
 * @returns false where another connection is in the way: to be done again
 */
export function scrub(database: Database): boolean {
  const patience = database.pragma('busy_timeout') as number;
  database.pragma(`busy_timeout = ${READERS_WAIT_MS}`);
  try {
    database.exec('VACUUM');
    return database.pragma('wal_checkpoint(TRUNCATE)') === 0;
  } catch (error) {
    if (faultOf(error) === 'busy') return false;
    throw error;
  } finally {
    database.pragma(`busy_timeout = ${patience}`);
  }
}
