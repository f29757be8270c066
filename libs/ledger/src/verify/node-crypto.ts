// What the core is given on Node: SHA-256 and Ed25519, both synchronous.
import { createPublicKey, hash, verify } from 'node:crypto';
import type { Sha256, VerifySignature } from '../core/index.js';

const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/** Copies the parts into one place first: a call for each part costs more than the copy. */
export const sha256: Sha256 = (...parts) => {
  let length = 0;
  for (const part of parts) length += part.length;
  if (length > scratch.length) return hashed(Buffer.concat(parts));
  let at = 0;
  for (const part of parts) {
    scratch.set(part, at);
    at += part.length;
  }
  return hashed(scratch.subarray(0, length));
};

/** By way of a string into Node's pool: a hash that is asked for as a buffer gets memory of its own, which costs half as much again, and as much once more when it is collected. */
const hashed = (bytes: Uint8Array): Uint8Array => Buffer.from(hash('sha256', bytes, 'binary'), 'latin1');

/** DER of an Ed25519 public key up to its 32 bytes (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export const verifySignature: VerifySignature = (publicKey, message, signature) => {
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
};
