// Random commands from two nodes on one store that fails at times: what holds whatever is sent, and whatever fails.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseStreamName, randomId, type Metadata, type StreamName, type Uuid } from '#kernel';
import type { LoggedEvent } from '../log.js';
import { MemoryEventStore } from '../memory/memory-event-store.js';
import { FaultyStore, logOf, type Fault } from '../testing/index.js';
import type { Outcome } from './outcome.js';
import type { Runner } from './runner.js';
import { add, limitStream, makeNode, send, setLimit, tally, tallyStream } from './testing/tally.js';

const NODES = 2;
const TALLIES = 2;

type Step =
  /** `moves`: how many of its first looks at the limit another command overtakes. */
  | { kind: 'add'; node: number; tally: number; by: number[]; limited: boolean; moves: number }
  | { kind: 'limit'; node: number; limit: number }
  /** An earlier command, perhaps on the other node. */
  | { kind: 'again'; node: number; earlier: number }
  | { kind: 'fault'; node: number; fault: Fault };

const node = fc.nat(NODES - 1);
const stepWith = (moves: fc.Arbitrary<number>): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('add' as const),
        node,
        tally: fc.nat(TALLIES - 1),
        by: fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 3 }),
        limited: fc.boolean(),
        moves,
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('limit' as const), node, limit: fc.integer({ min: 0, max: 12 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), node, earlier: fc.nat(30) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('fault' as const),
        node,
        fault: fc.constantFrom<Fault>('failed', 'failed-but-persisted', 'unavailable'),
      }),
    },
  );
/** Steps of one group are sent in one turn of the event loop; the next group follows when all are answered. */
const historyWith = (moves: fc.Arbitrary<number>): fc.Arbitrary<Step[][]> =>
  fc.array(fc.array(stepWith(moves), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 });
const history = fc.oneof({ weight: 3, arbitrary: historyWith(fc.constant(0)) }, { weight: 1, arbitrary: historyWith(fc.nat(12)) });

interface Sent {
  commandId: Uuid;
  send(runner: Runner): Promise<Outcome>;
  add?: { stream: StreamName; by: number[]; moves: number };
}

class World {
  readonly store = new MemoryEventStore();
  readonly limit = limitStream();
  readonly tallies = Array.from({ length: TALLIES }, () => tallyStream());
  readonly nodes = Array.from({ length: NODES }, () => {
    const faulty = new FaultyStore(this.store);
    return { faulty, runner: makeNode(faulty).runner };
  });
  readonly sent: Sent[] = [];
  readonly answers: { sent: Sent; outcome: Outcome }[] = [];

  async run(groups: readonly Step[][]): Promise<void> {
    for (const group of groups) await Promise.all(group.map((each) => this.take(each)));
  }

  private async take(step: Step): Promise<void> {
    const { faulty, runner } = this.nodes[step.node]!;
    if (step.kind === 'fault') return faulty.next(step.fault);
    const sent = step.kind === 'again' ? this.sent[step.earlier] : this.make(step);
    if (!sent) return;
    const outcome = await sent.send(runner);
    this.answers.push({ sent, outcome });
  }

  private make(step: Extract<Step, { kind: 'add' | 'limit' }>): Sent {
    const commandId = randomId();
    const more = { commandId, bodyDigest: commandId };
    const sent: Sent =
      step.kind === 'limit'
        ? { commandId, send: (runner) => send(runner, setLimit, this.limit, { limit: step.limit }, more) }
        : this.makeAdd(step, more);
    this.sent.push(sent);
    return sent;
  }

  private makeAdd(
    { tally: index, by, limited, moves }: Extract<Step, { kind: 'add' }>,
    more: { commandId: Uuid; bodyDigest: string },
  ): Sent {
    const stream = this.tallies[index]!;
    let left = moves;
    const moving = (runner: Runner) => async (): Promise<void> =>
      void (left > 0 && (await send(runner, setLimit, this.limit, { limit: (left -= 1) })));
    const input = { by, ...(limited && { under: parseStreamName(this.limit).id! }) };
    return {
      commandId: more.commandId,
      add: { stream, by, moves },
      send: (runner) => send(runner, add, stream, { ...input, whileLooking: moving(runner) }, more),
    };
  }
}

const metaOf = (event: LoggedEvent): Metadata => JSON.parse(event.meta) as Metadata;
const byOf = (event: LoggedEvent): number => (JSON.parse(event.data) as { by: number }).by;
const limitOf = (event: LoggedEvent): number => (JSON.parse(event.data) as { limit: number }).limit;
const totalOf = (events: readonly LoggedEvent[], stream: StreamName): number =>
  events.filter((event) => event.stream === stream).reduce((sum, event) => sum + byOf(event), 0);

function withoutPosition({ position, ...event }: LoggedEvent): Omit<LoggedEvent, 'position'> {
  expect(position).toEqual(expect.any(String));
  return event;
}

function revisionsAreDense(world: World, log: readonly LoggedEvent[]): void {
  for (const stream of [world.limit, ...world.tallies]) {
    const revisions = log.filter((event) => event.stream === stream).map(({ revision }) => revision);
    expect(revisions).toEqual(revisions.map((_, index) => index));
  }
}

/** Whatever was sent how often, where: its events lie together, once; and every answer that says so shows just these. */
function eachCommandTookEffectOnce(world: World, log: readonly LoggedEvent[]): void {
  for (const { commandId, add: adding } of world.sent) {
    const records = log.flatMap((event, record) => (metaOf(event).commandId === commandId ? [record] : []));
    expect(records).toEqual(records.map((_, index) => records[0]! + index));
    if (adding && records.length > 0) expect(records.map((record) => byOf(log[record]!))).toEqual(adding.by);
  }
  for (const { sent, outcome } of world.answers) {
    const stored = log.filter((event) => metaOf(event).commandId === sent.commandId).map(withoutPosition);
    if (outcome.kind === 'recorded') expect(outcome.events).toEqual(stored);
    if (outcome.kind === 'unchanged') expect(stored.length === 0 || sent.add === undefined).toBe(true);
  }
}

/** What was decided under a limit was decided under the one in force when it was stored. */
function limitsHeldWhenStored(world: World, log: readonly LoggedEvent[]): void {
  for (const [record, event] of log.entries()) {
    const { decidedOn, commandId } = metaOf(event);
    const next = log[record + 1];
    if (!decidedOn || (next && metaOf(next).commandId === commandId)) continue;
    const limits = log.slice(0, record).filter(({ stream }) => stream === world.limit);
    expect(decidedOn).toEqual([{ stream: world.limit, revision: limits.length - 1 }]);
    expect(totalOf(log.slice(0, record + 1), event.stream)).toBeLessThanOrEqual(limitOf(limits[limits.length - 1]!));
  }
}

/** A refusal was right at some moment of the durable history; but for those who were overtaken again and again. */
function refusalsWereRight(world: World, log: readonly LoggedEvent[]): void {
  const prefixes = Array.from({ length: log.length + 1 }, (_, records) => log.slice(0, records));
  const isOvertaking = world.sent.some(({ add: adding }) => adding !== undefined && adding.moves > 0);
  for (const { sent, outcome } of world.answers) {
    if (outcome.kind !== 'refused') continue;
    const { code } = outcome.refusal;
    if (code === 'store-unavailable' || code === 'outcome-unclear' || (code === 'decided-too-often' && isOvertaking)) continue;
    expect(['tally-full', 'no-limit']).toContain(code);
    const right = prefixes.some((prefix) => {
      const limits = prefix.filter(({ stream }) => stream === world.limit);
      if (code === 'no-limit') return limits.length === 0;
      const { stream, by } = sent.add!;
      return limits.length > 0 && by.reduce((sum, each) => sum + each, totalOf(prefix, stream)) > limitOf(limits[limits.length - 1]!);
    });
    expect(right).toBe(true);
  }
}

/** After a command that both nodes see succeed, each holds what the log folds to. */
async function statesEqualTheFold(world: World): Promise<void> {
  for (const { runner } of world.nodes) {
    for (const stream of world.tallies) {
      // Faults may be left that no append has met yet.
      while ((await send(runner, add, stream, { by: [0] })).kind !== 'recorded');
      const log = await logOf(world.store);
      expect(await runner.state(tally, parseStreamName(stream).id!)).toMatchObject({ total: totalOf(log, stream) });
    }
  }
}

describe('runners on one store', () => {
  it('keep the record right, whatever is sent and whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (groups) => {
        const world = new World();
        await world.run(groups);
        const log = await logOf(world.store);
        revisionsAreDense(world, log);
        eachCommandTookEffectOnce(world, log);
        limitsHeldWhenStored(world, log);
        refusalsWereRight(world, log);
        await statesEqualTheFold(world);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
