// Random histories of commands, run on an adapter and on a model that knows the port's rules and nothing else.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChecksFailed, EventIdTaken, WrongExpectedRevision } from '../errors.js';
import type { Append, Appended, EventStore } from '../port.js';
import { logOf, streamOf } from './collect.js';
import type { StoreHarness } from './event-store.contract.js';
import { newStream, resealed, sealAppend } from './sealed-events.js';
import type { Revision, StoredEvent, StreamName, Uuid } from '#kernel';

/** What must be stored: ids and leaves in the order of the log. */
class Model {
  readonly streams: readonly StreamName[] = Array.from({ length: 4 }, newStream);
  readonly log: { stream: StreamName; id: Uuid; leaf: string }[] = [];
  readonly sent: Append[] = [];

  constructor(private readonly idsAre: EventStore['idsAre']) {}

  of(stream: StreamName): { id: Uuid; leaf: string }[] {
    return this.log.filter((event) => event.stream === stream);
  }

  revision(stream: StreamName): number | null {
    const count = this.of(stream).length;
    return count === 0 ? null : count - 1;
  }

  /** What the port promises for an append: events to store, events that are stored, or the class of the error. */
  verdict(append: Append): 'store' | 'repeat' | typeof WrongExpectedRevision | typeof ChecksFailed | typeof EventIdTaken {
    const first = append.expected === 'none' ? 0 : append.expected + 1;
    const own = this.of(append.stream).map((event) => event.id);
    const places = append.events.map(({ id }, index) => {
      if (own[first + index] === id) return 'here';
      return this.log.some((event) => event.id === id) ? 'elsewhere' : 'nowhere';
    });
    if (this.idsAre === 'unique' && places.includes('elsewhere')) return EventIdTaken;
    if (places.every((place) => place === 'here')) return 'repeat';
    if (own.length !== first) return WrongExpectedRevision;
    return (append.checks ?? []).every(({ stream, revision }) => this.revision(stream) === revision) ? 'store' : ChecksFailed;
  }
}

interface Real {
  harness: StoreHarness;
  store: EventStore;
}

type Command = fc.AsyncCommand<Model, Real>;

interface AppendShape {
  stream: number;
  count: number;
  /** Added to the revision that would be right. */
  offset: number;
  check: { stream: number; offset: number } | null;
  /** Takes the place of the first event's id, where that many are stored. */
  reusedId: number | null;
}

function build(shape: AppendShape, model: Model): Append {
  const stream = model.streams[shape.stream]!;
  const expected = (model.revision(stream) ?? -1) + shape.offset;
  const reused = shape.reusedId === null ? undefined : model.log[shape.reusedId]?.id;
  const check = shape.check && { stream: model.streams[shape.check.stream]!, offset: shape.check.offset };
  const checked = check && (model.revision(check.stream) ?? -1) + check.offset;
  return sealAppend(stream, expected < 0 ? 'none' : expected, shape.count, {
    ...(reused && { ids: [reused] }),
    ...(check && { checks: [{ stream: check.stream, revision: checked! < 0 ? null : (checked as Revision) }] }),
  });
}

async function appendAndCompare(append: Append, model: Model, store: EventStore): Promise<void> {
  const verdict = model.verdict(append);
  const result: Appended | Error = await store.append(append).catch((error: Error) => error);
  compare(append, verdict, result, model);
}

function compare(append: Append, verdict: ReturnType<Model['verdict']>, result: Appended | Error, model: Model): void {
  if (typeof verdict === 'function') {
    expect(result).toBeInstanceOf(verdict);
    return;
  }
  if (verdict === 'store') {
    model.sent.push(append);
    model.log.push(...append.events.map(({ id, leaf }) => ({ stream: append.stream, id, leaf })));
  }
  const first = append.expected === 'none' ? 0 : append.expected + 1;
  expect(result).toMatchObject({ repeated: verdict === 'repeat' });
  expect(facts((result as Appended).events)).toEqual(
    model
      .of(append.stream)
      .slice(first, first + append.events.length)
      .map(({ id, leaf }) => ({ id, leaf })),
  );
}

const facts = (events: readonly StoredEvent[]): { id: Uuid; leaf: string }[] => events.map(({ id, leaf }) => ({ id, leaf }));

const always = (name: string, run: Command['run']): Command => ({ check: () => true, run, toString: () => name });

const appending = (shape: AppendShape): Command =>
  always(`append ${JSON.stringify(shape)}`, (model, real) => appendAndCompare(build(shape, model), model, real.store));

/** Sent in one turn of the event loop: their order is the order of the calls. */
const appendingTogether = (shapes: AppendShape[]): Command =>
  always(`append together ${JSON.stringify(shapes)}`, async (model, real) => {
    const appends = shapes.map((shape) => build(shape, model));
    const send = (append: Append): Promise<Appended | Error> => real.store.append(append).catch((error: Error) => error);
    const results: (Appended | Error)[] = [];
    // An adapter whose checks are read around the append promises no order of appends to different streams.
    if (real.store.checksAre === 'transactional') results.push(...(await Promise.all(appends.map(send))));
    else for (const append of appends) results.push(await send(append));
    results.forEach((result, index) => compare(appends[index]!, model.verdict(appends[index]!), result, model));
  });

const repeating = (index: number): Command => ({
  check: (model) => model.sent.length > index,
  run: (model, real) => appendAndCompare(resealed(model.sent[index]!), model, real.store),
  toString: () => `repeat append ${index}`,
});

const readingStream = (index: number, from: number, limit: number, direction: 'forwards' | 'backwards'): Command =>
  always(`read ${direction} from ${from}, at most ${limit}`, async (model, real) => {
    const stream = model.streams[index]!;
    const all = model.of(stream).map(({ id, leaf }) => ({ id, leaf }));
    const chosen = direction === 'forwards' ? all.slice(from) : all.slice(0, from + 1).reverse();
    expect(facts(await streamOf(real.store, stream, { from: from as Revision, limit, direction }))).toEqual(chosen.slice(0, limit));
  });

const readingLog = (skip: number): Command =>
  always(`read the log after ${skip}`, async (model, real) => {
    const log = await logOf(real.store);
    expect(facts(log)).toEqual(model.log.map(({ id, leaf }) => ({ id, leaf })));
    const after = log[skip]?.position;
    if (after) expect(await logOf(real.store, { after, batch: 3 })).toEqual(log.slice(skip + 1));
  });

const reopening = (): Command =>
  always('reopen', async (_, real) => {
    real.store = await real.harness.reopen();
  });

const stream = fc.nat(3);
const offset = fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: -2, max: 2 }) });
const shape: fc.Arbitrary<AppendShape> = fc.record({
  stream,
  count: fc.integer({ min: 1, max: 4 }),
  offset,
  check: fc.option(fc.record({ stream, offset }), { freq: 4 }),
  reusedId: fc.option(fc.nat(20), { freq: 8 }),
});

const commands = [
  shape.map(appending),
  fc.array(shape, { minLength: 2, maxLength: 5 }).map(appendingTogether),
  fc.nat(8).map(repeating),
  fc
    .tuple(stream, fc.nat(10), fc.integer({ min: 1, max: 5 }), fc.constantFrom('forwards' as const, 'backwards' as const))
    .map((args) => readingStream(...args)),
  fc.nat(20).map(readingLog),
  fc.constant(null).map(reopening),
];

export function describeModel(name: string, makeStore: () => Promise<StoreHarness>, runs: number): void {
  describe(`event store against its model: ${name}`, () => {
    it('answers as the model does', async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(commands, { maxCommands: 40 }), async (history) => {
          const harness = await makeStore();
          try {
            await fc.asyncModelRun(() => ({ model: new Model(harness.store.idsAre), real: { harness, store: harness.store } }), history);
          } finally {
            await harness.destroy();
          }
        }),
        { numRuns: runs },
      );
    }, 120_000);
  });
}
