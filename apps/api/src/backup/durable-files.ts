// Files that must be on the disk before anybody relies on them.
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Whole or not at all, and on the disk when it returns. */
export function writeDurably(directory: string, name: string, text: string): void {
  const draft = join(directory, `${name}.new`);
  writeFileSync(draft, text);
  sync(draft);
  renameSync(draft, join(directory, name));
  sync(directory);
}

/** Makes the directory where it is not there. @returns what lies in it */
export function listed(directory: string): string[] {
  mkdirSync(directory, { recursive: true });
  return readdirSync(directory);
}

/** Hex. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
