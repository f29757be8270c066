// A store may take back its tail: what process managers had looked at is then looked at again, whatever took its place.
import { expect, it } from '@jest/globals';
import { MemoryEventStore, StoreUnavailable, type LoggedEvent, type Runner } from '#event-store';
import { logOf, newStream, sealAppend } from '#event-store/testing';
import type { RecordNumber } from '#kernel';
import type { EventCatalogue, ReadModels } from '#read-models';
import type { ProcessManager, Reaction } from './process-manager.js';
import { ProcessManagers } from './process-managers.js';

/** Read models that hold the log and nothing else. */
class Log {
  events: LoggedEvent[] = [];

  readonly reading = {
    last: () => this.events.length as RecordNumber,
    logRow: (record: number) => this.events[record - 1],
    recordAt: (position: string) =>
      (this.events.findIndex((event) => event.position === position) + 1 || undefined) as RecordNumber | undefined,
    recordsOfTypes: (after: number, upTo: number) => this.events.slice(after, upTo).map((_, index) => (after + index + 1) as RecordNumber),
    detail: () => ({ first: 0 }),
  } as unknown as ReadModels;
}

const reacts = (seen: string[]): ProcessManager => ({
  name: 'watcher',
  triggers: ['remark-made'],
  react: (trigger) => {
    seen.push(trigger.id);
    return [];
  },
});

/** It meets what nobody thought of, or a store that is away, at its first trigger; once. */
const failsAtFirst = (seen: string[], error: Error): ProcessManager => {
  let failed = false;
  return {
    ...reacts(seen),
    react: (trigger) => {
      seen.push(trigger.id);
      if (!failed) {
        failed = true;
        throw error;
      }
      return [];
    },
  };
};

interface Bench {
  log: Log;
  store: MemoryEventStore;
  seen: string[];
  /** Of what an operator is told. */
  told: string[];
  /** How often a start was to be recorded. */
  submitted: () => number;
  start: () => Promise<ProcessManagers>;
  /** Projects what is stored, and lets the managers look at it. */
  project: (managers: ProcessManagers) => Promise<void>;
}

/** @param refusals why the first attempts to record the start are refused; none where it is recorded already */
function bench(watcher = reacts, refusals: readonly string[] = [], heldUp: () => string | undefined = () => undefined): Bench {
  const [log, seen, told] = [new Log(), [] as string[], [] as string[]];
  const store = new MemoryEventStore();
  let submitted = 0;
  let isRecorded = refusals.length === 0;
  const submit = () => {
    const detail = refusals[submitted++];
    isRecorded ||= detail === undefined;
    return Promise.resolve(detail === undefined ? { kind: 'unchanged' } : { kind: 'refused', refusal: { detail } });
  };
  const runner = { submit } as unknown as Runner;
  const catalogue = { upcast: (_: string, __: number, data: object) => data } as unknown as EventCatalogue;
  const started = sealAppend(newStream(), 'none', 1);
  const managers = [watcher(seen)];
  const parts = {
    managers,
    store: startedIn(store, started.events[0]!.id, () => isRecorded),
    runner,
    readModels: log.reading,
    catalogue,
    heldUp,
    onRefused: (_manager: string, _trigger: string, { code }: { code: string }) => void told.push(code),
    onError: (error: unknown) => void told.push((error as Error).message),
  };
  return {
    log,
    store,
    seen,
    told,
    submitted: () => submitted,
    start: async () => {
      const each = new ProcessManagers(parts);
      await each.start();
      return each;
    },
    project: async (each) => {
      log.events = await logOf(store);
      each.grown();
      while (each.handled !== log.events.length) await new Promise(setImmediate);
    },
  };
}

/** The start event is there as soon as it is said to be: that its record is stored is no affair of these tests. */
function startedIn(store: MemoryEventStore, id: string, isRecorded: () => boolean): MemoryEventStore {
  return Object.assign(Object.create(store) as MemoryEventStore, {
    readStream: async function* () {
      yield await Promise.resolve(isRecorded() ? [{ id, type: 'process-manager-started', data: '{"name":"watcher"}' }] : []);
    },
  });
}

it('look again at what took the place of a tail that was withdrawn, also where the log is as long as before', async () => {
  const { log, store, seen, told, start, project } = bench();
  await store.append(sealAppend(newStream(), 'none', 3));
  const managers = await start();
  await project(managers);
  expect(seen).toEqual(log.events.map(({ id }) => id));
  const before = [...seen];
  log.events = [...log.events.slice(0, 2), { ...log.events[2]!, id: newStream().slice(8) as never, position: 'another' as never }];
  managers.grown();
  while (seen.length < before.length + 1) await new Promise(setImmediate);
  expect(seen.slice(before.length)).toContain(log.events[0]!.id);
  expect(told).toEqual([]);
  await managers.stop();
});

it('begin at the beginning where the checkpoint is of a tail that was withdrawn', async () => {
  const { store, seen, told, start, project } = bench();
  await store.append(sealAppend(newStream(), 'none', 2));
  await store.bookkeeping.write('process-managers', `${store.id}:99`);
  const managers = await start();
  await project(managers);
  expect(seen).toHaveLength(2);
  expect(told).toEqual([]);
  await managers.stop();
});

it('go on behind what they cannot react to, and an operator is told', async () => {
  const { log, store, seen, told, start, project } = bench((each) => failsAtFirst(each, new TypeError('Cannot read properties of null')));
  await store.append(sealAppend(newStream(), 'none', 2));
  const managers = await start();
  await project(managers);
  expect(seen).toEqual(log.events.map(({ id }) => id));
  expect(told).toEqual(['reaction-failed']);
  await managers.stop();
});

it('that cannot record their start now keep no node from starting, and begin once they can', async () => {
  const { log, store, seen, told, submitted, start, project } = bench(reacts, ['the clock is unsure', 'the clock is unsure']);
  await store.append(sealAppend(newStream(), 'none', 2));
  const managers = await start();
  expect([submitted() > 0, seen]).toEqual([true, []]);
  await project(managers);
  expect([seen, submitted()]).toEqual([log.events.map(({ id }) => id), 3]);
  expect(told).toEqual(Array(2).fill('the process manager watcher could not start: the clock is unsure'));
  await managers.stop();
});

it('record nothing while nothing may be recorded', async () => {
  let why: string | undefined = 'the log lost its end';
  const reacting = (seen: string[]): ProcessManager => ({
    ...reacts(seen),
    react: ({ id }) => [
      { command: { name: 'do', on: { category: 'meeting' } }, target: (seen.push(id), id), input: {} } as unknown as Reaction,
    ],
  });
  const { store, seen, told, submitted, start, project } = bench(reacting, [], () => why);
  await store.append(sealAppend(newStream(), 'none', 1));
  const managers = await start();
  expect([submitted(), seen, told[0]]).toEqual([0, [], 'process managers record nothing: the log lost its end']);
  why = undefined;
  await project(managers);
  expect([submitted(), seen.length]).toEqual([1, 1]);
  why = 'the log lost its end';
  await store.append(sealAppend(newStream(), 'none', 1));
  const projected = project(managers);
  while (seen.length < 2) await new Promise(setImmediate);
  expect(submitted()).toBe(1);
  why = undefined;
  await projected;
  expect(submitted()).toBe(2);
  await managers.stop();
});

it('try again where the store is at fault, and everything behind it waits', async () => {
  const { log, store, seen, told, start, project } = bench((each) =>
    failsAtFirst(each, new StoreUnavailable('unreachable', 'the store is away')),
  );
  await store.append(sealAppend(newStream(), 'none', 2));
  const managers = await start();
  await project(managers);
  const [first, second] = log.events.map(({ id }) => id);
  expect(seen).toEqual([first, first, second]);
  expect(told).toEqual(['the store is away']);
  await managers.stop();
});
