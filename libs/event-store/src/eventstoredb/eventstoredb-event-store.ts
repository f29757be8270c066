// The store for many nodes: EventStoreDB, or KurrentDB, over the network. One binary event holds what one row holds elsewhere.
import { setTimeout as pause } from 'node:timers/promises';
import { streamNameFilter } from '@eventstore/db-client';
import { randomId, type Revision, type SealedEvent, type StoredEvent, type StreamName, type StreamRevision } from '#kernel';
import { assertAppendable, inHashOrder } from '../append-rules.js';
import { AppendRefused, ChecksFailed, StoreNotOpened, StoreUnavailable, WrongExpectedRevision, type UnavailableCause } from '../errors.js';
import type { LoggedEvent, Position } from '../log.js';
import type { Append, Appended, Bookkeeping, EventStore, LogNotice, ReadLog, ReadStream, RemovedValue, Subscribe } from '../port.js';
import { Appending, WrittenElsewhere, type RawAppend } from './appending.js';
import type { Attempts, Timing } from './attempts.js';
import { Connection } from './connection.js';
import { assertUsable } from './connection-string.js';
import { followLog } from './following.js';
import { Notes } from './notes.js';
import { namesIn, type Names } from './names.js';
import { isNumbered, Pages, type PlacedEvent } from './pages.js';
import { placeOf, positionOf, type Place } from './positions.js';
import { decode, encode } from './stored-form.js';
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

const STANDARD: Timing = {
  callLimitMs: 5_000,
  giveUpAfterMs: 8_000,
  pause: (ms, signal) => pause(ms, undefined, { ...(signal && { signal }) }).catch(() => undefined),
  now: () => performance.now(),
};
const STORE_ID = 'store-id';
const PAGE_EVENTS = 500;
/** How many of the last events of the whole log are looked at for one of ours. */
const TAIL_PAGE = 100;

export class EventStoreDbEventStore implements EventStore {
  readonly checksAre = 'read-around';
  readonly idsAre = 'unique-in-place';
  readonly canWrite = true;
  private failing: { reason: UnavailableCause | 'unclear'; message: string } | undefined;
  /** Stands until an operator has looked: what lies in the database is not what was sealed. */
  private damage: string | undefined;
  private readonly inFlight = new Set<Promise<unknown>>();
  private readonly turns = new Map<StreamName, Promise<unknown>>();
  /** Events whose append was answered: sent once more as the same objects, they are a repeat, though every byte is alike. */
  private readonly answered = new WeakSet<SealedEvent>();
  private closed: Promise<void> | undefined;

  private constructor(
    readonly id: string,
    private readonly parts: Parts,
    private readonly watch: Watch | undefined,
  ) {}

  /** @throws StoreNotOpened where the database cannot be reached, or refuses */
  static async open(options: OpenEventStoreDb): Promise<EventStoreDbEventStore> {
    let parts: Parts | undefined;
    try {
      assertUsable(options.url);
      parts = partsOf(options);
      const id = await parts.notes.writeOnce(STORE_ID, randomId());
      const watch = options.mode === 'node' ? new Watch({ ...options, ...parts }, parts.ending.signal) : undefined;
      await watch?.ready;
      return new EventStoreDbEventStore(id, parts, watch);
    } catch (error) {
      parts?.ending.abort();
      await parts?.connection.close();
      throw new StoreNotOpened(`the database that EVENTSTORE_URL names cannot be opened: ${(error as Error).message}`, { cause: error });
    }
  }

  get bookkeeping(): Bookkeeping {
    const { notes } = this.parts;
    return {
      read: (key) => this.during(notes.read(key)),
      write: (key, value) => this.during(notes.write(key, value)),
    };
  }

  /** Why appends fail, for health: what the last one met, or what endangers the record. Undefined while they succeed. */
  get trouble(): { reason: UnavailableCause | 'unclear'; message: string } | undefined {
    if (this.closed) return { reason: 'closed', message: 'the event store is closed' };
    const message = this.damage ?? this.watch?.danger;
    return message === undefined ? this.failing : { reason: 'failing', message };
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
    const danger = this.damage ?? this.watch?.danger;
    if (danger !== undefined) throw new StoreUnavailable('failing', danger);
    return this.during(this.inTurn(append.stream, () => this.appendNow(append)));
  }

  async *readStream(stream: StreamName, options: ReadStream = {}): AsyncGenerator<readonly StoredEvent[]> {
    const direction = options.direction ?? 'forwards';
    const step = direction === 'forwards' ? 1 : -1;
    let from = options.from === undefined ? (direction === 'forwards' ? 0 : undefined) : (options.from as number);
    for (let left = options.limit ?? Infinity; left > 0 && (from === undefined || from >= 0); ) {
      this.assertOpen();
      const limit = Math.min(left, PAGE_EVENTS);
      const page = await this.during(this.parts.pages.stream(this.parts.names.record + stream, from === undefined ? 'end' : BigInt(from), direction, limit));
      assertWhole(stream, page, direction, from, limit);
      if (page.length > 0) yield page.map((event) => this.stored(event));
      if (page.length < limit) return;
      left -= page.length;
      from = Number(page.at(-1)!.revision) + step;
    }
  }

  async *readLog(options: ReadLog = {}): AsyncGenerator<readonly LoggedEvent[]> {
    let last = options.after === undefined ? undefined : placeOf(this.id, options.after);
    for (let left = options.limit ?? Infinity; left > 0; ) {
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
    for await (const notice of followLog({ ...this.parts, filter: streamNameFilter({ prefixes: [this.parts.names.record] }) }, place, either)) {
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
    await this.parts.connection.close();
  }

  private async appendNow(append: Append): Promise<Appended> {
    try {
      const appended = await this.judged(append);
      this.failing = undefined;
      return appended;
    } catch (error) {
      if (error instanceof WrittenElsewhere) this.damage = error.message;
      if (error instanceof StoreUnavailable) this.failing = { reason: error.reason, message: error.message };
      else if (!isRefusal(error)) this.failing = { reason: 'unclear', message: (error as Error).message };
      throw error;
    }
  }

  private async judged(append: Append): Promise<Appended> {
    const failed = await this.failedCheck(append.checks ?? []);
    if (failed) {
      // An append that is stored already does not rest on its checks any more, and a wrong revision comes first.
      const standing = await this.standing(append);
      if (standing) return standing;
      const actual = await this.revisionOf(append.stream);
      throw actual === (append.expected === 'none' ? null : append.expected) ? failed : wrongRevision(append, actual);
    }
    const raw: RawAppend = { stream: this.parts.names.record + append.stream, expected: append.expected, events: append.events.map((event) => ({ id: event.id, type: event.type, data: encode(event) })), isFirst: append.isFirst === true };
    const stored = await this.parts.appending.append(raw);
    if (!stored) throw wrongRevision(append, await this.revisionOf(append.stream));
    return this.appended(append, stored, raw);
  }

  /** The append as it was stored before, or undefined where it was not. */
  private async standing(append: Append): Promise<Appended | undefined> {
    const first = append.expected === 'none' ? 0n : BigInt(append.expected) + 1n;
    const stored = await this.parts.pages.stream(this.parts.names.record + append.stream, first, 'forwards', append.events.length);
    const isStored = stored.length === append.events.length && stored.every(({ id }, index) => id === append.events[index]!.id);
    return isStored ? this.appended(append, stored) : undefined;
  }

  /** Salts are drawn anew for each attempt to decide: an event with another leaf is that of an earlier one. */
  private appended(append: Append, stored: readonly PlacedEvent[], raw?: RawAppend): Appended {
    const { stream } = append;
    const events = stored.map((event, index) => {
      // The very bytes that were sent, and not read back: what they hold is known.
      const isAsSent = event.data === raw?.events[index]!.data;
      return isAsSent ? { ...append.events[index]!, sealed: inHashOrder(append.events[index]!.sealed), stream, revision: Number(event.revision) as Revision } : this.stored(event);
    });
    const sent = append.events[0]!;
    const repeated = this.answered.has(sent) || events.some(({ leaf }, index) => leaf !== append.events[index]!.leaf);
    this.answered.add(sent);
    return { events, position: positionOf(this.id, stored.at(-1)!), repeated };
  }

  private async failedCheck(checks: readonly StreamRevision[]): Promise<ChecksFailed | undefined> {
    const actual = await Promise.all(checks.map(({ stream }) => this.revisionOf(stream)));
    const index = checks.findIndex(({ revision }, at) => actual[at] !== revision);
    return index < 0 ? undefined : new ChecksFailed(checks[index]!, actual[index]!);
  }

  private async revisionOf(stream: StreamName): Promise<Revision | null> {
    const [last] = await this.parts.pages.stream(this.parts.names.record + stream, 'end', 'backwards', 1);
    return last ? (Number(last.revision) as Revision) : null;
  }

  /** Appends to one stream go one after the other: which of two came first is then what the caller thinks. */
  private async inTurn<Result>(stream: StreamName, act: () => Promise<Result>): Promise<Result> {
    const before = this.turns.get(stream) ?? Promise.resolve();
    const turn = before.then(act, act);
    this.turns.set(stream, turn);
    try {
      return await turn;
    } finally {
      if (this.turns.get(stream) === turn) this.turns.delete(stream);
    }
  }

  /** What is under way is awaited when the store closes. */
  private async during<Result>(work: Promise<Result>): Promise<Result> {
    this.inFlight.add(work);
    try {
      return await work;
    } finally {
      this.inFlight.delete(work);
    }
  }

  private stored(event: PlacedEvent): StoredEvent {
    const stored = decode(event, this.parts.names);
    const { watch } = this;
    return watch && stored.sealed.some(({ hash }) => watch.isRemoved(hash)) ? { ...stored, sealed: stored.sealed.filter(({ hash }) => !watch.isRemoved(hash)) } : stored;
  }

  private logged(event: PlacedEvent): LoggedEvent {
    return Object.assign(this.stored(event), { position: positionOf(this.id, event) });
  }

  private assertOpen(): void {
    if (this.closed) throw new StoreUnavailable('closed', 'the event store is closed');
  }
}

interface Parts {
  names: Names;
  connection: Connection;
  pages: Pages;
  appending: Appending;
  notes: Notes;
  timing: Timing;
  ending: AbortController;
  onInterrupted?: (error: unknown) => void;
}

function partsOf({ url, timing: given, namespace, onInterrupted }: OpenEventStoreDb): Parts {
  const names = namesIn(namespace);
  const timing = { ...STANDARD, ...given };
  const ending = new AbortController();
  const attempts: Attempts = { timing, signal: ending.signal };
  const connection = new Connection(url, timing.callLimitMs);
  const pages = new Pages(connection, attempts);
  const appending = new Appending(connection, pages, attempts);
  return { names, connection, pages, appending, notes: new Notes(names, pages, appending), timing, ending, ...(onInterrupted && { onInterrupted }) };
}

const isRefusal = (error: unknown): boolean => error instanceof WrongExpectedRevision || error instanceof ChecksFailed || error instanceof AppendRefused;

const wrongRevision = ({ stream, expected }: Append, actual: number | null): WrongExpectedRevision => new WrongExpectedRevision(stream, expected, actual ?? 'none');

/** @throws StoreUnavailable where events are missing between those that the database shows, or before them */
function assertWhole(stream: StreamName, page: readonly PlacedEvent[], direction: 'forwards' | 'backwards', from: number | undefined, limit: number): void {
  const revisions = page.map(({ revision }) => Number(revision));
  const step = direction === 'forwards' ? 1 : -1;
  const first = direction === 'forwards' ? from : revisions[0];
  const isWhole = revisions.every((revision, index) => revision === first! + index * step);
  // Backwards, what is forgotten is the beginning.
  const endsEarly = direction === 'backwards' && page.length > 0 && page.length < limit && revisions.at(-1) !== 0;
  if (!isWhole || endsEarly) throw new StoreUnavailable('failing', `stream ${stream} has lost events: somebody made it forget in the database`);
}
