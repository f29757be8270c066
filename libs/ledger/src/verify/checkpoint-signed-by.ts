// A checkpoint of a log, taken from wherever it was published: worth something once a key of that log signed it.
import { isBy, Malformed, noteVerifier, openNote, parseCheckpoint, parseVerifierKey, type Checkpoint } from '../core/index.js';
import { sha256, verifySignature } from './node-crypto.js';

/** The checkpoint, where one of the keys signed it and names its origin; undefined where none did, or it is none. */
export function checkpointSignedBy(note: string, verifierKeys: readonly string[]): Checkpoint | undefined {
  try {
    const keys = verifierKeys.map((key) => parseVerifierKey(sha256, key));
    const opened = openNote(note, keys.map((key) => noteVerifier(key, verifySignature)));
    if ('refused' in opened) return undefined;
    const checkpoint = parseCheckpoint(opened.text);
    return keys.some((key) => key.name === checkpoint.origin && opened.verified.some(isBy(key))) ? checkpoint : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}
