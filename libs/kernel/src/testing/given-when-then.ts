// Deciders tested as tables: given what is recorded, when a command is sent, then these events, this refusal, or nothing.
import { expect } from '@jest/globals';
import type { AnyCommand, CommandCommons, CommandOf, Decider, DecisionContext, Look } from '../decider.js';
import { streamName, type Actor, type DomainEvent, type FoldedEvent, type Revision } from '../envelope.js';
import { derivedId, type Uuid } from '../ids.js';
import { canonicalJson } from '../json.js';
import { livePolicy } from '../policy.js';
import { isRefusal, type Refusal } from '../refusal.js';
import { replaceMarks } from '../sealed.js';
import { happenedAt, type Occurred, type OffsetTime, type UtcTime } from '../time.js';

/** An event that was recorded before; when, when it happened, and when it was typed, where that matters. */
export type GivenEvent = DomainEvent & { recordedAt?: string; occurredAt?: string; typedAt?: string };

/** How a command is sent, beside its input. */
export interface Sent extends CommandCommons {
  /** What its `look` saw; where absent, `look` runs on what was given of other streams. */
  seen?: unknown;
  now?: string;
  actor?: Actor;
  /** For which bodies its sender writes; for all where absent. */
  bodies?: readonly Uuid[];
}

/** The id in the name of the stream that the command goes to. */
export const THE_STREAM = '5f3c0000-0000-8000-8000-000000000001' as Uuid;
export const NOW = '2024-04-29T12:00:00.000Z' as UtcTime;
const RECORDED_BEFORE = '2024-04-29T08:00:00.000Z' as UtcTime;
const COMMAND_ID = 'c0000000-0000-8000-8000-000000000001' as Uuid;
const CLERK: Actor = { subject: '50b1ec70-0000-8000-8000-000000000001' as Uuid, role: 'secretariat' };

/** The id that the command under test gives to what it makes for a purpose. */
export const made = (purpose: string): Uuid => derivedId(COMMAND_ID, purpose);
/** A fixed id for the test's own use: `uuid(7)`. */
export const uuid = (number: number): Uuid => `00000000-0000-8000-8000-${String(number).padStart(12, '0')}` as Uuid;
/** The same event, recorded at another time. */
export const recordedAt = (time: string, event: DomainEvent): GivenEvent => ({ ...event, recordedAt: time });

type AnyDecider<State> = Decider<State, never>;

export const given = <State>(decider: AnyDecider<State>, ...events: GivenEvent[]): Given<State> => new Given(decider, events, new Map());

class Given<State> {
  constructor(
    private readonly decider: AnyDecider<State>,
    private readonly events: readonly GivenEvent[],
    private readonly others: ReadonlyMap<string, readonly GivenEvent[]>,
  ) {}

  /** What another stream holds, for the command's `look`. */
  and(other: AnyDecider<never> | AnyDecider<unknown>, id: Uuid, ...events: GivenEvent[]): Given<State> {
    return new Given(this.decider, this.events, new Map([...this.others, [streamName(other.category, id), events]]));
  }

  when<Input>(command: CommandOf<Input>, input: Input, sent: Sent = {}): When<State> {
    return new When(this.decider, this.events, async (folded) =>
      decide(command, deepFreeze(input), sent, folded, this.events.length === 0, this.others),
    );
  }

  /** The state that the events fold to, for rules that are no command's. */
  state(): State {
    return fold(this.decider, this.events);
  }
}

type Decision = DomainEvent[] | Refusal;

class When<State> {
  constructor(
    private readonly decider: AnyDecider<State>,
    private readonly events: readonly GivenEvent[],
    private readonly decideOn: (state: State) => Promise<Decision>,
  ) {}

  async then(events: readonly DomainEvent[]): Promise<void> {
    // Whoever awaits `when` itself has forgotten what it is compared with.
    if (!Array.isArray(events)) throw new TypeError('say what the command is expected to yield: then, thenRefused or thenNothing');
    const decided = await this.decided();
    expect(isRefusal(decided) ? refusalFacts(decided) : decided).toEqual(events);
    assertRecordable(this.decider, this.events, decided as DomainEvent[]);
  }

  /** @param fields at fault, in order; not compared where none are named */
  async thenRefused(code: string, ...fields: string[]): Promise<void> {
    const decided = await this.decided();
    const expected = fields.length > 0 ? { refused: code, fields } : { refused: code };
    expect(isRefusal(decided) ? refusalFacts(decided) : decided).toMatchObject(expected);
    expect((decided as Refusal).detail).toMatch(/\S.*[.}]$/s);
  }

  /** Whatever becomes of it, the sender does not learn this. */
  async thenNeverNaming(text: string): Promise<void> {
    expect(JSON.stringify(await this.decided())).not.toContain(text);
  }

  /** It is already satisfied. */
  async thenNothing(): Promise<void> {
    const decided = await this.decided();
    expect(isRefusal(decided) ? refusalFacts(decided) : decided).toEqual([]);
  }

  /** Decides twice, each time on a state folded anew: a decision depends on nothing else. */
  private async decided(): Promise<Decision> {
    const first = await this.decideOn(fold(this.decider, this.events));
    expect(await this.decideOn(fold(this.decider, this.events))).toEqual(first);
    return first;
  }
}

const refusalFacts = (refusal: Refusal) => ({
  refused: refusal.code,
  fields: refusal.fields.map(({ field }) => field),
  detail: refusal.detail,
});

async function decide<State>(
  command: AnyCommand,
  input: unknown,
  sent: Sent,
  state: State,
  isNew: boolean,
  others: ReadonlyMap<string, readonly GivenEvent[]>,
): Promise<Decision> {
  const seen: unknown = 'seen' in sent ? sent.seen : await command.look?.(input, lookAt(others), state);
  if (isRefusal(seen)) return seen;
  const now = (sent.now ?? NOW) as UtcTime;
  const context: DecisionContext = {
    stream: THE_STREAM,
    now,
    occurredAt: happenedAt(sent, now),
    saysWhen: sent.occurredAt !== undefined || sent.typedAt !== undefined,
    typedAt: sent.typedAt,
    commandId: COMMAND_ID,
    actor: sent.actor ?? CLERK,
    writesForOneOf: (bodies) => !sent.bodies || bodies.some((body) => sent.bodies!.includes(body)),
    isNew,
    id: made,
    rules: livePolicy(sent.override),
    late: sent.late,
    seen,
  };
  return command.decide(input, state, context as never);
}

/** For a sender from whom nothing is hidden. */
function lookAt(others: ReadonlyMap<string, readonly GivenEvent[]>): Look {
  const at: Look['at'] = (decider, id) =>
    Promise.resolve(
      others.has(streamName(decider.category, id)) ? fold(decider, others.get(streamName(decider.category, id))!) : undefined,
    );
  return { at, whole: at, shows: () => Promise.resolve(true) };
}

function fold<State>(decider: AnyDecider<State>, events: readonly GivenEvent[]): State {
  return events.reduce((state, event, at) => decider.evolve(state, folded(event, at) as never), decider.initial());
}

/** Frozen: `evolve` may change its accumulator, never the event. */
const folded = (event: GivenEvent, at: number): FoldedEvent =>
  deepFreeze({
    type: event.type,
    data: event.data,
    id: derivedId(THE_STREAM, `event/${at}`),
    revision: at as Revision,
    recordedAt: (event.recordedAt ?? RECORDED_BEFORE) as UtcTime,
    occurredAt: (event.occurredAt ?? event.typedAt ?? event.recordedAt ?? RECORDED_BEFORE) as Occurred,
    ...(event.typedAt && { typedAt: event.typedAt as OffsetTime }),
  });

/** A decision changes its proposal too, an allocation its seats. */
const TOUCHES_SEVERAL: ReadonlySet<string> = new Set(['proposal', 'allocation']);

/** What holds for every event: it can be stored, touches one resource, and folds to the same state as what is read back. */
function assertRecordable<State>(decider: AnyDecider<State>, before: readonly GivenEvent[], decided: readonly DomainEvent[]): void {
  const all = [...before, ...decided];
  for (const [at, event] of all.entries()) {
    const touched = decider.touches(folded(event, at) as never, THE_STREAM);
    expect(touched).toHaveLength(TOUCHES_SEVERAL.has(decider.category) ? new Set(touched).size : 1);
    expect(touched).not.toHaveLength(0);
  }
  expect(fold(decider, all)).toEqual(fold(decider, all.map(asReadBack)));
}

const asReadBack = (event: GivenEvent): GivenEvent => {
  const stored = canonicalJson(replaceMarks(event.data, (text) => ({ $sealed: `hash of ${text.length}` })));
  return { ...event, data: JSON.parse(stored) as object };
};

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
