// A log's signing key is replaced: a note that both keys signed says so, and record `signing-key-changed` keeps it.
import type { VerifySignature } from './cosignature.js';
import { noteVerifier } from './cosignature.js';
import type { Sha256 } from './hashes.js';
import { Malformed } from './malformed.js';
import { openNote } from './note.js';
import { parseVerifierKey, type VerifierKey } from './verifier-key.js';

const HEADER = 'plenary/key-change/v1';

export interface KeyChange {
  origin: string;
  /** Verifier keys as written. */
  from: string;
  to: string;
}

export const keyChangeText = ({ origin, from, to }: KeyChange): string => `${HEADER}\n${origin}\n${from}\n${to}\n`;

/** The change that a note states, where both its keys are of the origin's name and signed it. @throws Malformed where it is anything else */
export function openKeyChange(
  sha256: Sha256,
  verifySignature: VerifySignature,
  note: string,
): KeyChange & { keys: { from: VerifierKey; to: VerifierKey } } {
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const [header, origin, from, to, end, ...more] = text.split('\n');
  if (header !== HEADER || !origin || !from || !to || end !== '' || more.length > 0) throw new Malformed('is no note of a change of keys');
  const keys = { from: parseVerifierKey(sha256, from), to: parseVerifierKey(sha256, to) };
  for (const key of [keys.from, keys.to]) {
    if (key.name !== origin || key.type !== 'note') throw new Malformed('names a key that cannot sign for its origin');
    const opened = openNote(note, [noteVerifier(key, verifySignature)]);
    if ('refused' in opened) throw new Malformed('lacks the signature of one of its two keys');
  }
  return { origin, from, to, keys };
}
