import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ledgerHashes } from './hashes.js';
import { verifyConsistency, verifyInclusion } from './proof.js';
import { consistencyProof, inclusionProof, type HashOf } from './proving.js';
import { TileTree } from './tile-tree.js';

const sha256 = (...parts: Uint8Array[]): Uint8Array => parts.reduce((digest, part) => digest.update(part), createHash('sha256')).digest();
const hashes = ledgerHashes(sha256);
const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64');

interface Vector {
  kind: 'inclusion' | 'consistency';
  name: string;
  desc: string;
  wantErr: boolean;
  proof: string[] | null;
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
  size1: number;
  size2: number;
  root1: string;
  root2: string;
}
const { vectors } = JSON.parse(readFileSync('test/ledger/vectors/merkle-proofs.json', 'utf8')) as { vectors: Vector[] };

describe('the published vectors', () => {
  it('are 196', () => expect(vectors).toHaveLength(196));

  it.each(vectors.map((vector) => [vector.kind, vector.name, vector] as const))('%s %s', (kind, _, vector) => {
    const proof = (vector.proof ?? []).map(bytes);
    const holds =
      kind === 'inclusion'
        ? verifyInclusion(hashes, {
            index: vector.leafIdx,
            size: vector.treeSize,
            leaf: bytes(vector.leafHash),
            root: bytes(vector.root),
            proof,
          })
        : verifyConsistency(hashes, {
            from: { size: vector.size1, root: bytes(vector.root1) },
            to: { size: vector.size2, root: bytes(vector.root2) },
            proof,
          });
    expect(holds).toBe(!vector.wantErr);
  });
});

const LARGEST = 1000;
const leaves = Array.from({ length: LARGEST }, () => sha256(Uint8Array.of(0), randomBytes(40)));

/** RFC 6962, section 2.1, as it is written there; remembered, since every size asks for the same subtrees. */
const roots = new Map<string, Uint8Array>();
function naiveRoot(begin: number, end: number): Uint8Array {
  if (begin === end) return sha256();
  if (end - begin === 1) return leaves[begin]!;
  const key = `${begin}-${end}`;
  let root = roots.get(key);
  if (!root) {
    const k = begin + largestPowerBelow(end - begin);
    root = sha256(Uint8Array.of(1), naiveRoot(begin, k), naiveRoot(k, end));
    roots.set(key, root);
  }
  return root;
}

function largestPowerBelow(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** RFC 6962, 2.1.1: PATH. */
function naivePath(index: number, begin: number, end: number): Uint8Array[] {
  if (end - begin === 1) return [];
  const k = begin + largestPowerBelow(end - begin);
  return index < k ? [...naivePath(index, begin, k), naiveRoot(k, end)] : [...naivePath(index, k, end), naiveRoot(begin, k)];
}

/** RFC 6962, 2.1.2: SUBPROOF. */
function naiveSubproof(from: number, begin: number, end: number, isWhole: boolean): Uint8Array[] {
  if (from === end) return isWhole ? [] : [naiveRoot(begin, end)];
  const k = begin + largestPowerBelow(end - begin);
  return from <= k
    ? [...naiveSubproof(from, begin, k, isWhole), naiveRoot(k, end)]
    : [...naiveSubproof(from, k, end, false), naiveRoot(begin, k)];
}

const hashOf: HashOf = (level, index) => naiveRoot(index * 2 ** level, (index + 1) * 2 ** level);
/** As tiles keep them: every eighth level. */
const tiles = new TileTree(hashes, (level, index, width) => Array.from({ length: width }, (_, at) => hashOf(8 * level, 256 * index + at)));
const source = async (size: number, leavesInQuestion: readonly number[]): Promise<HashOf> =>
  size % 25 === 0 ? tiles.hashesFor(size, leavesInQuestion) : hashOf;
const hex = (proof: readonly Uint8Array[]): string => proof.map((hash) => Buffer.from(hash).toString('hex')).join();

describe('a tree of every size to 1,000', () => {
  it('proves leaves as the naive recursion does', async () => {
    for (let size = 1; size <= LARGEST; size++) {
      const root = naiveRoot(0, size);
      for (const index of new Set([0, size - 1, Math.floor(Math.random() * size), Math.floor(Math.random() * size)])) {
        const proof = inclusionProof(hashes, await source(size, [index]), index, size);
        expect(hex(proof)).toBe(hex(naivePath(index, 0, size)));
        expect(verifyInclusion(hashes, { index, size, leaf: leaves[index]!, root, proof })).toBe(true);
        expect(verifyInclusion(hashes, { index: (index + 1) % size, size, leaf: leaves[index]!, root, proof })).toBe(size === 1);
        expect(verifyInclusion(hashes, { index, size, leaf: sha256(leaves[index]!), root, proof })).toBe(false);
        expect(verifyInclusion(hashes, { index, size, leaf: leaves[index]!, root, proof: [...proof, root] })).toBe(false);
      }
    }
  });

  it('proves that it goes on from smaller ones as the naive recursion does', async () => {
    for (let size = 1; size <= LARGEST; size++) {
      const to = { size, root: naiveRoot(0, size) };
      for (const smaller of new Set([1, size, 1 + Math.floor(Math.random() * size), largestPowerBelow(size)])) {
        const from = { size: smaller, root: naiveRoot(0, smaller) };
        const proof = consistencyProof(hashes, await source(size, [smaller - 1, Math.min(smaller, size - 1)]), smaller, size);
        expect(hex(proof)).toBe(hex(naiveSubproof(smaller, 0, size, true)));
        expect(verifyConsistency(hashes, { from, to, proof })).toBe(true);
        expect(verifyConsistency(hashes, { from: { ...from, root: sha256(from.root) }, to, proof })).toBe(false);
        expect(verifyConsistency(hashes, { from, to: { ...to, root: sha256(to.root) }, proof })).toBe(false);
        if (proof.length > 0) expect(verifyConsistency(hashes, { from, to, proof: proof.slice(0, -1) })).toBe(false);
      }
    }
  });

  it('reads a tile once, and hashes it up once, until it is told to forget', async () => {
    const read: string[] = [];
    let hashed = 0;
    const node = (left: Uint8Array, right: Uint8Array) => ((hashed += 1), hashes.node(left, right));
    const kept = new TileTree(
      { node },
      (level, index, width) => (
        read.push(`${level}/${index}/${width}`),
        Array.from({ length: width }, (_, at) => hashOf(8 * level, 256 * index + at))
      ),
    );
    for (const index of [300, 301, 511]) inclusionProof(hashes, await kept.hashesFor(600, [index]), index, 600);
    expect(read.sort()).toEqual(['0/1/256', '0/2/88', '1/0/2']);
    expect(hashed).toBeLessThan(256 + 88 + 2);
    await kept.hashesFor(601, [300]);
    expect(read).toContain('0/2/89');
    kept.forget();
    await kept.hashesFor(601, [300]);
    expect(read.filter((each) => each === '0/1/256')).toHaveLength(2);
    const above511 = await kept.hashesFor(601, [511]);
    expect(() => inclusionProof(hashes, above511, 3, 601)).toThrow('no tile was read');
  });

  it('proves nothing about what it does not have', () => {
    expect(() => inclusionProof(hashes, hashOf, 7, 7)).toThrow('a tree of 7 leaves has no leaf 7');
    expect(() => inclusionProof(hashes, hashOf, -1, 7)).toThrow(RangeError);
    expect(() => consistencyProof(hashes, hashOf, 0, 7)).toThrow(RangeError);
    expect(() => consistencyProof(hashes, hashOf, 8, 7)).toThrow(RangeError);
    expect(verifyInclusion(hashes, { index: 0, size: 0, leaf: sha256(), root: sha256(), proof: [] })).toBe(false);
  });
});

it('climbs trees larger than 32 bits can count', () => {
  const proof = Array.from({ length: 40 }, () => randomBytes(32));
  const leaf = randomBytes(32);
  const root = proof.reduce<Uint8Array>((hash, sibling) => hashes.node(hash, sibling), leaf);
  expect(verifyInclusion(hashes, { index: 0, size: 2 ** 40, leaf, root, proof })).toBe(true);
  expect(verifyInclusion(hashes, { index: 0, size: 2 ** 41, leaf, root, proof })).toBe(false);
});
