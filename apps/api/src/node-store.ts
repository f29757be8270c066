// Where the record lies: in this node's directory, or in a database that many nodes share. Read models and keys are the node's own.
import { makeDirectory } from '#durable';
import {
  DirectoryLock,
  SqliteEventStore,
  StoreNotOpened,
  type EventStore,
  type LoggedEvent,
  type Moving,
  type RemovedValue,
  type UnavailableCause,
} from '#event-store';
import type { EventStoreDbEventStore } from '#event-store/eventstoredb';
import type { RecordNumber, StreamName } from '#kernel';

/** Structured-cloneable: the threads of a node open the store by it, each for itself. */
export interface StoreLocation {
  directory: string;
  /** The database; in the directory where absent. */
  url?: string;
}

/** What a node asks of its store beyond the port: both kinds of it have this, and each its own way of it. */
export interface NodeStore extends EventStore {
  /** Whether anything may be recorded here. */
  readonly canWrite: boolean;
  /** Why appends fail, for health: what the last one met. Undefined while they succeed. */
  readonly trouble: { reason: UnavailableCause | 'unclear'; message: string } | undefined;
  /** Where the history moves to, or came from. */
  readonly moving: Moving;
  /** The last record, or undefined before the first. */
  lastEvent(): Promise<LoggedEvent | undefined>;
  /** Whether a token is a position of this history, however new. */
  gave(token: string): boolean;
  /** Of a store that cannot destroy: gives the values to nobody from here on. */
  withhold?(values: readonly RemovedValue[]): void;
  /** Of a store that other threads follow by looking: they hear at once of what is stored, since somebody waits for it. */
  hurry?(): void;
}

export interface HeldStore {
  store: NodeStore;
  /** The store, where it lies in the node's own directory. */
  local: SqliteEventStore | undefined;
  /** The number of the last record, where the store counts: else the projector does. */
  lastRecord: (() => RecordNumber | 0) | undefined;
  /** Tells other processes where the server that holds the directory listens. */
  announce: (address: string) => void;
  close: () => Promise<void>;
}

export interface StoreListener {
  /** Somebody endangers the record in the database. */
  onEndangered: (message: string) => void;
  /** The record removed texts. */
  onRemoved: () => void;
  /** Following the database began anew. */
  onInterrupted: () => void;
  /** Another node, or this one, recorded something about a token. */
  onTokenRecorded: (stream: StreamName) => void;
}

/** Of what a node must hear at once: who is let in is decided by what it keeps in memory. */
const TOKEN_EVENTS = ['token-'];

/** Opens the store for a node, which holds its directory as long. @throws StoreNotOpened */
export async function holdStore({ directory, url }: StoreLocation, listener: StoreListener): Promise<HeldStore> {
  if (url !== undefined) return holdDatabase(directory, url, listener);
  const store = await SqliteEventStore.open({ directory, mode: 'writer' });
  return {
    store,
    local: store,
    lastRecord: () => store.lastRecord(),
    announce: (address) => {
      if (store.isHolder) store.announce(address);
    },
    close: () => store.close(),
  };
}

async function holdDatabase(directory: string, url: string, listener: StoreListener): Promise<HeldStore> {
  await makeDirectory(directory);
  const lock = DirectoryLock.take(directory);
  if (lock === 'read-only') throw new StoreNotOpened(`${directory} cannot be written: the register is made there`);
  try {
    const store = await (
      await engine()
    ).open({
      url,
      mode: 'node',
      onEndangered: listener.onEndangered,
      onRemoved: listener.onRemoved,
      onInterrupted: listener.onInterrupted,
      hears: { types: TOKEN_EVENTS, onRecorded: listener.onTokenRecorded },
    });
    const close = async (): Promise<void> => {
      await store.close();
      lock.release();
    };
    return { store, local: undefined, lastRecord: undefined, announce: (address) => lock.announce(address), close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Opens the store beside the node that holds it.
 * @param onInterrupted told whenever following a database began anew
 * @throws StoreNotOpened
 */
export const openToRead = async (
  { directory, url }: StoreLocation,
  onInterrupted?: () => void,
): Promise<SqliteEventStore | EventStoreDbEventStore> =>
  url === undefined ? SqliteEventStore.open({ directory, mode: 'reader' }) : readDatabase(url, onInterrupted);

/** A database alone. @throws StoreNotOpened */
export const readDatabase = async (url: string, onInterrupted?: () => void): Promise<EventStoreDbEventStore> =>
  (await engine()).open({ url, mode: 'reader', ...(onInterrupted && { onInterrupted }) });

/** Its client takes memory (26 MiB) in each thread that loads it: a node without a database does not. */
async function engine(): Promise<typeof EventStoreDbEventStore> {
  return (await import('#event-store/eventstoredb')).EventStoreDbEventStore;
}
