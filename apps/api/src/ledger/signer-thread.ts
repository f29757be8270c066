// The main thread's side of the signer: asks it to sign every few seconds, writes what it publishes, and knows when it refused.
import { Worker } from 'node:worker_threads';
import type { Bookkeeping } from '#event-store';
import type { KeyObject } from 'node:crypto';
import type { FromSigner, SignerWorkerData, Signing, ToSigner } from './signer-protocol.js';

export const signingAs = (key: KeyObject, formerKeys: readonly string[]): { signing: Signing } => ({ signing: { key: key.export({ type: 'pkcs8', format: 'pem' }) as string, formerKeys } });

const TICK_MS = 5_000;
/** A covering checkpoint follows every record within this time, else the alarm rises. */
const COVERED_WITHIN_MS = 60_000;

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
  private uncoveredSince: number | undefined;
  private refusal: string | undefined;
  private failure: string | undefined;
  private waiting: (() => void)[] = [];
  private ended: Promise<void>;
  private paused = false;

  constructor(private readonly parts: SignerThreadParts) {
    const { data, execArgv } = parts;
    const url = new URL(import.meta.url.endsWith('.ts') ? './signer.worker.ts' : './signer.worker.js', import.meta.url);
    this.worker = new Worker(url, { workerData: data, ...(execArgv && { execArgv }) });
    this.worker.on('message', (message: FromSigner) => this.receive(message));
    this.worker.on('error', (error) => this.failed(error.message));
    this.ended = new Promise((resolve) => this.worker.once('exit', () => resolve()));
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

  /** What an operator should know: no checkpoint covers the newest records in time. */
  get trouble(): string | undefined {
    if (this.refusal) return this.refusal;
    const since = this.uncoveredSince;
    if (since === undefined || Date.now() - since < COVERED_WITHIN_MS) return undefined;
    return `records stand without a checkpoint for ${Math.round((Date.now() - since) / 1000)} s${this.failure ? `: ${this.failure}` : ''}`;
  }

  /** Signs what is stored now; resolves once that is done, or refused. */
  sign(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.tick();
    });
  }

  /**
   * Signs nothing until `resume` is called: no checkpoint by the old key covers the record of its change.
   * Resolves once nothing is being signed.
   */
  async pause(): Promise<void> {
    await this.sign();
    this.paused = true;
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

  private tick(): void {
    if (this.parts.lastRecord() > this.covered) this.uncoveredSince ??= Date.now();
    if (!this.paused) this.tell({ kind: 'tick' });
  }

  private receive(message: FromSigner): void {
    switch (message.kind) {
      case 'write':
        void this.write(message.call, message.key, message.value);
        return;
      case 'ticked':
        this.covered = message.size ?? 0;
        if (message.size !== undefined && message.timeSeconds !== undefined) this.signed = { size: message.size, timeSeconds: message.timeSeconds };
        this.failure = undefined;
        if (this.covered >= this.parts.lastRecord()) this.uncoveredSince = undefined;
        break;
      case 'refused':
        if (!this.refusal) this.parts.onAlarm(`the signer refuses (${message.reason}): ${message.message}`);
        this.refusal = message.message;
        break;
      case 'failed':
        this.failed(message.message);
        break;
    }
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private failed(message: string): void {
    if (this.failure !== message) this.parts.onAlarm(`no checkpoint was signed: ${message}`);
    this.failure = message;
    for (const resolve of this.waiting.splice(0)) resolve();
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
