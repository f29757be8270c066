// Directories whose names are on the disk before anything in them is relied on.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { sync } from './durable-files.js';

/**
 * Makes a directory, and what is missing above it: the names of all that it made are on the disk when it resolves.
 * @throws also where a name cannot be put there; the directory is made all the same
 */
export async function makeDirectory(path: string, mode?: number): Promise<void> {
  for (const changed of makeDirectoryUnsynced(path, mode)) await syncNamesIn(changed, path);
}

/**
 * Makes the same without putting a name on the disk, and answers the directories whose entries changed: they are to be synced before
 * anybody relies on what lies in it.
 */
export function makeDirectoryUnsynced(path: string, mode?: number): string[] {
  const whole = resolve(path);
  if (isDirectory(whole)) return [];
  const levels = [whole];
  for (let above = dirname(whole); !existsSync(above); above = dirname(above)) levels.unshift(above);
  // Level by level. Node's own `recursive` goes round for ever where a directory takes no entries and says that there is none (/proc);
  // and that of fs.promises says of a full disk that there is no such directory.
  const isMade = (level: string): boolean => makeLevel(level, mode);
  return levels
    .filter(isMade)
    .map((level) => dirname(level))
    .reverse();
}

/** Whether it made it: another may have, meanwhile. */
function makeLevel(path: string, mode: number | undefined): boolean {
  try {
    mkdirSync(path, mode);
    return true;
  } catch (error) {
    if (isDirectory(path)) return false;
    throw error;
  }
}

const isDirectory = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

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
