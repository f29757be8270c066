// Puts a backup in the place of a lost data directory. It is copied aside, read from end to end, and only then becomes the log.
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory, sync } from '#durable';
import { DirectoryLock, leafEntryOf, LOG_FILE, readKeys, SqliteEventStore } from '#event-store';
import { rebuildDirectory } from '#ledger/writer';
import type { Configuration } from '../configuration.js';
import { asRefusal, BackupRefused } from './backup-refused.js';
import { compare } from './check-backup.js';
import { checkAgainstSigner, type Compared } from './compare-with-signer.js';
import { sha256OfFile } from './backup-files.js';
import { checkpointOf } from './log-check.js';
import { readManifest, type Manifest } from './manifest.js';

/** Where the copy lies until it is found right. */
const ASIDE = 'restoring';
/** Of whoever holds the directory. Not removed at the end: a process that waits for it would hold a file that others no longer find. */
const LOCK_FILES: readonly string[] = ['lock.db', 'lock.db-journal'];

export interface Restored {
  manifest: Manifest;
  /** Records that were signed; undefined where the signer's directory remembers none of this history. */
  signed: number | undefined;
  /** The signer's directory was lost too, and made anew up to the checkpoint in the backup. */
  signerRebuilt: boolean;
  /** Texts that were removed after they were copied: the next start removes them before it serves. */
  unremoved: number;
}

/**
 * @param signerLost the signer's directory is lost as well: whoever says so answers for it that what was signed after the backup is forgotten
 * @throws BackupRefused; StoreNotOpened, also where another process holds the data directory: no log is put there then
 */
export async function restoreBackup(
  { data, keys, signer, eventStore }: Pick<Configuration, 'data' | 'keys' | 'signer' | 'eventStore'>,
  from: string,
  signerLost = false,
): Promise<Restored> {
  if (eventStore !== undefined)
    throw new BackupRefused('EVENTSTORE_URL is set: a log in a database is restored by the means of the database');
  const manifest = readManifest(from);
  if (!existsSync(join(from, LOG_FILE))) throw new BackupRefused(`${from} has a manifest, and no ${LOG_FILE}`);
  const { writer } = readKeys(keys);
  if (!writer)
    throw new BackupRefused(
      `writer.key is missing in ${keys}: bring the keys of this installation first, so that each record can be proven to be its own`,
    );
  const aside = join(data, ASIDE);
  const lock = await hold(data);
  try {
    const there = readdirSync(data).filter((name) => name !== ASIDE && !LOCK_FILES.includes(name));
    if (there.length > 0)
      throw new BackupRefused(
        `${data} is not empty: it holds ${there.slice(0, 3).join(', ')}. Move it away, and keep it: a restore never overwrites`,
      );
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside);
    copyFileSync(join(from, LOG_FILE), join(aside, LOG_FILE));
    await sync(join(aside, LOG_FILE));
    const { checked, signed, rebuilt } = await checkCopied(aside, manifest, writer, { directory: signer, isLost: signerLost });
    await putInPlace(aside, data);
    return { manifest, signed, signerRebuilt: rebuilt, unremoved: checked.unremoved };
  } catch (error) {
    throw asRefusal(error, data);
  } finally {
    rmSync(aside, { recursive: true, force: true });
    lock.release();
  }
}

/** From before the first look to the end: a server that is started meanwhile would make a log of its own here. */
async function hold(data: string): Promise<DirectoryLock> {
  try {
    await makeDirectory(data);
  } catch (error) {
    throw asRefusal(error, data);
  }
  const lock = DirectoryLock.take(data);
  if (lock === 'read-only') throw new BackupRefused(`${data} cannot be written: there is no permission`);
  return lock;
}

/** What somebody copied there meanwhile is kept; and a write-ahead log of another log would be taken for one of this. */
async function putInPlace(aside: string, data: string): Promise<void> {
  const come = readdirSync(data).filter((name) => name.startsWith(LOG_FILE));
  if (come.length > 0)
    throw new BackupRefused(
      `${come.join(', ')} came into ${data} while the backup was read: nothing is restored. Move it away, and keep it: a restore never overwrites`,
    );
  renameSync(join(aside, LOG_FILE), join(data, LOG_FILE));
  await sync(data);
}

async function checkCopied(
  aside: string,
  manifest: Manifest,
  writerKey: Buffer,
  signer: { directory: string; isLost: boolean },
): Promise<Compared & { rebuilt: boolean }> {
  if ((await sha256OfFile(join(aside, LOG_FILE))) !== manifest.sha256)
    throw new BackupRefused('log.db of the backup is not the file that was copied: its bytes are others than the manifest says');
  const store = await SqliteEventStore.open({ directory: aside, mode: 'reader' });
  try {
    const compared = await checkAgainstSigner(store, writerKey, signer.directory, [manifest.size]);
    compare(compared.checked, manifest);
    return { ...compared, rebuilt: await rebuildSigner(store, compared, signer) };
  } finally {
    await store.close();
  }
}

/** Before the log is in its place: a start on the log alone would find that what it published is remembered nowhere. */
async function rebuildSigner(
  store: SqliteEventStore,
  { checked: { checkpoint }, signed }: Compared,
  { directory, isLost }: { directory: string; isLost: boolean },
): Promise<boolean> {
  if (signed !== undefined) {
    if (isLost)
      throw new BackupRefused(`${directory} remembers ${signed} records that were signed: it is not lost, and is not overwritten`);
    return false;
  }
  if (checkpoint === undefined) return false;
  if (!isLost)
    throw new BackupRefused(
      `${directory} remembers no checkpoint of this history, and one was signed: bring the signer's directory (PLENARY_SIGNER_DIR), or say that it is lost as well`,
    );
  await rebuildDirectory(directory, checkpoint, checkpointOf(checkpoint), entriesOf(store));
  return true;
}

async function* entriesOf(store: SqliteEventStore): AsyncGenerator<readonly string[]> {
  for await (const events of store.readLog()) yield events.map(leafEntryOf);
}
