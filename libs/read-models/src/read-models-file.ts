// Where read models lie: `<data>/read-models/<name>.db`, the one that counts named by the file `current`. All of it may be deleted.
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectoryUnsynced } from '#durable';
import { openDatabase, type Database } from '#sqlite';
import { FolderUnusable, inFolder } from './folder-unusable.js';

const folder = (dataDirectory: string): string => join(dataDirectory, 'read-models');
const pointer = (dataDirectory: string): string => join(folder(dataDirectory), 'current');
const NAME = /^[0-9a-f-]{36}\.db$/;

/** The file that the pointer names, or undefined where there is none yet. @throws FolderUnusable */
export function currentFile(dataDirectory: string): string | undefined {
  let name: string;
  try {
    name = readFileSync(pointer(dataDirectory), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new FolderUnusable(folder(dataDirectory), error);
  }
  return NAME.test(name) ? join(folder(dataDirectory), name) : undefined;
}

/** So that the next start builds them anew: they may hold what the log no longer does, under the same leaves. */
export function discardReadModels(dataDirectory: string): void {
  rmSync(folder(dataDirectory), { recursive: true, force: true });
}

/** A name that no file has yet. @throws FolderUnusable */
export function freshFile(dataDirectory: string): string {
  inFolder(folder(dataDirectory), () => makeDirectoryUnsynced(folder(dataDirectory)));
  return join(folder(dataDirectory), `${randomUUID()}.db`);
}

/** Makes a file the current one, at once and for whoever opens next, and removes every other. @throws FolderUnusable */
export function makeCurrent(dataDirectory: string, file: string): void {
  const name = file.slice(folder(dataDirectory).length + 1);
  const next = `${pointer(dataDirectory)}.next`;
  inFolder(folder(dataDirectory), () => {
    writeFileSync(next, `${name}\n`);
    renameSync(next, pointer(dataDirectory));
    removeOthers(dataDirectory, file);
  });
}

/** Removes every file but the current one: what a process that was killed was about to build may hold what is to be gone. */
export function removeOthers(dataDirectory: string, file: string): void {
  const name = file.slice(folder(dataDirectory).length + 1);
  for (const other of readdirSync(folder(dataDirectory))) {
    if (other !== 'current' && !other.startsWith(name)) rmSync(join(folder(dataDirectory), other), { force: true });
  }
}

/** For what follows the log: a commit survives the process; when power fails the last ones may be lost, and are projected again. */
export const openLive = (file: string): Database =>
  openDatabase(file, { mode: 'read-write', synchronous: 'NORMAL', walAutocheckpointPages: 4000 });

/** For a file that is built from the beginning: what is torn by a crash was never current, and is thrown away. @throws FolderUnusable */
export const openForBuilding = (file: string): Database => inFolder(dirname(file), () => makeForBuilding(file));

function makeForBuilding(file: string): Database {
  // Made first: of a file that it cannot make SQLite does not say why.
  closeSync(openSync(file, 'a'));
  const database = openDatabase(file, { mode: 'read-write', synchronous: 'NORMAL' });
  database.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA secure_delete = OFF; PRAGMA cache_size = -64000');
  return database;
}
