// The same facts in two implementations: Go's sumdb/note and tlog accept our notes, proofs and tiles, and make the same ones.
import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { nodeHashes } from '#event-store';
import {
  consistencyProof,
  formatCheckpoint,
  formatNote,
  hashesOfTile,
  inclusionProof,
  noteVerifier,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  tileBytes,
  tilesBetween,
  toBase64,
  TreeEdge,
  verifyConsistency,
  verifyInclusion,
  type HashOf,
} from '#ledger/core';
import { sha256, verifySignature } from '#ledger/verify';
import { LogKey } from '#ledger/writer';

const HERE = 'test/ledger/go';
const GOPATH = '/usr/share/gocode';
// Not to be had everywhere: its part is left out then.
const GO = process.env['GO'] ?? 'go';

interface Artefacts {
  VerifierKey: string;
  Origin: string;
  Prefix: string;
  Trees: {
    Size: number;
    Note: string;
    Root: string;
    Inclusion: Record<string, string[]>;
    Consistency: Record<string, string[]>;
    Tiles: { Level: number; Index: number; Width: number; Hashes: string }[];
  }[];
}
const request = JSON.parse(readFileSync(join(HERE, 'request.json'), 'utf8')) as {
  Signer: string;
  Origin: string;
  Prefix: string;
  Sizes: number[];
  Indexes: number[];
};
const fixture = JSON.parse(readFileSync(join(HERE, 'made-by-go.json'), 'utf8')) as Artefacts;

/** `PRIVATE+KEY+<name>+<id>+<base64(0x01 ‖ seed)>`: PKCS #8 of Ed25519 is a fixed prefix of 16 bytes, then the seed. */
function keyOf(signer: string): LogKey {
  const [, , name, , ...base64] = signer.split('+');
  const seed = Buffer.from(base64.join('+'), 'base64').subarray(1);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return new LogKey(name!, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
}

const key = keyOf(request.Signer);
const leaves = Array.from({ length: Math.max(...request.Sizes) }, (_, n) => nodeHashes.leaf(Buffer.from(`${request.Prefix}${n}`)));
const hashOf: HashOf = (level, index) => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
function rootOf(some: readonly Uint8Array[]): Uint8Array {
  const edge = new TreeEdge(nodeHashes);
  for (const leaf of some) edge.append(leaf);
  return edge.root();
}

function made(withCosignature = false): Artefacts {
  return {
    VerifierKey: key.verifierKey,
    Origin: request.Origin,
    Prefix: request.Prefix,
    Trees: request.Sizes.map((size) => {
      const root = rootOf(leaves.slice(0, size));
      const text = formatCheckpoint({ origin: request.Origin, size, root });
      const signatures = [key.sign(text), ...(withCosignature ? [key.cosign(text, 1_714_376_700)] : [])];
      const inclusion = request.Indexes.filter((index) => index < size).map((index) => [
        index,
        inclusionProof(nodeHashes, hashOf, index, size).map(toBase64),
      ]);
      const consistency = request.Sizes.filter((smaller) => smaller <= size).map((smaller) => [
        smaller,
        consistencyProof(nodeHashes, hashOf, smaller, size).map(toBase64),
      ]);
      const tiles = [...tilesBetween(0, size)].map(({ level, index, width }) => {
        const row = Array.from({ length: width }, (_, at) => hashOf(level * 8, index * 256 + at));
        return { Level: level, Index: index, Width: width, Hashes: toBase64(tileBytes(row)) };
      });
      return {
        Size: size,
        Note: formatNote({ text, signatures }),
        Root: toBase64(root),
        Inclusion: Object.fromEntries(inclusion) as never,
        Consistency: Object.fromEntries(consistency) as never,
        Tiles: tiles,
      };
    }),
  };
}

describe('what Go made', () => {
  it('we make to the byte', () => expect(made()).toEqual(fixture));

  it('we accept', () => {
    const verifier = noteVerifier(parseVerifierKey(sha256, fixture.VerifierKey), verifySignature);
    for (const { Size: size, Note, Inclusion, Consistency, Tiles } of fixture.Trees) {
      const opened = openNote(Note, [verifier]);
      if ('refused' in opened) throw new Error(opened.refused);
      const { root } = parseCheckpoint(opened.text);
      const bytes = (proof: string[]) => proof.map((hash) => Buffer.from(hash, 'base64'));
      for (const [index, proof] of Object.entries(Inclusion))
        expect(verifyInclusion(nodeHashes, { index: Number(index), size, leaf: leaves[Number(index)]!, root, proof: bytes(proof) })).toBe(
          true,
        );
      for (const [smaller, proof] of Object.entries(Consistency))
        expect(
          verifyConsistency(nodeHashes, {
            from: { size: Number(smaller), root: rootOf(leaves.slice(0, Number(smaller))) },
            to: { size, root },
            proof: bytes(proof),
          }),
        ).toBe(true);
      for (const { Width, Hashes } of Tiles) expect(hashesOfTile(Buffer.from(Hashes, 'base64'), Width)).toHaveLength(Width);
    }
  });
});

const hasGo = spawnSync(GO, ['version']).status === 0 && existsSync(join(GOPATH, 'src/golang.org/x/mod/sumdb/tlog'));

(hasGo ? describe : describe.skip)('where Go is installed', () => {
  const go = (verb: 'make' | 'check', input: unknown): string => {
    const at = mkdtempSync(join(tmpdir(), 'plenary-go-'));
    try {
      const environment = { ...process.env, GO111MODULE: 'off', GOPATH, GOCACHE: join(at, 'cache'), GOFLAGS: '' };
      const built = spawnSync(GO, ['build', '-o', join(at, 'plenary-go'), 'main.go'], { cwd: HERE, env: environment, encoding: 'utf8' });
      expect([built.status, built.stderr]).toEqual([0, '']);
      const ran = spawnSync(join(at, 'plenary-go'), [verb], { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 1 << 26 });
      return ran.status === 0 ? ran.stdout : `failed: ${ran.stderr}`;
    } finally {
      rmSync(at, { recursive: true, force: true });
    }
  };

  it('the fixture is what it makes today', () => expect(JSON.parse(go('make', request))).toEqual(fixture), 300_000);

  it('it accepts our notes with their cosignatures, our proofs and our tiles, and nothing that was altered', () => {
    expect(go('check', made(true))).toBe('accepted\n');
    const altered = made(true);
    altered.Trees.at(-1)!.Tiles[0]!.Hashes = altered.Trees.at(-1)!.Tiles[0]!.Hashes.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
    expect(go('check', altered)).toMatch(/^failed: /);
  }, 300_000);
});
