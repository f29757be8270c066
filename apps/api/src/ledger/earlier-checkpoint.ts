// A checkpoint of this log that was signed earlier, as it comes back with the cosignatures of witnesses: a bundle is made at it, and keeps them.
import { nodeHashes } from '#event-store';
import { Malformed, parseCheckpoint, parseNote, verifyConsistency, type Checkpoint } from '#ledger/core';
import { checkpointSignedBy } from '#ledger/verify';
import type { SignedTree } from './checkpoint-watch.js';
import type { Ledger } from './ledger.js';

/** The note is no checkpoint of this log. The message is the end of a sentence about it. */
export class ForeignCheckpoint extends Error {}

export interface OwnLog {
  origin: string;
  /** Verifier keys that the record names. */
  keys: readonly string[];
  ledger: Pick<Ledger, 'proveConsistency'>;
  newest: SignedTree;
}

/**
 * The tree that it signs. All lines of the note are kept: whose they are that nobody knows here, who verifies the bundle can tell.
 * @throws ForeignCheckpoint; RangeError where it is beyond the newest; TreeDiffers
 */
export async function earlierCheckpoint(note: string, { origin, keys, ledger, newest }: OwnLog): Promise<SignedTree> {
  const { origin: named, size, root } = read(note);
  if (named !== origin) throw new ForeignCheckpoint(`is of the log ${JSON.stringify(named)}, and this one is ${JSON.stringify(origin)}`);
  if (!checkpointSignedBy(note, keys))
    throw new ForeignCheckpoint('is signed by no key that this record names, or not all lines in their name are theirs');
  if (size > newest.size)
    throw new RangeError(`the checkpoint that was given covers ${size} records, and the newest of this log ${newest.size}`);
  const proof = await ledger.proveConsistency(size, newest);
  if (!verifyConsistency(nodeHashes, { from: { size, root }, to: newest, proof })) {
    throw new ForeignCheckpoint(
      `is of another tree: the first ${size} records of this log have another root than the one that is signed in it`,
    );
  }
  return { note, size, root };
}

function read(note: string): Checkpoint {
  try {
    return parseCheckpoint(parseNote(note).text);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new ForeignCheckpoint(error.message);
  }
}
