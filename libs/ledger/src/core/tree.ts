// The growing edge of an RFC 6962 Merkle tree: enough to append leaves and to tell the root, never the whole tree.
import type { LedgerHashes } from './hashes.js';

/** A complete subtree: `level` 0 is a leaf; it covers the leaves from `index << level` on. */
export interface TreeNode {
  level: number;
  index: number;
  hash: Uint8Array;
}

export class TreeEdge {
  /** Roots of the complete subtrees, largest first: one for each bit that is set in the size. */
  private readonly peaks: Uint8Array[];
  private count: number;

  /** @param peaks roots of the complete subtrees of a tree of `size` leaves, largest first */
  constructor(
    private readonly hashes: LedgerHashes,
    size = 0,
    peaks: readonly Uint8Array[] = [],
  ) {
    if (peaks.length !== popcount(size)) throw new RangeError(`a tree of ${size} leaves has ${popcount(size)} peaks, not ${peaks.length}`);
    this.count = size;
    this.peaks = [...peaks];
  }

  get size(): number {
    return this.count;
  }

  /** Another edge over the same leaves, which grows apart from this one. */
  copy(): TreeEdge {
    return new TreeEdge(this.hashes, this.count, this.peaks);
  }

  /** Appends a leaf hash and reports every subtree above it that it completes, lowest first. */
  append(leaf: Uint8Array, completed?: (node: TreeNode) => void): void {
    let hash = leaf;
    let index = this.count;
    let level = 0;
    // Each trailing one bit of the size is a peak of that level, which the new node completes to a pair.
    while (index % 2 === 1) {
      hash = this.hashes.node(this.peaks.pop()!, hash);
      index = (index - 1) / 2;
      level += 1;
      completed?.({ level, index, hash });
    }
    this.peaks.push(hash);
    this.count += 1;
  }

  root(): Uint8Array {
    if (this.peaks.length === 0) return this.hashes.empty();
    let root = this.peaks[this.peaks.length - 1]!;
    for (let at = this.peaks.length - 2; at >= 0; at--) root = this.hashes.node(this.peaks[at]!, root);
    return root;
  }
}

/** The complete subtrees, largest first, that a tree of `size` leaves consists of. */
export function peaksOf(size: number): { level: number; index: number }[] {
  const peaks: { level: number; index: number }[] = [];
  let covered = 0;
  for (let level = 52; level >= 0; level--) {
    const width = 2 ** level;
    if (Math.floor(size / width) % 2 === 1) {
      peaks.push({ level, index: covered / width });
      covered += width;
    }
  }
  return peaks;
}

function popcount(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
