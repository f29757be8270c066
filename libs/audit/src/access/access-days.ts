// Closes the days of the access log while a node runs: at its start, and then each minute.
import type { Runner } from '#event-store';
import type { AccessLog } from './access-log.js';
import { closeDays } from './close-access-day.js';

const LOOK_MS = 60_000;

export class AccessDays {
  private looking: NodeJS.Timeout | undefined;
  private closing: Promise<void> | undefined;

  /** @param heldUp why nothing may be recorded now, where that is so */
  constructor(
    private readonly log: AccessLog,
    private readonly runner: Runner,
    private readonly heldUp: () => string | undefined,
  ) {}

  /** Resolves once the days that were over are recorded, or cannot be now. */
  async start(): Promise<void> {
    this.looking = setInterval(() => void this.close(), LOOK_MS);
    this.looking.unref();
    await this.close();
  }

  /** Ends once what is being recorded is. */
  async stop(): Promise<void> {
    clearInterval(this.looking);
    await this.closing;
    await this.log.synced();
    this.log.close();
  }

  private close(): Promise<void> {
    // What could not be put on the disk is tried again.
    void this.log.synced();
    // Health says why already, and the next minute asks again.
    if (this.heldUp() !== undefined) return Promise.resolve();
    this.closing ??= closeDays(this.log, this.runner)
      .then(
        () => this.log.looked(),
        (error: unknown) => this.log.looked((error as Error).message),
      )
      .finally(() => (this.closing = undefined));
    return this.closing;
  }
}
