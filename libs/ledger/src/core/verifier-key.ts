// C2SP signed-note: how an Ed25519 verifier key is written, and the key id that signatures name.
import { fromBase64, toBase64, toHex } from './base64.js';
import type { Sha256 } from './hashes.js';
import { Malformed } from './malformed.js';

/** The kinds of key that are known here: one signs notes, the other cosigns checkpoints with the time. */
export const KEY_TYPES = { note: 0x01, cosignature: 0x04 } as const;
export type KeyType = keyof typeof KEY_TYPES;

export interface VerifierKey {
  /** Schema-less URL. */
  name: string;
  /** 4 bytes in hex. */
  id: string;
  type: KeyType;
  /** 32 bytes. */
  publicKey: Uint8Array;
}

const NAME = /^[^\p{White_Space}\p{Cc}+]+$/u;

/** Whether a key may be called so: not empty, no spaces, no plus sign. */
export const isKeyName = (name: string): boolean => NAME.test(name) && name.isWellFormed();

/** First 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key), in hex. @param publicKey 32 bytes */
export function keyId(sha256: Sha256, name: string, publicKey: Uint8Array, type: KeyType = 'note'): string {
  const digest = sha256(new TextEncoder().encode(`${name}\n`), Uint8Array.of(KEY_TYPES[type]), publicKey);
  return toHex(digest.subarray(0, 4));
}

/** `<name>+<key id in hex>+<base64(type ‖ public key)>` */
export const verifierKey = (sha256: Sha256, name: string, publicKey: Uint8Array, type: KeyType = 'note'): string =>
  `${name}+${keyId(sha256, name, publicKey, type)}+${toBase64(Uint8Array.of(KEY_TYPES[type], ...publicKey))}`;

/** @throws Malformed where it is no verifier key of a known kind, or its id is not that of its name and bytes */
export function parseVerifierKey(sha256: Sha256, text: string): VerifierKey {
  // The base64 may hold plus signs, name and id may not.
  const [name, id] = text.split('+', 2);
  if (name === undefined || id === undefined || !isKeyName(name))
    throw new Malformed('is no verifier key: it is written <name>+<id>+<base64>');
  const bytes = fromBase64(text.slice(name.length + id.length + 2));
  const type = (Object.keys(KEY_TYPES) as KeyType[]).find((each) => KEY_TYPES[each] === bytes[0]);
  if (type === undefined || bytes.length !== 33) throw new Malformed('is no Ed25519 verifier key');
  const publicKey = bytes.subarray(1);
  if (id !== keyId(sha256, name, publicKey, type)) throw new Malformed('is mistyped: its id does not fit its name and key');
  return { name, id, type, publicKey };
}

/** Whoever signs with the one can sign with the other, whatever they are called. */
export const isSameKey = (a: VerifierKey, b: VerifierKey): boolean => a.publicKey.every((byte, at) => byte === b.publicKey[at]);

/** The same key and name in another use: the log's own key that cosigns. */
export const keyAs = (sha256: Sha256, { name, publicKey }: VerifierKey, type: KeyType): VerifierKey => ({
  name,
  publicKey,
  type,
  id: keyId(sha256, name, publicKey, type),
});
