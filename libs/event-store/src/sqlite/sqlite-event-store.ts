// The default store: one SQLite file in one directory, written by one process, in a thread of its own.
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '#durable';
import { RestoreRefused, StoreNotOpened, StoreUnavailable, type UnavailableCause } from '../errors.js';
import type { LoggedEvent, Position } from '../log.js';
import { assertAppendable, inHashOrder, refusalOf } from '../append-rules.js';
import { MOVE_KEY, type Moving } from '../moving.js';
import type { Append, Appended, Bookkeeping, Destruction, EventStore, LogNotice, ReadLog, ReadStream, Subscribe } from '../port.js';
import { DirectoryLock, holderOf, type Holder } from './directory-lock.js';
import { LogChanges } from './log-changes.js';
import { positionOf, type LogReader } from './log-reader.js';
import { LogReads } from './log-reads.js';
import type { FoundAgain, FoundTexts, WriterTuning } from './log-writer.js';
import { Moves, putBehind } from './moves.js';
import { openReader } from './open-reader.js';
import { WriterThread } from './writer-thread.js';
import { isBindable } from '#sqlite';
import { randomId, type RecordNumber, type Revision, type StoredEvent, type StreamName } from '#kernel';

export interface OpenSqliteEventStore {
  directory: string;
  /** `writer` holds the directory, and makes the log where there is none; `reader` leaves everything as it is. */
  mode: 'writer' | 'reader';
  /** How often a reader looks whether another process has written, while somebody waits. */
  pollMs?: number;
  /** For fault tests alone: NORMAL loses what was acknowledged. */
  faultTests?: WriterTuning;
}

const POLL_MS = 100;
export const LOG_FILE = 'log.db';

export class SqliteEventStore implements EventStore {
  readonly id: string;
  readonly checksAre = 'transactional';
  readonly idsAre = 'unique';
  readonly bookkeeping: Bookkeeping;
  readonly destruction: Destruction;
  private readonly reads: LogReads;
  private readonly moves: Moves;
  private readonly changes: LogChanges;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly reader: LogReader,
    private readonly writer: WriterThread | undefined,
    private readonly lock: DirectoryLock | undefined,
    changes: (lastRecord: (() => number) | undefined) => LogChanges,
  ) {
    this.id = reader.storeId;
    this.changes = changes(writer ? undefined : () => reader.lastRecord());
    this.reads = new LogReads(reader, this.changes, () => this.assertOpen());
    this.bookkeeping = {
      read: (key) => this.reads.afterTurn(() => reader.note(key)),
      write: (key, value) => this.note(key, value),
    };
    // The law asks not whether the history is moving.
    this.destruction = {
      remove: async (values) => {
        if (values.length > 0) await this.thread().write({ kind: 'remove', values });
      },
      scrub: () => this.thread().scrub(),
    };
    this.moves = new Moves(
      { note: () => this.reads.afterTurn(() => reader.note(MOVE_KEY)), thread: () => this.thread() },
      reader.note(MOVE_KEY),
    );
  }

  /**
   * As writer in a place that cannot be written, the store opens for reading: see `canWrite`.
   * @throws StoreNotOpened
   */
  static async open(options: OpenSqliteEventStore): Promise<SqliteEventStore> {
    const file = join(options.directory, LOG_FILE);
    if (options.mode === 'reader') return this.openForReading(file, options);
    const lock = await takeLock(options.directory, file);
    if (lock === 'read-only') return this.openForReading(file, options);
    try {
      return await this.openForWriting(file, options, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Whether a process holds the directory for writing, and where it listens. */
  static holderOf(directory: string): Holder {
    return holderOf(directory);
  }

  private static openForReading(file: string, options: OpenSqliteEventStore): SqliteEventStore {
    const reader = openReader(file);
    return new SqliteEventStore(
      reader,
      undefined,
      undefined,
      (lastRecord) => new LogChanges(reader.storeId, lastRecord, options.pollMs ?? POLL_MS),
    );
  }

  private static async openForWriting(file: string, options: OpenSqliteEventStore, lock: DirectoryLock): Promise<SqliteEventStore> {
    let changes: LogChanges | undefined;
    const writer = await WriterThread.start({ file, newId: randomId(), ...options.faultTests }, () => changes?.grown());
    try {
      const reader = openReader(file);
      return new SqliteEventStore(reader, writer, lock, () => (changes = new LogChanges(writer.storeId, undefined, POLL_MS)));
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  get moving(): Moving {
    return this.moves;
  }

  /** Whether anything may be recorded here. */
  get canWrite(): boolean {
    return this.writer !== undefined && this.moves.closed === undefined;
  }

  /** Whether this store holds its directory. */
  get isHolder(): boolean {
    return this.lock !== undefined;
  }

  /** Why appends fail, for health: what the last one met. Undefined while they succeed. */
  get trouble(): { reason: UnavailableCause | 'unclear'; message: string } | undefined {
    if (this.closing) return { reason: 'closed', message: 'the event store is closed' };
    const { closed } = this.moves;
    if (closed !== undefined) return { reason: 'moved', message: closed };
    return this.writer ? this.writer.failing : { reason: 'read-only', message: READ_ONLY };
  }

  /** Whoever follows the log in another thread hears now of what is stored, and not some milliseconds later: somebody waits for it. */
  hurry(): void {
    this.changes.hurry();
  }

  /** Tells other processes where the server that holds the directory listens. */
  announce(address: string): void {
    if (!this.lock) throw new StoreUnavailable('read-only', READ_ONLY);
    this.lock.announce(address);
  }

  /** The record number of the last event; 0 while there is none. */
  lastRecord(): RecordNumber | 0 {
    this.assertOpen();
    return this.reader.lastRecord() as RecordNumber | 0;
  }

  /** The numbers of the records of which only the leaf entry is left. */
  placeholders(): Promise<number[]> {
    return this.reads.afterTurn(() => this.reader.placeholders());
  }

  /** The last record, or undefined before the first. */
  async lastEvent(): Promise<LoggedEvent | undefined> {
    const last = this.lastRecord();
    return last === 0 ? undefined : (await this.reads.afterTurn(() => this.reader.readAfter(last - 1, 1)))[0];
  }

  /** Whether a token is a position of this history, however new. */
  gave(token: string): boolean {
    return this.reads.gave(token);
  }

  isAfter(position: Position, other: Position): boolean {
    return this.recordNumberOf(position) > this.recordNumberOf(other);
  }

  /** @throws ForeignPosition */
  recordNumberOf(position: Position): RecordNumber {
    return this.reads.recordNumberOf(position);
  }

  /** The position of a record that is stored. */
  positionAt(record: RecordNumber): Position {
    return positionOf(this.id, record);
  }

  /** Makes subscriptions look again, where the caller knows that the log has grown. */
  poke(): void {
    this.changes.wakes.wake();
  }

  async append(append: Append): Promise<Appended> {
    assertAppendable(append);
    const outcome = await this.writing().write({ kind: 'append', append });
    if (outcome.kind === 'stored') return this.stored(append, outcome.first, outcome.lastRecord);
    if (outcome.kind === 'repeated') return this.repeated(append, outcome.first);
    if ('actual' in outcome || outcome.kind === 'id-taken') throw refusalOf(append, outcome);
    throw new Error('the writer answered another write than an append');
  }

  /**
   * Puts records back after the last one, as they were: all of them or none. For a log that lost its tail, by whoever has compared
   * them with what was signed; nothing is judged here but that each follows.
   * @throws RestoreRefused, StoreUnavailable, OutcomeUnclear
   */
  async restore(events: readonly StoredEvent[]): Promise<void> {
    await putBehind(this.writing(), events);
  }

  /**
   * Puts events in the places of their own placeholders: all of them or none. Their leaves are the same, so no root changes.
   * @throws RestoreRefused, StoreUnavailable, OutcomeUnclear
   */
  async refill(found: readonly FoundAgain[]): Promise<void> {
    if (found.length === 0) return;
    const outcome = await this.writing().write({ kind: 'refill', found });
    if (outcome.kind === 'no-placeholder')
      throw new RestoreRefused(`record ${found[outcome.at]!.record} is no placeholder of event ${found[outcome.at]!.event.id}`);
  }

  /**
   * Puts texts back beside the events that refer to them and lost them, or hold others in their places: all of them or none. By whoever has compared them with what was
   * sealed, and with what the law made go; nothing is judged here.
   * @throws StoreUnavailable, OutcomeUnclear
   */
  async addTexts(texts: readonly FoundTexts[]): Promise<void> {
    if (texts.length > 0) await this.writing().write({ kind: 'add-texts', texts });
  }

  readStream(stream: StreamName, options?: ReadStream): AsyncGenerator<readonly StoredEvent[]> {
    return this.reads.stream(stream, options);
  }

  readLog(options?: ReadLog): AsyncGenerator<readonly LoggedEvent[]> {
    return this.reads.log(options);
  }

  subscribe(options: Subscribe): AsyncGenerator<LogNotice> {
    return this.reads.subscribe(options);
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    await this.writer?.close();
    this.changes.close();
    this.reader.close();
    this.lock?.release();
  }

  private async note(key: string, value: string): Promise<void> {
    if (!isBindable(key) || !isBindable(value)) throw new TypeError('a bookkeeping entry holds a NUL or a lone surrogate');
    this.moves.assertNotable();
    await this.thread().write({ kind: 'note', key, value });
  }

  private writing(): WriterThread {
    this.moves.assertHere();
    return this.thread();
  }

  private thread(): WriterThread {
    this.assertOpen();
    if (!this.writer) throw new StoreUnavailable('read-only', READ_ONLY);
    return this.writer;
  }

  /** Just written and never stored before: what was sent is what lies there. */
  private stored(append: Append, first: number, lastRecord: number): Appended {
    const events = append.events.map((event, index) => ({
      ...event,
      sealed: inHashOrder(event.sealed),
      stream: append.stream,
      revision: (first + index) as Revision,
    }));
    return { events, position: positionOf(this.id, lastRecord), repeated: false };
  }

  private repeated(append: Append, first: number): Appended {
    const { events, lastRecord } = this.reader.readRepeated(append.stream, first, append.events.length);
    return { events, position: positionOf(this.id, lastRecord), repeated: true };
  }

  private assertOpen(): void {
    if (this.closing) throw new StoreUnavailable('closed', 'the event store is closed');
  }
}

const READ_ONLY = 'the event store is open for reading only';

async function takeLock(directory: string, file: string): Promise<DirectoryLock | 'read-only'> {
  try {
    await makeDirectory(directory);
    if (existsSync(file)) accessSync(file, constants.W_OK);
  } catch (error) {
    if (existsSync(file)) return 'read-only';
    throw new StoreNotOpened(`${directory} cannot be made or written: ${(error as Error).message}`, { cause: error });
  }
  const lock = DirectoryLock.take(directory);
  if (lock === 'read-only' && !existsSync(file)) throw new StoreNotOpened(`${directory} cannot be written, and holds no log to read`);
  return lock;
}
