// A store that fails as told: each fault once, in order, on the appends that come next.
import { OutcomeUnclear, StoreUnavailable } from '../errors.js';
import type { Append, Appended, EventStore, ReadLog, ReadStream, Subscribe } from '../port.js';

/**
 * The pair that no caller can tell apart: `failed` stored nothing, `failed-but-persisted` stored everything.
 * `unavailable` stored nothing and says so. `delayed` waits for `release` before it stores, `delayed-answer` after.
 */
export type Fault = 'none' | 'failed' | 'failed-but-persisted' | 'unavailable' | 'delayed' | 'delayed-answer';

export class FaultyStore implements EventStore {
  private readonly faults: Fault[] = [];
  private readonly held: (() => void)[] = [];
  private readonly watchers: { count: number; resume: () => void }[] = [];
  /** Every append that arrived, in order, whatever became of it. */
  readonly arrived: Append[] = [];

  constructor(private readonly inner: EventStore) {}

  get id(): string {
    return this.inner.id;
  }
  get checksAre(): EventStore['checksAre'] {
    return this.inner.checksAre;
  }
  get idsAre(): EventStore['idsAre'] {
    return this.inner.idsAre;
  }
  get bookkeeping(): EventStore['bookkeeping'] {
    return this.inner.bookkeeping;
  }

  get destruction(): EventStore['destruction'] {
    return this.inner.destruction;
  }

  /** The faults of the appends that come next; those after them succeed. */
  next(...faults: Fault[]): void {
    this.faults.push(...faults);
  }

  /** How many appends wait for `release`. */
  get heldCount(): number {
    return this.held.length;
  }

  /** Resolves once so many appends wait for `release`. */
  async holds(count: number): Promise<void> {
    if (this.held.length < count) await new Promise<void>((resume) => this.watchers.push({ count, resume }));
  }

  /** Lets every append go on that waits. */
  release(): void {
    for (const resume of this.held.splice(0)) resume();
  }

  async append(append: Append): Promise<Appended> {
    this.arrived.push(append);
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'unavailable') throw new StoreUnavailable('failing', 'injected: nothing was stored');
    if (fault === 'failed') throw new OutcomeUnclear('injected: the write failed');
    if (fault === 'delayed') await this.hold();
    const appended = await this.inner.append(append);
    if (fault === 'failed-but-persisted') throw new OutcomeUnclear('injected: the write failed but persisted');
    if (fault === 'delayed-answer') await this.hold();
    return appended;
  }

  readStream(stream: Append['stream'], options?: ReadStream): ReturnType<EventStore['readStream']> {
    return this.inner.readStream(stream, options);
  }

  readLog(options?: ReadLog): ReturnType<EventStore['readLog']> {
    return this.inner.readLog(options);
  }

  subscribe(options: Subscribe): ReturnType<EventStore['subscribe']> {
    return this.inner.subscribe(options);
  }

  isAfter(...positions: Parameters<EventStore['isAfter']>): boolean {
    return this.inner.isAfter(...positions);
  }

  async close(): Promise<void> {
    this.release();
    await this.inner.close();
  }

  private hold(): Promise<void> {
    return new Promise((resume) => {
      this.held.push(resume);
      for (const watcher of this.watchers) if (this.held.length >= watcher.count) watcher.resume();
    });
  }
}
