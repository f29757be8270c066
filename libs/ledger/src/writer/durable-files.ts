// Files that are on the disk when the promise resolves: written beside, synced, renamed, and the directory synced after them.
import { readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A small file, undefined where there is none. Read on the calling thread, as the log is: a proof reads some kilobytes that the page
 * cache mostly holds, and ten calls handed to the thread pool, each a wake to wait for, took a third of its median time.
 */
export function readWhole(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Replaces the file whole; the name is durable once its directory is synced. */
export async function writeSynced(path: string, bytes: Uint8Array | string, draft = `${path}.new`, flag = 'w'): Promise<void> {
  const file = await open(draft, flag);
  try {
    await file.writeFile(bytes);
    await file.sync();
    await rename(draft, path);
  } catch (error) {
    // A draft that this call made, and could not finish, stands in nobody's way.
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Makes the directories up to `path`, and answers those whose entries changed. */
export async function makeDirectory(path: string): Promise<string[]> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return [];
  const changed: string[] = [];
  for (let at = path; at.length >= first.length; at = dirname(at)) changed.push(dirname(at));
  return changed;
}

export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
