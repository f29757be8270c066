// How fast a bundle is verified, against a loop that parses the same lines and makes the same hash calls; and in how much memory.
// Run: node --expose-gc --conditions=plenary-src --import ./test/support/swc-register.mjs test/ledger/verify-rate.ts [events]
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeHashes, Sealer } from '#event-store';
import { derivedId, sealed, streamName, utcTime, type Metadata, type Revision, type Sealed, type StoredEvent, type StreamName } from '#kernel';
import { equalBytes, formatCheckpoint, formatNote, fromBase64, ledgerHashes, parseCheckpoint, tileBytes, TreeEdge, type BundleLine } from '#ledger/core';
import { linesOf, sha256, verifyBundle } from '#ledger/verify';
import { bundleChunks, completeBundleLines } from '#ledger/writer';
import { logKey, NOW_MS, ORIGIN, STARTED_MS, writerKey } from './support/ledger-history.js';

const STREAM_EVENTS = 64;

/** Remarks in meetings of 64 events: some 400 bytes of data and metadata, two sealed texts. */
function* events(count: number): Generator<StoredEvent> {
  const sealer = new Sealer(writerKey);
  let stream = '' as StreamName;
  for (let at = 0; at < count; at++) {
    if (at % STREAM_EVENTS === 0) stream = streamName('meeting', derivedId('meeting', `${at}`));
    const revision = (at % STREAM_EVENTS) as Revision;
    const id = derivedId(stream, `${revision}`);
    const recordedAt = utcTime(STARTED_MS + at);
    const metadata: Metadata<Sealed> = { occurredAt: recordedAt as never, actor: { subject: id, role: 'secretariat', name: sealed('A. Clerk') }, commandId: id, correlation: id };
    const event = { type: 'remark-made', data: { remark: id, number: at, kind: 'intervention', text: [{ lang: 'en', text: sealed(`Remark ${at}: the delegation of a country that has much to say about the matter under the item, and says it.`) }] } };
    yield { ...sealer.seal(stream, revision, recordedAt, { id, event, schemaVersion: 1, metadata }), stream, revision };
  }
}

async function* batched(count: number): AsyncGenerator<readonly StoredEvent[]> {
  let batch: StoredEvent[] = [];
  for (const event of events(count)) {
    if (batch.push(event) < 256) continue;
    yield await Promise.resolve(batch);
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Salts are random: the tree is known when the events are, so the checkpoint goes into its place afterwards. */
async function writeBundle(file: string, count: number): Promise<void> {
  const edge = new TreeEdge(nodeHashes);
  let tile: Uint8Array[] = [];
  async function* grown(): AsyncGenerator<readonly StoredEvent[]> {
    for await (const batch of batched(count)) {
      tile = batch.map(({ leaf }) => Buffer.from(leaf, 'hex'));
      for (const leaf of tile) edge.append(leaf);
      yield batch;
    }
  }
  const note = (): string => {
    const text = formatCheckpoint({ origin: ORIGIN, size: count, root: edge.size === count ? edge.root() : sha256() });
    return formatNote({ text, signatures: [logKey.sign(text), logKey.cosign(text, NOW_MS / 1000)] });
  };
  const placeholder = note();
  const lines = completeBundleLines({ origin: ORIGIN, scope: { kind: 'whole' }, checkpoint: placeholder, size: count, events: grown(), isExported: () => true, tile: () => tileBytes(tile) });
  const out = await open(file, 'w');
  let at = 0;
  let first: Buffer | undefined;
  for await (const chunk of bundleChunks(lines)) {
    first ??= Buffer.from(chunk);
    at += (await out.write(chunk, 0, chunk.length, at)).bytesWritten;
  }
  const position = first!.indexOf(JSON.stringify(placeholder));
  await out.write(Buffer.from(JSON.stringify(note())), 0, undefined, position);
  await out.close();
}

const linesIn = (file: string): AsyncGenerator<string> => linesOf(createReadStream(file, { highWaterMark: 256 * 1024 }));

/** What no verifier can do without: every line parsed, every hash made, compared with the signed root. */
async function leastWork(file: string): Promise<boolean> {
  const hashes = ledgerHashes(sha256);
  const edge = new TreeEdge(hashes);
  let root: Uint8Array | undefined;
  for await (const text of linesIn(file)) {
    const line = JSON.parse(text) as BundleLine;
    if (line.kind === 'checkpoint') root = parseCheckpoint(`${line.note.split('\n\n')[0]}\n`).root;
    else if (line.kind === 'tile') fromBase64(line.hashes);
    else if (line.kind === 'event') {
      const data = hashes.data(Buffer.from(line.salts.data, 'hex'), Buffer.from(line.data));
      const meta = hashes.meta(Buffer.from(line.salts.meta, 'hex'), Buffer.from(line.meta));
      for (const { salt, value } of line.sealed) hashes.sealed(Buffer.from(salt, 'hex'), Buffer.from(JSON.stringify(value)));
      const entry = JSON.stringify({ at: line.at, data: (data as Buffer).toString('hex'), id: line.id, meta: (meta as Buffer).toString('hex'), rev: line.rev, stream: line.stream, tv: line.tv, type: line.type, v: 1 });
      edge.append(hashes.leaf(Buffer.from(entry)));
    }
  }
  return equalBytes(edge.root(), root!);
}

const verified = async (file: string): Promise<boolean> => (await verifyBundle(linesIn(file), { keys: [logKey.verifierKey], nowMs: NOW_MS })).status === 0;

export interface VerifyRate {
  events: number;
  /** Events a second: verified, and by the loop. The better of the rounds. */
  verified: number;
  loop: number;
  ratio: number;
  /** Bytes on the heap at half of the bundle and near its end, after a collection. */
  heapHalf: number;
  heapEnd: number;
}

export async function measureVerify(count: number, rounds = 3): Promise<VerifyRate> {
  const directory = mkdtempSync(join(tmpdir(), 'plenary-rate-'));
  const file = join(directory, 'bundle.ndjson');
  try {
    await writeBundle(file, count);
    const rate = async (run: (file: string) => Promise<boolean>): Promise<number> => {
      const began = performance.now();
      if (!(await run(file))) throw new Error('the bundle does not verify');
      return (count * 1000) / (performance.now() - began);
    };
    let [best, loop] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      loop = Math.max(loop, await rate(leastWork));
      best = Math.max(best, await rate(verified));
    }
    return { events: count, verified: Math.round(best), loop: Math.round(loop), ratio: best / loop, ...(await heapDuring(file, count)) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function heapDuring(file: string, count: number): Promise<Pick<VerifyRate, 'heapHalf' | 'heapEnd'>> {
  const heap = { heapHalf: 0, heapEnd: 0 };
  async function* watched(): AsyncGenerator<string> {
    let line = 0;
    for await (const text of linesIn(file)) {
      line += 1;
      const at = line === Math.floor(count / 2) ? 'heapHalf' : line === Math.floor(count * 0.99) ? 'heapEnd' : undefined;
      if (at) {
        (globalThis as { gc?: () => void }).gc?.();
        heap[at] = process.memoryUsage().heapUsed;
      }
      yield text;
    }
  }
  await verifyBundle(watched(), { keys: [logKey.verifierKey], nowMs: NOW_MS });
  return heap;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(JSON.stringify(await measureVerify(Number(process.argv[2] ?? 1_000_000)), null, 1));
}
