// The event store in memory: for tests and previews. Keeps every promise of the port but durability.
import { setImmediate } from 'node:timers/promises';
import { ForeignPosition, StoreUnavailable } from '../errors.js';
import type { LoggedEvent, Position } from '../log.js';
import type { Append, Appended, Bookkeeping, Destruction, EventStore, LogNotice, ReadLog, ReadStream, Subscribe } from '../port.js';
import { assertAppendable, inHashOrder, judgeAppend, refusalOf, type Written } from '../append-rules.js';
import { LogWakes } from '../log-wakes.js';
import { randomId, type Revision, type StoredEvent, type StreamName } from '#kernel';

const BATCH_EVENTS = 1000;

/** What outlives a store that was closed, so that a test can open it again. */
export class MemoryLog {
  readonly id = randomId();
  readonly events: LoggedEvent[] = [];
  readonly streams = new Map<StreamName, LoggedEvent[]>();
  readonly byId = new Map<string, LoggedEvent>();
  readonly notes = new Map<string, string>();
}

export class MemoryEventStore implements EventStore {
  readonly id: string;
  readonly checksAre = 'transactional';
  readonly idsAre = 'unique';
  readonly bookkeeping: Bookkeeping;
  readonly destruction: Destruction;
  private readonly wakes = new LogWakes();
  private closed = false;

  constructor(private readonly log: MemoryLog = new MemoryLog()) {
    this.id = log.id;
    this.bookkeeping = {
      read: async (key) => {
        await this.turn();
        return log.notes.get(key);
      },
      write: async (key, value) => {
        await this.turn();
        log.notes.set(key, value);
      },
    };
    this.destruction = {
      remove: async (values) => {
        await this.turn();
        for (const { record, hash } of values) this.destroy(record, hash);
      },
      scrub: async () => {
        await this.turn();
        return true;
      },
    };
  }

  async append(append: Append): Promise<Appended> {
    assertAppendable(append);
    await this.turn();
    const verdict = judgeAppend(append, this.written);
    if (verdict.kind !== 'new' && verdict.kind !== 'repeated') throw refusalOf(append, verdict);
    if (verdict.kind === 'new') this.store(append, verdict.first);
    const events = this.log.streams.get(append.stream)!.slice(verdict.first, verdict.first + append.events.length);
    return { events: events.map(withoutPosition), position: events[events.length - 1]!.position, repeated: verdict.kind === 'repeated' };
  }

  async *readStream(stream: StreamName, options: ReadStream = {}): AsyncGenerator<readonly StoredEvent[]> {
    await this.turn();
    const all = this.log.streams.get(stream) ?? [];
    const backwards = options.direction === 'backwards';
    const chosen = backwards
      ? all.slice(0, options.from === undefined ? undefined : options.from + 1).reverse()
      : all.slice(options.from ?? 0);
    const limited = chosen.slice(0, options.limit);
    for (let at = 0; at < limited.length; at += BATCH_EVENTS) {
      yield limited.slice(at, at + BATCH_EVENTS).map(withoutPosition);
      await this.turn();
    }
  }

  async *readLog(options: ReadLog = {}): AsyncGenerator<readonly LoggedEvent[]> {
    let record = this.recordAt(options.after);
    await this.turn();
    const last = Math.min(this.log.events.length, record + (options.limit ?? Infinity));
    while (record < last) {
      const batch = this.log.events.slice(record, Math.min(last, record + (options.batch ?? BATCH_EVENTS)));
      record += batch.length;
      yield batch;
      await this.turn();
    }
  }

  async *subscribe({ after, signal }: Subscribe): AsyncGenerator<LogNotice> {
    let record = this.recordAt(after);
    let caughtUp = false;
    while (!signal.aborted) {
      await this.turn();
      const ticket = this.wakes.ticket;
      const events = this.log.events.slice(record, record + BATCH_EVENTS);
      record += events.length;
      if (events.length > 0) yield { kind: 'events', events };
      else if (!caughtUp) yield { kind: 'caught-up' };
      else await this.wakes.since(ticket, signal);
      caughtUp = events.length === 0;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wakes.wake();
    await setImmediate();
  }

  private readonly written: Written<StreamName> = {
    stream: (name) => {
      const events = this.log.streams.get(name);
      return events && { key: name, revision: events.length - 1 };
    },
    event: (id) => {
      const event = this.log.byId.get(id);
      return event && { key: event.stream, revision: event.revision };
    },
  };

  private store(append: Append, first: number): void {
    const stream = this.log.streams.get(append.stream) ?? [];
    this.log.streams.set(append.stream, stream);
    append.events.forEach((event, index) => {
      const position = `${this.id}:${this.log.events.length + 1}` as Position;
      const sealed = inHashOrder(event.sealed);
      const stored = Object.freeze({ ...event, sealed, stream: append.stream, revision: (first + index) as Revision, position });
      this.log.events.push(stored);
      this.log.byId.set(event.id, stored);
      stream.push(stored);
    });
    this.wakes.wake();
  }

  /** Events are frozen: another one, without the value, takes the place. */
  private destroy(record: number, hash: string): void {
    const event = this.log.events[record - 1];
    if (!event) return;
    const without = Object.freeze({ ...event, sealed: event.sealed.filter((value) => value.hash !== hash) });
    this.log.events[record - 1] = without;
    this.log.byId.set(event.id, without);
    this.log.streams.get(event.stream)![event.revision] = without;
  }

  /** Everything answers after a turn of the event loop, as a real store does. @throws StoreUnavailable */
  private async turn(): Promise<void> {
    if (!this.closed) await setImmediate();
    if (this.closed) throw new StoreUnavailable('closed', 'the event store is closed');
  }

  isAfter(position: Position, other: Position): boolean {
    return this.recordAt(position) > this.recordAt(other);
  }

  private recordAt(position: Position | undefined): number {
    if (position === undefined) return 0;
    const digits = position.startsWith(`${this.id}:`) ? position.slice(this.id.length + 1) : '';
    const record = /^[1-9]\d*$/.test(digits) ? Number(digits) : Infinity;
    if (record > this.log.events.length) {
      throw new ForeignPosition(`${position} is no position of this store`);
    }
    return record;
  }
}

function withoutPosition(event: LoggedEvent): StoredEvent {
  const stored: Partial<LoggedEvent> = { ...event };
  delete stored.position;
  return stored as StoredEvent;
}
