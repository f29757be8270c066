// Takes a backup of the log, while a server writes it or not: the copy, synced, then read from end to end, then the manifest.
import { existsSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { makeDirectory, sync } from '#durable';
import { copyLog, LOG_FILE, readKeys, SqliteEventStore } from '#event-store';
import { faultOf } from '#sqlite';
import type { Configuration } from '../configuration.js';
import { VERSION } from '../version.js';
import { sha256OfFile } from './backup-files.js';
import { asRefusal, BackupRefused } from './backup-refused.js';
import { checkLog, type CheckedLog } from './log-check.js';
import { MANIFEST_DRAFT, readManifest, writeManifest, type Manifest } from './manifest.js';

/**
 * @param to made where it is not there; must be empty
 * @throws BackupRefused, StoreNotOpened; nothing is left in the target then
 */
export async function takeBackup(
  { data, keys, eventStore }: Pick<Configuration, 'data' | 'keys' | 'eventStore'>,
  to: string,
  nowMs: number,
): Promise<Manifest> {
  if (eventStore !== undefined)
    throw new BackupRefused(
      'the log lies in a database: take its backup by the means of the database, or everything that is signed as a bundle with plenary export --url',
    );
  const target = resolve(to);
  assertApart(target, data);
  const { writer } = readKeys(keys);
  try {
    await makeDirectory(target);
    assertEmpty(target);
    await copy(data, target);
    const checked = await checkCopy(target, writer);
    const file = join(target, LOG_FILE);
    const { origin, size, root, last, checkpoint } = checked;
    await writeManifest(target, {
      plenary: VERSION,
      takenAt: new Date(nowMs).toISOString(),
      origin,
      size,
      root,
      last,
      ...(checkpoint !== undefined && { checkpoint }),
      bytes: statSync(file).size,
      sha256: await sha256OfFile(file),
    });
    return readManifest(target);
  } catch (error) {
    throw asRefusal(error, target);
  }
}

/** A copy that lies with the data is lost with the data, and one in the middle of it would be taken for some. */
function assertApart(target: string, data: string): void {
  const [copy, original] = [realPath(target), realPath(data)];
  if (copy === original || copy.startsWith(`${original}/`))
    throw new BackupRefused(`${target} lies in the data directory: name a place on another disk`);
}

/** Where the path leads, as far as it is there. */
function realPath(path: string): string {
  const whole = resolve(path);
  let there = whole;
  while (!existsSync(there)) there = dirname(there);
  return resolve(realpathSync(there), relative(there, whole));
}

/** What a backup holds that was cut off before its manifest had its name: it leaves both, and is the only one to leave them alone. */
const CUT_OFF = [LOG_FILE, MANIFEST_DRAFT];

/** What was cut off is not cleared away: it may be the last copy that there is, and a backup that is just being taken looks the same. */
function assertEmpty(target: string): void {
  const names = readdirSync(target);
  if (names.length === 0) return;
  if (names.length === CUT_OFF.length && CUT_OFF.every((name) => names.includes(name)))
    throw new BackupRefused(
      `${target} holds a backup that was cut off before its manifest had its name, and nothing else. Make sure that no other plenary backup writes there, remove ${CUT_OFF.join(' and ')} in it, and take it again; or name another directory. Nothing was changed`,
    );
  throw new BackupRefused(`${target} is not empty: a backup is made in a directory of its own`);
}

async function copy(data: string, target: string): Promise<void> {
  const file = join(target, LOG_FILE);
  try {
    copyLog(data, file);
    await sync(file);
    await sync(target);
  } catch (error) {
    discard(target);
    const fault = faultOf(error);
    if (fault === 'full') throw new BackupRefused(`${target} cannot be written: the disk is full. Nothing is left there`, { cause: error });
    if (fault === 'cannot-open' || fault === 'read-only')
      throw new BackupRefused(`${target} cannot be written: there is no permission`, { cause: error });
    throw error;
  }
}

async function checkCopy(target: string, writerKey: Buffer | undefined): Promise<CheckedLog> {
  try {
    const store = await SqliteEventStore.open({ directory: target, mode: 'reader' });
    try {
      const checked = await checkLog(store, writerKey);
      if (checked.unremoved > 0)
        throw new BackupRefused('a removal by law is being carried out: take the backup once health shows that nothing of it is left');
      return checked;
    } finally {
      await store.close();
    }
  } catch (error) {
    discard(target);
    if (error instanceof BackupRefused) throw new BackupRefused(`nothing is left of the backup: ${error.message}`);
    throw error;
  }
}

function discard(target: string): void {
  for (const name of [LOG_FILE, `${LOG_FILE}-journal`, MANIFEST_DRAFT]) rmSync(join(target, name), { force: true });
}
