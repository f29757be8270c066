// Between the log and the register: readers wait for what they wrote, writers wait while the register lags.
import type { Position } from '#event-store';
import type { Reader, Uuid } from '#kernel';
import { httpRefusals } from './http-refusals.js';
import { RefusalException } from './problem.js';

/** How long a read waits for what its reader wrote, and a write for the register, in milliseconds. */
export const MAX_WAIT_MS = 2_000;
/** Records that the register may lag behind before writers wait. */
export const MAX_LAG_RECORDS = 20_000;
/** Subjects whose last position is remembered: the least recent go first, and then read without waiting. */
const MAX_SUBJECTS = 10_000;

/** What the gate needs to know of the projector. */
export interface ProjectionProgress {
  /** Resolves true once the position is projected, false when the time is over. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean>;
  /** Whether a position lies behind the other one in the log. */
  isAfter(position: Position, other: Position): boolean;
  /** Resolves true once fewer than so many records wait, false when the time is over. */
  waitForLag(records: number, timeoutMs: number): Promise<boolean>;
  /** Resolves true once process managers have completed all that is recorded by now, false when the time is over. */
  waitForCompletions(timeoutMs: number): Promise<boolean>;
  /** Why it stopped, or undefined while it runs. */
  alarm(): string | undefined;
  /** Why the history in the store is not the one that was signed, where it is not. */
  diverged(): string | undefined;
}

export class ProjectionGate {
  private readonly lastWrites = new Map<Uuid, Position>();

  /**
   * @param isOurs whether a token is a position of this history, however new
   * @param beforeShowing learns of a reader what decides what it sees, once the register is as far as it waits for
   */
  constructor(
    private readonly progress: ProjectionProgress,
    private readonly isOurs: (token: string) => boolean,
    private readonly beforeShowing: (reader: Reader) => Promise<void> = () => Promise.resolve(),
  ) {}

  /** Of commands that a subject sent side by side, an earlier one may be answered later: the furthest counts. */
  wrote(subject: Uuid, position: Position): void {
    const before = this.lastWrites.get(subject);
    this.lastWrites.delete(subject);
    this.lastWrites.set(subject, before !== undefined && this.progress.isAfter(before, position) ? before : position);
    if (this.lastWrites.size > MAX_SUBJECTS) this.lastWrites.delete(this.lastWrites.keys().next().value!);
  }

  /** @param token as in `beforeReading`: nothing waits for it, but one of another history is a mistake */
  async beforeWriting(token: string | undefined): Promise<void> {
    this.refuseForeign(token);
    const diverged = this.progress.diverged();
    if (diverged) throw new RefusalException(httpRefusals['record-diverged'](diverged));
    const alarm = this.progress.alarm();
    if (alarm) throw new RefusalException(httpRefusals['projection-stopped'](alarm));
    if (await this.progress.waitForLag(MAX_LAG_RECORDS, MAX_WAIT_MS)) return;
    throw new RefusalException(
      httpRefusals['projection-behind'](`More than ${MAX_LAG_RECORDS} records wait to be projected.`, { retryAfter: 2 }),
    );
  }

  /** Before a command that rests on what process managers complete in other streams. */
  async beforeResting(): Promise<void> {
    if (await this.progress.waitForCompletions(MAX_WAIT_MS)) return;
    throw new RefusalException(httpRefusals['completions-pending']('Process managers have not come so far yet.', { retryAfter: 1 }));
  }

  /** @param token the position that the reader got from another node, if any */
  async beforeReading(reader: Reader, token: string | undefined): Promise<void> {
    const { subject } = reader;
    this.refuseForeign(token);
    const written = this.lastWrites.get(subject);
    for (const position of [written, token as Position | undefined]) {
      if (position === undefined || (await this.progress.waitFor(position, MAX_WAIT_MS))) continue;
      const alarm = this.progress.alarm();
      if (alarm) throw new RefusalException(httpRefusals['projection-stopped'](alarm));
      throw new RefusalException(
        httpRefusals['not-projected-yet']('What you recorded is durable, and not in the register yet.', { retryAfter: 1 }),
      );
    }
    // What was waited for once needs no waiting again, unless more was written meanwhile.
    if (written !== undefined && this.lastWrites.get(subject) === written) this.lastWrites.delete(subject);
    await this.beforeShowing(reader);
  }

  private refuseForeign(token: string | undefined): void {
    if (token !== undefined && !this.isOurs(token))
      throw new RefusalException(httpRefusals['header-invalid']('Plenary-Position must be a token that this API gave.'));
  }
}
