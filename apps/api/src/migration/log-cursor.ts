// A log read one event at a time, beside another one.
import type { LoggedEvent } from '#event-store';

export class LogCursor {
  private batch: readonly LoggedEvent[] = [];
  private at = 0;
  private readonly batches: AsyncIterator<readonly LoggedEvent[]>;

  constructor(log: AsyncIterable<readonly LoggedEvent[]>) {
    this.batches = log[Symbol.asyncIterator]();
  }

  /** Undefined at the end. */
  async next(): Promise<LoggedEvent | undefined> {
    while (this.at === this.batch.length) {
      const next = await this.batches.next();
      if (next.done) return undefined;
      this.batch = next.value;
      this.at = 0;
    }
    return this.batch[this.at++];
  }

  async close(): Promise<void> {
    await this.batches.return?.();
  }
}
