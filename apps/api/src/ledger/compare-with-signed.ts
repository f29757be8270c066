// Whether the log is the one that was signed, at its end: looked at by every start before anything is recorded. The signer compares all of it.
import { leafEntryOf, nodeHashes, StoreNotOpened, type SqliteEventStore } from '#event-store';
import type { RecordNumber } from '#kernel';
import { equalBytes } from '#ledger/core';
import { SignedHistory } from './recovery/signed-history.js';

/** @throws StoreNotOpened where a history was signed, and the log is empty: a new one must not be opened in its place */
export async function assertNotLost(store: SqliteEventStore, dataDirectory: string, signerDirectory: string): Promise<void> {
  if (store.lastRecord() > 0) return;
  const signed = await SignedHistory.open(signerDirectory);
  if (signed && signed.size > 0) {
    throw new StoreNotOpened(`${dataDirectory} holds no record, and ${signed.size} of ${signed.checkpoint.origin} were signed, as ${signerDirectory} remembers: PLENARY_DATA names the wrong directory, or the log is lost. plenary recover puts back what was signed`);
  }
}

/** Why nothing may be recorded; undefined where the log goes on from what was signed. */
export async function findDivergence(store: SqliteEventStore, signerDirectory: string, origin: string): Promise<string | undefined> {
  const signed = await SignedHistory.open(signerDirectory);
  if (!signed || signed.size === 0 || signed.checkpoint.origin !== origin) return undefined;
  const [stored, { size }] = [store.lastRecord(), signed];
  if (stored < size) return `the log ends with record ${stored}, and ${size} were signed: it lost its end, or is an older copy. Nothing is recorded; plenary recover puts records ${stored + 1} to ${size} back`;
  const before = size > 1 ? { after: store.positionAt((size - 1) as RecordNumber) } : {};
  for await (const [event] of store.readLog({ ...before, limit: 1 })) {
    if (equalBytes(nodeHashes.leaf(Buffer.from(leafEntryOf(event!))), await signed.leafAt(size - 1))) return undefined;
  }
  return `record ${size} is not the one that was signed: an older copy of the log was put back and went on, or it was changed. Nothing is recorded; docs/operating.md tells the way out`;
}
