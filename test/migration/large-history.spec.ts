// A history of 20,000 records in 200 streams that interleave, from a directory into a database and back: the same to the last byte.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { LEDGER_KEY, publishedCheckpoints } from '#ledger/writer';
import { migrate } from '../../apps/api/src/migration/migrate.js';
import { ProtocolServer } from '../../libs/event-store/src/eventstoredb/testing/index.js';
import { newStream, sealAppend } from '../../libs/event-store/src/testing/sealed-events.js';
import { EventStoreDbEventStore } from '../../libs/event-store/src/eventstoredb/index.js';
import { SqliteEventStore } from '#event-store';
import { Place } from '../ledger/support/lost-tail.js';
import { generate } from './support/generated-history.js';
import { noteIn, openEnd, storedIn } from './support/stored.js';

const RECORDS = 20_000;
const STREAMS = 200;
let place: Place;
let database: ProtocolServer;

beforeAll(async () => {
  place = Place.make();
  database = await new ProtocolServer().start();
  await generate(place, RECORDS, STREAMS);
});
afterAll(async () => {
  await database.stop();
  place.remove();
});

it('moves there and back, the same to the last byte', async () => {
  const { keys, signer } = place;
  const url = database.connectionString;
  const back = join(place.directory, 'back');
  const before = await storedIn(place.data);
  expect(before.records).toHaveLength(RECORDS);

  const there = await migrate({ from: place.data, to: url, keys, signer });
  expect(there).toMatchObject({
    records: RECORDS,
    root: before.root,
    before: 0,
    withheld: 0,
    lastSigned: RECORDS,
    hasSigningKey: true,
    isRepeated: false,
  });
  const inDatabase = await storedIn(url);
  expect(inDatabase.root).toBe(before.root);
  expect(inDatabase.records).toEqual(before.records);
  // As it lies there, not only as the adapter reads it.
  const raw = database.log.records.filter(({ stream }) => stream.startsWith('plenary:'));
  expect(raw.map(({ id }) => id)).toEqual(before.records.map((record) => (JSON.parse(record) as string[])[2]));

  await migrate({ from: url, to: back, keys, signer, settle: () => Promise.resolve() });
  const after = await storedIn(back);
  expect(after.root).toBe(before.root);
  expect(after.records).toEqual(before.records);
  for (const end of [url, back]) {
    expect(await noteIn(end, LEDGER_KEY)).toBe(await noteIn(place.data, LEDGER_KEY));
    expect(await published(end)).toEqual(await published(place.data));
  }

  // It goes on where it is now, and nowhere else.
  const last = await SqliteEventStore.open({ directory: back, mode: 'writer' });
  const first = await SqliteEventStore.open({ directory: place.data, mode: 'writer' });
  const between = await EventStoreDbEventStore.open({ url, mode: 'node' });
  await last.append(sealAppend(newStream()));
  for (const left of [first, between]) await expect(left.append(sealAppend(newStream()))).rejects.toMatchObject({ reason: 'moved' });
  for (const store of [last, first, between]) await store.close();
});

async function published(end: string): Promise<string[]> {
  const store = await openEnd(end);
  const notes: string[] = [];
  for await (const note of publishedCheckpoints(store.bookkeeping, RECORDS)) notes.push(note);
  await store.close();
  return notes;
}
