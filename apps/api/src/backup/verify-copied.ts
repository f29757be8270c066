// A backup that was copied into the data directory by hand still has its manifest there: it is verified before it serves.
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { sync } from '#durable';
import { readKeys, StoreNotOpened, type SqliteEventStore } from '#event-store';
import { BackupRefused } from './backup-refused.js';
import { compare } from './check-backup.js';
import { checkAgainstSigner } from './compare-with-signer.js';
import { MANIFEST_FILE, readManifest } from './manifest.js';

const VERIFIED_FILE = 'manifest.verified.json';

/** @throws StoreNotOpened where the log is not what the manifest says, or what was signed */
export async function verifyCopied(store: SqliteEventStore, directories: { data: string; keys: string; signer: string }): Promise<void> {
  const { data, keys, signer } = directories;
  if (!existsSync(join(data, MANIFEST_FILE))) return;
  try {
    const manifest = readManifest(data);
    const { checked } = await checkAgainstSigner(store, readKeys(keys).writer, signer, [manifest.size]);
    compare(checked, manifest);
  } catch (error) {
    if (!(error instanceof BackupRefused)) throw error;
    throw new StoreNotOpened(
      `${data} holds a backup that is not to be served: ${error.message}. Restore another one with plenary restore`,
      { cause: error },
    );
  }
  if (!store.canWrite) return;
  renameSync(join(data, MANIFEST_FILE), join(data, VERIFIED_FILE));
  await sync(data);
}
