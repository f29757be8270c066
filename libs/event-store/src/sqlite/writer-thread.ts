// The writer's side of the calling thread: sends writes in groups, and settles them in order.
import { Worker } from 'node:worker_threads';
import { OutcomeUnclear, StoreNotOpened, StoreUnavailable } from '../errors.js';
import type { Outcome, Write, WriterOptions } from './log-writer.js';
import type { FromWriter, ToWriter, WriteFailure } from './writer-protocol.js';

// From the sources (tests), a thread needs the loader that the tests have; built code needs none.
const fromSources = import.meta.url.endsWith('.ts');
const workerFile = new URL(fromSources ? './log-writer.worker.ts' : './log-writer.worker.js', import.meta.url);
const loader = new URL('../../../../test/support/swc-register.mjs', import.meta.url);
const threadOptions = fromSources ? { execArgv: ['--conditions=plenary-src', '--import', loader.href] } : {};

const startThread = (options: WriterOptions): Worker => new Worker(workerFile, { workerData: options, ...threadOptions });

interface Scrubbing {
  resolve(done: boolean): void;
  reject(error: Error): void;
}

interface Pending {
  resolve(outcome: Outcome): void;
  reject(error: Error): void;
}

export class WriterThread {
  private unsent: Write[] = [];
  private readonly pending: Pending[] = [];
  private readonly scrubbing: Scrubbing[] = [];
  private closing: Promise<void> | undefined;
  private dead = false;
  private lastFailure: WriteFailure | undefined;

  private constructor(
    private readonly thread: Worker,
    private readonly ended: Promise<unknown>,
    readonly storeId: string,
    private readonly committed: () => void,
  ) {
    void this.ended.then(() => {
      this.dead = true;
      this.failAll({ reason: 'unclear', message: 'the thread that writes has ended' });
    });
    thread.on('message', (message: FromWriter) => this.settle(message));
    thread.on('error', (error) => this.failAll({ reason: 'unclear', message: `the thread that writes failed: ${error.message}` }));
  }

  /** @param committed called whenever more is durable. @throws StoreNotOpened */
  static async start(options: WriterOptions, committed: () => void, thread = startThread(options)): Promise<WriterThread> {
    // Listened for from the first: a thread that does not open the log has often ended when its message is read.
    const ended = new Promise<undefined>((resolve) => thread.once('exit', () => resolve(undefined)));
    const first = await new Promise<FromWriter | undefined>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      void ended.then(resolve);
    }).catch((error: Error) => {
      throw new StoreNotOpened(`${options.file} cannot be written: ${error.message}`, { cause: error });
    });
    if (first?.kind === 'opened') return new WriterThread(thread, ended, first.storeId, committed);
    await ended;
    throw new StoreNotOpened(first?.kind === 'not-opened' ? first.message : 'the thread that writes did not open the log');
  }

  /** Why the last transaction failed, or undefined where it did not. */
  get failing(): WriteFailure | undefined {
    return this.lastFailure;
  }

  /** @throws StoreUnavailable, OutcomeUnclear */
  write(write: Write): Promise<Outcome> {
    if (this.closing) return Promise.reject(new StoreUnavailable('closed', 'the event store is closed'));
    if (this.dead) return Promise.reject(new StoreUnavailable('failing', 'the thread that writes has ended: restart the process'));
    return new Promise((resolve, reject) => {
      this.pending.push({ resolve, reject });
      // All that is asked for in this turn goes in one message: a message costs more than a write.
      if (this.unsent.push(write) === 1) queueMicrotask(() => this.send());
    });
  }

  /** Whether nothing is left of what was removed. @throws StoreUnavailable, OutcomeUnclear */
  scrub(): Promise<boolean> {
    if (this.closing || this.dead) return Promise.reject(new StoreUnavailable('closed', 'the event store is closed'));
    return new Promise((resolve, reject) => {
      this.scrubbing.push({ resolve, reject });
      this.send();
      this.thread.postMessage({ kind: 'scrub' } satisfies ToWriter);
    });
  }

  /** Answers everything in flight, then ends the thread. Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    this.send();
    this.thread.postMessage({ kind: 'close' } satisfies ToWriter);
    await this.ended;
  }

  private send(): void {
    const writes = this.unsent;
    this.unsent = [];
    if (writes.length > 0) this.thread.postMessage({ kind: 'writes', writes } satisfies ToWriter);
  }

  private settle(message: FromWriter): void {
    if (message.kind === 'committed') {
      this.lastFailure = undefined;
      const settled = this.pending.splice(0, message.outcomes.length);
      this.committed();
      settled.forEach((each, index) => each.resolve(message.outcomes[index]!));
    } else if (message.kind === 'failed') {
      this.lastFailure = message.failure;
      for (const each of this.pending.splice(0, message.writes)) each.reject(asError(message.failure));
    } else if (message.kind === 'scrubbed') {
      this.scrubbing.shift()?.resolve(message.done);
    } else if (message.kind === 'not-scrubbed') {
      // Appends may go well all the same: they say themselves where they do not.
      this.scrubbing.shift()?.reject(asError(message.failure));
    }
  }

  private failAll(failure: WriteFailure): void {
    if (!this.closing) this.lastFailure = failure;
    for (const each of [...this.pending.splice(0), ...this.scrubbing.splice(0)]) each.reject(asError(failure));
  }
}

const asError = ({ reason, message }: WriteFailure): Error =>
  reason === 'unclear' ? new OutcomeUnclear(message) : new StoreUnavailable(reason, `the event store takes no appends: ${message}`);
