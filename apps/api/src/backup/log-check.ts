// A log read from end to end: every leaf recomputed from its event, every seal, every text against its hash, the root over all.
import {
  findForgery,
  isAsSealed,
  leafEntryOf,
  nodeHashes,
  removedValues,
  type LogOpened,
  type SigningKeyChanged,
  type SqliteEventStore,
} from '#event-store';
import { LOG_STREAM, type RecordNumber, type StoredEvent } from '#kernel';
import { isBy, noteVerifier, openNote, parseCheckpoint, parseVerifierKey, toBase64, TreeEdge, type Checkpoint } from '#ledger/core';
import { sha256, verifySignature } from '#ledger/verify';
import { LEDGER_KEY } from '#ledger/writer';
import { BackupRefused } from './backup-refused.js';

export interface CheckedLog {
  origin: string;
  size: number;
  root: string;
  last: { id: string; leaf: string };
  /** The newest that was published in it: signed by a key that the record names, over records that are there. */
  checkpoint?: string;
  /** Of the sizes that were asked for, where the log reaches so far. */
  rootAt: ReadonlyMap<number, string>;
  /** Texts that the log says were removed, and that lie in it still. */
  unremoved: number;
}

/** A cell of data or metadata in whose place a text lies beside the event. */
const MARK = /\{"\$sealed":"([0-9a-f]{64})"\}/g;

/**
 * @param writerKey without it the leaves are proven by their events, and nothing by who wrote them
 * @param sizes at which the root is wanted too
 * @throws BackupRefused at the first record that is not what it must be
 */
export async function checkLog(store: SqliteEventStore, writerKey: Buffer | undefined, sizes: readonly number[] = []): Promise<CheckedLog> {
  const published = await store.bookkeeping.read(LEDGER_KEY);
  const signed = published === undefined ? undefined : checkpointOf(published);
  const walk = new Walk(writerKey, new Set([...sizes, ...(signed ? [signed.size] : [])]));
  for await (const events of store.readLog()) for (const event of events) walk.take(event);
  if (walk.edge.size === 0 || walk.origin === undefined)
    throw new BackupRefused('there is no history in it: record 1 is not what opens one');
  if (signed) proveCheckpoint(published!, signed, walk);
  return {
    origin: walk.origin,
    size: walk.edge.size,
    root: toBase64(walk.edge.root()),
    last: walk.last!,
    ...(published !== undefined && { checkpoint: published }),
    rootAt: walk.roots,
    unremoved: await countUnremoved(store, walk),
  };
}

export const checkpointOf = (note: string): Checkpoint => parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));

class Walk {
  readonly edge = new TreeEdge(nodeHashes);
  readonly roots = new Map<number, string>();
  readonly keys: string[] = [];
  readonly removed: { record: number; hash: string }[] = [];
  /** Texts that are not there: each must have been removed. */
  readonly missing = new Map<string, number>();
  origin: string | undefined;
  last: { id: string; leaf: string } | undefined;

  constructor(
    private readonly writerKey: Buffer | undefined,
    private readonly sizes: ReadonlySet<number>,
  ) {}

  take(event: StoredEvent): void {
    const record = this.edge.size + 1;
    this.edge.append(this.leafOf(event, record));
    if (this.sizes.has(record)) this.roots.set(record, toBase64(this.edge.root()));
    this.last = { id: event.id, leaf: event.leaf };
    this.compareTexts(event, record);
    this.removed.push(...removedValues(event));
    if (event.stream !== LOG_STREAM || event.lost) return;
    if (record === 1 && event.type === 'log-opened') {
      const { origin, verifierKey } = JSON.parse(event.data) as LogOpened['data'];
      this.origin = origin;
      this.keys.push(verifierKey);
    }
    if (event.type === 'signing-key-changed') this.keys.push((JSON.parse(event.data) as SigningKeyChanged['data']).to);
  }

  private leafOf(event: StoredEvent, record: number): Uint8Array {
    const leaf = nodeHashes.leaf(Buffer.from(leafEntryOf(event)));
    if (Buffer.from(leaf).toString('hex') !== event.leaf)
      throw new BackupRefused(`record ${record} does not hash to its leaf: it was changed, by somebody or by the disk`);
    if (this.writerKey && findForgery(this.writerKey, event) === 'seal')
      throw new BackupRefused(
        `record ${record} does not carry the seal of this installation: these are the keys of another one, or somebody else wrote it`,
      );
    return leaf;
  }

  private compareTexts(event: StoredEvent, record: number): void {
    const there = new Set<string>();
    for (const text of event.sealed) {
      if (!isAsSealed(text))
        throw new BackupRefused(`a text of record ${record} is not the one that was typed: it was changed, by somebody or by the disk`);
      there.add(text.hash);
    }
    for (const part of [event.data, event.meta]) {
      for (const [, hash] of part.matchAll(MARK)) if (!there.has(hash!)) this.missing.set(hash!, record);
    }
  }
}

function proveCheckpoint(note: string, { size, root }: Checkpoint, walk: Walk): void {
  const known = walk.keys.map((key) => parseVerifierKey(sha256, key));
  const opened = openNote(
    note,
    known.map((key) => noteVerifier(key, verifySignature)),
  );
  if ('refused' in opened || !known.some((key) => opened.verified.some(isBy(key))))
    throw new BackupRefused('its newest checkpoint is not signed by a key that its record names');
  const found = walk.roots.get(size);
  if (found === undefined)
    throw new BackupRefused(`it ends with record ${walk.edge.size}, and its own checkpoint covers ${size}: it lost its end`);
  if (found !== toBase64(root)) throw new BackupRefused(`its first ${size} records are not those that its checkpoint covers`);
}

/** @throws BackupRefused where a text is missing that nobody removed */
async function countUnremoved(store: SqliteEventStore, { removed, missing }: Walk): Promise<number> {
  const hashes = new Set(removed.map(({ hash }) => hash));
  for (const [hash, record] of missing)
    if (!hashes.has(hash)) throw new BackupRefused(`a text of record ${record} is missing, and no removal names it`);
  let unremoved = 0;
  for (const { record, hash } of removed) {
    const before = record > 1 ? { after: store.positionAt((record - 1) as RecordNumber) } : {};
    for await (const [event] of store.readLog({ ...before, limit: 1 }))
      if (event!.sealed.some((each) => each.hash === hash)) unremoved += 1;
  }
  return unremoved;
}
