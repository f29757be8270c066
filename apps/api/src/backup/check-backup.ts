// Whether a backup is whole, and is what its manifest says: by its bytes, and by its records.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_FILE, SqliteEventStore } from '#event-store';
import { BackupRefused } from './backup-refused.js';
import { sha256OfFile } from './backup-files.js';
import { checkLog, type CheckedLog } from './log-check.js';
import { readManifest, type Manifest } from './manifest.js';

/** @throws BackupRefused, StoreNotOpened */
export async function checkBackup(directory: string, writerKey: Buffer | undefined): Promise<Manifest> {
  const manifest = readManifest(directory);
  const file = join(directory, LOG_FILE);
  const bytes = statSync(file, { throwIfNoEntry: false })?.size;
  if (bytes === undefined) throw new BackupRefused(`${directory} has a manifest, and no ${LOG_FILE}`);
  if (bytes !== manifest.bytes || (await sha256OfFile(file)) !== manifest.sha256)
    throw new BackupRefused(`${file} is not the file that was copied: its bytes are others than the manifest says`);
  compare(await checkDirectory(directory, manifest, writerKey), manifest);
  return manifest;
}

async function checkDirectory(directory: string, manifest: Manifest, writerKey: Buffer | undefined): Promise<CheckedLog> {
  const store = await SqliteEventStore.open({ directory, mode: 'reader' });
  try {
    return await checkLog(store, writerKey, [manifest.size]);
  } finally {
    await store.close();
  }
}

/** That the records up to the size of the manifest are those that it was written for. @throws BackupRefused */
export function compare({ origin, size, rootAt, last }: CheckedLog, manifest: Manifest): void {
  if (origin !== manifest.origin) throw new BackupRefused(`it is a history of ${origin}, and the manifest is of ${manifest.origin}`);
  if (size < manifest.size) throw new BackupRefused(`it holds ${size} records, and the manifest says ${manifest.size}`);
  if (rootAt.get(manifest.size) !== manifest.root) throw new BackupRefused(`its records do not hash to the root in the manifest`);
  if (size === manifest.size && (last.id !== manifest.last.id || last.leaf !== manifest.last.leaf))
    throw new BackupRefused('its last record is not the one in the manifest');
}
