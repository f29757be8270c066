// The main thread's side of the signer: asks it to sign every few seconds, writes what it publishes, and knows when it refused.
import { Worker } from 'node:worker_threads';
import type { Bookkeeping } from '#event-store';
import type { KeyObject } from 'node:crypto';
import type { FromSigner, SignerWorkerData, Signing, ToSigner } from './signer-protocol.js';
import { Uncovered } from './uncovered.js';

export const signingAs = (key: KeyObject, formerKeys: readonly string[]): { signing: Signing } => ({
  signing: { key: key.export({ type: 'pkcs8', format: 'pem' }) as string, formerKeys },
});

const TICK_MS = 5_000;
/** Whoever compares a whole log makes garbage that lives for a batch: with the 48 MiB that a thread may have for what is new, that much lies about. */
const MEMORY = { maxYoungGenerationSizeMb: 6 };

export interface SignerThreadParts {
  data: SignerWorkerData;
  bookkeeping: Bookkeeping;
  lastRecord: () => number;
  execArgv?: string[];
  onAlarm: (message: string) => void;
}

export class SignerThread {
  private readonly worker: Worker;
  private readonly ticking: NodeJS.Timeout;
  private covered = 0;
  private signed: { size: number; timeSeconds: number } | undefined;
  private readonly uncovered = new Uncovered(() => performance.now());
  private refusal: string | undefined;
  private failure: string | undefined;
  /** Whether it fails since the log is damaged: it will fail again, and nobody waits until a checkpoint is late. */
  private isDamaged = false;
  /** Why it cannot be told whether a checkpoint covers the newest records. */
  private unseen: string | undefined;
  private ticks = 0;
  /** Who waits for which tick, or a later one. */
  private waiting: { tick: number; resolve: () => void }[] = [];
  private ended: Promise<void>;
  private paused = false;
  private hasEnded = false;

  constructor(private readonly parts: SignerThreadParts) {
    const { data, execArgv } = parts;
    const url = new URL(import.meta.url.endsWith('.ts') ? './signer.worker.ts' : './signer.worker.js', import.meta.url);
    this.worker = new Worker(url, { workerData: data, resourceLimits: MEMORY, ...(execArgv && { execArgv }) });
    this.worker.on('message', (message: FromSigner) => this.receive(message));
    this.worker.on('error', (error) => this.failed(error.message));
    this.ended = new Promise((resolve) => this.worker.once('exit', () => resolve()));
    // Nothing is signed any more: nobody waits for it in vain.
    void this.ended.then(() => {
      this.hasEnded = true;
      this.release(Infinity);
    });
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    this.ticking.unref();
  }

  /** Why commands must stop: the store is not the one that was signed. */
  get diverged(): string | undefined {
    return this.refusal;
  }

  /** The newest checkpoint that this node signed. */
  get newest(): { size: number; timeSeconds: number } | undefined {
    return this.signed;
  }

  /** What an operator should know: no checkpoint covers the newest records in time, or none can be signed of a damaged log. */
  get trouble(): string | undefined {
    if (this.refusal) return this.refusal;
    if (this.isDamaged) return `no checkpoint can be signed: ${this.failure}`;
    const { late } = this.uncovered;
    return late === undefined ? this.unseen : `${late}${this.failure ? `: ${this.failure}` : ''}`;
  }

  /** Signs what is stored now; resolves once that is done, refused, or the thread has ended. */
  async sign(): Promise<void> {
    if (this.hasEnded || this.paused) return;
    const tick = this.tick();
    await new Promise<void>((resolve) => this.waiting.push({ tick, resolve }));
  }

  /**
   * Signs nothing until `resume` is called: no checkpoint by the old key covers the record of its change.
   * Resolves once nothing is being signed.
   */
  async pause(): Promise<void> {
    const signed = this.sign();
    // From here on: a tick that began meanwhile would sign with the old key after this one.
    this.paused = true;
    await signed;
  }

  resume(): void {
    this.paused = false;
    this.tick();
  }

  /** From now on another key signs. */
  signAs(signing: Signing): void {
    this.tell({ kind: 'sign-as', signing });
  }

  async stop(): Promise<void> {
    clearInterval(this.ticking);
    this.tell({ kind: 'stop' });
    await this.ended;
  }

  /** @returns the number of the last tick */
  private tick(): number {
    this.look();
    if (!this.paused) this.tell({ kind: 'tick', tick: ++this.ticks });
    return this.ticks;
  }

  /** Never throws: it is called by a timer, for whom nobody catches anything. */
  private look(): void {
    try {
      this.uncovered.look(this.parts.lastRecord(), this.covered);
      this.unseen = undefined;
    } catch (error) {
      const unseen = `how far the log has grown cannot be read: ${(error as Error).message}`;
      if (this.unseen !== unseen) this.parts.onAlarm(unseen);
      this.unseen = unseen;
    }
  }

  private receive(message: FromSigner): void {
    switch (message.kind) {
      case 'write':
        void this.write(message.call, message.key, message.value);
        return;
      case 'ticked':
        this.covered = message.size ?? 0;
        if (message.size !== undefined && message.timeSeconds !== undefined)
          this.signed = { size: message.size, timeSeconds: message.timeSeconds };
        this.failure = undefined;
        this.isDamaged = false;
        this.look();
        break;
      case 'refused':
        if (!this.refusal) this.parts.onAlarm(`the signer refuses (${message.reason}): ${message.message}`);
        this.refusal = message.message;
        break;
      case 'failed':
        this.failed(message.message);
        this.isDamaged = message.isDamage;
        break;
    }
    this.release(message.tick);
  }

  private failed(message: string): void {
    if (this.failure !== message) this.parts.onAlarm(`no checkpoint was signed: ${message}`);
    this.failure = message;
  }

  private release(tick: number): void {
    const waited = this.waiting.filter((each) => each.tick <= tick);
    this.waiting = this.waiting.filter((each) => each.tick > tick);
    for (const { resolve } of waited) resolve();
  }

  private async write(call: number, key: string, value: string): Promise<void> {
    try {
      await this.parts.bookkeeping.write(key, value);
      this.tell({ kind: 'written', call });
    } catch (error) {
      this.tell({ kind: 'written', call, error: (error as Error).message });
    }
  }

  private tell(message: ToSigner): void {
    this.worker.postMessage(message);
  }
}
