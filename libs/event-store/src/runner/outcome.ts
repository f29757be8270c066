// How a command ended.
import type { Refusal, Revision, StoredEvent, StreamName } from '#kernel';
import type { Position } from '../log.js';

export type Outcome =
  /** Its events are durable: stored now, or by an earlier arrival of the same command (`repeated`). */
  | { kind: 'recorded'; stream: StreamName; events: readonly StoredEvent[]; position: Position | undefined; repeated: boolean }
  /** It was already satisfied, and left no trace. The revision is that of the resource, as `If-Match` compares it. */
  | { kind: 'unchanged'; stream: StreamName; revision: Revision }
  | { kind: 'refused'; refusal: Refusal };
