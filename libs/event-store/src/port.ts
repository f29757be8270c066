// The port of the event store: what an adapter promises, and what it may not do. The contract suite in testing/ binds every adapter.
import type { LoggedEvent, Position } from './log.js';
import type { RecordNumber, Revision, SealedEvent, StoredEvent, StreamName, StreamRevision } from '#kernel';

/** The largest append, over canonical data, metadata and sealed values: far below every engine's own limit. */
export const MAX_APPEND_BYTES = 512 * 1024;

export interface Append {
  stream: StreamName;
  /** The revision of the stream's last event, or 'none' where the stream must not exist. Never "any". */
  expected: Revision | 'none';
  /** At least one. Their ids are the same whenever the same append is tried again. */
  events: readonly SealedEvent[];
  /**
   * Whether the ids were drawn for this append, and no append that held one of them was sent before, here or on another node. A store
   * that cannot tell a repeat from a first attempt need not look then.
   */
  isFirst?: boolean;
  /** Revisions of other streams that the decision must still rest on when it becomes durable. */
  checks?: readonly StreamRevision[];
}

export interface Appended {
  /** The events as stored: those of the first attempt where this one repeats it. In order. */
  events: readonly StoredEvent[];
  /** Position of the last of them. */
  position: Position;
  /** Whether they had been stored before. */
  repeated: boolean;
}

export interface ReadStream {
  /** Inclusive. Forwards from the first, backwards from the last where absent. */
  from?: Revision;
  direction?: 'forwards' | 'backwards';
  /** At most so many events. */
  limit?: number;
}

export interface ReadLog {
  /** Exclusive; from the beginning where absent. */
  after?: Position;
  /** At most so many events. */
  limit?: number;
  /** At most so many events in one batch; 1,000 where absent. */
  batch?: number;
}

export interface Subscribe {
  /** Exclusive; from the beginning where absent. */
  after?: Position;
  /** Ends the subscription: the iteration then finishes without an error. */
  signal: AbortSignal;
}

export type LogNotice = { kind: 'events'; events: readonly LoggedEvent[] } | { kind: 'caught-up' };

/**
 * Ordering: the global log is one total order; each stream's events appear in it in the order of their revisions.
 * Durability: what is answered, read or delivered has reached the disk; nothing is visible before.
 * Concurrency: appends to one stream exclude each other by `expected`; an append's events are never interleaved with
 * another's. No gaps: a reader that has passed a position never misses an event before it.
 */
export interface EventStore {
  /** Random, made with the store; every position names it. */
  readonly id: string;
  /**
   * Whether `checks` are part of the append's transaction, or read right before it. What slips through then is found in the log, by every
   * node alike: each event names what it was decided on.
   */
  readonly checksAre: 'transactional' | 'read-around';
  /**
   * Whether an event id that is stored elsewhere is refused, or the store looks only where this append would put its events. Ids
   * derive from the command and its stream, so that no honest append meets the difference.
   */
  readonly idsAre: 'unique' | 'unique-in-place';

  /**
   * Idempotent by event id: an append all of whose ids are stored in this stream right after `expected` answers the stored
   * events, whatever salts and times it brings.
   * @throws WrongExpectedRevision, ChecksFailed, EventIdTaken (where ids are unique), AppendRefused, StoreUnavailable (nothing was stored),
   *   OutcomeUnclear (it may be stored: retry with the same ids)
   */
  append(append: Append): Promise<Appended>;

  /** In batches. A stream that does not exist yields nothing. */
  readStream(stream: StreamName, options?: ReadStream): AsyncIterable<readonly StoredEvent[]>;

  /** In batches, up to what is durable when the read begins or a little later. @throws ForeignPosition, TailWithdrawn */
  readLog(options?: ReadLog): AsyncIterable<readonly LoggedEvent[]>;

  /**
   * Every event after a position, for ever, with a notice when there is nothing more for now. Slow consumers slow only themselves.
   * @throws ForeignPosition; TailWithdrawn where what was delivered last, or the position, is no longer there
   */
  subscribe(options: Subscribe): AsyncIterable<LogNotice>;

  /**
   * Whether a position lies behind the other one in the log: appends to several streams may be answered in another order than they
   * were stored in.
   * @throws ForeignPosition
   */
  isAfter(position: Position, other: Position): boolean;

  /** Small values outside the numbered log: checkpoints of consumers, published notes. Durable when the promise resolves. */
  readonly bookkeeping: Bookkeeping;

  /** Absent where the store cannot: there values are destroyed when the log is migrated, and only withheld until then. */
  readonly destruction?: Destruction | undefined;

  /** Finishes what is in flight; appends that come later fail with StoreUnavailable. Idempotent. */
  close(): Promise<void>;
}

export interface Bookkeeping {
  read(key: string): Promise<string | undefined>;
  write(key: string, value: string): Promise<void>;
}

/** A typed text that is to be gone: its hash, as it stands in the event, and the record that holds it. */
export interface RemovedValue {
  record: RecordNumber;
  hash: string;
}

/**
 * Destroys sealed values with their salts, because the law demands it. The events that held them stay as they are: their bytes,
 * leaves, seals, record numbers and positions.
 */
export interface Destruction {
  /**
   * Durable, and seen by every reader that begins a read after it. Idempotent: what is gone already, or never was, is passed over.
   * @throws StoreUnavailable, OutcomeUnclear (do it again)
   */
  remove(values: readonly RemovedValue[]): Promise<void>;

  /**
   * Leaves nothing of what was removed in the store's files: not in free space, not in a log of changes. May take long, and need
   * as much room again as the store has. That it must be done is remembered over a restart until it is. Idempotent.
   * @returns whether it is done; false where something stands in its way that may pass, such as another process that reads
   * @throws StoreUnavailable, OutcomeUnclear
   */
  scrub(): Promise<boolean>;
}
