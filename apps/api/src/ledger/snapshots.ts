// Snapshots of the read models, where the command line or a first start asks for them: whose history it is, and what was signed of it,
// is read from the log.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  KeysUnusable,
  LOG_FILE,
  nameOfHistory,
  readKeys,
  StoreNotOpened,
  type EventStore,
  type Installation,
  type NamedHistory,
} from '#event-store';
import type { RecordNumber } from '#kernel';
import type { Checkpoint } from '#ledger/core';
import { checkpointSignedBy } from '#ledger/verify';
import { LEDGER_KEY, readPublished, type Bookkeeping } from '#ledger/writer';
import { currentFile, makeSnapshot, SnapshotRefused, takeSnapshot } from '#read-models';
import { catalogue, schema } from '../composition.js';
import type { Configuration } from '../configuration.js';
import { holdStore, openToRead, type StoreLocation } from '../node-store.js';

type Place = Pick<Configuration, 'data' | 'keys' | 'eventStore'>;

/** Beside a server that goes on, or without one. @throws SnapshotRefused, StoreNotOpened, KeysUnusable */
export async function makeSnapshotOf(place: Place, to: string): Promise<{ record: RecordNumber; covered: number }> {
  const writerKey = writerKeyIn(place.keys);
  const store = await openToRead(locationOf(place));
  try {
    const { origin, verifierKeys } = await historyIn(store, writerKey, place.keys);
    return await makeSnapshot({
      dataDirectory: place.data,
      to,
      schema,
      origin,
      checkpointUpTo: (records) => signedUpTo(store.bookkeeping, records, verifierKeys),
    });
  } finally {
    await store.close();
  }
}

/** Into a directory that no server holds. @throws SnapshotRefused, StoreNotOpened, KeysUnusable */
export async function takeSnapshotInto(place: Place, from: string): Promise<{ record: RecordNumber; caughtUp: RecordNumber }> {
  const writerKey = writerKeyIn(place.keys);
  if (place.eventStore === undefined && !existsSync(join(place.data, LOG_FILE)))
    throw new StoreNotOpened(`there is no history in ${place.data}: PLENARY_DATA must name the directory of one`);
  const held = await holdStore(locationOf(place), {
    onEndangered: () => undefined,
    onRemoved: () => undefined,
    onTokenRecorded: () => undefined,
    onInterrupted: () => undefined,
  });
  try {
    const history = await historyIn(held.store, writerKey, place.keys);
    return await takeSnapshot({ ...history, dataDirectory: place.data, from, store: held.store, parts: { schema, catalogue, writerKey } });
  } finally {
    await held.close();
  }
}

/** For a start that has no read models yet. @throws SnapshotRefused where the start is to end then */
export async function takeGivenSnapshot(
  { data, snapshot }: Pick<Configuration, 'data' | 'snapshot'>,
  store: EventStore,
  { origin, formerKeys, verifierKey, keys }: Installation,
  tell: (taken: { record: number } | { refused: string }) => void = () => undefined,
): Promise<void> {
  if (snapshot === undefined || currentFile(data) !== undefined) return;
  try {
    const { record } = await takeSnapshot({
      dataDirectory: data,
      from: snapshot.file,
      store,
      origin,
      verifierKeys: [...formerKeys, verifierKey],
      parts: { schema, catalogue, writerKey: keys.writer },
    });
    tell({ record });
  } catch (error) {
    if (!(error instanceof SnapshotRefused) || snapshot.isRequired) throw error;
    tell({ refused: error.message });
  }
}

const locationOf = ({ data, eventStore }: Place): StoreLocation => ({
  directory: data,
  ...(eventStore !== undefined && { url: eventStore }),
});

function writerKeyIn(directory: string): Buffer {
  const { writer } = readKeys(directory);
  if (!writer)
    throw new KeysUnusable(
      `there is no writer key in ${directory}: PLENARY_KEYS must name the directory with which the server was started`,
    );
  return writer;
}

async function historyIn(store: EventStore, writerKey: Buffer, keys: string): Promise<NamedHistory> {
  const named = await nameOfHistory(store, writerKey);
  if (!named) throw new StoreNotOpened(`the log holds no history of the installation whose keys are in ${keys}`);
  return named;
}

async function signedUpTo(
  bookkeeping: Bookkeeping,
  records: number,
  verifierKeys: readonly string[],
): Promise<{ note: string; checkpoint: Checkpoint } | undefined> {
  let note = await bookkeeping.read(LEDGER_KEY);
  for (;;) {
    const checkpoint = note === undefined ? undefined : checkpointSignedBy(note, verifierKeys);
    if (!checkpoint || checkpoint.size <= records) return checkpoint && { note: note!, checkpoint };
    const before: number = (await readPublished(bookkeeping, checkpoint.size))?.previous ?? 0;
    note = before > 0 && before < checkpoint.size ? (await readPublished(bookkeeping, before))?.note : undefined;
  }
}
