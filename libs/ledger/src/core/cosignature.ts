// C2SP cosignature/v1 (type 0x04): a key says that it saw a checkpoint at a time. The log's own key does so too: a checkpoint holds no time.
import { fromDecimal } from './base64.js';
import type { NoteSignature, NoteVerifier } from './note.js';
import type { VerifierKey } from './verifier-key.js';

/** Ed25519 over `message`. Synchronous. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** What a cosigner signs. It begins with `cosignature/v1`, a checkpoint with its origin: one can never pass for the other. */
export const cosignedMessage = (text: string, timeSeconds: number): string => `cosignature/v1\ntime ${timeSeconds}\n${text}`;

/** u64be time ‖ 64 bytes. */
export function encodeCosignature(timeSeconds: number, signature: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES + SIGNATURE_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timeSeconds));
  bytes.set(signature, TIME_BYTES);
  return bytes;
}

/** When a cosigner saw the checkpoint, in seconds since 1970; undefined where the bytes are no cosignature. */
export function cosignatureTime(bytes: Uint8Array): number | undefined {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  return time <= BigInt(Number.MAX_SAFE_INTEGER) ? fromDecimal(time.toString()) : undefined;
}

/** Makes a key that somebody trusts check signatures of its kind. */
export function noteVerifier(key: VerifierKey, verifySignature: VerifySignature): NoteVerifier {
  const { name, id, type, publicKey } = key;
  if (type === 'note')
    return { name, id, verify: (text, signature) => signature.length === SIGNATURE_BYTES && verifySignature(publicKey, text, signature) };
  return {
    name,
    id,
    verify(text, signature) {
      const time = cosignatureTime(signature);
      if (time === undefined) return false;
      const message = new TextEncoder().encode(cosignedMessage(new TextDecoder().decode(text), time));
      return verifySignature(publicKey, message, signature.subarray(TIME_BYTES));
    },
  };
}

export const isBy =
  (key: Pick<VerifierKey, 'name' | 'id'>) =>
  (signature: NoteSignature): boolean =>
    signature.name === key.name && signature.id === key.id;
