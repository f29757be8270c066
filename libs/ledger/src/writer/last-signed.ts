// The checkpoint that was signed last, read back from a note.
import {
  cosignatureTime,
  equalBytes,
  isBy,
  keyAs,
  noteVerifier,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  type Checkpoint,
  type NoteVerifier,
} from '../core/index.js';
import { sha256, verifySignature } from '../verify/node-crypto.js';
import type { LogKey } from './log-key.js';
import { SignerRefused } from './signer-refused.js';

export interface Signed extends Checkpoint {
  note: string;
  timeSeconds: number;
}

/** @throws SignerRefused where no key of the log signed it */
export function readSigned(note: string, { key, formerKeys = [] }: { key: LogKey; formerKeys?: readonly string[] }): Signed {
  const keys = [key.key, ...formerKeys.map((text) => parseVerifierKey(sha256, text))];
  const cosigners = keys.map((each) => keyAs(sha256, each, 'cosignature'));
  const known: NoteVerifier[] = [...keys, ...cosigners].map((each) => noteVerifier(each, verifySignature));
  const opened = openNote(note, known);
  if ('refused' in opened || !opened.verified.some((signature) => keys.some((each) => isBy(each)(signature)))) {
    throw new SignerRefused('directory-damaged', 'the last checkpoint is not signed by the key of this log');
  }
  const cosigned = opened.verified.find((signature) => cosigners.some((each) => isBy(each)(signature)));
  return { ...parseCheckpoint(opened.text), note, timeSeconds: cosigned ? cosignatureTime(cosigned.signature)! : 0 };
}

/** @throws SignerRefused where an older copy of the directory was put back */
export function assertNotBehind(signed: Signed, published: Signed): void {
  if (published.size < signed.size || (published.size === signed.size && equalBytes(published.root, signed.root))) return;
  throw new SignerRefused(
    'diverged',
    `a checkpoint of ${published.size} records was published, and the signer's directory remembers ${signed.size}, or other ones: an older copy of it was put back`,
  );
}
