// Why a projector goes no further.
import type { RecordNumber } from '#kernel';

/**
 * - `forged`: no node of this installation wrote the event
 * - `unreadable`: of a type or schema version that this release does not know
 * - `failed`: a projection threw
 * - `unwritable`: the file could not be written (a full disk): the one reason that may pass, and after which `apply` may be called again
 */
export type StopReason = 'forged' | 'unreadable' | 'failed' | 'unwritable';

/** The projector stopped before an event. What came before it is projected; nothing after it will be. */
export class ProjectorStopped extends Error {
  constructor(
    readonly reason: StopReason,
    readonly record: RecordNumber,
    readonly eventId: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`record ${record} (event ${eventId}): ${message}`, options);
  }
}
