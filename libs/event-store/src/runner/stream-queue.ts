// One stream's turn-taking. A round: gather what the commands must see, decide all of them, append once, answer.
import { setImmediate } from 'node:timers/promises';
import type { AnyCommand, Metadata, Revision, StoredEvent, StreamName, StreamRevision, Submission } from '#kernel';
import { ChecksFailed, OutcomeUnclear, StoreUnavailable } from '../errors.js';
import type { Appended } from '../port.js';
import { findMoved, mergeChecks } from './checks-of-round.js';
import type { AnyDecider, FoldedStream } from './folded-stream.js';
import { decideRound, type Decided, type Round } from './decide-round.js';
import { gather, type Gathered } from './gather.js';
import type { Outcome } from './outcome.js';
import { decidedTooOften, keyReused, outcomeUnclear } from './runner-refusals.js';
import type { Runner } from './runner.js';
import { giveUp, mayEndOtherwise, observe, type Waiting } from './waiting-command.js';

/** Rounds that a command may go through before its sender is told that others were faster. */
const MAX_ATTEMPTS = 8;
/** Commands that one round takes at most: bounds how long deciding keeps the thread. */
const MAX_ROUND = 256;

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
      const waiting: Waiting = { definition, submission, mayKnow: this.runner.parts.mayKnow?.(submission), attempts: 0, answer, fail };
      const { onAnswered } = this.runner.parts;
      if (onAnswered) observe(waiting, onAnswered);
      this.waiting.push(waiting);
      if (!this.running) void this.run();
    });
  }

  /** Resolves once no append of this stream is in flight. */
  async settled(): Promise<void> {
    while (this.appending) await this.appending.catch(() => undefined);
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      // Commands that arrive in the same turn of the event loop share the round.
      await setImmediate();
      const taken = this.takeRound();
      try {
        await this.round(taken);
      } catch (error) {
        this.runner.forget(this.stream);
        this.afterFault(taken, error);
      }
    }
    this.running = false;
    this.onIdle();
  }

  /** All that wait; but a command that looks at other streams by its own stream's state opens a round, to look by durable state. */
  private takeRound(): Waiting[] {
    const opensRound = ({ definition, alone }: Waiting): boolean => definition.looksByState === true || alone === true;
    const most = this.waiting[0]!.alone ? 1 : Math.min(this.waiting.length, MAX_ROUND);
    let count = 1;
    while (count < most && !opensRound(this.waiting[count]!)) count += 1;
    return this.waiting.splice(0, count);
  }

  private async round(taken: Waiting[]): Promise<void> {
    const folded = await this.runner.durable(this.stream, this.decider);
    const isOpen = !folded.isIncomplete || (await this.runner.isReopened(this.stream));
    const gathered = await this.gatherAll(taken, folded);
    if (!gathered) return this.giveWay(taken[0]!);
    const round = decideRound(this.runner.parts, this.stream, folded, taken, gathered, isOpen);
    if (round.leftOver.length > 0) this.waiting.unshift(...round.leftOver);
    const checks = mergeChecks(round.decided);
    if (round.events.length === 0) return this.answerUnrecorded(folded, round, checks);
    this.runner.grew(this.stream, round.events.length);
    const appended = await this.append(folded, round, checks);
    if (appended) await this.answerAll(round, appended);
  }

  /**
   * What each must see. Deciding follows in the same turn, so all of it must stand when the last has looked: where a stream
   * moved meanwhile they look again, half as many each time. The rest, cut off from `taken`, waits for another round. Undefined where it moved for one alone.
   */
  private async gatherAll(taken: Waiting[], folded: FoldedStream): Promise<Gathered[] | undefined> {
    for (;;) {
      const gathered: Gathered[] = [];
      for (const each of taken) gathered.push(await gather(this.runner, each, folded));
      if (gathered.every((each) => each.stands())) return gathered;
      if (taken.length === 1) return undefined;
      this.waiting.unshift(...taken.splice(Math.ceil(taken.length / 2)));
    }
  }

  /** It looks more slowly than others move what it looks at. All that wait go before it, each time, so that it holds up nobody for long. */
  private giveWay(waiting: Waiting): void {
    waiting.attempts += 1;
    if (waiting.attempts < MAX_ATTEMPTS) this.waiting.push(Object.assign(waiting, { alone: true as const }));
    else waiting.answer({ kind: 'refused', refusal: waiting.unclear ? outcomeUnclear() : decidedTooOften() });
  }

  /** Nothing is appended that would show whether another node moved the streams: so that is looked up before anything is answered. */
  private async answerUnrecorded(folded: FoldedStream, round: Round, checks: readonly StreamRevision[]): Promise<void> {
    const own: StreamRevision = { stream: this.stream, revision: folded.exists ? (folded.revision as Revision) : null };
    const moved = await findMoved(this.runner.parts.store, [own, ...checks]);
    if (!moved) return this.answerAll(round, undefined);
    this.runner.forget(moved.check.stream);
    this.afterFailure(round, moved);
  }

  /** What was appended; undefined where it failed, and the commands wait for another round or were told so. */
  private async append(folded: FoldedStream, round: Round, checks: readonly StreamRevision[]): Promise<Appended | undefined> {
    const beganMs = performance.now();
    try {
      const appending = this.runner.parts.store.append({
        stream: this.stream,
        expected: round.expected,
        events: round.events,
        isFirst: round.decided.every(isFirstAttempt),
        checks,
      });
      this.appending = appending;
      const appended = await appending;
      this.appending = undefined;
      folded.pending = false;
      // The store kept the first attempt, with times of its own: what was folded here is not what is stored.
      if (appended.repeated) this.runner.forget(folded.stream);
      const took = { beganMs, endedMs: performance.now() };
      for (const { waiting, slice } of round.decided) if (slice) waiting.append = took;
      this.runner.parts.onAppended?.(appended.position, appended.events, took);
      return appended;
    } catch (error) {
      this.runner.forget(folded.stream);
      this.appending = undefined;
      this.afterFailure(round, error);
      return undefined;
    }
  }

  private async answerAll(round: Round, appended: Appended | undefined): Promise<void> {
    for (const { waiting, outcome, slice } of round.decided) {
      if (outcome) waiting.answer(outcome);
      if (!slice || !appended) continue;
      const events = appended.events.slice(slice.from, slice.from + slice.count);
      const { position, repeated } = appended;
      // Another node recorded it, perhaps under another body.
      if (repeated && !events[0]!.lost && digestOf(events[0]!) !== waiting.submission.bodyDigest)
        waiting.answer({ kind: 'refused', refusal: keyReused() });
      else waiting.answer({ kind: 'recorded', stream: this.stream, events, position, repeated });
    }
    for (const { waiting, repeats } of round.decided) {
      if (repeats) await this.answerRepeat(waiting, repeats);
    }
  }

  private async answerRepeat(waiting: Waiting, repeats: { first: number; count: number }): Promise<void> {
    try {
      const events = [];
      const options = { from: repeats.first as Revision, limit: repeats.count };
      for await (const batch of this.runner.parts.store.readStream(this.stream, options)) events.push(...batch);
      waiting.answer({ kind: 'recorded', stream: this.stream, events, position: await this.runner.parts.lastPosition?.(), repeated: true });
    } catch (error) {
      // It is recorded, and cannot be read now: never say that nothing was.
      waiting.unclear = true;
      giveUp(waiting, error);
    }
  }

  private afterFailure(round: Round, error: unknown): void {
    if (error instanceof ChecksFailed) this.runner.forget(error.check.stream);
    if (!mayEndOtherwise(error) && !(error instanceof StoreUnavailable))
      return this.afterFault(
        round.decided.map(({ waiting }) => waiting),
        error,
      );
    const retried: Waiting[] = [];
    for (const { waiting } of round.decided) {
      waiting.attempts += 1;
      if (error instanceof OutcomeUnclear) waiting.unclear = true;
      if (mayEndOtherwise(error) && waiting.attempts < MAX_ATTEMPTS) retried.push(waiting);
      else giveUp(waiting, error);
    }
    this.waiting.unshift(...retried);
  }

  /** Nothing was appended, because the program failed, the store refused the events as they are, or a read failed. */
  private afterFault(taken: readonly Waiting[], error: unknown): void {
    if (taken.length === 1 || error instanceof StoreUnavailable) {
      for (const waiting of taken) giveUp(waiting, error);
      return;
    }
    this.waiting.unshift(...taken.map((waiting) => Object.assign(waiting, { alone: true as const })));
  }
}

/** Whether nobody can have recorded the command: its id was drawn here, and no append of its events was sent. */
const isFirstAttempt = ({ waiting, slice }: Decided): boolean =>
  slice === undefined || (waiting.submission.isDrawn === true && waiting.attempts === 0 && !waiting.alone);

const digestOf = (event: StoredEvent): string | undefined => (JSON.parse(event.meta) as Metadata).bodyDigest;
