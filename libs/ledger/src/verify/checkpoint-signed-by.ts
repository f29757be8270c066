// A checkpoint of a log, taken from wherever it was published: worth something once a key of that log signed it.
import { isBy, keyAs, Malformed, noteVerifier, openNote, parseCheckpoint, parseVerifierKey, type Checkpoint } from '../core/index.js';
import { sha256, verifySignature } from './node-crypto.js';

/** The checkpoint, where one of the keys signed it and names its origin; undefined where none did, a line in the name of one is not its own, or it is none. */
export function checkpointSignedBy(note: string, verifierKeys: readonly string[]): Checkpoint | undefined {
  try {
    const keys = verifierKeys.map((key) => parseVerifierKey(sha256, key));
    // The signer puts two lines below each, both by its key.
    const lines = keys.flatMap((key) => [key, keyAs(sha256, key, 'cosignature')]);
    const opened = openNote(
      note,
      lines.map((key) => noteVerifier(key, verifySignature)),
    );
    if ('refused' in opened) return undefined;
    const checkpoint = parseCheckpoint(opened.text);
    return keys.some((key) => key.name === checkpoint.origin && opened.verified.some(isBy(key))) ? checkpoint : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}
