// Files that must be on the disk before anybody relies on them: written beside, synced, renamed, and the directory synced after them.
import { readFileSync } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * A small file, undefined where there is none. Read on the calling thread, as the log is: a proof reads some kilobytes that the page
 * cache mostly holds, and ten calls handed to the thread pool, each a wake to wait for, took a third of its median time.
 */
export function readWhole(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What was written into the file, or which names the directory holds, is on the disk when it resolves. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Replaces the file whole or not at all: whoever reads it meanwhile, and after a crash, finds the old one or the new one. The name is
 * durable once its directory is synced. Where it fails, no draft is left.
 * @param flag how the draft is opened: `wx` lets one alone write it, and fails with EEXIST for the other, whose draft is left alone
 * @param mode of a draft that is made: who may read the file
 */
export async function writeSynced(
  path: string,
  bytes: Uint8Array | string | AsyncIterable<Uint8Array>,
  draft = `${path}.new`,
  flag = 'w',
  mode = 0o666,
): Promise<void> {
  const file = await open(draft, flag, mode);
  try {
    await writeFile(file, bytes);
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

/** The same, and its name is on the disk as well when it resolves. */
export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  await writeSynced(path, bytes);
  await sync(dirname(path));
}
