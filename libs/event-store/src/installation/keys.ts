// The installation's keys: made once, by the start that finds an empty log and no keys; never in the data, never in backups.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory, sync } from '#durable';

export class InstallationKeys {
  constructor(
    /** Puts the writer's seal on every leaf. 32 bytes. */
    readonly writer: Buffer,
    /** Maps what must stay opaque: ids from idempotency keys and facts, digests of bodies. 32 bytes. */
    readonly digest: Buffer,
    /** Signs checkpoints; only the signer has it. */
    public signing: KeyObject | undefined,
  ) {}
}

const FILES = { writer: 'writer.key', digest: 'digest.key', signing: 'signing.key' } as const;
/** Between its making and the record of the change. */
const NEXT = 'signing.key.next';
const KEY_BYTES = 32;

/** The keys cannot be used; the message says which file and what to do. */
export class KeysUnusable extends Error {}

/** What of the keys lies in the directory. @throws KeysUnusable where a file is there and no key */
export function readKeys(directory: string): Partial<InstallationKeys> {
  const writer = readSecret(directory, FILES.writer);
  const digest = readSecret(directory, FILES.digest);
  const signing = readSigningKey(directory, FILES.signing);
  return { ...(writer && { writer }), ...(digest && { digest }), ...(signing && { signing }) };
}

/** Makes all three, mode 0600: they and their names are on the disk before anything is recorded that cannot be proven without them. */
export async function makeKeys(directory: string): Promise<InstallationKeys> {
  await makeDirectory(directory, 0o700);
  const keys = new InstallationKeys(randomBytes(KEY_BYTES), randomBytes(KEY_BYTES), generateKeyPairSync('ed25519').privateKey);
  writeSecret(directory, FILES.writer, `${keys.writer.toString('hex')}\n`);
  writeSecret(directory, FILES.digest, `${keys.digest.toString('hex')}\n`);
  writeSecret(directory, FILES.signing, keys.signing!.export({ type: 'pkcs8', format: 'pem' }) as string);
  await sync(directory);
  return keys;
}

/**
 * The key that is to replace the signing key: the one that lies there where an earlier change was cut short, else a new one. It is on the
 * disk, under a name of its own, before anybody hears of it.
 */
export async function nextSigningKey(directory: string): Promise<KeyObject> {
  const found = readSigningKey(directory, NEXT);
  if (found) return found;
  const { privateKey } = generateKeyPairSync('ed25519');
  writeSecret(directory, NEXT, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  await sync(directory);
  return privateKey;
}

/**
 * Finishes or discards a change of keys that was cut short, by what the record says.
 * @param isInForce whether a key is the one that the record names last
 * @returns the signing key as it lies there now
 */
export async function settleSigningKey(directory: string, isInForce: (key: KeyObject) => boolean): Promise<KeyObject | undefined> {
  const next = readSigningKey(directory, NEXT);
  if (next) {
    // The rename is all or nothing, and the old key goes with it.
    if (isInForce(next)) renameSync(join(directory, NEXT), join(directory, FILES.signing));
    else rmSync(join(directory, NEXT));
    await sync(directory);
  }
  return readSigningKey(directory, FILES.signing);
}

/** The 32 raw bytes of an Ed25519 public key. */
export const rawPublicKey = (signing: KeyObject): Buffer =>
  // SPKI of Ed25519 is a fixed prefix of 12 bytes, then the key.
  createPublicKey(signing).export({ type: 'spki', format: 'der' }).subarray(12);

export function writeSecret(directory: string, file: string, content: string): void {
  const path = join(directory, file);
  writeFileSync(path, content, { mode: 0o600, flag: 'wx', flush: true });
  chmodSync(path, 0o600);
}

function readSecret(directory: string, file: string): Buffer | undefined {
  const path = join(directory, file);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new KeysUnusable(`${path} does not hold 32 bytes in hex`);
  return Buffer.from(text, 'hex');
}

function readSigningKey(directory: string, file: string): KeyObject | undefined {
  const path = join(directory, file);
  if (!existsSync(path)) return undefined;
  try {
    return createPrivateKey(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new KeysUnusable(`${path} does not hold a private key in PEM`, { cause: error });
  }
}
