// Writes events through the store's port into the history of a server that does not run: with ids, times and salts that are the
// same whenever it is called alike.
import { createHash } from 'node:crypto';
import { readKeys, Sealer, SqliteEventStore } from '#event-store';
import { derivedId, utcTime, type Metadata, type Revision, type Sealed, type StreamName, type Uuid } from '#kernel';

export interface EventToAppend {
  stream: string;
  type: string;
  /** Typed texts are marked, as a decider marks them. */
  data: object;
}

export interface Directories {
  data: string;
  keys: string;
}

/** @param firstMs when the first of them is recorded; each of the others a millisecond after the one before */
export async function appendEvents({ data, keys }: Directories, events: readonly EventToAppend[], firstMs: number): Promise<void> {
  const store = await SqliteEventStore.open({ directory: data, mode: 'writer' });
  try {
    for (const [index, { stream, type, data: content }] of events.entries()) {
      const sealer = new Sealer(readKeys(keys).writer!, saltsOf(index));
      const last = await lastRevision(store, stream as StreamName);
      const at = utcTime(firstMs + index);
      const named = (what: string): Uuid => derivedId('appended', `${what} ${index}`);
      const metadata: Metadata<Sealed> = {
        occurredAt: at as never,
        actor: { subject: derivedId('appended', 'subject'), role: 'secretariat' },
        commandId: named('command'),
        correlation: named('correlation'),
      };
      const event = sealer.seal(stream as StreamName, (last + 1) as Revision, at, {
        id: named('event'),
        event: { type, data: content },
        schemaVersion: 1,
        metadata,
      });
      await store.append({ stream: stream as StreamName, expected: last < 0 ? 'none' : (last as Revision), events: [event] });
    }
  } finally {
    await store.close();
  }
}

/** Salts of the event at an index: however many another event needs, those of this one stay the same. */
function saltsOf(index: number): () => Buffer {
  let drawn = 0;
  return () => createHash('sha256').update(`salt ${index} ${drawn++}`).digest();
}

async function lastRevision(store: SqliteEventStore, stream: StreamName): Promise<number> {
  for await (const [event] of store.readStream(stream, { direction: 'backwards', limit: 1 })) return event!.revision;
  return -1;
}
