// A copy of the log as it is at one moment, also while another process writes it: one file, without what was removed from it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StoreNotOpened } from '../errors.js';
import { checkedStoreId } from './schema.js';
import { openDatabase } from '#sqlite';

/**
 * Writes the log of a directory to a file that is not there yet. Commands go on meanwhile; the thread that calls is busy as long. The
 * file is not synced.
 * @throws StoreNotOpened; the driver's error where it cannot be written to the end, and a part of the file may lie there
 */
export function copyLog(directory: string, to: string): void {
  const file = join(directory, 'log.db');
  if (!existsSync(file)) throw new StoreNotOpened(`there is no log at ${file}`);
  const database = openDatabase(file, { mode: 'read-only' });
  try {
    checkedStoreId(database, file);
    // Page by page, it would copy free pages too, and with them what removed texts left there.
    database.prepare('VACUUM INTO ?').run(to);
  } finally {
    database.close();
  }
}
