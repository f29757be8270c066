// What lies in a store, so that two can be compared to the last byte.
import { nodeHashes, SqliteEventStore, type EventStore } from '#event-store';
import { TreeEdge } from '#ledger/core';
import { EventStoreDbEventStore } from '../../../libs/event-store/src/eventstoredb/index.js';

export interface Stored {
  /** One a record: everything that is stored of it, but where. */
  records: string[];
  /** Merkle root over the leaves, in hex. */
  root: string;
}

export const openEnd = (end: string): Promise<SqliteEventStore | EventStoreDbEventStore> =>
  end.startsWith('esdb:')
    ? EventStoreDbEventStore.open({ url: end, mode: 'reader' })
    : SqliteEventStore.open({ directory: end, mode: 'reader' });

export async function storedIn(end: string): Promise<Stored> {
  const store = await openEnd(end);
  try {
    return await storedOf(store);
  } finally {
    await store.close();
  }
}

async function storedOf(store: EventStore): Promise<Stored> {
  const records: string[] = [];
  const edge = new TreeEdge(nodeHashes);
  for await (const events of store.readLog()) {
    for (const {
      stream,
      revision,
      id,
      type,
      schemaVersion,
      recordedAt,
      data,
      meta,
      dataSalt,
      metaSalt,
      seal,
      leaf,
      sealed,
      lost,
    } of events) {
      edge.append(Buffer.from(leaf, 'hex'));
      records.push(
        JSON.stringify([stream, revision, id, type, schemaVersion, recordedAt, data, meta, dataSalt, metaSalt, seal, leaf, sealed, lost]),
      );
    }
  }
  return { records, root: Buffer.from(edge.root()).toString('hex') };
}

/** A note beside the log. */
export async function noteIn(end: string, key: string): Promise<string | undefined> {
  const store = await openEnd(end);
  try {
    return await store.bookkeeping.read(key);
  } finally {
    await store.close();
  }
}
