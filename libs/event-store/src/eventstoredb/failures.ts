// What an error of the client says about the call: whether it was done, may have been done, or was not.
import {
  AccessDeniedError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';

/** gRPC's. */
const UNAUTHENTICATED = 16;

/** The time limit that the adapter sets itself was over. */
export class TimeLimitReached extends Error {}

/**
 * - `conflict`: the stream is not where the append expects it
 * - `deleted`: the stream was deleted for good
 * - `refused`: the server does not do it, now or later
 * - `not-leader`: it was not done; another node would do it
 * - `unsent`: no connection could be made, so that nothing left this node
 * - `unclear`: it may be done or not
 */
export type Failure = 'conflict' | 'deleted' | 'refused' | 'not-leader' | 'unsent' | 'unclear';

export function failureOf(error: unknown): Failure {
  if (error instanceof WrongExpectedVersionError) return 'conflict';
  if (error instanceof StreamDeletedError) return 'deleted';
  if (error instanceof NotLeaderError) return 'not-leader';
  if (error instanceof AccessDeniedError || error instanceof MaxAppendSizeExceededError) return 'refused';
  // The first call of all while a server is down rejects with the bare error of gRPC, so that its text is all there is.
  return /UNAVAILABLE: (No connection established|Name resolution failed)|Failed to discover/.test(messageOf(error)) ? 'unsent' : 'unclear';
}

/** gRPC's INVALID_ARGUMENT: newer servers answer a position so that is none, or no longer one. */
export const isInvalidArgument = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 3;

/** What it says, and what an operator may look at where it does not tell. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if ((error as { code?: unknown } | null)?.code === UNAUTHENTICATED) return `it does not know this user with this password (${message})`;
  // Of each member, the client keeps to itself what was wrong.
  if (/Failed to discover/.test(message))
    return `${message.replace(/\.$/, '')}: no host that is named leads, or tells who does; where they run, look at hosts, ports, tls, tlsCAFile, and whether their certificates have run out`;
  return message;
}
