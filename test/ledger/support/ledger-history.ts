// A history in memory, sealed by the real sealer, with everything that a bundle is made from.
import { generateKeyPairSync } from 'node:crypto';
import { leafEntryOf, nodeHashes, Sealer } from '#event-store';
import {
  derivedId,
  LOG_STREAM,
  sealed,
  streamName,
  utcTime,
  type DomainEvent,
  type Metadata,
  type Revision,
  type Sealed,
  type StoredEvent,
  type StreamName,
  type Uuid,
} from '#kernel';
import { consistencyProof, formatCheckpoint, formatNote, inclusionProof, tileBytes, TreeEdge, type HashOf } from '#ledger/core';
import { verifyBundle, type Verdict, type VerifyOptions } from '#ledger/verify';
import { completeBundleLines, LogKey, selectionBundleLines, type CompleteBundle, type SelectionBundle } from '#ledger/writer';

export const ORIGIN = 'plenary.example/conference';
export const STARTED_MS = Date.UTC(2024, 3, 29, 7, 30);
export const NOW_MS = STARTED_MS + 3_600_000;
export const SIGNED_AT_SECONDS = NOW_MS / 1000 - 60;
export const writerKey = Buffer.alloc(32, 7);
export const newKey = (name = ORIGIN): LogKey => new LogKey(name, generateKeyPairSync('ed25519').privateKey);
export const logPrivateKey = generateKeyPairSync('ed25519').privateKey;
export const logKey = new LogKey(ORIGIN, logPrivateKey);

const sealer = new Sealer(writerKey);
const SUBJECT = '11111111-1111-8111-8111-111111111111' as Uuid;
export const meeting = (name: string): StreamName => streamName('meeting', derivedId('meeting', name));

/** Events in the order of the log, appended one by one. */
export class History {
  readonly events: StoredEvent[] = [];
  private readonly revisions = new Map<StreamName, number>();

  constructor(readonly key = logKey) {
    this.add(LOG_STREAM, { type: 'log-opened', data: { origin: key.key.name, verifierKey: key.verifierKey } });
  }

  add(stream: StreamName, event: DomainEvent, more: Partial<Metadata<Sealed>> = {}): StoredEvent {
    const revision = (this.revisions.get(stream) ?? -1) + 1;
    this.revisions.set(stream, revision);
    const recordedAt = utcTime(STARTED_MS + this.events.length * 1000);
    const id = derivedId(stream, `${revision}`);
    const metadata: Metadata<Sealed> = {
      occurredAt: recordedAt as never,
      actor: { subject: SUBJECT, role: 'secretariat', name: sealed('A. Clerk') },
      commandId: id,
      correlation: id,
      ...more,
    };
    const stored: StoredEvent = {
      ...sealer.seal(stream, revision as Revision, recordedAt, { id, event, schemaVersion: 1, metadata }),
      stream,
      revision: revision as Revision,
    };
    this.events.push(stored);
    return stored;
  }

  remark(stream: StreamName, text = `Remark ${this.events.length}: naïve “quotes” 日本語`): StoredEvent {
    return this.add(stream, { type: 'remark-made', data: { number: this.events.length, text: [{ lang: 'en', text: sealed(text) }] } });
  }

  get size(): number {
    return this.events.length;
  }

  leaves(): Uint8Array[] {
    return this.events.map(({ leaf }) => Buffer.from(leaf, 'hex'));
  }

  root(size = this.size): Uint8Array {
    const edge = new TreeEdge(nodeHashes);
    for (const leaf of this.leaves().slice(0, size)) edge.append(leaf);
    return edge.root();
  }

  note(size = this.size, key = this.key, timeSeconds = SIGNED_AT_SECONDS): string {
    const text = formatCheckpoint({ origin: this.key.key.name, size, root: this.root(size) });
    return formatNote({ text, signatures: [key.sign(text), key.cosign(text, timeSeconds)] });
  }

  hashOf: HashOf = (level, index) => {
    const edge = new TreeEdge(nodeHashes);
    for (const leaf of this.leaves().slice(index * 2 ** level, (index + 1) * 2 ** level)) edge.append(leaf);
    return edge.root();
  };

  complete(more: Partial<CompleteBundle> = {}): Promise<string[]> {
    const leaves = this.leaves();
    return all(
      completeBundleLines({
        entryOf: leafEntryOf,
        origin: this.key.key.name,
        scope: { kind: 'whole' },
        checkpoint: this.note(),
        size: this.size,
        events: batches(this.events),
        isExported: () => true,
        tile: (index, width) => tileBytes(leaves.slice(index * 256, index * 256 + width)),
        ...more,
      }),
    );
  }

  selection(indexes: readonly number[], more: Partial<SelectionBundle> = {}): Promise<string[]> {
    return all(
      selectionBundleLines({
        origin: this.key.key.name,
        scope: { kind: 'meeting', id: meeting('talk').slice('meeting-'.length) },
        checkpoint: this.note(),
        size: this.size,
        events: batches(indexes.map((index) => ({ index, event: this.events[index]! }))),
        proofOf: (index) => inclusionProof(nodeHashes, this.hashOf, index, this.size),
        ...more,
      }),
    );
  }

  consistency(from: number): { from: number; proof: Uint8Array[] } {
    return { from, proof: consistencyProof(nodeHashes, this.hashOf, from, this.size) };
  }
}

export async function* batches<T>(items: readonly T[], width = 100): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += width) yield await Promise.resolve(items.slice(at, at + width));
}

export async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

export const verify = (lines: Iterable<string>, options: Partial<VerifyOptions> = {}): Promise<Verdict> =>
  verifyBundle(each(lines), { keys: [logKey.verifierKey], nowMs: NOW_MS, ...options });

/** The line of its kind, changed. */
export const altered = <Line>(text: string, change: (line: Line) => void): string => {
  const line = JSON.parse(text) as Line;
  change(line);
  return JSON.stringify(line);
};

export const codesOf = (verdict: Verdict): string[] => verdict.findings.filter(({ grade }) => grade !== 'notice').map(({ code }) => code);
