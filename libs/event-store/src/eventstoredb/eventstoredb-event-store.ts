// The store for many nodes: EventStoreDB, or KurrentDB, over the network. One binary event holds what one row holds elsewhere.
import { streamNameFilter } from '@eventstore/db-client';
import { randomId, type StoredEvent, type StreamName } from '#kernel';
import { assertAppendable } from '../append-rules.js';
import { StoreNotOpened, StoreUnavailable } from '../errors.js';
import type { LoggedEvent, Position } from '../log.js';
import { closedBy, isLeaving, type Moving } from '../moving.js';
import type { Append, Appended, Bookkeeping, EventStore, LogNotice, ReadLog, ReadStream, RemovedValue, Subscribe } from '../port.js';
import type { Timing } from './attempts.js';
import { assertUsable } from './connection-string.js';
import { followLog } from './following.js';
import { JudgedAppends, type Trouble } from './judged-appends.js';
import { Moves } from './moves.js';
import { isNumbered, type PlacedEvent } from './pages.js';
import { partsOf, type Parts } from './parts.js';
import { placeOf, positionOf, type Place } from './positions.js';
import { decode } from './stored-form.js';
import { Watch, type Hears } from './watch.js';

export interface OpenEventStoreDb {
  /** `esdb://…` or `esdb+discover://…` */
  url: string;
  /** `node` watches what happens to the record's streams, and knows of removals; `reader` reads what lies there. */
  mode: 'node' | 'reader';
  /** Told of what endangers the record. */
  onEndangered?: (message: string) => void;
  /** Told when the record removed texts: what keeps texts in memory forgets them. */
  onRemoved?: () => void;
  /** Told whenever following the log begins anew, and why. */
  onInterrupted?: (error: unknown) => void;
  /** Of what a node wants to hear when any node records it: what it keeps in memory of these streams is old then. */
  hears?: Hears;
  timing?: Partial<Timing>;
  /** For tests that share a database. */
  namespace?: string;
}

const STORE_ID = 'store-id';
const PAGE_EVENTS = 500;
/** How many of the last events of the whole log are looked at for one of ours. */
const TAIL_PAGE = 100;

export class EventStoreDbEventStore implements EventStore {
  readonly checksAre = 'read-around';
  readonly idsAre = 'unique-in-place';
  private readonly appends: JudgedAppends;
  private readonly inFlight = new Set<Promise<unknown>>();
  private closed: Promise<void> | undefined;

  private constructor(
    readonly id: string,
    private readonly parts: Parts,
    private readonly moves: Moves,
    private readonly watch: Watch | undefined,
  ) {
    this.appends = new JudgedAppends(id, parts, (event) => this.stored(event));
  }

  /** @throws StoreNotOpened where the database cannot be reached, or refuses */
  static async open(options: OpenEventStoreDb): Promise<EventStoreDbEventStore> {
    let parts: Parts | undefined;
    try {
      assertUsable(options.url);
      parts = {
        ...partsOf(options.url, options.timing, options.namespace),
        ...(options.onInterrupted && { onInterrupted: options.onInterrupted }),
      };
      const id = await parts.notes.writeOnce(STORE_ID, randomId());
      const moves = new Moves(parts);
      await moves.read();
      const watch = options.mode === 'node' ? new Watch({ ...options, ...parts, moves }, parts.ending.signal) : undefined;
      await watch?.ready;
      return new EventStoreDbEventStore(id, parts, moves, watch);
    } catch (error) {
      parts?.ending.abort();
      await parts?.connection.close();
      throw new StoreNotOpened(`the database that EVENTSTORE_URL (or --from, --to) names cannot be opened: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  get bookkeeping(): Bookkeeping {
    const { notes } = this.parts;
    return {
      read: (key) => this.during(notes.read(key)),
      write: async (key, value) => {
        if (isLeaving(this.moves.known)) this.assertHere();
        await this.during(notes.write(key, value));
      },
    };
  }

  get moving(): Moving {
    const { moves } = this;
    return {
      read: () => this.during(moves.read()),
      write: (move) => this.during(moves.write(move)),
      receive: (events) => this.during(moves.receive(events)),
    };
  }

  /** Whether anything may be recorded here: not while the history moves. */
  get canWrite(): boolean {
    return closedBy(this.moves.known) === undefined;
  }

  /** Why commands fail, for health: what the last call met, or what endangers the record. Undefined while they succeed. */
  get trouble(): Trouble | undefined {
    if (this.closed) return { reason: 'closed', message: 'the event store is closed' };
    const moved = closedBy(this.moves.known);
    if (moved !== undefined) return { reason: 'moved', message: moved };
    const message = this.danger;
    return message === undefined ? this.appends.failing : { reason: 'failing', message };
  }

  /** Gives sealed values to nobody from here on; they lie in the database until the log is migrated into a fresh one. */
  withhold(values: readonly RemovedValue[]): void {
    this.watch?.withhold(values.map(({ hash }) => hash));
  }

  /** The last record, or undefined before the first. */
  async lastEvent(): Promise<LoggedEvent | undefined> {
    this.assertOpen();
    const { pages } = this.parts;
    for (let limit = TAIL_PAGE; ; limit *= 10) {
      const tail = await this.during(pages.all('end', limit));
      const last = tail.find((event) => isNumbered(event, this.parts.names));
      if (last) return this.logged(last);
      if (tail.length < limit) return undefined;
    }
  }

  /** By the commit alone: no two events of the database have the same. */
  isAfter(position: Position, other: Position): boolean {
    return placeOf(this.id, position).commit > placeOf(this.id, other).commit;
  }

  /** Whether a token is a position of this history, however new. */
  gave(token: string): boolean {
    try {
      placeOf(this.id, token as Position);
      return true;
    } catch {
      return false;
    }
  }

  async append(append: Append): Promise<Appended> {
    assertAppendable(append);
    this.assertOpen();
    this.assertHere();
    const { danger } = this;
    if (danger !== undefined) throw new StoreUnavailable('failing', danger);
    return this.during(this.appends.append(append));
  }

  async *readStream(stream: StreamName, options: ReadStream = {}): AsyncGenerator<readonly StoredEvent[]> {
    const direction = options.direction ?? 'forwards';
    const step = direction === 'forwards' ? 1 : -1;
    let from = options.from === undefined ? (direction === 'forwards' ? 0 : undefined) : (options.from as number);
    for (let left = options.limit ?? Infinity; left > 0 && (from === undefined || from >= 0);) {
      this.assertOpen();
      const limit = Math.min(left, PAGE_EVENTS);
      const page = await this.during(
        this.parts.pages.stream(this.parts.names.record + stream, from === undefined ? 'end' : BigInt(from), direction, limit),
      );
      assertWhole(stream, page, direction, from, limit);
      if (page.length > 0) yield page.map((event) => this.stored(event));
      if (page.length < limit) return;
      left -= page.length;
      from = Number(page.at(-1)!.revision) + step;
    }
  }

  async *readLog(options: ReadLog = {}): AsyncGenerator<readonly LoggedEvent[]> {
    let last = options.after === undefined ? undefined : placeOf(this.id, options.after);
    for (let left = options.limit ?? Infinity; left > 0;) {
      this.assertOpen();
      const { pages } = this.parts;
      const page = await this.during(last ? pages.after(last, PAGE_EVENTS) : pages.all('start', PAGE_EVENTS));
      const ours = page.filter((event) => isNumbered(event, this.parts.names)).slice(0, left);
      const batch = options.batch ?? PAGE_EVENTS;
      for (let at = 0; at < ours.length; at += batch) yield ours.slice(at, at + batch).map((event) => this.logged(event));
      if (page.length < PAGE_EVENTS) return;
      left -= ours.length;
      last = page.at(-1)!;
    }
  }

  async *subscribe({ after, signal }: Subscribe): AsyncGenerator<LogNotice> {
    this.assertOpen();
    const place: Place | undefined = after === undefined ? undefined : placeOf(this.id, after);
    const either = AbortSignal.any([signal, this.parts.ending.signal]);
    for await (const notice of followLog(
      { ...this.parts, filter: streamNameFilter({ prefixes: [this.parts.names.record] }) },
      place,
      either,
    )) {
      if (signal.aborted) return;
      if (notice.kind === 'caught-up') yield notice;
      else {
        const events = notice.events.filter((event) => isNumbered(event, this.parts.names)).map((event) => this.logged(event));
        if (events.length > 0) yield { kind: 'events', events };
      }
    }
    if (!signal.aborted) this.assertOpen();
  }

  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    // Whoever waits to try again gives up; what is under way ends within its limit.
    this.parts.ending.abort();
    await Promise.allSettled([...this.inFlight]);
    await this.watch?.stopped();
    await this.appends.stopped();
    await this.parts.connection.close();
  }

  /** @throws StoreUnavailable where the history goes on elsewhere, or is not whole yet */
  private assertHere(): void {
    const moved = closedBy(this.moves.known);
    if (moved !== undefined) throw new StoreUnavailable('moved', moved);
  }

  private get danger(): string | undefined {
    return this.appends.damage ?? this.watch?.danger;
  }

  /** What is under way is awaited when the store closes. */
  private async during<Result>(work: Promise<Result>): Promise<Result> {
    this.inFlight.add(work);
    try {
      const result = await work;
      this.appends.heard();
      return result;
    } catch (error) {
      this.appends.failed(error);
      throw error;
    } finally {
      this.inFlight.delete(work);
    }
  }

  private stored(event: PlacedEvent): StoredEvent {
    const stored = decode(event, this.parts.names);
    const { watch } = this;
    return watch && stored.sealed.some(({ hash }) => watch.isRemoved(hash))
      ? { ...stored, sealed: stored.sealed.filter(({ hash }) => !watch.isRemoved(hash)) }
      : stored;
  }

  private logged(event: PlacedEvent): LoggedEvent {
    return Object.assign(this.stored(event), { position: positionOf(this.id, event) });
  }

  private assertOpen(): void {
    if (this.closed) throw new StoreUnavailable('closed', 'the event store is closed');
  }
}

/** @throws StoreUnavailable where events are missing between those that the database shows, or before them */
function assertWhole(
  stream: StreamName,
  page: readonly PlacedEvent[],
  direction: 'forwards' | 'backwards',
  from: number | undefined,
  limit: number,
): void {
  const revisions = page.map(({ revision }) => Number(revision));
  const step = direction === 'forwards' ? 1 : -1;
  const first = direction === 'forwards' ? from : revisions[0];
  const isWhole = revisions.every((revision, index) => revision === first! + index * step);
  // Backwards, what is forgotten is the beginning.
  const endsEarly = direction === 'backwards' && page.length > 0 && page.length < limit && revisions.at(-1) !== 0;
  if (!isWhole || endsEarly)
    throw new StoreUnavailable('failing', `stream ${stream} has lost events: somebody made it forget in the database`);
}
