// A log in which records are missing, or cannot be read, gives all the others: for recoveries, and for bundles, which show where it has holes.
import { isDamage, LogDamaged, SqliteEventStore, type EventStore, type RecordRange } from '#event-store';
import type { RecordNumber, StoredEvent } from '#kernel';

/** Records that the log does not give. */
export interface Gap extends RecordRange {
  /** Undefined where they are not there. */
  unreadable: string | undefined;
}

const BATCH = 500;

/**
 * The events after the first `size` records, each with the index of its leaf. A batch of which anything fails gives nothing: it is halved
 * until what fails stands alone.
 * @param tell told of each gap once, before what follows it
 */
export async function* eventsPastGaps(
  store: Pick<SqliteEventStore, 'lastRecord' | 'positionAt' | 'readLog'>,
  size: number,
  tell: (gap: Gap) => void,
): AsyncGenerator<{ index: number; event: StoredEvent }> {
  const last = store.lastRecord();
  let open: Gap | undefined;
  const end = (): void => {
    if (open) tell(open);
    open = undefined;
  };
  let limit = BATCH;
  for (let index = size; index < last;) {
    const { events, damage } = await readAfter(store, index, limit);
    if (damage === undefined) {
      end();
      for (const event of events) yield { index: index++, event };
      if (events.length < limit) return;
      limit = Math.min(BATCH, 2 * limit);
    } else if (limit > 1) {
      limit = Math.floor(limit / 2);
    } else {
      const gap = gapAt(index + 1, damage);
      if (open?.unreadable !== gap.unreadable) end();
      open = { ...gap, from: open?.from ?? gap.from };
      index = gap.to;
    }
  }
  end();
}

/**
 * The log from its beginning, with nothing in the places of records that it does not give, up to a size.
 * @throws what is no damage; of a database everything, since that numbers nothing
 */
export async function* logWithGaps(store: EventStore, size: number): AsyncGenerator<readonly (StoredEvent | undefined)[]> {
  let count = 0;
  try {
    for await (const events of store.readLog()) {
      yield events;
      count += events.length;
    }
  } catch (error) {
    if (!(store instanceof SqliteEventStore) || !isDamage(error)) throw error;
    for await (const { index, event } of eventsPastGaps(store, count, () => undefined)) {
      if (index >= size) break;
      if (index > count) yield nothing(index - count);
      yield [event];
      count = index + 1;
    }
    if (count < size) yield nothing(size - count);
  }
}

const nothing = (records: number): undefined[] => new Array<undefined>(records).fill(undefined);

/** Of one that was read alone. */
function gapAt(record: number, error: Error): Gap {
  if (error instanceof LogDamaged && error.record === record) return { from: record, to: error.next - 1, unreadable: undefined };
  return { from: record, to: record, unreadable: error.message };
}

async function readAfter(
  store: Pick<SqliteEventStore, 'positionAt' | 'readLog'>,
  size: number,
  limit: number,
): Promise<{ events: readonly StoredEvent[]; damage?: Error }> {
  const after = size > 0 ? { after: store.positionAt(size as RecordNumber) } : {};
  try {
    for await (const events of store.readLog({ ...after, limit, batch: limit })) return { events };
    return { events: [] };
  } catch (error) {
    if (isDamage(error)) return { events: [], damage: error };
    throw error;
  }
}
