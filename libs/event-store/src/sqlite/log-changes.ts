// Tells that the log has grown: at once within a process, whatever thread reads it, and by looking where another process writes.
import { BroadcastChannel } from 'node:worker_threads';
import { LogWakes } from '../log-wakes.js';

/** Waking another thread costs more than storing an event does. */
const TELL_EVERY_MS = 10;

export class LogChanges {
  readonly wakes = new LogWakes();
  private told = -Infinity;
  private telling: NodeJS.Timeout | undefined;
  private readonly channel: BroadcastChannel;

  /**
   * @param lastRecord asked every `pollMs` while somebody waits; undefined where this store is the one that writes
   */
  constructor(
    storeId: string,
    private readonly lastRecord: (() => number) | undefined,
    private readonly pollMs: number,
  ) {
    this.channel = new BroadcastChannel(`plenary-log:${storeId}`);
    // Readers of the same process hear the writer; the channel alone keeps no process alive.
    if (lastRecord) this.channel.onmessage = () => this.wakes.wake();
    this.channel.unref();
  }

  /** Of the writer: more is durable. Other threads hear of it at once, but not more often than every 10 ms, unless somebody waits. */
  grown(): void {
    this.wakes.wake();
    if (this.telling) return;
    const restMs = TELL_EVERY_MS - (performance.now() - this.told);
    if (restMs <= 0) this.tell();
    else this.telling = setTimeout(() => this.tell(), restMs);
  }

  /** Somebody waits for what other threads make of the log: what they were not told of yet is told now. */
  hurry(): void {
    if (this.telling) this.tell();
  }

  private tell(): void {
    clearTimeout(this.telling);
    this.telling = undefined;
    this.told = performance.now();
    this.channel.postMessage(null);
  }

  /**
   * Resolves when there may be more than when the ticket was taken, or when the signal aborts.
   * @param seen the last record that the waiting reader knows
   */
  async since(ticket: number, seen: number, signal: AbortSignal): Promise<void> {
    const polling = this.lastRecord && setInterval(() => this.wakeWhereGrown(seen), this.pollMs);
    try {
      await this.wakes.since(ticket, signal);
    } finally {
      clearInterval(polling);
    }
  }

  close(): void {
    this.hurry();
    this.channel.close();
    this.wakes.wake();
  }

  private wakeWhereGrown(seen: number): void {
    try {
      if (this.lastRecord!() > seen) this.wakes.wake();
    } catch {
      // The reader that wakes meets the same error, and can tell somebody.
      this.wakes.wake();
    }
  }
}
