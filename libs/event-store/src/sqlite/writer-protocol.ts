// What the thread that writes and the one that asks it say to each other. Answers come in the order of the writes.
import type { UnavailableCause } from '../errors.js';
import type { Outcome, Write } from './log-writer.js';

export type ToWriter = { kind: 'writes'; writes: readonly Write[] } | { kind: 'scrub' } | { kind: 'close' };

export type FromWriter =
  | { kind: 'opened'; storeId: string }
  | { kind: 'not-opened'; message: string }
  /** One transaction: the outcomes of its writes. */
  | { kind: 'committed'; outcomes: readonly Outcome[] }
  /** What a scrub came to: done, or not for now. */
  | { kind: 'scrubbed'; done: boolean }
  | { kind: 'not-scrubbed'; failure: WriteFailure }
  /** One transaction that failed, with all its writes. */
  | { kind: 'failed'; writes: number; failure: WriteFailure };

/** `unclear`: the transaction may be stored; else nothing of it is. */
export interface WriteFailure {
  reason: UnavailableCause | 'unclear';
  message: string;
}
