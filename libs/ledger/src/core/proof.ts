// Verifies RFC 9162 proofs (sections 2.1.3.2 and 2.1.4.2): that a leaf is in a tree, and that a tree goes on from a smaller one.
import { equalBytes } from './base64.js';
import type { LedgerHashes } from './hashes.js';

export interface Inclusion {
  index: number;
  size: number;
  leaf: Uint8Array;
  root: Uint8Array;
  /** From the leaf's sibling up. */
  proof: readonly Uint8Array[];
}

/** Path of a leaf (or node) from the right edge of a tree upwards. Not by bits: sizes go beyond 2^31. */
class Climb {
  constructor(
    private node: number,
    private last: number,
  ) {}

  get atRoot(): boolean {
    return this.last === 0;
  }

  /** Whether the next hash of the proof stands to the left of this node. */
  get hasLeftSibling(): boolean {
    return this.node % 2 === 1 || this.node === this.last;
  }

  up(): void {
    this.node = Math.floor(this.node / 2);
    this.last = Math.floor(this.last / 2);
  }

  /** Over the levels at which this node, the last of its level, has no sibling. */
  skipLonely(): void {
    while (this.node % 2 === 0 && this.node !== 0) this.up();
  }

  /** Over the levels at which this node completes a pair. */
  skipPaired(): void {
    while (this.node % 2 === 1) this.up();
  }
}

export function verifyInclusion({ node }: Pick<LedgerHashes, 'node'>, { index, size, leaf, root, proof }: Inclusion): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !isHash(leaf)) return false;
  const climb = new Climb(index, size - 1);
  let hash = leaf;
  for (const sibling of proof) {
    if (climb.atRoot) return false;
    if (climb.hasLeftSibling) {
      hash = node(sibling, hash);
      climb.skipLonely();
    } else {
      hash = node(hash, sibling);
    }
    climb.up();
  }
  return climb.atRoot && equalBytes(hash, root);
}

export interface Consistency {
  from: { size: number; root: Uint8Array };
  to: { size: number; root: Uint8Array };
  proof: readonly Uint8Array[];
}

/** From size 0 nothing follows: that is an error, not a proof. */
export function verifyConsistency({ node }: Pick<LedgerHashes, 'node'>, { from, to, proof }: Consistency): boolean {
  if (!isCount(from.size) || !isCount(to.size) || from.size === 0 || from.size > to.size) return false;
  if (from.size === to.size) return proof.length === 0 && equalBytes(from.root, to.root);
  const climb = new Climb(from.size - 1, to.size - 1);
  climb.skipPaired();
  // Where the smaller tree is one complete subtree, the proof leaves its root out.
  const hashes = isPowerOfTwo(from.size) ? [from.root, ...proof] : [...proof];
  let [old] = hashes;
  if (old === undefined || proof.length === 0) return false;
  let grown = old;
  for (const sibling of hashes.slice(1)) {
    if (climb.atRoot) return false;
    if (climb.hasLeftSibling) {
      old = node(sibling, old);
      grown = node(sibling, grown);
      climb.skipLonely();
    } else {
      grown = node(grown, sibling);
    }
    climb.up();
  }
  return climb.atRoot && equalBytes(old, from.root) && equalBytes(grown, to.root);
}

const isHash = (bytes: Uint8Array): boolean => bytes.length === 32;
const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

export const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value)) && 2 ** Math.round(Math.log2(value)) === value;
