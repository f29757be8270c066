// The signed tree of this log, read for those who verify: checkpoints, tiles, proofs, bundles.
import { consistencyProof, inclusionProof, parseCheckpoint, type TlogProof } from '#ledger/core';
import { nodeHashes, type EventStore } from '#event-store';
import { LEDGER_KEY, SignerDirectory } from '#ledger/writer';

export interface SignedTree {
  note: string;
  size: number;
}

export class Ledger {
  constructor(
    private readonly store: EventStore,
    private readonly signerDirectory: string,
  ) {}

  /** The newest signed checkpoint; undefined before the first. */
  async newest(): Promise<SignedTree | undefined> {
    const note = await this.store.bookkeeping.read(LEDGER_KEY);
    return note === undefined ? undefined : { note, size: sizeOf(note) };
  }

  /** A tile or entry bundle by its C2SP path. */
  async file(path: string): Promise<Buffer | undefined> {
    return (await SignerDirectory.open(this.signerDirectory))?.file(path);
  }

  /** That a record is in the tree of the checkpoint. @throws RangeError where it is beyond it */
  async prove(record: number, { note, size }: SignedTree): Promise<TlogProof> {
    const index = record - 1;
    if (index >= size) throw new RangeError(`record ${record} is not covered by a checkpoint yet: the newest covers ${size}`);
    const hashOf = await (await this.directory()).hashesFor(size, [index]);
    return { index, proof: inclusionProof(nodeHashes, hashOf, index, size), checkpoint: note };
  }

  /** That the tree of the checkpoint goes on from its first records. @throws RangeError */
  async proveConsistency(from: number, { size }: SignedTree): Promise<Uint8Array[]> {
    // The right edge of the smaller tree, and that of the larger one, which is always read.
    const hashOf = await (await this.directory()).hashesFor(size, from > 0 && from <= size ? [from - 1, Math.min(from, size - 1)] : []);
    return consistencyProof(nodeHashes, hashOf, from, size);
  }

  /** A level-0 tile as it was signed. */
  async tile(index: number, width: number): Promise<Uint8Array> {
    const rows = await (await this.directory()).readTile(0, index, width);
    return Buffer.concat(rows);
  }

  private async directory(): Promise<SignerDirectory> {
    const directory = await SignerDirectory.open(this.signerDirectory);
    if (!directory) throw new Error(`the signer's directory ${this.signerDirectory} is not there`);
    return directory;
  }
}

const sizeOf = (note: string): number => parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1)).size;

/** Whether a path names a tile, or entries, as C2SP tlog-tiles writes it. */
export const TILE_PATH = /^(entries|[0-5])(\/x\d{3})*\/\d{3}(\.p\/(25[0-5]|2[0-4]\d|1\d{2}|[1-9]\d?))?$/;
