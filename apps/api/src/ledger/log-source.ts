// The log as the signer and the bundles read it.
import { findForgery, leafEntryOf, type SqliteEventStore } from '#event-store';
import type { RecordNumber, StoredEvent } from '#kernel';
import type { LogSource } from '#ledger/writer';

/** Events after the first `size` records, in batches. */
export const eventsAfter = (store: SqliteEventStore, size: number): AsyncIterable<readonly StoredEvent[]> =>
  store.readLog(size > 0 ? { after: store.positionAt(size as RecordNumber) } : {});

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
