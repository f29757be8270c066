// What the law made go stays behind, under the same root; what was lost moves as what it is.
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { leafEntryOf, placeholderOf, readKeys, SqliteEventStore } from '#event-store';
import { migrate } from '../../apps/api/src/migration/migrate.js';
import { ProtocolServer } from '../../libs/event-store/src/eventstoredb/testing/index.js';
import { Place } from '../ledger/support/lost-tail.js';
import { filesHolding } from '../support/files.js';
import { openTable, remarkOf } from '../support/server-faults.js';
import { Server } from '../support/server.js';
import { until } from '../support/until.js';
import { generate } from './support/generated-history.js';
import { storedIn } from './support/stored.js';

const MARK = 'zqxunmistakable';
const databases: ProtocolServer[] = [];
const running = new Set<Server>();
let place: Place;

beforeEach(() => {
  place = Place.make();
});
afterEach(async () => {
  for (const server of running) await server.kill();
  running.clear();
  for (const database of databases.splice(0)) await database.stop();
  place.remove();
});

async function database(): Promise<ProtocolServer> {
  const made = await new ProtocolServer().start();
  databases.push(made);
  return made;
}

const move = (from: string, to: string): ReturnType<typeof migrate> =>
  migrate({ from, to, keys: place.keys, signer: place.signer, settle: () => Promise.resolve() });
const holds = ({ log }: ProtocolServer): boolean => log.records.some(({ data }) => Buffer.from(data).includes(MARK));

async function start(name: string, { connectionString }: ProtocolServer): Promise<Server> {
  const server = await Server.start({
    data: join(place.directory, name),
    keys: place.keys,
    env: { EVENTSTORE_URL: connectionString, PLENARY_SIGNER_DIR: place.signer },
  });
  running.add(server);
  return server;
}

it('a removed text is in no byte of a fresh database, and no node waits for its destruction there any more', async () => {
  const [old, fresh] = [await database(), await database()];
  const one = await start('one', old);
  const table = await openTable(one);
  const remark = await one.make(`/meetings/${table.meeting}/remarks`, table.token, remarkOf(table, MARK));
  const auditor = await one.token('auditor');
  const { record } = (await one.get(`/remarks/${remark}`, table.token)).body;
  await one.post('/removals', one.admin, {
    values: [{ record, pointer: '/data/text/0/text' }],
    reason: [{ lang: 'en', text: 'health' }],
    authority: [{ lang: 'en', text: 'order' }],
  });
  expect((await one.get('/health')).text).toMatch(/until the log is migrated/);
  await one.stop();
  running.delete(one);
  expect(holds(old)).toBe(true);

  const moved = await move(old.connectionString, fresh.connectionString);
  expect(moved.withheld).toBe(1);
  expect(holds(fresh)).toBe(false);
  expect((await storedIn(fresh.connectionString)).root).toBe((await storedIn(old.connectionString)).root);

  const two = await start('two', fresh);
  await until(async () => (await two.get(`/records/${record}`, auditor)).text.includes('$removed'));
  expect((JSON.parse((await two.get('/health')).text) as { removals: string }).removals).toBe('ok');
  await two.stop();
  running.delete(two);

  // And on the way into a directory.
  const back = join(place.directory, 'back');
  await move(fresh.connectionString, back);
  expect(filesHolding(back, MARK)).toEqual([]);
  expect((await storedIn(back)).root).toBe(moved.root);
});

it('placeholders of lost records move there and back', async () => {
  await generate(place, 50, 4);
  const { writer } = readKeys(place.keys);
  const whole = await SqliteEventStore.open({ directory: place.data, mode: 'reader' });
  const damaged = join(place.directory, 'damaged');
  const store = await SqliteEventStore.open({ directory: damaged, mode: 'writer' });
  let record = 0;
  for await (const events of whole.readLog())
    await store.restore(events.map((event) => ((record += 1) % 7 === 0 ? placeholderOf(writer!, leafEntryOf(event)) : event)));
  await Promise.all([whole.close(), store.close()]);
  const [between, back] = [(await database()).connectionString, join(place.directory, 'back')];
  const before = await storedIn(damaged);
  expect(before.records.filter((each) => (JSON.parse(each) as unknown[])[13] !== null)).toHaveLength(7);
  await move(damaged, between);
  expect(await storedIn(between)).toEqual(before);
  await move(between, back);
  expect(await storedIn(back)).toEqual(before);
  expect(before.root).toBe((await storedIn(place.data)).root);
});
