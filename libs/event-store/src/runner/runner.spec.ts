import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  derivedId,
  parseStreamName,
  randomId,
  sealed,
  type AnyCommand,
  type Metadata,
  type Occurred,
  type OffsetTime,
  type StreamName,
  type Uuid,
} from '#kernel';
import { MAX_APPEND_BYTES } from '../port.js';
import { findForgery } from '../sealer.js';
import { MemoryEventStore } from '../memory/memory-event-store.js';
import { FaultyStore, logOf, streamOf, testWriterKey } from '../testing/index.js';
import type { Outcome } from './outcome.js';
import type { MayKnow, Runner, Sought } from './runner.js';
import {
  add,
  CLERK,
  facts,
  limitStream,
  makeNode,
  recorded,
  repeated,
  send,
  setLimit,
  startTally,
  submission,
  tally,
  tallyRefusals,
  tallyStream,
  type Add,
  type SetClock,
} from './testing/tally.js';

let store: MemoryEventStore;
let faulty: FaultyStore;
let runner: Runner;
let clock: SetClock;
let stream: StreamName;

beforeEach(() => {
  store = new MemoryEventStore();
  faulty = new FaultyStore(store);
  ({ runner, clock } = makeNode(faulty));
  stream = tallyStream();
});

const adding = (by: number | number[], input: Partial<Add> = {}, more: Parameters<typeof submission>[2] = {}): Promise<Outcome> =>
  send(runner, add, stream, { by: [by].flat(), ...input }, more);
const idOf = (name: StreamName): Uuid => parseStreamName(name).id!;
const storedTotal = async (): Promise<number> =>
  (await streamOf(store, stream)).reduce((sum, { data }) => sum + (JSON.parse(data) as { by: number }).by, 0);
const eventsOf = (outcome: Outcome) => (outcome.kind === 'recorded' ? outcome.events : []);

/** Which of the promises have been answered after a few turns of the event loop. */
async function answered(promises: readonly Promise<unknown>[]): Promise<boolean[]> {
  const done = promises.map(() => false);
  promises.forEach((promise, index) => void promise.then(() => (done[index] = true)));
  for (let turns = 0; turns < 10; turns++) await turn();
  return done;
}

describe('a round', () => {
  it('stores 64 commands that arrive together by one append, with dense revisions', async () => {
    const outcomes = await Promise.all(Array.from({ length: 64 }, () => adding(1)));
    expect(outcomes.map(facts)).toEqual(Array.from({ length: 64 }, (_, revision) => recorded(revision)));
    expect(faulty.arrived).toHaveLength(1);
    expect(await runner.state(tally, idOf(stream))).toMatchObject({ total: 64 });
  });

  it('takes all that came while the append before it was in flight', async () => {
    faulty.next('delayed');
    const first = adding(1);
    await faulty.holds(1);
    const others = Array.from({ length: 63 }, () => adding([1, 1]));
    faulty.release();
    expect(facts(await first)).toEqual(recorded(0));
    expect((await Promise.all(others)).map(facts)).toEqual(others.map((_, index) => recorded(1 + index * 2, 2 + index * 2)));
    expect(faulty.arrived.map(({ events }) => events.length)).toEqual([1, 126]);
  });

  it('reads a stream again that is forgotten while it is read', async () => {
    await adding(1);
    runner.forget(stream);
    const read = faulty.readStream.bind(faulty);
    let release: () => void = () => undefined;
    let held: Promise<void> | undefined = new Promise((resolve) => (release = resolve));
    const began = new Promise<void>((resolve) => {
      faulty.readStream = async function* (...args) {
        const batches = [];
        for await (const batch of read(...args)) batches.push(batch);
        const until = held;
        held = undefined;
        resolve();
        await until;
        yield* batches;
      };
    });
    const state = runner.state(tally, idOf(stream));
    await began;
    await send(makeNode(store).runner, add, stream, { by: [5] });
    runner.forget(stream);
    release();
    expect(await state).toMatchObject({ total: 6 });
  });

  it('says of its append whether nobody can have sent it before', async () => {
    const drawn = { isDrawn: true };
    await adding(1, {}, drawn);
    await Promise.all([adding(1, {}, drawn), adding(1)]);
    faulty.next('failed');
    await adding(1, {}, drawn);
    expect(faulty.arrived.map(({ isFirst }) => isFirst)).toEqual([true, false, true, false]);
  });

  it('takes at most 256 commands', async () => {
    await Promise.all(Array.from({ length: 300 }, () => adding(1)));
    expect(faulty.arrived.map(({ events }) => events.length)).toEqual([256, 44]);
  });

  it('decides each command on the state that those before it leave, and answers refusals and "already satisfied" once that is durable', async () => {
    const body = limitStream();
    await send(runner, setLimit, body, { limit: 2 });
    const under = idOf(body);
    faulty.next('delayed-answer');
    const outcomes = [adding(2, { under }), adding(1, { under }), adding([], { under }), adding(1)];
    await faulty.holds(1);
    expect(await answered(outcomes)).toEqual([false, false, false, false]);
    faulty.release();
    expect((await Promise.all(outcomes)).map(facts)).toEqual([recorded(0), 'tally-full', 'unchanged', recorded(1)]);
  });

  it('takes back what a refusal rested on when its append fails', async () => {
    const under = randomId();
    await send(runner, setLimit, limitStream(under), { limit: 2 });
    faulty.next('unavailable');
    expect((await Promise.all([adding(2, { under }), adding(1, { under })])).map(facts)).toEqual([
      'store-unavailable',
      'store-unavailable',
    ]);
    expect(facts(await adding(1, { under }))).toEqual(recorded(0));
  });

  it('shows to others only what is durable', async () => {
    faulty.next('delayed');
    const first = adding(1);
    await faulty.holds(1);
    const state = runner.state(tally, idOf(stream));
    expect(await answered([state])).toEqual([false]);
    faulty.release();
    await first;
    expect(await state).toMatchObject({ total: 1 });
  });

  it('does not fail the other commands where one breaks the program', async () => {
    const [first, broken, last] = [adding(1), adding(1, { fault: new Error('a bug') }), adding(1)];
    await expect(broken).rejects.toThrow('a bug');
    expect((await Promise.all([first, last])).map(facts)).toEqual([recorded(0), recorded(1)]);
  });

  it('does not fail the other commands where the store refuses what one would record', async () => {
    const [first, broken, last] = [adding(1), adding(1, { text: 'a \0 in the text' }), adding(1)];
    await expect(broken).rejects.toThrow('control character');
    expect((await Promise.all([first, last])).map(facts)).toEqual([recorded(0), recorded(1)]);
  });
});

describe('the size of an append', () => {
  it('is kept by leaving commands over for the next round', async () => {
    const text = 'x'.repeat(MAX_APPEND_BYTES * 0.4);
    const outcomes = await Promise.all([1, 2, 3, 4].map((by) => adding(by, { text })));
    expect(outcomes.map(facts)).toEqual([recorded(0), recorded(1), recorded(2), recorded(3)]);
    expect(faulty.arrived.map(({ events }) => events.length)).toEqual([2, 2]);
  });

  it('refuses a command that is too large alone, and not its neighbours', async () => {
    const outcomes = await Promise.all([adding(1), adding(1, { text: 'x'.repeat(MAX_APPEND_BYTES) }), adding(1)]);
    expect(outcomes.map(facts)).toEqual([recorded(0), 'command-too-large', recorded(1)]);
    expect(await runner.state(tally, idOf(stream))).toMatchObject({ total: 2 });
  });

  it('counts the bytes of a text, not its letters', async () => {
    expect(facts(await adding(1, { text: '語'.repeat(MAX_APPEND_BYTES / 2) }))).toBe('command-too-large');
  });
});

describe('two nodes on one store', () => {
  let other: Runner;
  beforeEach(() => void (other = makeNode(store).runner));

  it('decide again where the other was faster', async () => {
    const under = randomId();
    await send(runner, setLimit, limitStream(under), { limit: 2 });
    await adding(1, { under });
    expect(facts(await send(other, add, stream, { by: [1], under }))).toEqual(recorded(1));
    expect(facts(await adding(1, { under }))).toBe('tally-full');
    expect(facts(await adding(1))).toEqual(recorded(2));
  });

  it('decide again where a stream that was looked at moved on', async () => {
    const body = limitStream();
    await send(runner, setLimit, body, { limit: 9 });
    await adding(1, { under: idOf(body) });
    await send(other, setLimit, body, { limit: 2 });
    expect(facts(await adding(2, { under: idOf(body) }))).toBe('tally-full');
    const [event] = eventsOf(await adding(1, { under: idOf(body) }));
    expect((JSON.parse(event!.meta) as Metadata).decidedOn).toEqual([{ stream: body, revision: 1 }]);
  });

  it('do not refuse what the other has made possible', async () => {
    const body = limitStream();
    const under = idOf(body);
    expect(facts(await adding(1, { under }))).toBe('no-limit');
    await send(other, setLimit, body, { limit: 1 });
    expect(facts(await adding(2, { under }))).toBe('tally-full');
    await send(other, setLimit, body, { limit: 2 });
    expect(facts(await adding(2, { under }))).toEqual(recorded(0));
  });

  it('do not call satisfied, absent or stale what the other has changed', async () => {
    const body = limitStream();
    const existing = { ...setLimit, stream: 'existing' as const };
    expect(facts(await send(runner, existing, body, { limit: 5 }))).toBe('not-found');
    await send(other, setLimit, body, { limit: 5 });
    expect(facts(await send(runner, existing, body, { limit: 5 }))).toBe('unchanged');
    await send(other, setLimit, body, { limit: 6 });
    expect(facts(await send(runner, existing, body, { limit: 5 }, { ifMatch: 1 }))).toEqual(recorded(2));
  });

  it('answer a command that the other has recorded, wherever it lies', async () => {
    const commandId = randomId();
    const sent = { commandId, bodyDigest: 'aa' };
    await adding(1);
    await send(other, add, stream, { by: [1] });
    const first = await send(other, add, stream, { by: [7] }, sent);
    const [again, neighbour] = await Promise.all([adding(7, {}, sent), adding(1)]);
    expect([again, neighbour].map(facts)).toEqual([repeated(2), recorded(3)]);
    expect(eventsOf(again)).toEqual(eventsOf(first));
  });

  it.each([0, 1])('tell a reused key from a repeat, with %i events between', async (between) => {
    const commandId = randomId();
    await adding(1);
    for (let count = 0; count < between; count++) await send(other, add, stream, { by: [1] });
    await send(other, add, stream, { by: [7] }, { commandId, bodyDigest: 'aa' });
    expect(facts(await adding(8, {}, { commandId, bodyDigest: 'bb' }))).toBe('idempotency-key-reused');
    expect(await storedTotal()).toBe(1 + between + 7);
  });

  it('give up after eight rounds, and say so', async () => {
    const racing = new FaultyStore(store);
    const { runner: slow } = makeNode(racing);
    racing.next(...Array<'delayed'>(8).fill('delayed'));
    const outcome = send(slow, add, stream, { by: [1] });
    for (let round = 0; round < 8; round++) {
      await racing.holds(1);
      await send(other, add, stream, { by: [1] });
      racing.release();
    }
    expect(await outcome).toMatchObject({ kind: 'refused', refusal: { code: 'decided-too-often', retryAfter: 1 } });
    expect(await storedTotal()).toBe(8);
  });
});

describe('what a decision rests on', () => {
  it.each(['this node', 'another'])(
    'is checked at the oldest revision that a command of the round saw, where %s moves it',
    async (which) => {
      const body = limitStream();
      const under = idOf(body);
      await send(runner, setLimit, body, { limit: 9 });
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => void (open = resolve));
      const outcomes = [adding(5, { under }), adding(-4, { under, gate })];
      for (let turns = 0; turns < 3; turns++) await turn();
      // The first has looked, the second has not: the limit falls between them.
      if (which === 'this node') await send(runner, setLimit, body, { limit: 2 });
      else {
        await send(makeNode(store).runner, setLimit, body, { limit: 2 });
        runner.forget(body);
      }
      open();
      expect((await Promise.all(outcomes)).map(facts)).toEqual(['tally-full', recorded(0)]);
    },
  );

  it('is durable when it is decided on, also where a look answers the state itself', async () => {
    const body = limitStream();
    const under = idOf(body);
    await send(runner, setLimit, body, { limit: 2 });
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => void (open = resolve));
    const outcomes = [adding(5, { under }), adding(1, { gate })];
    for (let turns = 0; turns < 3; turns++) await turn();
    // The first has looked. Before it is decided, a limit that would allow it is on its way to the disk.
    faulty.next('delayed');
    const raised = send(runner, setLimit, body, { limit: 9 });
    await faulty.holds(1);
    open();
    expect(await answered(outcomes)).toEqual([false, false]);
    faulty.release();
    await raised;
    const [first] = await Promise.all(outcomes);
    expect((JSON.parse(eventsOf(first!)[0]!.meta) as Metadata).decidedOn).toEqual([{ stream: body, revision: 1 }]);
  });

  it('may move faster than a command looks: that one gives way to all that wait, and is told after eight times', async () => {
    const under = randomId();
    await send(runner, setLimit, limitStream(under), { limit: 0 });
    let looks = 0;
    const others: Promise<Outcome>[] = [];
    const whileLooking = async (): Promise<void> => {
      if ((looks += 1) > 20) throw new Error('it looks without an end');
      others.push(adding(1));
      await send(runner, setLimit, limitStream(under), { limit: looks });
    };
    const outcome = adding(1, { under, whileLooking });
    expect(facts(await adding(1))).toEqual(recorded(0));
    expect(looks).toBe(2);
    expect(await outcome).toMatchObject({ kind: 'refused', refusal: { code: 'decided-too-often', retryAfter: 1 } });
    // Once beside the other, and eight times by itself, however many came meanwhile.
    expect(looks).toBe(9);
    expect((await Promise.all(others)).map(facts)).toEqual(others.map((_, index) => recorded(index + 1)));
  });

  it('is asked of one sight of its sender, however often it is decided', async () => {
    const under = randomId();
    await send(makeNode(store).runner, setLimit, limitStream(under), { limit: 9 });
    const asked: Sought[][] = [];
    const mayKnow = (): MayKnow => {
      const sought: Sought[] = [];
      asked.push(sought);
      return async (of) => {
        if (sought.push(of) === 1) await send(runner, setLimit, limitStream(under), { limit: 8 });
        return true;
      };
    };
    const { runner: knowing } = makeNode(store, { mayKnow });
    expect(facts(await send(knowing, add, stream, { by: [1], under }))).toEqual(recorded(0));
    expect(asked).toEqual([[{ stream: limitStream(under) }, { stream: limitStream(under) }]]);
  });

  it('counts as unknown where its sender may not know of it, and is the answer where that cannot be told', async () => {
    const under = randomId();
    await send(runner, setLimit, limitStream(under), { limit: 9 });
    const notNow = tallyRefusals['tally-full']('It cannot be told now.');
    for (const [answer, code] of [
      [false, 'no-limit'],
      [notNow, 'tally-full'],
    ] as const) {
      const { runner: knowing } = makeNode(store, { mayKnow: () => () => Promise.resolve(answer) });
      expect(facts(await send(knowing, add, stream, { by: [1], under }))).toBe(code);
    }
  });

  it('is absent where nothing was looked at', async () => {
    const [event] = eventsOf(await adding(1));
    expect(JSON.parse(event!.meta)).not.toHaveProperty('decidedOn');
  });

  it('may be a stream without events', async () => {
    const body = limitStream();
    const looking = {
      ...add,
      look: async (_: unknown, look: Parameters<NonNullable<typeof add.look>>[1]) =>
        ((await look.at(setLimit.on, idOf(body))) ?? { limit: 99 }) as never,
    };
    const [event] = eventsOf(await send(runner, looking, stream, { by: [1] }));
    expect((JSON.parse(event!.meta) as Metadata).decidedOn).toEqual([{ stream: body, revision: null }]);
  });

  it('goes by durable state where a look goes by the state', async () => {
    const looked: number[] = [];
    const byState: AnyCommand = {
      ...add,
      looksByState: true,
      look: (_input: Add, _look: unknown, state: { total: number }) =>
        Promise.resolve(void looked.push(state.total)).then(() => ({ limit: Infinity })),
    };
    const outcomes = await Promise.all([adding(1), adding(1), send(runner, byState, stream, { by: [1] })]);
    expect(outcomes.map(facts)).toEqual([recorded(0), recorded(1), recorded(2)]);
    expect(looked).toEqual([2]);
    expect(faulty.arrived).toHaveLength(2);
  });
});

describe('an append that goes wrong', () => {
  it.each(['failed', 'failed-but-persisted'] as const)('takes effect once: %s', async (fault) => {
    const [commandId, second] = [randomId(), randomId()];
    faulty.next(fault);
    const outcomes = await Promise.all([adding([1, 2], {}, { commandId }), adding(3, {}, { commandId: second })]);
    const answer = fault === 'failed' ? recorded : repeated;
    expect(outcomes.map(facts)).toEqual([answer(0, 1), answer(2)]);
    expect(outcomes.flatMap(eventsOf)).toEqual(await streamOf(store, stream));
    expect(await storedTotal()).toBe(6);
    expect(await runner.state(tally, idOf(stream))).toMatchObject({ total: 6 });
  });

  it('without a clear outcome, eight times, is told as such, and settled by a repeat', async () => {
    const commandId = randomId();
    faulty.next(...Array<'failed'>(8).fill('failed'));
    expect(await adding(1, {}, { commandId })).toMatchObject({ kind: 'refused', refusal: { code: 'outcome-unclear', retryAfter: 2 } });
    expect(facts(await adding(1, {}, { commandId }))).toEqual(recorded(0));
    expect(faulty.arrived).toHaveLength(9);
  });

  it('never says that nothing was recorded once an attempt was unclear', async () => {
    faulty.next('failed', 'unavailable');
    expect(facts(await adding(1))).toBe('outcome-unclear');
  });

  it('is refused with Retry-After while the store takes none; reads go on, and later it succeeds', async () => {
    await adding(1);
    faulty.next('unavailable');
    expect(await adding(1)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'store-unavailable', retryAfter: 5, kind: { status: 503 } },
    });
    expect(await runner.state(tally, idOf(stream))).toMatchObject({ total: 1 });
    expect(facts(await adding(1))).toEqual(recorded(1));
  });

  it('is refused, not broken, where the store cannot even be read', async () => {
    await store.close();
    expect((await Promise.all([adding(1), adding(1)])).map(facts)).toEqual(['store-unavailable', 'store-unavailable']);
  });

  it('does not take back the answers of a round whose repeats cannot be read', async () => {
    const commandId = randomId();
    await adding(1, {}, { commandId });
    faulty.next('delayed-answer');
    const outcomes = [adding(2), adding(1, {}, { commandId })];
    await faulty.holds(1);
    await store.close();
    faulty.release();
    expect((await Promise.all(outcomes)).map(facts)).toEqual([recorded(1), 'outcome-unclear']);
  });
});

describe('a command that arrives twice', () => {
  const sent = (commandId: Uuid, bodyDigest = 'aa') => ({ commandId, bodyDigest });

  it('is answered from its stored events, also after others and after a restart', async () => {
    const commandId = randomId();
    const first = await adding([1, 2], {}, sent(commandId));
    await adding(5);
    const again = await adding([1, 2], {}, sent(commandId));
    expect([first, again].map(facts)).toEqual([recorded(0, 1), repeated(0, 1)]);
    expect(eventsOf(again)).toEqual(eventsOf(first));
    runner = makeNode(store).runner;
    expect(eventsOf(await adding([1, 2], {}, sent(commandId)))).toEqual(eventsOf(first));
    expect(await storedTotal()).toBe(8);
  });

  it('in one round takes effect once', async () => {
    const commandId = randomId();
    const outcomes = await Promise.all([
      adding(1, {}, sent(commandId)),
      adding(1, {}, sent(commandId)),
      adding(2, {}, sent(commandId, 'bb')),
    ]);
    expect(outcomes.map(facts)).toEqual([recorded(0), repeated(0), 'idempotency-key-reused']);
    expect(await storedTotal()).toBe(1);
  });

  it('with another body is refused, and the first stands', async () => {
    const commandId = randomId();
    await adding(1, {}, sent(commandId));
    expect(await adding(2, {}, sent(commandId, 'bb'))).toMatchObject({
      kind: 'refused',
      refusal: { code: 'idempotency-key-reused', kind: { status: 422 } },
    });
    expect(await storedTotal()).toBe(1);
  });

  it('is decided anew where it left no event', async () => {
    const commandId = randomId();
    const under = randomId();
    expect(facts(await adding(1, { under }, sent(commandId)))).toBe('no-limit');
    await send(runner, setLimit, limitStream(under), { limit: 1 });
    expect(facts(await adding(1, { under }, sent(commandId)))).toEqual(recorded(0));
  });

  it('has ids that derive from the command', async () => {
    const commandId = randomId();
    const events = eventsOf(await adding([1, 2], {}, sent(commandId)));
    expect(events.map(({ id }) => id)).toEqual([derivedId(commandId, 'event/0'), derivedId(commandId, 'event/1')]);
  });

  it('is recognised before its revision and rules are looked at', async () => {
    const commandId = randomId();
    const body = limitStream();
    await send(runner, setLimit, body, { limit: 1 });
    await adding(1, { under: idOf(body) }, sent(commandId));
    expect(facts(await adding(1, { under: idOf(body) }, { ...sent(commandId), ifMatch: 99 }))).toEqual(repeated(0));
    expect(facts(await adding(1, { under: randomId() }, sent(commandId)))).toEqual(repeated(0));
  });

  it('that opened its stream is answered as such, and not as what is there already', async () => {
    const commandId = randomId();
    const start = () => send(runner, startTally, stream, {}, sent(commandId));
    expect([await start(), await start()].map(facts)).toEqual([recorded(0), repeated(0)]);
  });

  it('is answered to nobody whose token may not send it today, by its role or by its bodies', async () => {
    const [commandId, theirs] = [randomId(), randomId()];
    await send(runner, startTally, stream, { bodies: [theirs] });
    await adding(1, {}, { ...sent(commandId), bodies: [theirs] });
    const again = (role: 'delegate' | 'secretariat', bodies: Uuid[], digest = 'aa') =>
      adding(1, {}, { ...sent(commandId, digest), bodies, actor: { subject: CLERK, role } });
    expect(facts(await again('delegate', []))).toBe('not-your-role');
    expect(facts(await again('secretariat', [randomId()]))).toBe('not-your-body');
    expect(facts(await again('delegate', [], 'bb'))).toBe('not-your-role');
    expect(facts(await again('secretariat', [theirs]))).toEqual(repeated(1));
  });
});

describe('If-Match', () => {
  const [seventeen, nineHundred] = [randomId(), randomId()];

  it('compares the revision of the resource, not that of the stream', async () => {
    await adding(1, { slot: seventeen });
    await adding(1, { slot: nineHundred });
    expect(facts(await adding(1, { slot: seventeen }, { ifMatch: 0 }))).toEqual(recorded(2));
    expect(await adding(1, { slot: seventeen }, { ifMatch: 0 })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'revision-changed', kind: { status: 412 } },
    });
    expect(facts(await adding(1, { slot: nineHundred }, { ifMatch: 1 }))).toEqual(recorded(3));
  });

  it('lets one of two through who change the same at once', async () => {
    await adding(1, { slot: seventeen });
    const outcomes = await Promise.all([adding(1, { slot: seventeen }, { ifMatch: 0 }), adding(1, { slot: seventeen }, { ifMatch: 0 })]);
    expect(outcomes.map(facts)).toEqual([recorded(1), 'revision-changed']);
  });

  it('fails for a resource that is not there', async () => {
    expect(facts(await adding(1, { slot: seventeen }, { ifMatch: 0 }))).toBe('revision-changed');
  });
});

describe('who may send a command', () => {
  const [mine, foreign] = [randomId(), randomId()];
  const as = (role: 'secretariat' | 'admin' | 'auditor' | 'delegate' | 'system', bodies: 'all' | Uuid[] = 'all') => ({
    actor: { subject: CLERK, role },
    bodies,
  });

  it.each([
    ['new', 'its role, all bodies', [mine], as('secretariat'), recorded(0)],
    ['new', 'its role and body', [mine], as('secretariat', [mine]), recorded(0)],
    ['new', 'one of two bodies', [foreign, mine], as('secretariat', [mine]), recorded(0)],
    ['new', 'another body', [foreign], as('secretariat', [mine]), 'not-your-body'],
    ['new', 'no body at all', [foreign], as('secretariat', []), 'not-your-body'],
    ['new', 'no body concerned', [], as('secretariat', [mine]), recorded(0)],
    ['new', 'another role', [mine], as('auditor'), 'not-your-role'],
    ['new', 'another role and body', [foreign], as('delegate', [mine]), 'not-your-role'],
    ['new', 'the system itself', [foreign], as('system', []), recorded(0)],
  ] as const)('a %s stream: %s', async (_new, _who, bodies, sender, expected) => {
    expect(facts(await send(runner, startTally, stream, { bodies: [...bodies] }, sender))).toEqual(expected);
  });

  it.each([
    ['all of them', [mine, foreign], recorded(0)],
    ['one of them', [mine], 'not-your-body'],
  ] as const)('a new stream that concerns each of its bodies: %s', async (_who, theirs, expected) => {
    const startJointly = { ...startTally, concernsEach: true as const };
    expect(facts(await send(runner, startJointly, stream, { bodies: [foreign, mine] }, as('secretariat', [...theirs])))).toEqual(expected);
  });

  it.each([
    ['its body', as('secretariat', [mine]), recorded(1)],
    ['another body', as('secretariat', [foreign]), 'not-your-body'],
    ['another role', as('admin'), 'not-your-role'],
    ['the system itself', as('system', []), recorded(1)],
  ] as const)('a stream that is there: %s', async (_who, sender, expected) => {
    await send(runner, startTally, stream, { bodies: [mine] });
    expect(facts(await adding(1, {}, sender))).toEqual(expected);
  });

  it('admins pass where they have the role, whatever the body', async () => {
    expect(facts(await send(runner, { ...startTally, roles: ['admin'] as const }, stream, { bodies: [mine] }, as('admin', [])))).toEqual(
      recorded(0),
    );
  });

  it.each([
    ['existing', 'not-found'],
    ['either', recorded(0)],
    ['new', recorded(0)],
  ] as const)('a command on an %s stream finds none', async (kind, expected) => {
    expect(facts(await send(runner, { ...add, stream: kind }, stream, { by: [1] }))).toEqual(expected);
  });

  it.each([
    ['existing', recorded(1)],
    ['either', recorded(1)],
    ['new', 'already-exists'],
  ] as const)('a command on an %s stream finds one', async (kind, expected) => {
    await adding(1);
    expect(facts(await send(runner, { ...add, stream: kind }, stream, { by: [1] }))).toEqual(expected);
  });

  it('another body is refused before it learns that the id is taken', async () => {
    await send(runner, startTally, stream, { bodies: [mine] });
    expect(facts(await send(runner, startTally, stream, { bodies: [foreign] }, as('secretariat', [foreign])))).toBe('not-your-body');
  });

  it('a command on one kind of stream is never sent to another', () => {
    expect(() => send(runner, add, limitStream(), { by: [1] })).toThrow('a command on meeting streams');
  });
});

describe('time', () => {
  it('stops commands while the clock is unsure, and only while it is', async () => {
    clock.wallMs += 3_000;
    expect(await adding(1)).toMatchObject({ kind: 'refused', refusal: { code: 'clock-unsure', retryAfter: 5, kind: { status: 503 } } });
    clock.wallMs -= 3_000;
    expect(facts(await adding(1))).toEqual(recorded(0));
  });

  it.each([
    ['occurredAt', '2024-04-29T11:59:59Z', recorded(0)],
    ['occurredAt', '2024-04-29T14:00:00+02:00', recorded(0)],
    ['occurredAt', '2024-04-29T14:00:03+02:00', 'occurred-in-future'],
    ['occurredAt', '2024-04-29', recorded(0)],
    // It is the 30th already, west of the date line.
    ['occurredAt', '2024-04-30', recorded(0)],
    ['occurredAt', '2024-05-01', 'occurred-in-future'],
    ['typedAt', '2024-04-29T14:00:03+02:00', 'occurred-in-future'],
  ] as const)('%s %s', async (field, when, expected) => {
    expect(facts(await adding(1, {}, { commons: { [field]: when as Occurred & OffsetTime } }))).toEqual(expected);
  });

  it('keeps both times: when it happened, as sent, and when it was recorded', async () => {
    const [event] = eventsOf(await adding(1, {}, { commons: { occurredAt: '2024-04-29T09:30:00+02:00' as Occurred } }));
    expect(event!.recordedAt).toBe('2024-04-29T12:00:00.000Z');
    expect((JSON.parse(event!.meta) as Metadata).occurredAt).toBe('2024-04-29T09:30:00+02:00');
  });
});

describe('what is stored beside the data', () => {
  it('says who, why, when and by which command, with typed names sealed', async () => {
    const [commandId, correlation, causation, token, person] = [randomId(), randomId(), randomId(), randomId(), randomId()];
    const outcome = await adding(
      1,
      {},
      {
        commandId,
        correlation,
        causation,
        bodyDigest: 'aa',
        actor: { subject: CLERK, role: 'secretariat', token, name: 'A. Clerk' },
        instruction: { person, by: [{ lang: 'en', text: 'The chair' }] },
        commons: { language: 'fr', typedAt: '2024-04-29T11:00:00Z' as OffsetTime },
      },
    );
    const [event] = eventsOf(outcome);
    const [clerk, chair] = ['A. Clerk', 'The chair'].map((text) => event!.sealed.find(({ value }) => value === text)!.hash);
    expect(JSON.parse(event!.meta)).toEqual({
      // It says when it was typed, and nothing else of when it happened.
      occurredAt: '2024-04-29T11:00:00Z',
      typedAt: '2024-04-29T11:00:00Z',
      language: 'fr',
      actor: { subject: CLERK, role: 'secretariat', token, name: { $sealed: clerk } },
      instruction: { person, by: [{ lang: 'en', text: { $sealed: chair } }] },
      commandId,
      bodyDigest: 'aa',
      correlation,
      causation,
    });
    expect(findForgery(testWriterKey, event!)).toBeUndefined();
  });

  it('marks what is illustrative', async () => {
    const [event] = eventsOf(await adding(1, {}, { commons: { illustrative: true } }));
    expect(JSON.parse(event!.data)).toEqual({ by: 1, illustrative: true });
  });

  it('is read through upcasters, and stays as it is', async () => {
    await adding(1);
    const upcast = (type: string, version: number, data: object): object =>
      type === 'added' && version === 1 ? { by: (data as { by: number }).by * 100 } : data;
    const { runner: newer } = makeNode(store, { upcast, schemaVersion: () => 2 });
    expect(await newer.state(tally, idOf(stream))).toMatchObject({ total: 100 });
    await send(newer, add, stream, { by: [1] });
    expect((await logOf(store)).map(({ schemaVersion, data }) => [schemaVersion, data])).toEqual([
      [1, '{"by":1}'],
      [2, '{"by":1}'],
    ]);
  });
});

it('a stream that was forgotten is read again, and nothing changes', async () => {
  await adding([1, 2], { text: 'typed' });
  const before = await runner.state(tally, idOf(stream));
  runner.forget(stream);
  expect(await runner.state(tally, idOf(stream))).toEqual(before);
  expect(facts(await adding(1))).toEqual(recorded(2));
});

it('marks are sealed: no typed text lies in the data', async () => {
  const [event] = eventsOf(await adding(1, { text: 'Øystein said so' }));
  expect(event!.data).not.toContain('Øystein');
  expect(event!.sealed.map(({ value }) => value)).toEqual([sealed('Øystein said so').text]);
});
