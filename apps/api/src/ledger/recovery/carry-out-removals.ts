// What the record says is to be gone goes, also where it came back with an older copy: from the log, and from the read models that were made of it.
import type { RemovedValue, SqliteEventStore } from '#event-store';
import type { RecordNumber } from '#kernel';
import { discardReadModels } from '#read-models';

export interface CarriedOut {
  /** Texts that lay there all the same. */
  destroyed: number;
  /** Whether nothing of them is left in any file; else the next start sees to it. */
  isCleared: boolean;
}

/** Idempotent: what a crash cut short is done by the next call, or the next start. @throws StoreUnavailable, OutcomeUnclear */
export async function carryOutRemovals(
  store: Pick<SqliteEventStore, 'readLog' | 'positionAt' | 'destruction'>,
  removed: readonly RemovedValue[],
  dataDirectory: string,
): Promise<CarriedOut> {
  const there = [];
  // Each source says them again.
  const named = new Map(removed.map((value) => [`${value.record}/${value.hash}`, value]));
  for (const value of named.values()) if (await isThere(store, value)) there.push(value);
  if (there.length > 0) {
    discardReadModels(dataDirectory);
    await store.destruction.remove(there);
  }
  return { destroyed: there.length, isCleared: await store.destruction.scrub() };
}

async function isThere(store: Pick<SqliteEventStore, 'readLog' | 'positionAt'>, { record, hash }: RemovedValue): Promise<boolean> {
  const before = record > 1 ? { after: store.positionAt((record - 1) as RecordNumber) } : {};
  for await (const [event] of store.readLog({ ...before, limit: 1 })) return event!.sealed.some((value) => value.hash === hash);
  return false;
}
