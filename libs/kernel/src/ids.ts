// Ids are opaque: UUIDs drawn at random, or derived from a keyed hash so that a retry arrives at the same ones.
import { createHmac, hash, randomUUID } from 'node:crypto';
import { canonicalJson } from './json.js';

export type Uuid = string & { readonly uuid: unique symbol };

/** Lower case only: an id is compared as text, and hashed as text. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const isUuid = (text: unknown): text is Uuid => typeof text === 'string' && UUID.test(text);
export const randomId = (): Uuid => randomUUID() as Uuid;

/** UUIDv8 (RFC 9562) of the first 16 bytes of a hash in lower-case hex: its version and variant bits are set, the other 122 bits are the hash's. */
export function uuidV8(hex: string): Uuid {
  const variant = ((parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Uuid;
}

/** An id derived from one that is already opaque (a command's, an event's) and from the purpose that it serves there. */
export const derivedId = (origin: string, purpose: string): Uuid =>
  uuidV8(hash('sha256', `plenary/derived/v1\0${origin}\0${purpose}`, 'hex'));

/** An id derived from facts that may be guessed: keyed, so that nobody without the installation's digest key can try guesses. */
export const keyedId = (digestKey: Buffer, facts: unknown): Uuid =>
  uuidV8(createHmac('sha256', digestKey).update(canonicalJson(facts)).digest('hex'));

/** Hex HMAC-SHA256 of a request's body: tells a repeated command from another one under the same key. */
export const bodyDigest = (digestKey: Buffer, body: unknown): string =>
  createHmac('sha256', digestKey).update(canonicalJson(body)).digest('hex');
