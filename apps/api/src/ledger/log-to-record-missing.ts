// A log that lost a record in its midst is judged, not merely unreadable: the verifier is told which one, and reads all before it.
import { LogDamaged, type EventStore, type LoggedEvent, type Position } from '#event-store';
import { RecordMissing } from '#ledger/verify';

/** The log from its beginning. @throws RecordMissing after the last record before the one that it holds no more */
export async function* logToRecordMissing(store: Pick<EventStore, 'readLog'>): AsyncGenerator<readonly LoggedEvent[]> {
  let after: Position | undefined;
  let count = 0;
  try {
    for await (const events of store.readLog()) {
      yield events;
      count += events.length;
      after = events.at(-1)?.position ?? after;
    }
  } catch (error) {
    if (!(error instanceof LogDamaged)) throw error;
    // The store gives nothing of a batch in which one is missing.
    const limit = error.record - 1 - count;
    if (limit > 0) yield* store.readLog({ limit, ...(after !== undefined && { after }) });
    throw new RecordMissing(error.message, error.record === 0 ? undefined : error.record);
  }
}
