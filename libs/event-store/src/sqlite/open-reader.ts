// Opens the log for reading, also where SQLite may not put its own files beside it.
import { existsSync, statSync } from 'node:fs';
import { StoreNotOpened } from '../errors.js';
import { LogReader } from './log-reader.js';
import { DatabaseNotOpened } from '#sqlite';

/** @throws StoreNotOpened */
export function openReader(file: string): LogReader {
  if (!existsSync(file)) throw new StoreNotOpened(`there is no log at ${file}`);
  try {
    return new LogReader(file);
  } catch (error) {
    if (isDenied(error) && !hasPendingWrites(file)) return openImmutable(file);
    throw asNotOpened(error);
  }
}

const isDenied = (error: unknown): boolean =>
  error instanceof DatabaseNotOpened && (error.fault === 'cannot-open' || error.fault === 'read-only');

/** What lies in the write-ahead log alone would be missed, silently. */
const hasPendingWrites = (file: string): boolean => (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;

function openImmutable(file: string): LogReader {
  try {
    return new LogReader(file, { immutable: true });
  } catch (error) {
    throw asNotOpened(error);
  }
}

const asNotOpened = (error: unknown): Error =>
  error instanceof StoreNotOpened ? error : new StoreNotOpened((error as Error).message, { cause: error });
