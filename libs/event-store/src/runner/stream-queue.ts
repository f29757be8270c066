// One stream's turn-taking. A round: gather what the commands must see, decide all of them, append once, answer.
import type { AnyCommand, StreamName, StreamRevision, Submission } from '#kernel';
import { ChecksFailed, OutcomeUnclear, StoreUnavailable, WrongExpectedRevision } from '../errors.js';
import type { Appended } from '../port.js';
import type { AnyDecider, FoldedStream } from './folded-stream.js';
import { decideRound, type Decided, type Round } from './decide-round.js';
import { gather, type Gathered } from './gather.js';
import type { Outcome } from './outcome.js';
import { runnerRefusals } from './runner-refusals.js';
import type { Runner } from './runner.js';

/** Rounds that a command may go through before its sender is told that others were faster. */
const MAX_ATTEMPTS = 8;
/** Commands that one round takes at most: bounds how long deciding keeps the thread. */
const MAX_ROUND = 256;

export interface Waiting {
  definition: AnyCommand;
  submission: Submission;
  attempts: number;
  answer(outcome: Outcome): void;
  fail(error: unknown): void;
}

export class StreamQueue {
  private waiting: Waiting[] = [];
  private running = false;
  private appending: Promise<unknown> | undefined;

  constructor(
    private readonly stream: StreamName,
    private readonly decider: AnyDecider,
    private readonly runner: Runner,
    private readonly onIdle: () => void,
  ) {}

  submit(definition: AnyCommand, submission: Submission): Promise<Outcome> {
    return new Promise((answer, fail) => {
      this.waiting.push({ definition, submission, attempts: 0, answer, fail });
      if (!this.running) void this.run();
    });
  }

  /** Resolves once no append of this stream is in flight. */
  async settled(): Promise<void> {
    while (this.appending) await this.appending.catch(() => undefined);
  }

  private async run(): Promise<void> {
    this.running = true;
    // Commands that arrive in the same turn of the event loop share the round.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const taken = this.takeRound();
      try {
        await this.round(taken);
      } catch (error) {
        for (const each of taken) each.fail(error);
        this.runner.forget(this.stream);
      }
    }
    this.running = false;
    this.onIdle();
  }

  /** All that wait; but a command that looks at other streams by its own stream's state opens a round, to look by durable state. */
  private takeRound(): Waiting[] {
    let count = 1;
    while (count < Math.min(this.waiting.length, MAX_ROUND) && !this.waiting[count]!.definition.looksByState) count += 1;
    return this.waiting.splice(0, count);
  }

  private async round(taken: Waiting[]): Promise<void> {
    const folded = await this.runner.durable(this.stream, this.decider);
    const gathered: Gathered[] = [];
    for (const each of taken) gathered.push(await gather(this.runner, each, folded));
    const round = decideRound(this.runner.parts, this.stream, folded, taken, gathered);
    if (round.leftOver.length > 0) this.waiting.unshift(...round.leftOver);
    if (round.events.length === 0) return this.answerAll(round, undefined);
    this.runner.grew(this.stream, round.events.length);
    await this.append(folded, round);
  }

  private async append(folded: FoldedStream, round: Round): Promise<void> {
    try {
      const appending = this.runner.parts.store.append({
        stream: this.stream,
        expected: round.expected,
        events: round.events,
        checks: mergeChecks(round.decided),
      });
      this.appending = appending;
      const appended = await appending;
      this.appending = undefined;
      // The store kept the first attempt, with times of its own: what was folded here is not what is stored.
      if (appended.repeated) this.runner.forget(folded.stream);
      await this.answerAll(round, appended);
    } catch (error) {
      this.runner.forget(folded.stream);
      this.appending = undefined;
      this.afterFailure(round, error);
    }
  }

  private async answerAll(round: Round, appended: Appended | undefined): Promise<void> {
    for (const { waiting, outcome, repeats } of round.decided) {
      if (repeats) await this.answerRepeat(waiting, repeats);
      else if (outcome) waiting.answer(outcome);
    }
    if (!appended) return;
    for (const { waiting, slice } of round.decided) {
      if (!slice) continue;
      const events = appended.events.slice(slice.from, slice.from + slice.count);
      waiting.answer({ kind: 'recorded', stream: this.stream, events, position: appended.position, repeated: appended.repeated });
    }
  }

  private async answerRepeat(waiting: Waiting, repeats: { first: number; count: number }): Promise<void> {
    const events = [];
    const options = { from: repeats.first as never, limit: repeats.count };
    for await (const batch of this.runner.parts.store.readStream(this.stream, options)) events.push(...batch);
    waiting.answer({ kind: 'recorded', stream: this.stream, events, position: undefined, repeated: true });
  }

  private afterFailure(round: Round, error: unknown): void {
    if (error instanceof ChecksFailed) this.runner.forget(error.check.stream);
    const again = error instanceof WrongExpectedRevision || error instanceof ChecksFailed || error instanceof OutcomeUnclear;
    const retried: Waiting[] = [];
    for (const { waiting } of round.decided) {
      waiting.attempts += 1;
      if (again && waiting.attempts < MAX_ATTEMPTS) retried.push(waiting);
      else this.giveUp(waiting, error);
    }
    this.waiting.unshift(...retried);
  }

  private giveUp(waiting: Waiting, error: unknown): void {
    if (error instanceof StoreUnavailable) {
      waiting.answer({ kind: 'refused', refusal: runnerRefusals['store-unavailable'](`${error.message}. Nothing was recorded.`, { retryAfter: 5 }) });
    } else if (error instanceof OutcomeUnclear) {
      const detail = 'The event store did not say whether the command is stored. Repeat it with the same Idempotency-Key.';
      waiting.answer({ kind: 'refused', refusal: runnerRefusals['outcome-unclear'](detail, { retryAfter: 2 }) });
    } else if (error instanceof WrongExpectedRevision || error instanceof ChecksFailed) {
      waiting.answer({ kind: 'refused', refusal: runnerRefusals['decided-too-often']('Nothing was recorded.', { retryAfter: 1 }) });
    } else {
      waiting.fail(error);
    }
  }
}

/** Each stream once; the round decided on one durable state of each, so its revisions agree. */
function mergeChecks(decided: readonly Decided[]): StreamRevision[] {
  const checks = new Map<StreamName, StreamRevision>();
  for (const { slice, decidedOn } of decided) {
    if (slice) for (const each of decidedOn) checks.set(each.stream, each);
  }
  return [...checks.values()];
}
