// Directories whose names are on the disk before anything in them is relied on.
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { sync } from './durable-files.js';

/**
 * Makes a directory, and what is missing above it: the names of all that it made are on the disk when it resolves.
 * @throws also where a name cannot be put there; the directory is made all the same
 */
export async function makeDirectory(path: string, mode?: number): Promise<void> {
  for (const changed of makeUnsynced(path, mode)) await syncNamesIn(changed, path);
}

/** Makes the same, and answers the directories whose entries changed: they are to be synced before anybody relies on what lies in it. */
export function makeUnsynced(path: string, mode?: number): string[] {
  const whole = resolve(path);
  // The call that answers later says of a full disk that there is no such directory.
  const first = mkdirSync(whole, { recursive: true, ...(mode !== undefined && { mode }) });
  const changed: string[] = [];
  for (let at = whole; first !== undefined && at.length >= first.length; at = dirname(at)) changed.push(dirname(at));
  return changed;
}

/**
 * A directory that may be written and not read cannot be opened, and so not be synced: what was made in it lies on the same disk, and
 * has the whole of its file system synced, for which Node has no call.
 */
async function syncNamesIn(directory: string, made: string): Promise<void> {
  try {
    await sync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    await promisify(execFile)('sync', ['-f', made]).catch(() => {
      throw new Error(`the name of ${made} cannot be put on the disk: ${directory} may be written, but not read`, { cause: error });
    });
  }
}
