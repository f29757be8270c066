// A private key under a name: signs notes, and cosigns checkpoints with the time. The two messages can never be confused.
import { createPublicKey, sign, type KeyObject } from 'node:crypto';
import {
  cosignedMessage,
  encodeCosignature,
  keyAs,
  keyChangeText,
  formatNote,
  parseVerifierKey,
  verifierKey,
  type NoteSignature,
  type VerifierKey,
} from '../core/index.js';
import { sha256 } from '../verify/node-crypto.js';

export class LogKey {
  /** As it signs notes, and as it cosigns. */
  readonly key: VerifierKey;
  readonly cosigner: VerifierKey;

  /** @param name schema-less URL: for a log its origin */
  constructor(
    name: string,
    private readonly privateKey: KeyObject,
  ) {
    // SPKI of Ed25519 is a fixed prefix of 12 bytes, then the key.
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(12);
    this.key = parseVerifierKey(sha256, verifierKey(sha256, name, publicKey));
    this.cosigner = keyAs(sha256, this.key, 'cosignature');
  }

  /** As it is written, for whoever is to trust it. */
  get verifierKey(): string {
    return verifierKey(sha256, this.key.name, this.key.publicKey);
  }

  /** The same, for whoever is to trust it as a witness. */
  get cosignerKey(): string {
    return verifierKey(sha256, this.key.name, this.key.publicKey, 'cosignature');
  }

  sign(text: string): NoteSignature {
    return { name: this.key.name, id: this.key.id, signature: this.ed25519(text) };
  }

  cosign(text: string, timeSeconds: number): NoteSignature {
    const signature = this.ed25519(cosignedMessage(text, timeSeconds));
    return { name: this.key.name, id: this.cosigner.id, signature: encodeCosignature(timeSeconds, signature) };
  }

  private ed25519(message: string): Uint8Array {
    return sign(null, Buffer.from(message), this.privateKey);
  }
}

/** What `signing-key-changed` records: the new key under the same origin, and a note that both signed. */
export function changeKey(from: LogKey, to: LogKey): { from: string; to: string; note: string } {
  const origin = from.key.name;
  if (to.key.name !== origin) throw new TypeError(`a key of ${to.key.name} cannot sign for ${origin}`);
  const change = { from: from.verifierKey, to: to.verifierKey };
  const text = keyChangeText({ origin, ...change });
  return { ...change, note: formatNote({ text, signatures: [from.sign(text), to.sign(text)] }) };
}
