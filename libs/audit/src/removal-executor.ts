// Carries removals out, in this order: the register withholds, the store forgets, then nothing is left in any file. What a crash or a
// fault cut short is done by the next start, or tried again: the log says what is to be gone.
import { removedValues, type EventStore, type RemovedValue } from '#event-store';
import { LOG_STREAM } from '#kernel';
import type { ProjectorHandle } from '#read-models';

const WITHHELD_WITHIN_MS = 10_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 30_000;

export interface RemovalParts {
  /** `withhold` where the store destroys nothing: it then gives the values to nobody. */
  store: Pick<EventStore, 'readStream' | 'destruction'> & { withhold?(values: readonly RemovedValue[]): void };
  projector: Pick<ProjectorHandle, 'progress' | 'waitForScrub' | 'residues'>;
  /** Resolves true once the register holds all that is in the log now, false when the time is over. */
  caughtUp: (timeoutMs: number) => Promise<boolean>;
  /** So many events of stream `log` came with a migration, which left behind what they remove. */
  movedRevisions?: number;
}

export class RemovalExecutor {
  private scrubbing: Promise<void> | undefined;
  private again = false;
  private trouble: string | undefined;
  private retry: { timer: NodeJS.Timeout; resume: () => void } | undefined;
  private stopping = false;
  /** Values were removed that the store cannot destroy. */
  private undestroyed = false;
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly parts: RemovalParts) {}

  /** Called whenever values were destroyed: what keeps texts in memory forgets them. */
  onDestroyed(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Why texts that were removed may still lie in a file; undefined where none does. */
  get pending(): string | undefined {
    if (this.undestroyed) return 'no node gives the texts to anybody; they lie in the database until the log is migrated into a fresh one';
    return this.trouble ?? (this.scrubbing ? 'the log is being written anew' : this.parts.projector.residues);
  }

  /**
   * Makes sure that every removal in the log is carried out. Resolves once no reader gets a removed text any more; what is left of
   * it in files goes in the background.
   * @returns whether the register withholds all of it; false where it has not come so far in time
   * @throws StoreUnavailable, OutcomeUnclear
   */
  async withhold(): Promise<boolean> {
    const { store, caughtUp } = this.parts;
    const values = [];
    for await (const events of store.readStream(LOG_STREAM)) {
      for (const event of events) {
        const removed = removedValues(event);
        if (removed.length > 0 && event.revision >= (this.parts.movedRevisions ?? 0)) this.undestroyed = store.destruction === undefined;
        values.push(...removed);
      }
    }
    if (values.length === 0) return true;
    store.withhold?.(values);
    const withheld = await caughtUp(WITHHELD_WITHIN_MS);
    await store.destruction?.remove(values);
    this.forget();
    this.scrub();
    return withheld;
  }

  /** What keeps texts in memory forgets them. */
  forget(): void {
    for (const forget of this.listeners) forget();
  }

  /** Resolves true once nothing is left in any file of what was removed so far, false when the time is over, or where it cannot be. */
  async cleared(timeoutMs: number): Promise<boolean> {
    const [register, log] = await Promise.all([
      this.parts.projector.waitForScrub(this.parts.projector.progress.record, timeoutMs),
      within(timeoutMs, this.scrubbing ?? Promise.resolve()),
    ]);
    return register && log && this.trouble === undefined && !this.undestroyed;
  }

  /** What is not done yet is done by the next start. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.retry) clearTimeout(this.retry.timer);
    this.retry?.resume();
    await this.scrubbing;
  }

  private scrub(): void {
    this.again = true;
    this.scrubbing ??= this.scrubUntilDone().finally(() => (this.scrubbing = undefined));
  }

  private async scrubUntilDone(): Promise<void> {
    const { destruction } = this.parts.store;
    let waitMs = FIRST_RETRY_MS;
    while (destruction && this.again && !this.stopping) {
      this.again = false;
      try {
        this.trouble = (await destruction.scrub()) ? undefined : 'another process reads the log';
      } catch (error) {
        this.trouble = (error as Error).message;
      }
      if (this.trouble === undefined) continue;
      this.again = true;
      await this.pause(waitMs);
      waitMs = Math.min(waitMs * 2, LAST_RETRY_MS);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resume) => {
      this.retry = { resume, timer: setTimeout(resume, ms) };
    });
  }
}

/** Whether the work ends in time. */
async function within(timeoutMs: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), timeoutMs)));
  try {
    return await Promise.race([work.then(() => true), over]);
  } finally {
    clearTimeout(timer);
  }
}
