// Whether a snapshot is of this history: its tables are those of this release, its leaves lead to a root that a key of the history
// signed, and its end is what the log holds there. The rows of the register themselves are not proven by this: a replay compares them.
import { findForgery, ForeignPosition, nodeHashes, TailWithdrawn, type EventStore, type Position } from '#event-store';
import type { RecordNumber, Revision, StreamName } from '#kernel';
import { equalBytes, toHex, TreeEdge, type Checkpoint } from '#ledger/core';
import { checkpointSignedBy } from '#ledger/verify';
import { openDatabase, type Database } from '#sqlite';
import { completeReadModels, createReadModels, isContinuable } from '../made-file.js';
import type { Schema } from '../schema.js';
import { PERSISTED_LEVELS } from '../tree-rows.js';
import { dropManifest, readManifest, SNAPSHOT_FORMAT, type SnapshotManifest } from './manifest.js';
import { SnapshotRefused } from './snapshot-refused.js';

export interface ProveSnapshot {
  schema: Schema;
  /** As record 1 names it, with the keys that the log names. */
  origin: string;
  verifierKeys: readonly string[];
  writerKey: Buffer;
  store: Pick<EventStore, 'id' | 'readLog' | 'readStream'>;
}

/** Leaves nothing of the manifest in the file. @throws SnapshotRefused, and what the store throws */
export async function proveSnapshot(
  database: Database,
  { schema, origin, verifierKeys, writerKey, store }: ProveSnapshot,
): Promise<SnapshotManifest> {
  if (database.pragma('quick_check') !== 'ok') throw new SnapshotRefused('damaged', 'the file is damaged: it was cut off, or changed');
  const manifest = readManifest(database);
  if (!manifest) throw new SnapshotRefused('damaged', 'the file is no snapshot');
  if (manifest.origin !== origin)
    throw new SnapshotRefused('other-origin', `it is of the history ${manifest.origin}, and the log is that of ${origin}`);
  dropManifest(database);
  if (manifest.format !== SNAPSHOT_FORMAT || !isContinuable(database, schema) || !hasTablesOf(database, schema))
    throw new SnapshotRefused('other-version', 'its tables are not those of this release: make it with the same release');
  const checkpoint = checkpointSignedBy(manifest.checkpoint, verifierKeys);
  if (checkpoint?.origin !== origin) throw new SnapshotRefused('not-signed', 'no key of this history signed the checkpoint in it');
  proveLeaves(database, manifest, checkpoint);
  await proveEnd(database, manifest, checkpoint, store, writerKey);
  return manifest;
}

/** Whoever made the file could have put a trigger or a view beside the tables. */
function hasTablesOf(database: Database, schema: Schema): boolean {
  const expected = openDatabase(':memory:', { mode: 'read-write', journal: 'DELETE' });
  try {
    createReadModels(expected, schema);
    completeReadModels(expected, schema);
    return describe(database) === describe(expected);
  } finally {
    expected.close();
  }
}

const describe = (database: Database): string =>
  JSON.stringify(database.prepareArrays<string[]>('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name').all());

/** The tree is hashed up from the leaves; the nodes that are kept of it must be the same, since proofs are made from them. */
function proveLeaves(database: Database, manifest: SnapshotManifest, checkpoint: Checkpoint): void {
  const altered = (what: string): SnapshotRefused => new SnapshotRefused('altered', `${what}: somebody changed it since it was made`);
  if (checkpoint.size > manifest.record) throw altered(`it holds ${manifest.record} records, and its checkpoint covers ${checkpoint.size}`);
  const edge = new TreeEdge(nodeHashes);
  const nodes = new Map(
    database
      .prepare<{ level: number; idx: number; hash: Uint8Array }>('SELECT level, idx, hash FROM tree')
      .all()
      .map(({ level, idx, hash }) => [`${level}/${idx}`, hash]),
  );
  let kept = 0;
  for (const [record, leaf] of database.prepareArrays<[number, Uint8Array]>('SELECT record, leaf FROM log ORDER BY record').iterate()) {
    if (record !== edge.size + 1 || leaf.length !== 32) throw altered(`record ${edge.size + 1} is missing in it`);
    edge.append(leaf, ({ level, index, hash }) => {
      if (level % PERSISTED_LEVELS !== 0) return;
      kept += 1;
      const node = nodes.get(`${level}/${index}`);
      if (!node || !equalBytes(node, hash)) throw altered(`node ${index} of level ${level} of its tree does not follow from its leaves`);
    });
    if (edge.size === checkpoint.size && !equalBytes(edge.root(), checkpoint.root))
      throw altered(`its first ${checkpoint.size} leaves do not lead to the root that was signed`);
  }
  const { record } = database.prepare<{ record: number }>('SELECT record FROM checkpoint').get()!;
  if (edge.size !== manifest.record || record !== manifest.record || kept !== nodes.size)
    throw altered(`it holds ${edge.size} records, and says ${manifest.record}`);
  if (toHex(edge.root()) !== manifest.root) throw altered('its leaves do not lead to the root that it names');
}

interface Logged {
  position: Position;
  id: string;
  leaf: Uint8Array;
  stream: StreamName;
  revision: Revision;
}

/** What no checkpoint covers, and the last record, as the log holds them. */
async function proveEnd(
  database: Database,
  { record }: SnapshotManifest,
  { size }: Checkpoint,
  store: ProveSnapshot['store'],
  writerKey: Buffer,
): Promise<void> {
  const row = database.prepare<Logged & Record<string, never>>(
    'SELECT position, event_id AS id, leaf, stream, revision FROM log WHERE record = ?',
  );
  const rowAt = (number: number): Logged => row.get(number)!;
  const last = rowAt(record);
  if (!last.position.startsWith(`${store.id}:`))
    throw new SnapshotRefused(
      'other-store',
      'its positions are those of another store: a log that was moved needs a snapshot of a node that reads it where it lies now',
    );
  const newer = new SnapshotRefused('newer-than-log', `the log ends before record ${record}, up to which the snapshot reaches`);
  if (!(await isStored(store, last))) throw newer;
  let next = Math.min(size + 1, record) as RecordNumber;
  try {
    for await (const events of store.readLog({ ...(next > 1 && { after: rowAt(next - 1).position }), limit: record - next + 1 })) {
      for (const event of events) {
        const { id, leaf, position, stream, revision } = rowAt(next);
        const isSame =
          event.id === id &&
          event.position === position &&
          event.leaf === toHex(leaf) &&
          event.stream === stream &&
          event.revision === revision;
        if (!isSame || findForgery(writerKey, event))
          throw new SnapshotRefused('other-log', `record ${next} in the log is another one than in the snapshot`);
        next = (next + 1) as RecordNumber;
      }
    }
  } catch (error) {
    if (error instanceof TailWithdrawn || error instanceof ForeignPosition)
      throw new SnapshotRefused('other-log', `the log holds another record, or none, where the snapshot has record ${next - 1}`, {
        cause: error,
      });
    throw error;
  }
  if (next <= record) throw newer;
}

async function isStored(store: Pick<EventStore, 'readStream'>, { stream, revision }: Logged): Promise<boolean> {
  for await (const events of store.readStream(stream, { from: revision, limit: 1 })) return events.length > 0;
  return false;
}
