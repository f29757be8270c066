// The shape of a decider: pure rules over one stream. No Nest, clock, randomness or I/O.
import type { Actor, Category, DomainEvent, FoldedEvent, StreamName } from './envelope.js';
import type { Uuid } from './ids.js';
import type { Override, RuleBook } from './policy.js';
import type { Reason } from './reason.js';
import type { Refusal } from './refusal.js';
import type { Occurred, OffsetTime, UtcTime } from './time.js';

/** A kind of stream: how its events fold to the state that its commands decide on. */
export interface Decider<State, Event extends DomainEvent = DomainEvent> {
  readonly category: Category;
  initial(): State;
  /** May mutate the accumulator that it is given. Constant cost an event; keeps no texts. */
  evolve(state: State, event: FoldedEvent<Event>): State;
  /** The bodies that govern the stream: their secretariats may write it. Empty: any secretariat may. */
  bodies(state: State, stream: Uuid): readonly Uuid[];
  /** Ids of the resources that an event touches: their ETag is the revision of the last one that did. */
  touches(event: FoldedEvent<Event>, stream: Uuid): readonly Uuid[];
}

/** What every command may carry beside its own input; all optional. */
export interface CommandCommons {
  /** When it happened; when it was typed where absent, else the time of recording. */
  occurredAt?: Occurred;
  /** The clock of the client when it was typed. */
  typedAt?: OffsetTime;
  language?: string;
  override?: Override;
  /** Sample data that stands for what a source does not say; marked so for ever. */
  illustrative?: boolean;
  /** Why it is recorded after the meeting closed. */
  late?: Reason;
}

export interface DecisionContext<Seen = unknown> {
  /** The id in the stream's name. */
  stream: Uuid;
  now: UtcTime;
  occurredAt: Occurred;
  /** Whether the sender says when it happened, or was typed: else it counts as of now. */
  saysWhen: boolean;
  typedAt: OffsetTime | undefined;
  commandId: Uuid;
  actor: Actor;
  /** Whether the sender writes for one of these bodies: a refusal tells nothing about what belongs to others alone. */
  writesForOneOf(bodies: readonly Uuid[]): boolean;
  /** Whether the stream has no events yet. */
  isNew: boolean;
  /** An id derived from the command's: the same whenever the command is decided again. */
  id(purpose: string): Uuid;
  rules: RuleBook;
  /** Why it is recorded after its meeting closed, where the sender says so. */
  late: Reason | undefined;
  /** What the command's `look` saw of other streams. */
  seen: Seen;
}

/** Reads the folded states of other streams. Every stream that is looked at is recorded with its revision as decided on. */
export interface Look {
  /** The state of a stream, or undefined where it has no events, or where the sender may not know of it: what is named and hidden is not there. */
  at<State>(decider: Decider<State, never>, id: Uuid): Promise<State | undefined>;
  /** The same, whoever asks: for rules that hold over what the command does not name. */
  whole<State>(decider: Decider<State, never>, id: Uuid): Promise<State | undefined>;
  /** Whether the sender may know of a part of a stream, by the table of the register in which it lies. */
  shows(table: string, id: Uuid): Promise<boolean>;
}

export interface CommandDefinition<State = unknown, Input = unknown, Seen = unknown> {
  /** Kebab case, imperative. */
  readonly name: string;
  readonly on: Decider<State, never>;
  /** Roles that may send it; the bodies are checked besides. */
  readonly roles: readonly Role[];
  /** Whether the stream must exist before (`existing`), must not (`new`), or either. */
  readonly stream: 'new' | 'existing' | 'either';
  /** What it makes: `stream` for the stream's own entity, else the field of its first event that holds the new id. */
  readonly creates?: string;
  /** Bodies that the command concerns while its stream is new. */
  bodiesOf?(this: void, input: Input): readonly Uuid[];
  /** Whether its sender must write for each of these bodies; else one of them is enough. */
  readonly concernsEach?: true;
  /** The resource that `If-Match` compares; the stream's own entity where absent. */
  resource?(this: void, input: Input, stream: Uuid): Uuid;
  /** May answer the states themselves: they stand until the command is decided, and go on changing after that. */
  look?(this: void, input: Input, look: Look, state: State): Promise<Seen | Refusal>;
  /** Set where `look` goes by the state: the command then opens a round, so that it looks by what is durable. */
  readonly looksByState?: true;
  /** Set where it says that the clock is right: it is taken while the clock is unsure. */
  readonly settlesClock?: true;
  /** Whether it rests on what process managers complete: it is decided once they have completed what is recorded before it. */
  restsOnCompletions?(this: void, input: Input): boolean;
  /** No event: it is already satisfied. */
  decide(this: void, input: Input, state: State, context: DecisionContext<Seen>): DomainEvent[] | Refusal;
}

// A command's state and what it sees are its own affair: whoever carries it around must not have to name them.
/* eslint-disable @typescript-eslint/no-explicit-any */
export type CommandOf<Input> = CommandDefinition<any, Input, any>;
export type AnyCommand = CommandDefinition<any, any, any>;
/* eslint-enable @typescript-eslint/no-explicit-any */

type Role = 'secretariat' | 'admin' | 'system';

/** Declares a command, with its types inferred once. */
export const command = <State, Input, Seen = undefined>(
  definition: CommandDefinition<State, Input, Seen>,
): CommandDefinition<State, Input, Seen> => definition;

/** A command on its way to the runner. */
export interface Submission<Input = unknown> {
  stream: StreamName;
  input: Input;
  commons: CommandCommons;
  commandId: Uuid;
  /** Whether the id was drawn for this submission: no other node, and no repeat, can have it. */
  isDrawn?: boolean;
  bodyDigest?: string;
  correlation: Uuid;
  causation?: Uuid;
  actor: Actor;
  bodies: 'all' | readonly Uuid[];
  /** Revision that the sender last saw of the resource. */
  ifMatch?: number;
  instruction?: { person?: Uuid; by?: { lang: string; text: string }[] };
}
