// The runner: from a submitted command to durable events. One queue for each stream; what waits is decided together on durable
// state and stored by one append. Answers come from durable state only.
import {
  LOG_STREAM,
  parseStreamName,
  streamName,
  type Category,
  type ClockGuard,
  type AnyCommand,
  type Decider,
  type Look,
  type Refusal,
  type StoredEvent,
  type StreamName,
  type Submission,
  type Uuid,
} from '#kernel';
import { logDecider, type LogState } from '../installation/log.events.js';
import type { Position } from '../log.js';
import type { EventStore } from '../port.js';
import type { Sealer } from '../sealer.js';
import { FoldedStream, type AnyDecider, type Upcast } from './folded-stream.js';
import { FoldedStreams } from './folded-streams.js';
import type { Interval, Observed, Outcome } from './outcome.js';
import { StreamQueue } from './stream-queue.js';

/** Folded events that are kept in memory, over all streams: some hundred bytes each. */
const CACHED_EVENTS = 200_000;

/** What a command looks for: what a stream is about, or a part of one. */
export type Sought = { stream: StreamName } | { table: string; id: Uuid };

/** Whether the sender of one command may know of what it looks for; a refusal where that cannot be told now. */
export type MayKnow = (of: Sought) => Promise<boolean | Refusal>;

export interface RunnerParts {
  store: EventStore;
  sealer: Sealer;
  clock: ClockGuard;
  /** Schema version under which a type is written today. */
  schemaVersion(type: string): number;
  upcast: Upcast;
  /** What any command may name beside its own fields: looks it up; undefined where this one names nothing. */
  namedByAny?: (submission: Submission) => ((look: Look) => Promise<Refusal | undefined>) | undefined;
  /** Asked once for each command, however often it is decided; undefined where its sender may know of all. */
  mayKnow?: (submission: Submission) => MayKnow | undefined;
  /** Of the last event that is durable: a repeat is answered with it, since its own events lie before. */
  lastPosition?: () => Promise<Position | undefined>;
  /** Told of every append that is durable: writers wait while the projection of these events lags. */
  onAppended?: (position: Position, events: readonly StoredEvent[], took: Interval) => void;
  /** Told of every command as it is answered. Must not throw. */
  onAnswered?: (observed: Observed) => void;
}

export class Runner {
  private readonly folded = new FoldedStreams(CACHED_EVENTS);
  private readonly queues = new Map<StreamName, StreamQueue>();
  /** Readings under way: where their stream is forgotten meanwhile, what they read may be old. */
  private readonly readings = new Set<{ stream: StreamName; isOld: boolean }>();

  constructor(readonly parts: RunnerParts) {}

  /** Decides the command in its stream's turn. Refusals are values; only a fault of the program rejects. */
  submit(definition: AnyCommand, submission: Submission): Promise<Outcome> {
    return this.queueOf(submission.stream, definition.on).submit(definition, submission);
  }

  /** The durable state of an entity's stream, or undefined where it has no events, or lost its first. */
  async state<State>(decider: Decider<State, never>, id: Uuid): Promise<State | undefined> {
    let folded: FoldedStream;
    do folded = await this.durable(streamName(decider.category, id), decider);
    while (folded.pending);
    return folded.isKnown ? (folded.state as State) : undefined;
  }

  /**
   * The stream as it is durable: waits for an append in flight, whose state may yet be taken back. A round may begin as soon
   * as its answer is awaited: who reads more than once from it looks whether it is `pending`, or has moved.
   */
  async durable(stream: StreamName, decider: AnyDecider): Promise<FoldedStream> {
    for (;;) {
      await this.queues.get(stream)?.settled();
      const kept = this.folded.get(stream);
      if (kept && !kept.pending) return kept;
      if (kept) continue;
      const read = await this.read(stream, decider);
      if (!read) continue;
      // Another reader may have been faster, and its copy may have grown since: never put an older one in its place.
      const faster = this.folded.get(stream);
      if (faster && faster.revision >= read.revision) continue;
      this.folded.keep(read);
      return read;
    }
  }

  /** Whether an entity's stream takes commands: no event of it was lost, or somebody has answered for that. */
  async isOpen<State>(decider: Decider<State, never>, id: Uuid): Promise<boolean> {
    const folded = await this.durable(streamName(decider.category, id), decider);
    return !folded.isIncomplete || this.isReopened(folded.stream);
  }

  /** Whether somebody has answered for a stream of which events were lost. `log` itself says what was lost, and goes on. */
  async isReopened(stream: StreamName): Promise<boolean> {
    if (stream === LOG_STREAM) return true;
    const log = await this.durable(LOG_STREAM, logDecider);
    return (log.state as LogState).reopened.has(stream);
  }

  /** Forgets a stream: what is known of it may no longer be what is stored. */
  forget(stream: StreamName): void {
    this.folded.drop(stream);
    for (const reading of this.readings) if (reading.stream === stream) reading.isOld = true;
  }

  /** Undefined where somebody found meanwhile that the stream has moved. */
  private async read(stream: StreamName, decider: AnyDecider): Promise<FoldedStream | undefined> {
    const reading = { stream, isOld: false };
    this.readings.add(reading);
    try {
      const read = await FoldedStream.read(this.parts.store, stream, decider, this.parts.upcast);
      return reading.isOld ? undefined : read;
    } finally {
      this.readings.delete(reading);
    }
  }

  grew(stream: StreamName, by: number): void {
    this.folded.grew(stream, by);
  }

  private queueOf(stream: StreamName, decider: AnyDecider): StreamQueue {
    let queue = this.queues.get(stream);
    if (!queue) {
      assertCategory(stream, decider.category);
      queue = new StreamQueue(stream, decider, this, () => this.queues.delete(stream));
      this.queues.set(stream, queue);
    }
    return queue;
  }
}

function assertCategory(stream: StreamName, category: Category): void {
  const found = parseStreamName(stream).category;
  if (found !== category) throw new Error(`a command on ${category} streams was submitted to ${stream}`);
}
