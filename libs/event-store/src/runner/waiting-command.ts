// A command that waits for its stream's turn, and what its sender is told where it comes to nothing.
import type { AnyCommand, Submission } from '#kernel';
import { ChecksFailed, EventIdTaken, OutcomeUnclear, StoreUnavailable, WrongExpectedRevision } from '../errors.js';
import type { Interval, Outcome } from './outcome.js';
import { decidedTooOften, outcomeUnclear, runnerRefusals } from './runner-refusals.js';
import type { MayKnow, RunnerParts } from './runner.js';

export interface Waiting {
  definition: AnyCommand;
  submission: Submission;
  mayKnow: MayKnow | undefined;
  attempts: number;
  /** An append that held its events ended without a clear outcome: it may be stored yet. */
  unclear?: true;
  /** A round broke in which it took part, or what it looks at moves too fast: decided by itself, only the one at fault fails or waits. */
  alone?: true;
  /** The append that stored its events, or the last that was to. */
  append?: Interval;
  answer: (outcome: Outcome) => void;
  fail: (error: unknown) => void;
}

/** From now on somebody else hears of its answer as well. */
export function observe(waiting: Waiting, onAnswered: NonNullable<RunnerParts['onAnswered']>): void {
  const beganMs = performance.now();
  const { answer, fail } = waiting;
  const tell = (outcome: Outcome | undefined): void =>
    onAnswered({
      definition: waiting.definition,
      submission: waiting.submission,
      ...(waiting.append && { append: waiting.append }),
      outcome,
      whole: { beganMs, endedMs: performance.now() },
    });
  waiting.answer = (outcome) => {
    tell(outcome);
    answer(outcome);
  };
  waiting.fail = (error) => {
    tell(undefined);
    fail(error);
  };
}

/** Whether a round that failed so may succeed when it is decided again on what is stored. An id is taken where another node recorded the same command. */
export const mayEndOtherwise = (error: unknown): boolean =>
  error instanceof WrongExpectedRevision ||
  error instanceof ChecksFailed ||
  error instanceof EventIdTaken ||
  error instanceof OutcomeUnclear;

export function giveUp(waiting: Waiting, error: unknown): void {
  if (waiting.unclear && (error instanceof StoreUnavailable || mayEndOtherwise(error))) {
    waiting.answer({ kind: 'refused', refusal: outcomeUnclear() });
  } else if (error instanceof StoreUnavailable) {
    waiting.answer({
      kind: 'refused',
      refusal: runnerRefusals['store-unavailable'](`${error.message}. Nothing was recorded.`, { retryAfter: 5 }),
    });
  } else if (mayEndOtherwise(error)) {
    waiting.answer({ kind: 'refused', refusal: decidedTooOften() });
  } else {
    waiting.fail(error);
  }
}
