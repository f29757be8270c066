// What keeps a history from moving: nothing is changed then, or the message says how to go on and how to give up.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LOG_FILE, makeKeys, MOVE_KEY, readMove, SqliteEventStore, type Move } from '#event-store';
import { openDatabase } from '#sqlite';
import { giveUp } from '../../apps/api/src/migration/give-up.js';
import { openLiveHistory } from '../../apps/api/src/ledger/live-history.js';
import { recover } from '../../apps/api/src/ledger/recovery/recover.js';
import { migrate, type MigrateOptions } from '../../apps/api/src/migration/migrate.js';
import { EventStoreDbEventStore } from '../../libs/event-store/src/eventstoredb/index.js';
import { ProtocolServer } from '../../libs/event-store/src/eventstoredb/testing/index.js';
import { newStream, sealAppend } from '../../libs/event-store/src/testing/sealed-events.js';
import { Place } from '../ledger/support/lost-tail.js';
import { generate } from './support/generated-history.js';
import { noteIn, storedIn } from './support/stored.js';

const RECORDS = 40;
let place: Place;
let database: ProtocolServer;
let url: string;

beforeEach(async () => {
  place = Place.make();
  database = await new ProtocolServer().start();
  url = database.connectionString;
  await generate(place, RECORDS, 4);
});
afterEach(async () => {
  await database.stop();
  place.remove();
});

const move = (options: Partial<MigrateOptions> = {}): ReturnType<typeof migrate> =>
  migrate({ from: place.data, to: url, keys: place.keys, signer: place.signer, settle: () => Promise.resolve(), ...options });
const moveIn = async (end: string): Promise<Move | undefined> => readMove(await noteIn(end, MOVE_KEY));
const changeLog = (sql: string): void => {
  const file = openDatabase(join(place.data, LOG_FILE), { mode: 'read-write' });
  file.exec(sql);
  file.close();
};

async function append(end: string): Promise<void> {
  const store = end.startsWith('esdb')
    ? await EventStoreDbEventStore.open({ url: end, mode: 'node' })
    : await SqliteEventStore.open({ directory: end, mode: 'writer' });
  try {
    await store.append(sealAppend(newStream()));
  } finally {
    await store.close();
  }
}

describe('nothing is changed where', () => {
  it.each<[string, (p: Place) => Partial<MigrateOptions> | Promise<Partial<MigrateOptions>>, RegExp]>([
    ['the source holds no history', ({ directory }) => ({ from: join(directory, 'nowhere') }), /there is no history in .*nowhere/],
    [
      'the source is an empty database',
      ({ directory }) => ({ from: url, to: join(directory, 'back') }),
      /holds no record: there is nothing to move/,
    ],
    ['a key is missing', ({ keys }) => (rmSync(join(keys, 'digest.key')), {}), /digest\.key is missing/],
    [
      'the keys are another installation’s',
      async ({ directory }) => (await makeKeys(join(directory, 'other')), { keys: join(directory, 'other') }),
      /record 1 was not sealed with the writer key/,
    ],
    [
      'the digest key is another one',
      async ({ directory, keys }) => (
        await makeKeys(join(directory, 'other')),
        cpSync(join(directory, 'other/digest.key'), join(keys, 'digest.key')),
        {}
      ),
      /digest\.key in .* is not the one with which this history was written/,
    ],
    [
      'the signing key is another one',
      async ({ directory, keys }) => (
        await makeKeys(join(directory, 'other')),
        cpSync(join(directory, 'other/signing.key'), join(keys, 'signing.key')),
        {}
      ),
      /signing\.key in .* is not the key that the record names/,
    ],
    [
      'a record was changed',
      () => (changeLog(`UPDATE events SET recorded_at = '2024-04-29T07:30:00.999Z' WHERE record = 7`), {}),
      /record 7 is not what a node of this installation wrote: its leaf does not fit/,
    ],
    [
      'a text was changed',
      () => (changeLog("UPDATE sealed SET value = value || ' ' WHERE record = (SELECT max(record) FROM sealed)"), {}),
      /record \d+ is not what a node of this installation wrote: its text does not fit/,
    ],
    [
      'the log lost its end',
      () => (changeLog('DELETE FROM events WHERE record = 40; DELETE FROM sealed WHERE record = 40; UPDATE store SET records = 39'), {}),
      /ends with record 39, and 40 were signed, .*plenary recover/,
    ],
    [
      'the signer’s directory is that of another history',
      async ({ directory }) => {
        const other = new Place(join(directory, 'another'));
        mkdirSync(other.directory);
        await generate(other, 5, 1, 'records.example.org/another');
        return { signer: other.signer };
      },
      /remembers checkpoints of records\.example\.org\/another, and the history is that of/,
    ],
    [
      'somebody with the keys wrote another history in its place',
      async ({ directory, keys }) => {
        const other = new Place(join(directory, 'another'));
        cpSync(keys, other.keys, { recursive: true });
        await generate(other, RECORDS, 5);
        return { from: other.data };
      },
      /the first 40 records do not hash to the root that was signed, as .*signer says: the record was changed/,
    ],
    [
      'the signer’s directory is elsewhere',
      ({ directory }) => ({ signer: join(directory, 'nowhere') }),
      /nowhere remembers no checkpoint, and .* holds published ones: name the signer's directory/,
    ],
    [
      'the target holds records',
      async ({ directory }) => {
        await append(join(directory, 'full'));
        return { to: join(directory, 'full') };
      },
      /full holds records: a history moves into an empty directory or database alone/,
    ],
    ['both ends are the same database', () => ({ from: url }), /--from and --to are the same store/],
    ['both ends are the same directory', ({ data }) => ({ to: data }), /another process holds/],
    [
      'the target cannot be made',
      ({ directory }) => (writeFileSync(join(directory, 'file'), ''), { to: join(directory, 'file/data') }),
      /cannot be made or written/,
    ],
    ['the connection string is none', () => ({ to: 'esdb://db:2113' }), /must hold user:password@/],
  ])('%s', async (_, prepared, says) => {
    const options = await prepared(place);
    const before = await storedIn(place.data);
    await expect(move(options)).rejects.toThrow(says);
    expect(await storedIn(place.data)).toEqual(before);
    expect(await moveIn(place.data)).toBeUndefined();
    expect(database.log.records.filter(({ stream }) => stream.startsWith('plenary:'))).toEqual([]);
  });

  it('the database does not answer', async () => {
    await database.stop();
    await expect(move()).rejects.toThrow(/cannot be opened/);
    expect(await moveIn(place.data)).toBeUndefined();
  });

  it('a server holds the directory', async () => {
    const store = await SqliteEventStore.open({ directory: place.data, mode: 'writer' });
    await expect(move()).rejects.toThrow(/another process holds/);
    await store.close();
  });
});

describe('on the way', () => {
  it('a target that differs is refused, and the message says how to go on and how to give up', async () => {
    await move({ to: url });
    await giveUp(place.data, url);
    database.log.tamper(
      database.log.records.findIndex(({ stream }) => stream.startsWith('plenary:meeting-')),
      Buffer.from('{}'),
    );
    await expect(move()).rejects.toThrow(
      /^record \d+ in esdb:\S+ is not that of the source: its schemaVersion differs.*takes no commands meanwhile: say the same again to go on, or plenary migrate --give-up/,
    );
    expect(await moveIn(place.data)).toMatchObject({ kind: 'leaving' });
    expect(await moveIn(url)).toMatchObject({ kind: 'arriving' });
  });

  it('it goes to one place alone', async () => {
    database.log.append('plenary:meeting-x', -1n, [
      {
        id: '00000000-0000-8000-8000-00000000000a',
        type: 'remark-made',
        contentType: 'application/octet-stream',
        data: Buffer.from('{}'),
        metadata: new Uint8Array(),
      },
    ]);
    await expect(move()).rejects.toThrow(/holds records/);
    const other = await new ProtocolServer().start();
    await move({ to: other.connectionString });
    await expect(move({ to: join(place.directory, 'back') })).rejects.toThrow(/was moved to esdb:.*: go on with that, or take it back/);
    await other.stop();
  });

  it('a database that is lost on the way is gone on with once it is there again', async () => {
    const before = await storedIn(place.data);
    const lost = move({ batch: 5, progress: (step, records) => void (step === 'moving' && records === 20 && database.stop()) });
    await expect(lost).rejects.toThrow(/takes no commands meanwhile/);
    expect(await moveIn(place.data)).toMatchObject({ kind: 'leaving' });
    await database.start();
    expect(await move()).toMatchObject({ before: 20, records: RECORDS });
    expect(await storedIn(url)).toEqual(before);
  });
});

describe('a directory into which a history is still moving', () => {
  it('is exported, verified and recovered by nobody', async () => {
    await move();
    const back = join(place.directory, 'back');
    await expect(
      move({
        from: url,
        to: back,
        batch: 5,
        progress: (step, records) => {
          if (step === 'moving' && records >= 20) throw new Error('enough');
        },
      }),
    ).rejects.toThrow('enough');
    await expect(openLiveHistory({ directory: back }, place.signer)).rejects.toThrow(/a migration from esdb:\S+ is under way/);
    await expect(recover({ data: back, keys: place.keys, signer: place.signer, sources: [], nowMs: 0 })).rejects.toThrow(
      /cannot be written: a migration from/,
    );
    await expect(move({ from: back, to: join(place.directory, 'further') })).rejects.toThrow(/holds a part of a history/);
    const other = new Place(join(place.directory, 'another'));
    await generate(other, 5, 1, 'records.example.org/another');
    await expect(migrate({ from: other.data, to: back, keys: other.keys, signer: other.signer })).rejects.toThrow(
      /holds a part of another history/,
    );
    await move({ from: url, to: back });
    await (await openLiveHistory({ directory: back }, place.signer)).close();
  });
});

describe('giving up', () => {
  it('half-way lets the source go on, and nobody start on the target; a later migration goes on there', async () => {
    await expect(
      move({
        batch: 5,
        progress: (step, records) => {
          if (step === 'moving' && records === 20) throw new Error('enough');
        },
      }),
    ).rejects.toThrow('enough');
    await expect(append(place.data)).rejects.toMatchObject({ reason: 'moved' });
    expect(await giveUp(place.data, undefined)).toMatchObject({ place: place.data });
    const source = await SqliteEventStore.open({ directory: place.data, mode: 'writer' });
    expect([source.canWrite, source.trouble]).toEqual([true, undefined]);
    await source.close();
    expect(await moveIn(place.data)).toMatchObject({ kind: 'stayed' });
    expect(await moveIn(url)).toMatchObject({ kind: 'arriving' });
    expect(await move()).toMatchObject({ before: 20, records: RECORDS });
  });

  it('after the end needs the target, in which nothing was recorded since', async () => {
    await move();
    const other = new Place(join(place.directory, 'another'));
    await generate(other, 5, 1);
    await expect(giveUp(place.data, join(place.directory, 'nowhere'))).rejects.toThrow(/there is no history in/);
    await expect(giveUp(place.data, undefined)).rejects.toThrow(/name that with --to/);
    await expect(giveUp(place.data, other.data)).rejects.toThrow(/is not where the history .* was moved to/);
    await giveUp(place.data, url);
    expect(await moveIn(url)).toMatchObject({ kind: 'discarded' });
    await expect(append(url)).rejects.toMatchObject({ reason: 'moved' });
    await append(place.data);
    await expect(giveUp(place.data, url)).rejects.toThrow(/there is nothing to give up/);
  });

  it('is refused where the history went on', async () => {
    await move();
    await append(url);
    await expect(giveUp(place.data, url)).rejects.toThrow(/went on in esdb:\S+, from record 41 to 41: move it back/);
    await expect(append(place.data)).rejects.toMatchObject({ reason: 'moved' });
  });

  it('is refused where nothing moves', async () => {
    await expect(giveUp(place.data, undefined)).rejects.toThrow(/no history is moving/);
  });
});
