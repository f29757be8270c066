// Reads of a directory's log in batches, each in a turn of its own, and the positions by which they go.
import { setImmediate } from 'node:timers/promises';
import type { RecordNumber, StoredEvent, StreamName } from '#kernel';
import { ForeignPosition } from '../errors.js';
import type { LoggedEvent, Position } from '../log.js';
import type { LogNotice, ReadLog, ReadStream, Subscribe } from '../port.js';
import type { LogChanges } from './log-changes.js';
import type { LogReader } from './log-reader.js';

const BATCH_EVENTS = 1000;

export class LogReads {
  /** @param assertOpen throws once the store is closed */
  constructor(
    private readonly reader: LogReader,
    private readonly changes: LogChanges,
    private readonly assertOpen: () => void,
  ) {}

  /** Whether a token is a position of this history, however new. */
  gave(token: string): boolean {
    try {
      return this.recordNumberOf(token as Position) > 0;
    } catch (error) {
      if (error instanceof ForeignPosition) return false;
      throw error;
    }
  }

  /** Here the row id is the record number. @throws ForeignPosition */
  recordNumberOf(position: Position): RecordNumber {
    const record = position.startsWith(`${this.reader.storeId}:`) ? position.slice(this.reader.storeId.length + 1) : '';
    if (!/^[1-9]\d{0,14}$/.test(record)) throw new ForeignPosition(`${position} is no position of this store`);
    return Number(record) as RecordNumber;
  }

  async *stream(stream: StreamName, options: ReadStream = {}): AsyncGenerator<readonly StoredEvent[]> {
    const direction = options.direction ?? 'forwards';
    const step = direction === 'forwards' ? 1 : -1;
    let from: number = options.from ?? (direction === 'forwards' ? 0 : Number.MAX_SAFE_INTEGER);
    let left = options.limit ?? Infinity;
    while (left > 0 && from >= 0) {
      const limit = Math.min(left, BATCH_EVENTS);
      const events = await this.afterTurn(() => this.reader.readStream(stream, from, direction, limit));
      if (events.length > 0) yield events;
      if (events.length < limit) return;
      left -= events.length;
      from = events[events.length - 1]!.revision + step;
    }
  }

  async *log(options: ReadLog = {}): AsyncGenerator<readonly LoggedEvent[]> {
    let record = await this.afterTurn(() => this.knownRecord(options.after));
    let left = options.limit ?? Infinity;
    while (left > 0) {
      const limit = Math.min(left, options.batch ?? BATCH_EVENTS);
      const events = await this.afterTurn(() => this.reader.readAfter(record, limit));
      if (events.length > 0) yield events;
      if (events.length < limit) return;
      left -= events.length;
      record += events.length;
    }
  }

  async *subscribe({ after, signal }: Subscribe): AsyncGenerator<LogNotice> {
    let record = await this.afterTurn(() => this.knownRecord(after));
    let caughtUp = false;
    while (!signal.aborted) {
      const ticket = this.changes.wakes.ticket;
      const events = await this.afterTurn(() => this.reader.readAfter(record, BATCH_EVENTS));
      if (signal.aborted) return;
      record += events.length;
      if (events.length > 0) yield { kind: 'events', events };
      else if (!caughtUp) yield { kind: 'caught-up' };
      else await this.changes.since(ticket, record, signal);
      caughtUp = events.length === 0;
    }
  }

  /** Reads give way to the event loop before each batch: a long read holds nobody up for longer than one. */
  async afterTurn<Result>(read: () => Result): Promise<Result> {
    this.assertOpen();
    await setImmediate();
    this.assertOpen();
    return read();
  }

  private knownRecord(position: Position | undefined): number {
    if (position === undefined) return 0;
    const record = this.recordNumberOf(position);
    if (record > this.reader.lastRecord()) throw new ForeignPosition(`${position} lies beyond the end of this store`);
    return record;
  }
}
