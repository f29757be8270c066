import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { ledgerHashes } from './hashes.js';
import { peaksOf, TreeEdge, type TreeNode } from './tree.js';

const sha256 = (...parts: Uint8Array[]): Uint8Array => parts.reduce((digest, part) => digest.update(part), createHash('sha256')).digest();
const hashes = ledgerHashes(sha256);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** RFC 6962, section 2.1, as it is written there. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0]!;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256(Uint8Array.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

const LARGEST = 1000;
const leaves = Array.from({ length: LARGEST }, () => sha256(Uint8Array.of(0), randomBytes(40)));

it('has the root of the naive recursion at every size', () => {
  const edge = new TreeEdge(hashes);
  for (let size = 0; ; size++) {
    expect(edge.size).toBe(size);
    expect(hex(edge.root())).toBe(hex(naiveRoot(leaves.slice(0, size))));
    if (size === LARGEST) break;
    edge.append(leaves[size]!);
  }
});

it('reports every complete subtree once, lowest first, and can be taken up from its peaks at any size', () => {
  const edge = new TreeEdge(hashes);
  const nodes = new Map<string, Uint8Array>();
  leaves.forEach((leaf, index) => {
    nodes.set(`0/${index}`, leaf);
    const completed: TreeNode[] = [];
    edge.append(leaf, (node) => completed.push(node));
    expect(completed.map(({ level }) => level)).toEqual(completed.map((_, at) => at + 1));
    for (const { level, index: at, hash } of completed) {
      expect(nodes.has(`${level}/${at}`)).toBe(false);
      nodes.set(`${level}/${at}`, hash);
    }
    const peaks = peaksOf(edge.size).map((peak) => nodes.get(`${peak.level}/${peak.index}`)!);
    expect(hex(new TreeEdge(hashes, edge.size, peaks).root())).toBe(hex(edge.root()));
  });
  for (const [name, hash] of nodes) {
    const [level, index] = name.split('/').map(Number) as [number, number];
    expect(hex(hash)).toBe(hex(naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))));
  }
});

it('covers every leaf once with its peaks, also beyond 32 bits', () => {
  for (const size of [0, 1, 2, 3, 7, 8, 1000, 2 ** 32 - 1, 2 ** 32 + 5, 2 ** 53 - 1]) {
    let covered = 0;
    for (const { level, index } of peaksOf(size)) {
      expect(index * 2 ** level).toBe(covered);
      covered += 2 ** level;
    }
    expect(covered).toBe(size);
  }
});

it('refuses peaks that are not those of its size', () => {
  expect(() => new TreeEdge(hashes, 3, [leaves[0]!])).toThrow(RangeError);
  expect(() => new TreeEdge(hashes, 0, [leaves[0]!])).toThrow(RangeError);
});
