// What a log that lost its tail still holds: compared with what was signed, record by record, before anything is put behind it.
import {
  findForgery,
  leafEntryOf,
  nodeHashes,
  removedValues,
  type HistoryRestored,
  type LogOpened,
  type RemovedValue,
  type SigningKeyChanged,
  type SqliteEventStore,
} from '#event-store';
import { LOG_STREAM, type RecordNumber, type StoredEvent } from '#kernel';
import { equalBytes } from '#ledger/core';
import { missingTexts, strayTexts } from './missing-texts.js';
import { RecoveryRefused } from './recovery-refused.js';
import type { SignedHistory } from './signed-history.js';

export interface StoredPart {
  size: number;
  /** Verifier keys that the record names, the newest last. */
  keys: string[];
  removed: RemovedValue[];
  /** Placeholders that no `history-restored` names, by number: a recovery was cut short, or what it said was lost in its turn. */
  unnamed: Map<number, StoredEvent>;
  /** The numbers of all placeholders. */
  placeholders: number[];
  /** Of records by leaf index, the hashes of texts that are not there, or were altered. */
  textless: Map<number, readonly string[]>;
  /** The numbers of records of which a text was altered. */
  altered: Set<number>;
  /** What stands beside records that do not refer to it. */
  strays: RemovedValue[];
  /** The numbers of placeholders that were removals by law: nobody knows what they named. */
  lostRemovals: number[];
  /** The last revision of `log` that is stored, -1 where it has none. */
  logRevisionStored: number;
  lastAt: string | undefined;
}

export const nothingStored = (): StoredPart => ({
  size: 0,
  keys: [],
  removed: [],
  unnamed: new Map(),
  placeholders: [],
  textless: new Map(),
  altered: new Set(),
  strays: [],
  lostRemovals: [],
  logRevisionStored: -1,
  lastAt: undefined,
});

/** @throws RecoveryRefused at the first record that is not the one that was signed */
export async function readStoredPart(store: SqliteEventStore, signed: SignedHistory, writerKey: Buffer): Promise<StoredPart> {
  const part = nothingStored();
  for await (const events of store.readLog()) {
    for (const event of events) {
      const record = part.size + 1;
      const isSigned = part.size < signed.size && equalBytes(nodeHashes.leaf(Buffer.from(leafEntryOf(event))), signed.leafAt(part.size));
      if (part.size < signed.size && !isSigned) throw new RecoveryRefused(divergesAt(record, signed.size));
      const forged = findForgery(writerKey, event);
      if (forged && forged !== 'text')
        throw new RecoveryRefused(
          `record ${record} was not written by a node of this installation: its ${forged} does not fit. Nothing was changed`,
        );
      part.size = record;
      part.lastAt = event.recordedAt;
      if (event.lost) {
        part.unnamed.set(record, event);
        part.placeholders.push(record);
        if (isRemoval(event)) part.lostRemovals.push(record);
      } else if (isSigned || forged) {
        const missing = missingTexts(event);
        if (missing.length > 0) part.textless.set(record - 1, missing);
        if (missing.some((hash) => event.sealed.some((text) => text.hash === hash))) part.altered.add(record);
        for (const hash of strayTexts(event)) part.strays.push({ record: record as RecordNumber, hash });
      }
      if (event.stream !== LOG_STREAM) continue;
      part.logRevisionStored = event.revision;
      readLogEvent(part, event);
      readKey(part, event);
    }
  }
  forgetRemoved(part);
  return part;
}

export const isRemoval = ({ stream, type }: { stream: string; type: string }): boolean => stream === LOG_STREAM && type === 'value-removed';

/** What the law made go is not missing. */
function forgetRemoved({ textless, removed }: StoredPart): void {
  const gone = new Set(removed.map(({ record, hash }) => `${record}/${hash}`));
  for (const [index, hashes] of textless) {
    const missing = hashes.filter((hash) => !gone.has(`${index + 1}/${hash}`));
    if (missing.length > 0) textless.set(index, missing);
    else textless.delete(index);
  }
}

/** Of an event that a node of this installation wrote. */
export function readKey(part: StoredPart, { type, data, lost }: StoredEvent): void {
  if (lost) return;
  if (type === 'log-opened') part.keys.push((JSON.parse(data) as LogOpened['data']).verifierKey);
  if (type === 'signing-key-changed') part.keys.push((JSON.parse(data) as SigningKeyChanged['data']).to);
}

/** What it says is gone, and what it explains. */
export function readLogEvent(part: StoredPart, event: StoredEvent): void {
  part.removed.push(...removedValues(event));
  if (event.lost) return;
  if (event.type === 'history-restored') {
    const { lost } = JSON.parse(event.data) as HistoryRestored['data'];
    for (const record of part.unnamed.keys()) if (lost.some(({ from, to }) => record >= from && record <= to)) part.unnamed.delete(record);
  }
}

const divergesAt = (record: number, size: number): string =>
  `record ${record} is not the one that was signed, of ${size}: an older copy of the log was put back and went on, or it was changed. What stands from record ${record} on was never signed, and is not overwritten. ` +
  `Keep this data directory, put a copy that ends before record ${record} in its place, and recover that; then record again what is in the kept one alone. Nothing was changed`;
