// Decides the commands of a round, one after the other, each on the state that those before it leave. Synchronous and without I/O.
import {
  derivedId,
  happenedAt,
  isRefusal,
  livePolicy,
  notYet,
  parseStreamName,
  sealText,
  sealed,
  type DecisionContext,
  type DomainEvent,
  type Metadata,
  type Refusal,
  type Revision,
  type Sealed,
  type SealedEvent,
  type StreamName,
  type StreamRevision,
  type Submission,
  type UtcTime,
  type Uuid,
} from '#kernel';
import { MAX_APPEND_BYTES } from '../port.js';
import type { Unsealed } from '../sealer.js';
import { authorise, authoriseRepeat, bodyActedFor, writesForOneOf } from './authorise.js';
import { eventId, type FoldedStream } from './folded-stream.js';
import type { Gathered } from './gather.js';
import type { Outcome } from './outcome.js';
import type { RunnerParts } from './runner.js';
import { keyReused, runnerRefusals, streamIncomplete } from './runner-refusals.js';
import type { Waiting } from './waiting-command.js';

export interface Decided {
  waiting: Waiting;
  /** Known already: refused, or unchanged. Answered once the round is durable. */
  outcome?: Outcome;
  /** The command arrived before: where its events lie. */
  repeats?: { first: number; count: number };
  /** Its events among those of the round. */
  slice?: { from: number; count: number };
  decidedOn: readonly StreamRevision[];
}

export interface Round {
  expected: Revision | 'none';
  events: SealedEvent[];
  decided: Decided[];
  /** Did not fit into one append. */
  leftOver: Waiting[];
}

/** @param isOpen whether the stream takes commands: where events of it were lost, only once somebody has answered for that */
export function decideRound(
  parts: RunnerParts,
  stream: StreamName,
  folded: FoldedStream,
  taken: readonly Waiting[],
  gathered: readonly Gathered[],
  isOpen = true,
): Round {
  const round: Round = { expected: folded.exists ? (folded.revision as Revision) : 'none', events: [], decided: [], leftOver: [] };
  let bytes = 0;
  for (const [index, waiting] of taken.entries()) {
    const now = parts.clock.read() ?? (waiting.definition.settlesClock && parts.clock.wall());
    const { decidedOn } = gathered[index]!;
    // Before the events are folded: as its stream stands when it is decided.
    const body = bodyActedFor(waiting.definition, waiting.submission, folded);
    const decided = now
      ? decideOne(folded, waiting, gathered[index]!, now, isOpen)
      : runnerRefusals['clock-unsure']('The wall clock departed from the monotonic clock, or lies behind the last record.', {
          retryAfter: 5,
        });
    if (isRefusal(decided)) {
      round.decided.push({ waiting, outcome: { kind: 'refused', refusal: decided }, decidedOn });
    } else if ('first' in decided) {
      round.decided.push({ waiting, repeats: decided, decidedOn });
    } else if (decided.length === 0) {
      round.decided.push({
        waiting,
        outcome: { kind: 'unchanged', stream, revision: resourceRevision(folded, waiting) ?? (folded.revision as Revision) },
        decidedOn,
      });
    } else {
      const sealedEvents = sealAll(
        parts,
        stream,
        folded.revision + 1,
        now!,
        metadataOf(waiting.submission, body, now!, decidedOn),
        waiting.submission,
        decided,
      );
      const size = sealedEvents.reduce((sum, event) => sum + sizeOf(event), 0);
      if (size > MAX_APPEND_BYTES) {
        const refusal = runnerRefusals['command-too-large'](`It would store ${size} bytes; an append holds at most ${MAX_APPEND_BYTES}.`);
        round.decided.push({ waiting, outcome: { kind: 'refused', refusal }, decidedOn });
        continue;
      }
      if (bytes + size > MAX_APPEND_BYTES) {
        round.leftOver = taken.slice(index);
        break;
      }
      bytes += size;
      round.decided.push({ waiting, slice: { from: round.events.length, count: decided.length }, decidedOn });
      for (const [at, event] of sealedEvents.entries()) {
        round.events.push(event);
        foldDecided(folded, decided[at]!, event, waiting.submission);
      }
    }
  }
  return round;
}

type DecidedEvents = readonly DomainEvent[];

function decideOne(
  folded: FoldedStream,
  waiting: Waiting,
  gathered: Gathered,
  now: UtcTime,
  isOpen: boolean,
): DecidedEvents | Refusal | { first: number; count: number } {
  const { definition, submission } = waiting;
  const before = folded.seen(submission.commandId);
  if (before) {
    const barred = authoriseRepeat(definition, submission, folded);
    if (barred) return barred;
    return before.digest === submission.bodyDigest || before.digest === 'lost' ? before : keyReused();
  }
  const { id } = parseStreamName(folded.stream);
  const barred =
    authorise(definition, submission, folded) ??
    (isOpen ? undefined : streamIncomplete(folded.stream)) ??
    timeRefusal(submission, now) ??
    gathered.refusal ??
    staleRefusal(folded, waiting);
  if (barred) return barred;
  const context: DecisionContext = {
    stream: id!,
    now,
    occurredAt: happenedAt(submission.commons, now),
    saysWhen: submission.commons.occurredAt !== undefined || submission.commons.typedAt !== undefined,
    typedAt: submission.commons.typedAt,
    commandId: submission.commandId,
    actor: submission.actor,
    writesForOneOf: (bodies) => writesForOneOf(submission, bodies),
    isNew: !folded.exists,
    id: (purpose) => derivedId(submission.commandId, purpose),
    rules: livePolicy(submission.commons.override),
    late: submission.commons.late,
    seen: gathered.seen,
  };
  return definition.decide(submission.input, folded.state, context as never);
}

const timeRefusal = ({ commons }: Submission, now: UtcTime): Refusal | undefined =>
  notYet(commons.occurredAt, now, 'occurredAt') ?? notYet(commons.typedAt, now, 'typedAt');

/** Of the last event that touched the resource that the command is about; undefined where none did. */
function resourceRevision(folded: FoldedStream, { definition: { resource }, submission }: Waiting): Revision | undefined {
  const stream = parseStreamName(folded.stream).id!;
  return folded.touched.get(resource ? resource(submission.input, stream) : stream);
}

function staleRefusal(folded: FoldedStream, waiting: Waiting): Refusal | undefined {
  const { submission } = waiting;
  if (submission.ifMatch === undefined) return undefined;
  const touched = resourceRevision(folded, waiting);
  if (touched === submission.ifMatch) return undefined;
  return runnerRefusals['revision-changed'](`You saw revision ${submission.ifMatch}; it is at ${touched ?? 'none'} now.`);
}

function sealAll(
  parts: RunnerParts,
  stream: StreamName,
  first: number,
  now: UtcTime,
  metadata: Metadata<Sealed>,
  submission: Submission,
  events: DecidedEvents,
): SealedEvent[] {
  return events.map((event, at) => {
    const unsealed: Unsealed = {
      id: eventId(submission.commandId, at),
      event: submission.commons.illustrative ? { type: event.type, data: { ...event.data, illustrative: true } } : event,
      schemaVersion: parts.schemaVersion(event.type),
      metadata,
    };
    return parts.sealer.seal(stream, (first + at) as Revision, now, unsealed);
  });
}

function metadataOf(submission: Submission, body: Uuid | undefined, now: UtcTime, decidedOn: readonly StreamRevision[]): Metadata<Sealed> {
  const { actor, commons, instruction, causation, bodyDigest } = submission;
  const { name, ...person } = actor;
  const open = { ...person, ...(body && { body }) };
  return {
    occurredAt: happenedAt(commons, now),
    ...(commons.typedAt && { typedAt: commons.typedAt }),
    actor: name === undefined ? open : { ...open, name: sealed(name) },
    ...(instruction && {
      instruction: { ...(instruction.person && { person: instruction.person }), ...(instruction.by && { by: sealText(instruction.by) }) },
    }),
    commandId: submission.commandId,
    ...(bodyDigest !== undefined && { bodyDigest }),
    correlation: submission.correlation,
    ...(causation && { causation }),
    ...(commons.language && { language: commons.language }),
    ...(decidedOn.length > 0 && { decidedOn: [...decidedOn] }),
  };
}

function foldDecided(folded: FoldedStream, event: DomainEvent, stored: SealedEvent, submission: Submission): void {
  const revision = (folded.revision + 1) as Revision;
  folded.pending = true;
  const { typedAt } = submission.commons;
  const occurredAt = happenedAt(submission.commons, stored.recordedAt);
  folded.fold(
    { type: event.type, data: event.data, id: stored.id, revision, recordedAt: stored.recordedAt, occurredAt, ...(typedAt && { typedAt }) },
    submission.commandId,
    submission.bodyDigest,
  );
}

function sizeOf(event: SealedEvent): number {
  let size = event.data.length + event.meta.length + 400;
  for (const { value } of event.sealed) size += Buffer.byteLength(value) + 150;
  return size;
}
