// Finds how far read models and store agree: the tail of a store may have been withdrawn, or an older copy put in its place.
import type { EventStore } from '#event-store';
import type { RecordNumber, Revision, StreamName } from '#kernel';
import type { Database } from '#sqlite';

interface Logged {
  stream: StreamName;
  revision: Revision;
  id: string;
  leaf: Uint8Array;
}

/** The last record up to which the store holds what was projected. A log only ever loses its tail. */
export async function lastAgreed(database: Database, store: EventStore, projected: RecordNumber): Promise<RecordNumber> {
  const row = database.prepare<Logged & Record<string, never>>('SELECT stream, revision, event_id AS id, leaf FROM log WHERE record = ?');
  const holds = async (record: number): Promise<boolean> => {
    const { stream, revision, id, leaf } = row.get(record)!;
    for await (const [event] of store.readStream(stream, { from: revision, limit: 1 })) {
      return event?.id === id && event.revision === revision && event.leaf === Buffer.from(leaf).toString('hex');
    }
    return false;
  };
  if (projected === 0 || (await holds(projected))) return projected;
  let [low, high] = [0, projected - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (await holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low as RecordNumber;
}
