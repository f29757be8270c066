// Builds RFC 9162 proofs from the hashes of complete subtrees, wherever these are kept.
import type { LedgerHashes } from './hashes.js';
import { isPowerOfTwo } from './proof.js';

/** The root of the complete subtree that covers the leaves from `index << level` on. Level 0 is the leaves. */
export type HashOf = (level: number, index: number) => Uint8Array;

/** From the leaf's sibling up. @throws RangeError where the tree has no such leaf */
export function inclusionProof(hashes: Pick<LedgerHashes, 'node'>, hashOf: HashOf, index: number, size: number): Uint8Array[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`);
  const proof: Uint8Array[] = [];
  // Downwards from the root, so the nearest sibling comes last.
  for (let [begin, end] = [0, size]; end - begin > 1;) {
    const middle = begin + splitOf(end - begin);
    const isLeft = index < middle;
    proof.push(isLeft ? rangeRoot(hashes, hashOf, middle, end) : rangeRoot(hashes, hashOf, begin, middle));
    if (isLeft) end = middle;
    else begin = middle;
  }
  return proof.reverse();
}

/** That the tree of `size` leaves goes on from its first `from`. @throws RangeError where `from` is 0 or beyond the tree */
export function consistencyProof(hashes: Pick<LedgerHashes, 'node'>, hashOf: HashOf, from: number, size: number): Uint8Array[] {
  if (!Number.isSafeInteger(from) || from < 1 || from > size)
    throw new RangeError(`nothing proves that a tree of ${size} leaves goes on from one of ${from}`);
  const proof: Uint8Array[] = [];
  let [begin, end] = [0, size];
  while (end > from) {
    const middle = begin + splitOf(end - begin);
    if (from <= middle) {
      proof.push(rangeRoot(hashes, hashOf, middle, end));
      end = middle;
    } else {
      proof.push(rangeRoot(hashes, hashOf, begin, middle));
      begin = middle;
    }
  }
  // The verifier has the root of the smaller tree itself.
  if (begin > 0) proof.push(rangeRoot(hashes, hashOf, begin, end));
  return proof.reverse();
}

/** Root over the leaves from `begin` to before `end`, where `begin` is where a subtree of that size may begin. */
function rangeRoot(hashes: Pick<LedgerHashes, 'node'>, hashOf: HashOf, begin: number, end: number): Uint8Array {
  const width = end - begin;
  if (isPowerOfTwo(width)) return hashOf(Math.log2(width), begin / width);
  const middle = begin + splitOf(width);
  return hashes.node(rangeRoot(hashes, hashOf, begin, middle), rangeRoot(hashes, hashOf, middle, end));
}

/** The largest power of two that is smaller. */
function splitOf(width: number): number {
  const power = 2 ** Math.floor(Math.log2(width));
  return power < width ? power : power / 2;
}
