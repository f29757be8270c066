// A migration that is killed at any moment goes on when it is said again; meanwhile neither end takes a command.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { SqliteEventStore } from '#event-store';
import { ProtocolServer } from '../../libs/event-store/src/eventstoredb/testing/index.js';
import { newStream, sealAppend } from '../../libs/event-store/src/testing/sealed-events.js';
import { Place } from '../ledger/support/lost-tail.js';
import { failingStart } from '../support/server.js';
import { generate } from './support/generated-history.js';
import { runMigration } from './support/killed-migration.js';
import { storedIn } from './support/stored.js';

const RECORDS = 700;
let place: Place;
let database: ProtocolServer;
let back: string;

beforeEach(async () => {
  place = Place.make();
  back = join(place.directory, 'back');
  database = await new ProtocolServer().start();
  await generate(place, RECORDS, 20);
});
afterEach(async () => {
  await database.stop();
  place.remove();
});

/** Killed after ever more calls, until it comes to its end. */
async function movedWithKills(
  from: string,
  to: string,
  kills: readonly number[],
  whenKilled: (kill: number) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  for (const [index, calls] of kills.entries()) {
    const { end, output } = await runMigration(place, from, to, database, calls);
    expect([calls, end, output]).toEqual([calls, 'SIGKILL', expect.any(String)]);
    await whenKilled(index);
  }
  const { end, output } = await runMigration(place, from, to, database);
  expect([end, output]).toEqual([0, expect.stringContaining(`${RECORDS} records, lies in`)]);
  return output;
}

it('into a database', async () => {
  const before = await storedIn(place.data);
  const url = database.connectionString;
  const output = await movedWithKills(place.data, url, [2, 8, 150, 200, 120], async (kill) => {
    if (kill < 3) return;
    expect(await failingStart({ data: join(place.directory, 'node'), keys: place.keys, env: { EVENTSTORE_URL: url } })).toMatchObject({
      status: 1,
      output: expect.stringMatching(
        /a migration from .*data is under way, and at least \d+ of 700 records are here: plenary migrate goes on with it/,
      ),
    });
    const source = await SqliteEventStore.open({ directory: place.data, mode: 'writer' });
    await expect(source.append(sealAppend(newStream()))).rejects.toMatchObject({
      reason: 'moved',
      message: expect.stringMatching(/is being moved to esdb:/),
    });
    await source.close();
  });
  expect(output).toMatch(/\d+ of them were there already/);
  expect(await storedIn(url)).toEqual(before);
  // Each once, and in the order of their numbers.
  expect(database.log.records.filter(({ stream }) => stream.startsWith('plenary:'))).toHaveLength(RECORDS);
  expect((await runMigration(place, place.data, url, database)).output).toContain('were moved to');
});

it('out of a database', async () => {
  const before = await storedIn(place.data);
  const url = database.connectionString;
  expect((await runMigration(place, place.data, url, database)).end).toBe(0);
  await movedWithKills(url, back, [2, 7, 14, 20]);
  expect(existsSync(join(back, 'log.db'))).toBe(true);
  expect(await storedIn(back)).toEqual(before);
});
