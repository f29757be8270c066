// How a command ended.
import type { AnyCommand, Refusal, Revision, StoredEvent, StreamName, Submission } from '#kernel';
import type { Position } from '../log.js';

export type Outcome =
  /** Its events are durable: stored now, or by an earlier arrival of the same command (`repeated`). */
  | { kind: 'recorded'; stream: StreamName; events: readonly StoredEvent[]; position: Position | undefined; repeated: boolean }
  /** It was already satisfied, and left no trace. The revision is that of the resource, as `If-Match` compares it. */
  | { kind: 'unchanged'; stream: StreamName; revision: Revision }
  | { kind: 'refused'; refusal: Refusal };

/** By `performance.now()`. */
export interface Interval {
  beganMs: number;
  endedMs: number;
}

/** What became of a command, and what took how long: for those who count and measure, never for deciding. */
export interface Observed {
  definition: AnyCommand;
  submission: Submission;
  /** Undefined where the program failed. */
  outcome: Outcome | undefined;
  /** From its arrival at the runner to its answer. */
  whole: Interval;
  /** The append that made it durable, shared with others of its round. */
  append?: Interval;
}
