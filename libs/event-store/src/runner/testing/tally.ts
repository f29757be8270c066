// A tally under a limit that another stream holds: a small stand-in for a meeting and its body, to test the runner with.
import {
  ClockGuard,
  command,
  derivedId,
  present,
  randomId,
  refusals,
  sealed,
  streamName,
  type AnyCommand,
  type CommandOf,
  type Decider,
  type DomainEvent,
  type Refusal,
  type StreamName,
  type Submission,
  type Uuid,
} from '#kernel';
import type { EventStore } from '../../port.js';
import type { Outcome } from '../outcome.js';
import { Runner, type RunnerParts } from '../runner.js';
import { testSealer } from '../../testing/sealed-events.js';

export const tallyRefusals = refusals({
  'tally-full': { status: 409, title: 'The tally is full', rule: 'A tally stays within its limit.' },
  'no-limit': { status: 422, title: 'There is no such limit', rule: 'A limit that a command names is set.' },
});

type LimitSet = DomainEvent<'limit-set', { limit: number }>;
export const limit: Decider<{ limit: number }, LimitSet> = {
  category: 'body',
  initial: () => ({ limit: 0 }),
  evolve: (state, event) => Object.assign(state, { limit: event.data.limit }),
  bodies: () => [],
  touches: (_event, stream) => [stream],
};

export const setLimit = command<{ limit: number }, { limit: number }>({
  name: 'set-limit',
  on: limit,
  roles: ['secretariat'],
  stream: 'either',
  decide: (input, state) => (state.limit === input.limit ? [] : [{ type: 'limit-set', data: { limit: input.limit } }]),
});

export interface TallyState {
  bodies: Uuid[];
  total: number;
}
export type TallyEvent = DomainEvent<'tally-started', { bodies: Uuid[] }> | DomainEvent<'added', { by: number; slot?: Uuid }>;
export const tally: Decider<TallyState, TallyEvent> = {
  category: 'meeting',
  initial: () => ({ bodies: [], total: 0 }),
  evolve(state, event) {
    if (event.type === 'tally-started') state.bodies = event.data.bodies;
    else state.total += event.data.by;
    return state;
  },
  bodies: (state) => state.bodies,
  touches: (event, stream) => [event.type === 'added' ? (event.data.slot ?? stream) : stream],
};

export const startTally = command<TallyState, { bodies?: Uuid[] }>({
  name: 'start-tally',
  on: tally,
  roles: ['secretariat'],
  stream: 'new',
  bodiesOf: (input) => input.bodies ?? [],
  decide: (input) => [{ type: 'tally-started', data: { bodies: input.bodies ?? [] } }],
});

export interface Add {
  /** One event each; none: already satisfied. */
  by: number[];
  slot?: Uuid;
  /** The stream that holds the limit. */
  under?: Uuid;
  text?: string;
  /** Waited for before the limit is looked at. */
  gate?: Promise<void>;
  /** Waited for after it was looked at. */
  whileLooking?: () => Promise<unknown>;
  fault?: Error;
}

export const add = command<TallyState, Add, { limit: number }>({
  name: 'add',
  on: tally,
  roles: ['secretariat'],
  stream: 'either',
  resource: (input, stream) => input.slot ?? stream,
  async look(input, look): Promise<{ limit: number } | Refusal> {
    await input.gate;
    if (!input.under) return { limit: Infinity };
    const seen = await look.at(limit, input.under);
    await input.whileLooking?.();
    return seen ?? tallyRefusals['no-limit'](`There is no limit ${input.under}.`);
  },
  decide(input, state, context) {
    if (input.fault) throw input.fault;
    const total = input.by.reduce((sum, by) => sum + by, state.total);
    if (total > context.seen.limit) return tallyRefusals['tally-full'](`The total would be ${total}.`);
    return input.by.map((by) => ({
      type: 'added',
      data: {
        by,
        ...present({ slot: input.slot, text: input.text === undefined ? undefined : [{ lang: 'en', text: sealed(input.text) }] }),
      },
    }));
  },
});

export class SetClock {
  wallMs = Date.UTC(2024, 3, 29, 12);
  monotonicMs = 0;
  now = (): number => this.wallMs;
  monotonic = (): number => this.monotonicMs;
}

/** A node of its own on a store: its own cache, queues and clock. */
export function makeNode(store: EventStore, parts: Partial<RunnerParts> = {}): { runner: Runner; clock: SetClock } {
  const clock = new SetClock();
  const runner = new Runner({
    store,
    sealer: testSealer,
    clock: new ClockGuard(clock),
    schemaVersion: () => 1,
    upcast: (_type, _version, data) => data,
    ...parts,
  });
  return { runner, clock };
}

export const CLERK = derivedId('test', 'clerk');

/** What a sender may say beside stream and input. */
export type Sent = Partial<Omit<Submission, 'input' | 'stream'>>;

export function submission<Input>(stream: StreamName, input: Input, more: Sent = {}): Submission<Input> {
  const { commandId = randomId() } = more;
  return {
    stream,
    input,
    commons: {},
    commandId,
    correlation: commandId,
    actor: { subject: CLERK, role: 'secretariat' },
    bodies: 'all',
    ...more,
  };
}

export const tallyStream = (id: Uuid = randomId()): StreamName => streamName('meeting', id);
export const limitStream = (id: Uuid = randomId()): StreamName => streamName('body', id);

export const send = <Input>(
  runner: Runner,
  definition: CommandOf<Input>,
  stream: StreamName,
  input: Input,
  more: Sent = {},
): Promise<Outcome> => runner.submit(definition as AnyCommand, submission(stream, input, more));

/** What a test compares of an outcome. */
export function facts(outcome: Outcome): string | { revisions: number[]; repeated: boolean } {
  if (outcome.kind === 'refused') return outcome.refusal.code;
  if (outcome.kind === 'unchanged') return 'unchanged';
  return { revisions: outcome.events.map(({ revision }) => revision), repeated: outcome.repeated };
}

export const recorded = (...revisions: number[]) => ({ revisions, repeated: false });
export const repeated = (...revisions: number[]) => ({ revisions, repeated: true });
