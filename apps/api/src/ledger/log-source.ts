// The log as the signer and the bundles read it.
import { findForgery, leafEntryOf, type SigningKeyChanged, type SqliteEventStore } from '#event-store';
import { LOG_STREAM, type RecordNumber, type StoredEvent } from '#kernel';
import type { LogSource } from '#ledger/writer';

/** Events after the first `size` records, in batches. */
export const eventsAfter = (store: SqliteEventStore, size: number): AsyncIterable<readonly StoredEvent[]> =>
  store.readLog(size > 0 ? { after: store.positionAt(size as RecordNumber) } : {});

/** Notes of the changes of keys that the log holds, in its order. */
export async function keyChangesIn(store: Pick<SqliteEventStore, 'readStream'>): Promise<string[]> {
  const notes: string[] = [];
  for await (const events of store.readStream(LOG_STREAM)) {
    for (const event of events) if (event.type === 'signing-key-changed' && !event.lost) notes.push((JSON.parse(event.data) as SigningKeyChanged['data']).note);
  }
  return notes;
}

export const logSourceOf = (store: SqliteEventStore, writerKey: Buffer): LogSource => ({
  size: () => Promise.resolve(store.lastRecord()),
  async *entriesAfter(size) {
    for await (const events of eventsAfter(store, size)) {
      yield events.map((event) => {
        const forged = findForgery(writerKey, event);
        return { entry: leafEntryOf(event), ...(forged && { forged }) };
      });
    }
  },
});
