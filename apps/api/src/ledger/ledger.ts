// The signed tree of this log, read for those who verify: checkpoints, tiles, proofs, bundles. What it proves it has verified itself.
import {
  consistencyProof,
  inclusionProof,
  parseCheckpoint,
  peaksOf,
  TreeEdge,
  verifyConsistency,
  verifyInclusion,
  type HashOf,
  type TlogProof,
} from '#ledger/core';
import { nodeHashes, type EventStore } from '#event-store';
import { LEDGER_KEY } from '#ledger/writer';
import type { SignedTree } from './checkpoint-watch.js';
import { DirectoryTiles, type SignedTiles } from './signed-tiles.js';

export interface LedgerParts {
  bookkeeping: Pick<EventStore['bookkeeping'], 'read'>;
  signerDirectory: string;
  /** Where the signer's directory is not at hand, or does not hold what is asked for. */
  otherTiles: readonly SignedTiles[];
  /** The newest checkpoint that this node compared with its own tree. */
  compared?: () => Promise<SignedTree | undefined>;
}

/** Neither the signer's tiles nor the register lead to the root that was signed. */
export class TreeDiffers extends Error {}

export class Ledger {
  private directory: DirectoryTiles | undefined;

  constructor(private readonly parts: LedgerParts) {}

  /** The newest signed checkpoint; undefined before the first. */
  async newest(): Promise<SignedTree | undefined> {
    const { bookkeeping, compared } = this.parts;
    // The signer compared the whole log with its own directory before it signed.
    const own = this.signersTiles()?.checkpoint();
    if (own !== undefined && own === (await bookkeeping.read(LEDGER_KEY).catch(() => own))) return treeOf(own);
    if (compared) return compared();
    const note = await bookkeeping.read(LEDGER_KEY);
    return note === undefined ? undefined : treeOf(note);
  }

  /** A tile or entry bundle by its C2SP path. */
  async file(path: string, { size }: SignedTree): Promise<Buffer | undefined> {
    for (const tiles of this.sources()) {
      const found = await tiles.file(path, size);
      if (found) return found;
    }
    return undefined;
  }

  /** That a record is in the tree of the checkpoint. @throws RangeError where it is beyond it; TreeDiffers */
  async prove(record: number, { note, size, root }: SignedTree): Promise<TlogProof> {
    const index = record - 1;
    if (index >= size) throw new RangeError(`record ${record} is not covered by a checkpoint yet: the newest covers ${size}`);
    const proof = await this.proven(size, [index], (hashOf) => {
      const hashes = inclusionProof(nodeHashes, hashOf, index, size);
      return verifyInclusion(nodeHashes, { index, size, leaf: hashOf(0, index), root, proof: hashes }) ? hashes : undefined;
    });
    return { index, proof, checkpoint: note };
  }

  /** That the tree of the checkpoint goes on from its first records. @throws RangeError, TreeDiffers */
  async proveConsistency(from: number, { size, root }: SignedTree): Promise<Uint8Array[]> {
    // The right edge of the smaller tree, and that of the larger one, which is always read.
    const edge = from > 0 && from <= size ? [from - 1, Math.min(from, size - 1)] : [];
    return this.proven(size, edge, (hashOf) => {
      const proof = consistencyProof(nodeHashes, hashOf, from, size);
      const smaller = { size: from, root: rootOf(hashOf, from) };
      return verifyConsistency(nodeHashes, { from: smaller, to: { size, root }, proof }) ? proof : undefined;
    });
  }

  /** A level-0 tile as it was signed. */
  async tile(index: number, width: number): Promise<Uint8Array> {
    let failed: unknown;
    for (const tiles of this.sources()) {
      try {
        return await tiles.tile(index, width);
      } catch (error) {
        failed ??= error;
      }
    }
    throw failed;
  }

  /** From the first source whose hashes lead to the root; read anew where what was kept of it does not. */
  private async proven<Proof>(size: number, indexes: readonly number[], prove: (hashOf: HashOf) => Proof | undefined): Promise<Proof> {
    const why: string[] = [];
    for (const tiles of this.sources()) {
      for (const again of [false, true]) {
        if (again) tiles.forget();
        try {
          const proof = prove(await tiles.hashesFor(size, indexes));
          if (proof !== undefined) return proof;
        } catch (error) {
          if (error instanceof RangeError) throw error;
          why.push((error as Error).message);
        }
      }
    }
    throw new TreeDiffers(`no tiles lead to the root of the checkpoint of ${size} records${why[0] === undefined ? '' : `: ${why[0]}`}`);
  }

  private sources(): SignedTiles[] {
    const own = this.signersTiles();
    return [...(own ? [own] : []), ...this.parts.otherTiles];
  }

  /** Kept as long as it is there: with it the tiles that were asked for. */
  private signersTiles(): DirectoryTiles | undefined {
    const found = DirectoryTiles.find(this.parts.signerDirectory);
    return (this.directory = found && (this.directory ?? found));
  }
}

const rootOf = (hashOf: HashOf, size: number): Uint8Array =>
  new TreeEdge(
    nodeHashes,
    size,
    peaksOf(size).map(({ level, index }) => hashOf(level, index)),
  ).root();

function treeOf(note: string): SignedTree {
  const { size, root } = parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));
  return { note, size, root };
}

/** Whether a path names a tile, or entries, as C2SP tlog-tiles writes it. */
export const TILE_PATH = /^(entries|[0-5])(\/x\d{3})*\/\d{3}(\.p\/(25[0-5]|2[0-4]\d|1\d{2}|[1-9]\d?))?$/;
