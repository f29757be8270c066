// A bundle of any length, and what its verification is measured by: the loop without which no verifier can do.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { leafEntryOf, nodeHashes, Sealer } from '#event-store';
import {
  derivedId,
  sealed,
  streamName,
  utcTime,
  type Metadata,
  type Revision,
  type Sealed,
  type StoredEvent,
  type StreamName,
} from '#kernel';
import {
  equalBytes,
  formatCheckpoint,
  formatNote,
  fromBase64,
  ledgerHashes,
  parseCheckpoint,
  tileBytes,
  TreeEdge,
  type BundleLine,
} from '#ledger/core';
import { linesOf, sha256, verifyBundle } from '#ledger/verify';
import { bundleChunks, completeBundleLines } from '#ledger/writer';
import { logKey, NOW_MS, ORIGIN, STARTED_MS, writerKey } from '../ledger/support/ledger-history.js';

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
    const metadata: Metadata<Sealed> = {
      occurredAt: recordedAt as never,
      actor: { subject: id, role: 'secretariat', name: sealed('A. Clerk') },
      commandId: id,
      correlation: id,
    };
    const event = {
      type: 'remark-made',
      data: {
        remark: id,
        number: at,
        kind: 'intervention',
        text: [
          {
            lang: 'en',
            text: sealed(`Remark ${at}: the delegation of a country that has much to say about the matter under the item, and says it.`),
          },
        ],
      },
    };
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
export async function writeBundle(file: string, count: number): Promise<void> {
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
  const lines = completeBundleLines({
    entryOf: leafEntryOf,
    origin: ORIGIN,
    scope: { kind: 'whole' },
    checkpoint: placeholder,
    size: count,
    events: grown(),
    isExported: () => true,
    tile: () => tileBytes(tile),
  });
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
export async function leastWork(file: string): Promise<boolean> {
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
      const entry = JSON.stringify({
        at: line.at,
        data: (data as Buffer).toString('hex'),
        id: line.id,
        meta: (meta as Buffer).toString('hex'),
        rev: line.rev,
        stream: line.stream,
        tv: line.tv,
        type: line.type,
        v: 1,
      });
      edge.append(hashes.leaf(Buffer.from(entry)));
    }
  }
  return equalBytes(edge.root(), root!);
}

export const verified = async (file: string): Promise<boolean> =>
  (await verifyBundle(linesIn(file), { keys: [logKey.verifierKey], nowMs: NOW_MS })).status === 0;

export interface HeapMiB {
  half: number;
  end: number;
}

/** What is on the heap, after a collection, at half of a bundle of so many events and near its end, while it is verified. */
export async function heapDuring(file: string, count: number): Promise<HeapMiB> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap: HeapMiB = { half: 0, end: 0 };
  async function* watched(): AsyncGenerator<string> {
    let line = 0;
    for await (const text of linesIn(file)) {
      line += 1;
      const at = line === Math.floor(count / 2) ? 'half' : line === Math.floor(count * 0.99) ? 'end' : undefined;
      if (at) {
        collect();
        heap[at] = process.memoryUsage().heapUsed / 2 ** 20;
      }
      yield text;
    }
  }
  await verifyBundle(watched(), { keys: [logKey.verifierKey], nowMs: NOW_MS });
  return heap;
}
