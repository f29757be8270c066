// Reads whole iterations into arrays.
import type { LoggedEvent } from '../log.js';
import type { EventStore, LogNotice, ReadLog, ReadStream, Subscribe } from '../port.js';
import type { StoredEvent, StreamName } from '#kernel';

async function flat<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

export const streamOf = (store: EventStore, stream: StreamName, options?: ReadStream): Promise<StoredEvent[]> =>
  flat(store.readStream(stream, options));

export const logOf = (store: EventStore, options?: ReadLog): Promise<LoggedEvent[]> => flat(store.readLog(options));

/** Follows the log until `enough` says so; answers every notice. */
export async function follow(
  store: EventStore,
  options: Omit<Subscribe, 'signal'>,
  enough: (notices: readonly LogNotice[]) => boolean,
): Promise<LogNotice[]> {
  const ending = new AbortController();
  const notices: LogNotice[] = [];
  for await (const notice of store.subscribe({ ...options, signal: ending.signal })) {
    notices.push(notice);
    if (enough(notices)) ending.abort();
  }
  return notices;
}

export const eventsIn = (notices: readonly LogNotice[]): LoggedEvent[] =>
  notices.flatMap((notice) => (notice.kind === 'events' ? notice.events : []));
