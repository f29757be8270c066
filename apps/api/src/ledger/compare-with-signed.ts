// Whether the log is the one that was signed, at its end: looked at by every start before anything is recorded. The signer compares all of it.
import { leafEntryOf, nodeHashes, StoreNotOpened, type HistoryRestored, type SqliteEventStore } from '#event-store';
import { LOG_STREAM, type RecordNumber } from '#kernel';
import { equalBytes } from '#ledger/core';
import { missingRecords, type MissingRecords } from './missing-records.js';
import { rangesOf, writeRanges } from './recovery/ranges.js';
import { SignedHistory } from './recovery/signed-history.js';

/** @throws StoreNotOpened where a history was signed, and the log is empty: a new one must not be opened in its place */
export function assertNotLost(store: SqliteEventStore, dataDirectory: string, signerDirectory: string): void {
  if (store.lastRecord() > 0) return;
  const signed = SignedHistory.open(signerDirectory);
  if (signed && signed.size > 0) {
    throw new StoreNotOpened(
      `${dataDirectory} holds no record, and ${signed.size} of ${signed.checkpoint.origin} were signed, as ${signerDirectory} remembers: PLENARY_DATA names the wrong directory, or the log is lost. plenary recover puts back what was signed`,
    );
  }
}

export interface Divergence {
  /** Why nothing may be recorded. */
  message: string;
  missing: MissingRecords;
}

/** Undefined where the log goes on from what was signed. */
export async function findDivergence(store: SqliteEventStore, signerDirectory: string, origin: string): Promise<Divergence | undefined> {
  const signed = SignedHistory.open(signerDirectory);
  if (!signed || signed.size === 0 || signed.checkpoint.origin !== origin) return undefined;
  const [stored, { size }] = [store.lastRecord(), signed];
  const isSigned = async (record: number): Promise<boolean> => {
    const before = record > 1 ? { after: store.positionAt((record - 1) as RecordNumber) } : {};
    for await (const [event] of store.readLog({ ...before, limit: 1 }))
      return equalBytes(nodeHashes.leaf(Buffer.from(leafEntryOf(event!))), signed.leafAt(record - 1));
    return false;
  };
  if (stored >= size && (await isSigned(size))) return findUnexplained(store, signed);
  const missing = missingRecords(signed, numbersFrom(await sharedWith(Math.min(stored, size), isSigned), size));
  const what =
    stored < size
      ? `the log ends with record ${stored}, and ${size} were signed: it lost its end, or is an older copy. Nothing is recorded; plenary recover puts records ${stored + 1} to ${size} back`
      : `record ${size} is not the one that was signed: an older copy of the log was put back and went on, or it was changed. Nothing is recorded; docs/operating.md tells the way out`;
  return divergence(what, missing);
}

const divergence = (what: string, missing: MissingRecords): Divergence => ({
  message: missing.withheld === undefined ? what : `${what}; ${missing.withheld}`,
  missing,
});

/** Placeholders of which no record says that they were declared lost: what said so was lost in its turn, or a recovery was cut short. */
async function findUnexplained(store: SqliteEventStore, signed: SignedHistory): Promise<Divergence | undefined> {
  let unexplained = await store.placeholders();
  if (unexplained.length === 0) return undefined;
  for await (const events of store.readStream(LOG_STREAM)) {
    for (const { type, data, lost } of events) {
      if (type !== 'history-restored' || lost) continue;
      const named = (JSON.parse(data) as HistoryRestored['data']).lost;
      unexplained = unexplained.filter((record) => !named.some(({ from, to }) => record >= from && record <= to));
    }
  }
  if (unexplained.length === 0) return undefined;
  const what = `of records ${writeRanges(rangesOf(unexplained))} only placeholders are left, and no record explains them: what said so was lost in its turn. Nothing is recorded; plenary recover puts them back, or declares them lost`;
  return divergence(
    what,
    missingRecords(
      signed,
      unexplained.map((record) => record - 1),
    ),
  );
}

function* numbersFrom(from: number, to: number): Generator<number> {
  for (let number = from; number < to; number++) yield number;
}

/** How many records two histories share that part once, looked for in halves. */
async function sharedWith(most: number, isShared: (record: number) => Promise<boolean>): Promise<number> {
  let [shared, other] = [0, most + 1];
  while (other - shared > 1) {
    const middle = Math.floor((shared + other) / 2);
    if (await isShared(middle)) shared = middle;
    else other = middle;
  }
  return shared;
}
