// A removal that a crash cut short, at whatever step, is carried out by the next start; so is one that a restore brings back with its text.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLog, removeValues, removedValues, Runner, Sealer, SqliteEventStore, type RemovedValue } from '#event-store';
import { ClockGuard, LOG_STREAM, randomId, systemClock, type JsonObject, type RecordNumber } from '#kernel';
import { currentFile, Projector } from '#read-models';
import { applyLog } from '../../libs/read-models/src/apply-log.js';
import { openLive } from '../../libs/read-models/src/read-models-file.js';
import { catalogue, schema } from '../../apps/api/src/composition.js';
import { filesHolding } from '../support/files.js';
import { Server, temporaryDirectory, text, type Answered } from '../support/server.js';
import { until } from '../support/until.js';

const LIMIT_MS = 120_000;
const MARK = 'zqxunmistakable';
const directory = temporaryDirectory();
const keys = join(directory, 'keys');
const base = join(directory, 'base');
const reasons = { reason: text('It names a person'), authority: text('Order of the court') };
let place: RemovedValue;
let auditor: string;

/** A record of which one text is marked. */
beforeAll(async () => {
  let marked: Answered | undefined;
  await served({ data: join(directory, 'made', 'data'), keys }, async (server) => {
    auditor = await server.token('auditor');
    await server.make('/bodies', server.admin, { kind: 'council', name: text(`Council ${MARK}`), audience: { kind: 'public' } });
    // Only its own writes does a reader see at once: the auditor wrote none of this.
    await until(async () => {
      const { records } = (await server.get('/records?limit=500', auditor)).body as unknown as { records: Answered[] };
      marked = records.find((each) => JSON.stringify(each).includes(MARK));
      return marked !== undefined;
    });
  });
  const record = marked!.record as RecordNumber;
  const store = await SqliteEventStore.open({ directory: join(directory, 'made', 'data'), mode: 'reader' });
  for await (const events of store.readLog())
    for (const { sealed } of events) for (const { hash, value } of sealed) if (value.includes(MARK)) place = { record, hash };
  await store.close();
  cpSync(join(directory, 'made'), base, { recursive: true });
  rmSync(join(directory, 'made'), { recursive: true });
}, LIMIT_MS);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Cut {
  data: string;
  store: SqliteEventStore;
  writerKey: Buffer;
}

const record = async ({ store, writerKey }: Cut): Promise<void> => {
  const runner = new Runner({
    store,
    sealer: new Sealer(writerKey),
    clock: new ClockGuard(systemClock),
    schemaVersion: (type) => catalogue.schemaVersion(type),
    upcast: (type, version, data) => catalogue.upcast(type, version, data as JsonObject),
  });
  const commandId = randomId();
  const outcome = await runner.submit(removeValues, {
    stream: LOG_STREAM,
    input: { values: [place], ...reasons },
    commons: {},
    commandId,
    correlation: commandId,
    actor: { subject: randomId(), role: 'admin' },
    bodies: 'all',
  });
  expect(outcome.kind).toBe('recorded');
};

/** As the projector's thread does it, up to where it is stopped. */
const project =
  (scrub: boolean) =>
  async ({ data, store, writerKey }: Cut): Promise<void> => {
    const database = openLive(currentFile(data)!);
    const projector = new Projector(database, { schema, catalogue, writerKey });
    const { position } = projector.checkpoint;
    for await (const events of store.readLog(position === undefined ? {} : { after: position })) await applyLog(projector, store, events);
    expect(projector.checkpoint.residues).toBe(true);
    if (scrub) expect(projector.scrub()).toBe(true);
    database.close();
  };

const forget = async ({ store }: Cut): Promise<void> => store.destruction.remove([place]);
const rewrite = async ({ store }: Cut): Promise<void> => {
  expect(await store.destruction.scrub()).toBe(true);
};

const STEPS: readonly [string, ...((cut: Cut) => Promise<void>)[]][] = [
  ['the removal is recorded', record],
  ['the register withholds', record, project(false)],
  ['the register is written anew', record, project(true)],
  ['the store has forgotten, and the register has not', record, forget],
  ['the log is written anew, and the register has not even withheld', record, forget, rewrite],
  ['the store has forgotten, and the register withholds', record, project(false), forget],
  ['all but the log is written anew', record, project(true), forget],
  ['all but the register is written anew', record, project(false), forget, rewrite],
];

const untilCarriedOut = (server: Server): Promise<void> =>
  until(async () => ((await server.get('/health')).body as unknown as { removals: string }).removals === 'ok');

/** What is said to a server that ends with it. */
async function served(of: { data: string; keys: string }, work: (server: Server) => Promise<void>): Promise<void> {
  const server = await Server.start(of);
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

const told = async (server: Server): Promise<string> =>
  (
    await Promise.all(
      ['/records?limit=500', '/changes?limit=500', '/bodies', '/bodies?asOf=20', '/replay', `/search?q=${MARK}`].map((path) =>
        server.get(path, auditor),
      ),
    )
  )
    .map((answer) => answer.text)
    .join('\n');

describe('a crash after', () => {
  it.each(STEPS)(
    '%s',
    async (name, ...steps) => {
      const here = join(directory, name.replaceAll(/\W/g, '-'));
      cpSync(base, here, { recursive: true });
      const data = join(here, 'data');
      const store = await SqliteEventStore.open({ directory: data, mode: 'writer' });
      const installation = await openLog(store, keys, '', Date.now());
      for (const step of steps) await step({ data, store, writerKey: installation.keys.writer });
      await store.close();
      await served({ data, keys }, async (server) => {
        expect(await told(server)).not.toContain(MARK);
        expect(await told(server)).toContain(place.hash);
        await untilCarriedOut(server);
        expect(filesHolding(here, MARK)).toEqual([]);
      });
      rmSync(here, { recursive: true });
    },
    LIMIT_MS,
  );
});

it(
  'killed at any moment of it: either nothing is recorded, or all of it is done after the next start',
  async () => {
    expect(filesHolding(base, MARK)).not.toEqual([]);
    for (const turns of [0, 1, 2, 4, 8, 16]) {
      const here = join(directory, `killed-${turns}`);
      cpSync(base, here, { recursive: true });
      const data = join(here, 'data');
      const server = await Server.start({ data, keys });
      const answer = server
        .post('/removals', server.admin, { values: [{ record: place.record, pointer: '/data/name/0/text' }], ...reasons })
        .then(
          () => true,
          () => false,
        );
      for (let turn = 0; turn < turns; turn++) await server.get('/health/live');
      await server.kill();
      const answered = await answer;
      await served({ data, keys }, async (again) => {
        const isRecorded = (await again.get('/removals', auditor)).body.items.length === 1;
        expect([isRecorded || !answered, (await told(again)).includes(MARK)]).toEqual([true, !isRecorded]);
        if (isRecorded) await untilCarriedOut(again);
        expect(filesHolding(here, MARK).length > 0).toBe(!isRecorded);
      });
      rmSync(here, { recursive: true });
    }
  },
  LIMIT_MS,
);

it(
  'a restore of a copy that holds both the text and its removal brings neither the text nor another removal',
  async () => {
    const here = join(directory, 'restored');
    cpSync(base, here, { recursive: true });
    const data = join(here, 'data');
    const store = await SqliteEventStore.open({ directory: data, mode: 'writer' });
    const installation = await openLog(store, keys, '', Date.now());
    await record({ data, store, writerKey: installation.keys.writer });
    await store.close();
    rmSync(join(data, 'read-models'), { recursive: true });
    await served({ data, keys }, async (server) => {
      expect(await told(server)).not.toContain(MARK);
      await untilCarriedOut(server);
      expect(filesHolding(here, MARK)).toEqual([]);
    });
    const reader = await SqliteEventStore.open({ directory: data, mode: 'reader' });
    const removals = [];
    for await (const events of reader.readLog()) removals.push(...events.flatMap(removedValues));
    await reader.close();
    expect(removals).toEqual([place]);
  },
  LIMIT_MS,
);
