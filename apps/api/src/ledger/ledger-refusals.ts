// What the ledger refuses over HTTP.
import { runnerRefusals } from '#event-store';
import { httpRefusals, RefusalException, type ReadRequest } from '#http';
import { refusals } from '#kernel';
import type { SignedTree } from './checkpoint-watch.js';
import { ForeignCheckpoint } from './earlier-checkpoint.js';
import { TreeDiffers, type Ledger } from './ledger.js';
import { StoreDiffers } from './signed-tiles.js';

export const ledgerRefusals = refusals({
  'no-checkpoint': {
    status: 404,
    title: 'No checkpoint is signed yet',
    rule: 'A signed checkpoint follows every record within 60 seconds, where the installation has its signing key.',
  },
  'not-covered': {
    status: 422,
    title: 'No checkpoint covers that yet',
    rule: 'Proofs are made against the newest signed checkpoint: ask for what it covers.',
  },
  'foreign-checkpoint': {
    status: 422,
    title: 'That is no checkpoint of this log',
    rule: 'A bundle is made at a checkpoint that a key of this record signed, over the first records of this very log.',
  },
});

/** @throws RefusalException where none is signed yet */
export async function newestTree(ledger: Ledger): Promise<SignedTree> {
  const tree = await ledger.newest();
  if (!tree) throw new RefusalException(ledgerRefusals['no-checkpoint']('Ask again in a few seconds.'));
  return tree;
}

/** @throws RefusalException for everybody else */
export function auditorOnly({ reader }: ReadRequest): void {
  if (reader.role !== 'auditor')
    throw new RefusalException(runnerRefusals['not-your-role'](`This takes the role auditor; this token has ${reader.role}.`));
}

/** A proof of what lies beyond the checkpoint is refused, and said so; also one that nothing here leads to. */
export async function covered<Proof>(prove: () => Promise<Proof>): Promise<Proof> {
  try {
    return await prove();
  } catch (error) {
    if (error instanceof RangeError) throw new RefusalException(ledgerRefusals['not-covered'](`${error.message}.`));
    if (error instanceof ForeignCheckpoint)
      throw new RefusalException(ledgerRefusals['foreign-checkpoint'](`The checkpoint that was given ${error.message}.`));
    if (error instanceof TreeDiffers || error instanceof StoreDiffers)
      throw new RefusalException(httpRefusals['record-diverged'](`${error.message}.`));
    throw error;
  }
}
