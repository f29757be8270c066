// The sample, recorded in a directory, moves into a database and back; servers go on with it where it is.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { LOG_FILE, MOVE_KEY } from '#event-store';
import { PROCESS_MANAGERS_KEY } from '#process-managers';
import { openDatabase } from '#sqlite';
import type { Dump } from '../../libs/read-models/src/dump.js';
import { migrate } from '../../apps/api/src/migration/migrate.js';
import { ProtocolServer } from '../../libs/event-store/src/eventstoredb/testing/index.js';
import { playSample } from '../audit/support/played-sample.js';
import { healthOf, registerOf } from '../engine/support/nodes.js';
import { Place } from '../ledger/support/lost-tail.js';
import { runPlenary } from '../support/plenary.js';
import { Server, text } from '../support/server.js';
import { until } from '../support/until.js';
import { noteIn, storedIn } from './support/stored.js';

let place: Place;
let database: ProtocolServer;
const running = new Set<Server>();

beforeAll(async () => {
  place = Place.make();
  database = await new ProtocolServer().start();
});
afterAll(async () => {
  for (const server of running) await server.kill();
  await database.stop();
  place.remove();
});

async function start(data: string, url?: string): Promise<Server> {
  const server = await Server.start({
    data,
    keys: place.keys,
    env: { PLENARY_SIGNER_DIR: place.signer, ...(url !== undefined && { EVENTSTORE_URL: url }) },
  });
  running.add(server);
  return server;
}

async function stop(server: Server): Promise<void> {
  expect(await server.stop()).toBe(0);
  running.delete(server);
}

/** Of a server that is stopped, without the places in its store. */
const register = (server: Server): Dump => ({ ...registerOf(server), log: [], checkpoint: [] });
const readingOnly = async (server: Server, token: string, where: RegExp): Promise<void> => {
  await until(() => Promise.resolve(/For reading only: the history was moved to/.test(server.output)));
  expect((await server.get('/meetings', token)).body.items.length).toBeGreaterThan(0);
  const refused = await server.api('POST', '/persons', { token, body: { name: text('Nobody') } });
  expect([refused.status, refused.body.type]).toEqual([503, expect.stringContaining('store-unavailable')]);
  expect(refused.body.detail).toMatch(where);
  const { status, store } = await healthOf(server);
  expect([status, store]).toEqual([503, expect.stringMatching(/^moved: /)]);
};

const MOVED = /^(plenary-ledger(\/\d+)?|plenary-key-check|process-managers)$/;
/** Of the store itself. */
const STAYING = new Set([MOVE_KEY, 'residues-of-removed-values']);

function notesIn(data: string): string[] {
  const file = openDatabase(join(data, LOG_FILE), { mode: 'read-only' });
  try {
    return file
      .prepare<{ key: string }>('SELECT key FROM bookkeeping')
      .all()
      .map(({ key }) => key);
  } finally {
    file.close();
  }
}

it('moves there and back', async () => {
  const url = database.connectionString;
  const [node, back] = [join(place.directory, 'node'), join(place.directory, 'back')];
  const one = await start(place.data);
  const token = await one.token('secretariat');
  await playSample(one, token);
  await until(async () => (JSON.parse((await one.get('/health')).text) as { lag: number }).lag === 0);
  await until(async () => (await one.get('/log/checkpoint', token)).status === 200);
  await stop(one);
  const before = await storedIn(place.data);

  const { status, stdout, stderr } = await runPlenary(['migrate', '--from', place.data, '--to', url], {
    PLENARY_KEYS: place.keys,
    PLENARY_SIGNER_DIR: place.signer,
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain(
    `${before.records.length} records, lies in ${url.replace(/\?.*/, '')}: compared record by record, under the root ${before.root}.`,
  );
  expect(stdout).toMatch(/It goes through the checkpoint over \d+ records in /);
  expect(await storedIn(url)).toEqual(before);
  // No note is left behind that belongs to the history: whoever adds one says here what becomes of it.
  expect(notesIn(place.data).filter((key) => !MOVED.test(key) && !STAYING.has(key))).toEqual([]);
  // The place of the process managers is the same record.
  const handled = Number((await noteIn(place.data, PROCESS_MANAGERS_KEY))!.split(':')[1]);
  expect(await noteIn(url, PROCESS_MANAGERS_KEY)).toContain((JSON.parse(before.records[handled - 1]!) as string[])[2]!);

  // The easy way: everything as before, and EVENTSTORE_URL. What was made from the directory's log is made anew.
  const same = await start(place.data, url);
  await until(async () => (await healthOf(same)).projected === before.records.length);
  expect((await storedIn(url)).records).toHaveLength(before.records.length);
  await same.post('/persons', token, { name: text('Registered in the database') });
  await stop(same);
  const left = await start(place.data);
  await readingOnly(left, token, /moved to esdb:\/\/127\.0\.0\.1:\d+ on .*goes on there/);
  await until(async () => (await healthOf(left)).projected === before.records.length);
  await stop(left);
  const two = await start(node, url);
  await until(async () => (await healthOf(two)).projected === before.records.length + 1);
  await stop(two);

  const moved = await migrate({ from: url, to: back, keys: place.keys, signer: place.signer, settle: () => Promise.resolve() });
  expect(moved).toMatchObject({ records: before.records.length + 1, before: 0, hasSigningKey: true });
  expect(await storedIn(back)).toEqual(await storedIn(url));
  const three = await start(back);
  await until(async () => (await healthOf(three)).projected === moved.records);
  await stop(three);
  expect(register(three)).toEqual(register(two));
  const four = await start(back);
  await four.post('/persons', token, { name: text('Registered after the way back') });
  // The signer goes on from what it signed before the first move.
  const signed = async (): Promise<number> => Number((await four.get('/log/checkpoint', token)).text.split('\n')[1]);
  await until(async () => (await signed()) === moved.records + 1);
  const leftToo = await start(node, url);
  await readingOnly(leftToo, token, /moved to .*back on .*goes on there/);
  await stop(leftToo);
  await stop(four);
});
