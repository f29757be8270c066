// A database that other nodes still work on while its history leaves: they hear of it, and what they had under way moves too.
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { migrate } from '../../apps/api/src/migration/migrate.js';
import { EventStoreDbEventStore } from '../../libs/event-store/src/eventstoredb/index.js';
import { encode } from '../../libs/event-store/src/eventstoredb/stored-form.js';
import { EXPECT_NO_STREAM, ProtocolServer } from '../../libs/event-store/src/eventstoredb/testing/index.js';
import { Place } from '../ledger/support/lost-tail.js';
import { until } from '../support/until.js';
import { generate, nextAppend } from './support/generated-history.js';
import { storedIn } from './support/stored.js';

const RECORDS = 60;
let place: Place;
let database: ProtocolServer;
let url: string;
let back: string;
const stores: EventStoreDbEventStore[] = [];

beforeEach(async () => {
  place = Place.make();
  database = await new ProtocolServer().start();
  [url, back] = [database.connectionString, join(place.directory, 'back')];
  await generate(place, RECORDS, 4);
  await migrate({ from: place.data, to: url, keys: place.keys, signer: place.signer });
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  await database.stop();
  place.remove();
});

async function open(mode: 'node' | 'reader'): Promise<EventStoreDbEventStore> {
  const store = await EventStoreDbEventStore.open({ url, mode });
  stores.push(store);
  return store;
}

it('a node hears of it and refuses, also what it would note; one that has not heard yet is waited for', async () => {
  const [hears, deaf] = [await open('node'), await open('reader')];
  await hears.append(nextAppend(place, 1_001));
  let settled = 0;
  const settle = async (): Promise<void> => {
    settled += 1;
    await until(() => Promise.resolve(!hears.canWrite));
    await expect(hears.append(nextAppend(place, 1_002))).rejects.toMatchObject({ reason: 'moved' });
    await expect(hears.bookkeeping.write('key', 'value')).rejects.toMatchObject({ reason: 'moved' });
    // Under way while the history leaves: a node whose ear is slow.
    if (settled <= 2) await deaf.append(nextAppend(place, 2_000 + settled));
  };
  const moved = await migrate({ from: url, to: back, keys: place.keys, signer: place.signer, settle });
  expect([moved.records, settled]).toEqual([RECORDS + 3, 3]);
  expect(await storedIn(back)).toEqual(await storedIn(url));
});

it('a node that records while all is compared is found out, and what it recorded moves when it is said again', async () => {
  const moving = { from: url, to: back, keys: place.keys, signer: place.signer, settle: () => Promise.resolve() };
  const {
    stream,
    events: [event],
  } = nextAppend(place, 3_000);
  const record = (): unknown =>
    database.log.append(`plenary:${stream}`, EXPECT_NO_STREAM, [
      { id: event!.id, type: event!.type, contentType: 'application/octet-stream', data: encode(event!), metadata: new Uint8Array() },
    ]);
  await expect(migrate({ ...moving, progress: (step) => void (step === 'comparing' && record()) })).rejects.toThrow(
    /record 61 came to esdb:\S+ meanwhile: a node runs there/,
  );
  expect(await migrate(moving)).toMatchObject({ before: RECORDS, records: RECORDS + 1 });
  expect(await storedIn(back)).toEqual(await storedIn(url));
});

it('what is recorded there all the same, later, is found out', async () => {
  const deaf = await open('reader');
  const moving = { from: url, to: back, keys: place.keys, signer: place.signer, settle: () => Promise.resolve() };
  await migrate(moving);
  expect(await migrate(moving)).toMatchObject({ isRepeated: true, records: RECORDS });
  await deaf.append(nextAppend(place, 1_001));
  await expect(migrate(moving)).rejects.toThrow(`60 records were moved to ${back}`);
});
