// Directories whose names are on the disk before anything in them is relied on.
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes a directory, and what is missing above it: the names of all that it made are on the disk when it returns. */
export function makeDirectory(directory: string, mode?: number): void {
  const path = resolve(directory);
  const made = mkdirSync(path, { recursive: true, ...(mode !== undefined && { mode }) });
  for (let at = path; made !== undefined && at.length >= made.length; at = dirname(at)) syncDirectory(dirname(at));
}
