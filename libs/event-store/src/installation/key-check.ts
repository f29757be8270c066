// Whether the digest key is the one with which the history was written. No event shows it, so a note beside the log does.
import { createHmac } from 'node:crypto';
import { StoreUnavailable } from '../errors.js';
import type { EventStore } from '../port.js';
import { KeysUnusable, type InstallationKeys } from './keys.js';

/** Bookkeeping outside the numbered log. */
export const KEY_CHECK = 'plenary-key-check';

/** Of a fixed text under the digest key, so that it tells nothing else of it; sealed with the writer key, for this history alone. */
interface KeyCheck {
  digest: string;
  seal: string;
}

const hmac = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('hex');

function keyCheck({ writer, digest }: Pick<InstallationKeys, 'writer' | 'digest'>, firstLeaf: string): KeyCheck {
  const check = hmac(digest, 'plenary/key-check/v1');
  return { digest: check, seal: sealOf(writer, check, firstLeaf) };
}

const sealOf = (writer: Buffer, check: string, firstLeaf: string): string => hmac(writer, `plenary/key-check/v1\n${firstLeaf}\n${check}`);

/**
 * Compares the digest key with the note; the first start that finds none writes it, where the store can be written.
 * @param firstLeaf of record 1: a note of another history does not count
 * @throws KeysUnusable
 */
export async function assertDigestKey(
  store: EventStore,
  keys: Pick<InstallationKeys, 'writer' | 'digest'>,
  firstLeaf: string,
  directory: string,
): Promise<void> {
  const noted = await store.bookkeeping.read(KEY_CHECK);
  if (noted === undefined) return note(store, keyCheck(keys, firstLeaf));
  const { digest, seal } = readNote(noted);
  if (seal !== sealOf(keys.writer, digest, firstLeaf)) {
    throw new KeysUnusable(
      `the note ${KEY_CHECK} in the store, which tells the digest key of this history, was not sealed with the writer key in ${directory}: it was changed, or is another installation's`,
    );
  }
  if (digest === keyCheck(keys, firstLeaf).digest) return;
  throw new KeysUnusable(
    `digest.key in ${directory} is not the one with which this history was written: repeated commands would take effect twice. Bring the digest.key of this installation`,
  );
}

function readNote(noted: string): Partial<KeyCheck> & { digest: string } {
  try {
    const { digest, seal } = JSON.parse(noted) as Partial<Record<keyof KeyCheck, unknown>>;
    return { digest: String(digest), seal: String(seal) };
  } catch {
    return { digest: '', seal: '' };
  }
}

async function note(store: EventStore, check: KeyCheck): Promise<void> {
  try {
    await store.bookkeeping.write(KEY_CHECK, JSON.stringify(check));
  } catch (error) {
    // Only read here, or full: the next start that can write notes it.
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}
