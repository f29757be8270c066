// What a store can answer instead of an append. Each says whether something may have been stored.
import type { StreamRevision, StreamName } from '#kernel';

/** Somebody else wrote to the stream. Nothing was stored. */
export class WrongExpectedRevision extends Error {
  constructor(
    readonly stream: StreamName,
    readonly expected: number | 'none',
    readonly actual: number | 'none',
  ) {
    super(`${stream} was expected at revision ${expected} and is at ${actual}`);
  }
}

/** A stream on which the decision rests has moved on. Nothing was stored. */
export class ChecksFailed extends Error {
  constructor(
    readonly check: StreamRevision,
    readonly actual: number | null,
  ) {
    super(`${check.stream} was decided on at revision ${check.revision ?? 'none'} and is at ${actual ?? 'none'}`);
  }
}

/** An event id is stored already, but not where this append would put it. Nothing was stored. */
export class EventIdTaken extends Error {
  constructor(readonly eventId: string) {
    super(`event ${eventId} is stored already, elsewhere`);
  }
}

/** The append itself is wrong: empty, too large, a text that the store would not give back as it was. Nothing was stored. */
export class AppendRefused extends Error {}

export type UnavailableCause = 'full' | 'read-only' | 'closed' | 'unreachable' | 'failing' | 'moved';

/** The store cannot take appends now. Nothing was stored; reads may go on. */
export class StoreUnavailable extends Error {
  constructor(
    readonly reason: UnavailableCause,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The append may be stored or not: try again with the same ids. */
export class OutcomeUnclear extends Error {}

/** A record cannot be given as it was written, however often it is asked for: it is missing, cannot be read, or was altered. Others can. */
export class RecordUnusable extends Error {}

/** A record that is to be put back does not follow what is stored. Nothing was stored. */
export class RestoreRefused extends Error {}

/** A position of another store, or none at all. */
export class ForeignPosition extends Error {}

/** The store no longer holds the record at a position that it gave: it took its tail back. What was made from it must be cut back. */
export class TailWithdrawn extends Error {}

/** The directory, file or lock cannot be used; the message says which and why, for the operator. */
export class StoreNotOpened extends Error {}
