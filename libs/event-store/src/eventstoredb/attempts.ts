// Tries a call again for as long as somebody may be asked to wait: a change of leader takes a second or two.
import { StoreUnavailable } from '../errors.js';
import { failureOf, messageOf, type Failure } from './failures.js';

export interface Timing {
  /** Within which a call to the database ends, in milliseconds. */
  callLimitMs: number;
  /** After which nothing is tried again; the last call may still take its own limit. */
  giveUpAfterMs: number;
  /** Waits, or less where the signal aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  /** Milliseconds that only grow. */
  now(): number;
}

const FIRST_PAUSE_MS = 20;
const LAST_PAUSE_MS = 1_000;

export interface Attempts {
  timing: Timing;
  /** Ends the trying. */
  signal: AbortSignal;
}

/**
 * Answers what the call answers, at its first success. What cannot be otherwise later is thrown at once.
 * @param onFailure told of each failure that is tried again
 * @throws the last error
 */
export async function persist<Result>(
  { timing, signal }: Attempts,
  attempt: () => Promise<Result>,
  onFailure: (failure: Failure) => void = () => undefined,
): Promise<Result> {
  const until = timing.now() + timing.giveUpAfterMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'conflict' || failure === 'deleted' || failure === 'refused') throw error;
      onFailure(failure);
      if (signal.aborted || timing.now() + pauseMs > until) throw error;
      await timing.pause(pauseMs, signal);
    }
  }
}

export const unreachable = (error: unknown): StoreUnavailable =>
  new StoreUnavailable('unreachable', `the database does not answer: ${messageOf(error)}`, { cause: error });
