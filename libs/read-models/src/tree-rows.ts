// The Merkle tree beside the read models: leaves lie in `log`, of the inner nodes only each eighth level, the rest is recomputed.
import { nodeHashes } from '#event-store';
import { peaksOf, TreeEdge, type TreeNode } from '#ledger/core';
import type { Database, Statement } from '#sqlite';

export const PERSISTED_LEVELS = 8;

export class TreeRows {
  private readonly insert: Statement<unknown>;
  private edge: TreeEdge;

  constructor(private readonly database: Database) {
    this.insert = database.prepare('INSERT INTO tree (level, idx, hash) VALUES (?, ?, ?)');
    this.edge = this.restored(0);
  }

  append(leaf: Uint8Array): void {
    this.edge.append(leaf, (node) => {
      if (node.level % PERSISTED_LEVELS === 0) this.insert.run(node.level, node.index, node.hash);
    });
  }

  get size(): number {
    return this.edge.size;
  }

  root(): Uint8Array {
    return this.edge.root();
  }

  /** Takes up the tree of the first `size` records, from what the file holds. */
  restore(size: number): void {
    this.edge = this.restored(size);
  }

  /** Forgets the nodes that cover records beyond `size`. */
  cutBackTo(size: number): void {
    this.database.prepare('DELETE FROM tree WHERE (idx + 1) * (1 << level) > ?').run(size);
    this.restore(size);
  }

  private restored(size: number): TreeEdge {
    return new TreeEdge(
      nodeHashes,
      size,
      peaksOf(size).map((peak) => subtree(this.database, peak)),
    );
  }
}

/** Root of a complete subtree, from the nearest persisted level below it, or from the leaves. */
function subtree(database: Database, { level, index }: Omit<TreeNode, 'hash'>): Uint8Array {
  const base = level - (level % PERSISTED_LEVELS);
  const width = 2 ** (level - base);
  const from = index * width;
  const hashes = hashesAt(database, base, from, width);
  if (hashes.length !== width) throw new Error(`the tree of the read models lacks nodes of level ${base} from ${from} on`);
  const edge = new TreeEdge(nodeHashes);
  for (const hash of hashes) edge.append(hash);
  return edge.root();
}

/** The root of the tree of the first `size` records, from a file of read models. */
export function rootAt(database: Database, size: number): Uint8Array {
  return new TreeEdge(
    nodeHashes,
    size,
    peaksOf(size).map((peak) => subtree(database, peak)),
  ).root();
}

/** Consecutive nodes of a level that is kept; fewer where so many are not projected. */
export function hashesAt(database: Database, level: number, from: number, count: number): Uint8Array[] {
  const rows =
    level === 0
      ? database
          .prepareArrays<[Uint8Array]>('SELECT leaf FROM log WHERE record > ? AND record <= ? ORDER BY record')
          .all(from, from + count)
      : database
          .prepareArrays<[Uint8Array]>('SELECT hash FROM tree WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx')
          .all(level, from, from + count);
  return rows.map(([hash]) => hash);
}
