// The two ends of a migration: a data directory, or a database. Both are held for as long as it takes.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { assertUsable, LOG_FILE, SqliteEventStore, type EventStore, type Moving } from '#event-store';
import { readDatabase } from '../node-store.js';
import { MigrationRefused } from './migration-refused.js';

export type MovableStore = EventStore & { moving: Moving };

/** From the beginning, a page at a time: one look back from the end of a database that others fill may take longer than a call may. */
export async function holdsRecords(store: MovableStore): Promise<boolean> {
  for await (const events of store.readLog({ limit: 1 })) if (events.length > 0) return true;
  return false;
}

export interface End {
  store: MovableStore;
  /** For people: a path, or an address without its password. */
  place: string;
  /** Whether other nodes may be writing. */
  isShared: boolean;
  close(): Promise<void>;
}

const isDatabase = (text: string): boolean => /^esdb(\+discover)?:\/\//.test(text);
/** Hosts alone: what stands before them is a password, what follows are options. */
const placeOf = (url: string): string => url.replace(/^(esdb(?:\+discover)?:\/\/)(?:[^@/?]*@)?([^/?]*).*$/, '$1$2');

/** @throws MigrationRefused, StoreNotOpened (a server holds the directory; the database does not answer) */
export async function openSource(from: string): Promise<End> {
  if (isDatabase(from)) return openDatabase(from);
  const directory = resolve(from);
  if (!existsSync(join(directory, LOG_FILE)))
    throw new MigrationRefused(`there is no history in ${directory}: name the data directory or the database that holds one`);
  return openDirectory(directory);
}

/** @throws MigrationRefused, StoreNotOpened */
export const openTarget = (to: string): Promise<End> => (isDatabase(to) ? openDatabase(to) : openDirectory(resolve(to)));

async function openDirectory(directory: string): Promise<End> {
  const store = await SqliteEventStore.open({ directory, mode: 'writer' });
  if (!store.isHolder) {
    await store.close();
    throw new MigrationRefused(`${directory} cannot be written`);
  }
  return { store, place: directory, isShared: false, close: () => store.close() };
}

/** As it lies there: a node would withhold what must be told apart and compared. */
async function openDatabase(url: string): Promise<End> {
  try {
    assertUsable(url);
  } catch (error) {
    throw new MigrationRefused(
      `the connection string is not one such as esdb://user:password@host:2113?tls=true: ${(error as Error).message}`,
      { cause: error },
    );
  }
  const store = await readDatabase(url);
  return { store, place: placeOf(url), isShared: true, close: () => store.close() };
}
