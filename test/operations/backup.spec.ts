// A backup of a log that is being written, and the ways back from it: what is not whole, or not this history, never serves.
import {
  createReadStream,
  cpSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DirectoryLock, readKeys, SqliteEventStore, StoreNotOpened } from '#event-store';
import { linesOf, verifyBundle } from '#ledger/verify';
import { openDatabase } from '#sqlite';
import { asRefusal, BackupRefused } from '../../apps/api/src/backup/backup-refused.js';
import { checkBackup } from '../../apps/api/src/backup/check-backup.js';
import { restoreBackup } from '../../apps/api/src/backup/restore-backup.js';
import { takeBackup } from '../../apps/api/src/backup/take-backup.js';
import type { Serving } from '../../apps/api/src/serve.js';
import { call, Place, REMOVED, tell, words, type Told } from '../ledger/support/lost-tail.js';

let told: Told;
let place: Place;
let backup: string;
let serving: Serving | undefined;
beforeAll(async () => {
  told = await tell();
});
afterAll(() => told.whole.remove());
beforeEach(() => {
  place = told.whole.copy();
  backup = join(place.directory, 'backup');
});
afterEach(async () => {
  await serving?.stop();
  serving = undefined;
  place.remove();
});

const take = (to = backup) => takeBackup(place.configuration, to, Date.parse('2026-03-01T12:00:00Z'));
const check = () => checkBackup(backup, readKeys(place.keys).writer);
const restore = (signerLost = false) => restoreBackup(place.configuration, backup, signerLost);
const loseData = (): void => rmSync(place.data, { recursive: true });
const remark = (server: Serving, text: string) =>
  call(server, told.tokens.secretariat, 'POST', `/meetings/${told.ids.meeting}/remarks`, {
    speaker: { person: told.ids.person },
    text: words(text),
  });
const readManifest = (): Record<string, unknown> =>
  JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8')) as Record<string, unknown>;
const changeManifest = (changes: object): void =>
  writeFileSync(join(backup, 'manifest.json'), JSON.stringify({ ...readManifest(), ...changes }));

/** Does something in the moment in which the copy is read. */
async function whileRead<T>(act: () => Promise<void> | void, reading: () => Promise<T>): Promise<T> {
  const open = SqliteEventStore.open.bind(SqliteEventStore);
  const opening = jest.spyOn(SqliteEventStore, 'open').mockImplementationOnce(async (options) => {
    await act();
    return open(options);
  });
  try {
    return await reading();
  } finally {
    opening.mockRestore();
  }
}

/** Changes the copy in the backup as a disk, or somebody, might; the manifest is made to fit the bytes. */
async function tamper(sql: string): Promise<void> {
  const file = join(backup, 'log.db');
  const database = openDatabase(file, { mode: 'read-write', journal: 'DELETE' });
  database.exec(sql);
  database.close();
  const { createHash } = await import('node:crypto');
  const bytes = readFileSync(file);
  changeManifest({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
}

describe('a backup', () => {
  it('is taken while commands go on, and holds a prefix of the history under its root', async () => {
    serving = await place.serve();
    const before = serving.node.lastRecord();
    const recording = Promise.all(Array.from({ length: 40 }, (_, number) => remark(serving!, `Meanwhile ${number}`)));
    const manifest = await take();
    expect((await recording).every(({ status }) => status === 201)).toBe(true);
    expect(manifest.size).toBeGreaterThanOrEqual(before);
    expect(manifest).toMatchObject({ origin: 'records.example.org/lost', takenAt: '2026-03-01T12:00:00.000Z' });
    await serving.node.projector.waitFor(manifest.size as never, 60_000);
    expect(manifest.root).toBe(Buffer.from(serving.node.readModels.rootAt(manifest.size as never)).toString('base64'));
    expect(readdirSync(backup).sort()).toEqual(['log.db', 'manifest.json']);
    await expect(check()).resolves.toEqual(manifest);
  });

  it('holds no key, and no text that was removed', async () => {
    await take();
    const bytes = readdirSync(backup)
      .map((name) => readFileSync(join(backup, name)).toString('latin1'))
      .join('');
    expect(bytes).not.toContain(REMOVED);
    for (const key of readdirSync(place.keys)) expect(bytes).not.toContain(readFileSync(join(place.keys, key), 'latin1').trim());
    expect(bytes).toContain('The last one');
  });

  it.each([
    [
      'a directory that is not empty',
      () => {
        mkdirSync(backup);
        writeFileSync(join(backup, 'something'), '');
      },
      'is not empty',
    ],
    ['a place below a file', () => writeFileSync(backup, ''), 'cannot be written: there is a file of that name'],
  ])('is refused for %s', async (_, prepare, message) => {
    prepare();
    await expect(take()).rejects.toThrow(new RegExp(message));
  });

  it('is refused inside the data directory, and for a log in a database', async () => {
    await expect(take(join(place.data, 'backup'))).rejects.toThrow('lies in the data directory');
    const link = `${backup}.link`;
    symlinkSync(place.data, link);
    try {
      for (const there of [link, join(link, 'below', 'backup')]) await expect(take(there)).rejects.toThrow('lies in the data directory');
    } finally {
      rmSync(link);
    }
    await expect(takeBackup({ ...place.configuration, eventStore: 'esdb://db:2113?tls=false' }, backup, 0)).rejects.toThrow(
      'by the means of the database',
    );
  });

  it('leaves nothing where the log itself is not what was sealed', async () => {
    const database = openDatabase(join(place.data, 'log.db'), { mode: 'read-write' });
    database.exec(`UPDATE events SET data = replace(data, 'remote', 'hybrid')`);
    database.close();
    await expect(take()).rejects.toThrow(/nothing is left of the backup: record \d+ does not hash to its leaf/);
    expect(readdirSync(backup)).toEqual([]);
  });

  it('that was cut off is none', async () => {
    await take();
    rmSync(join(backup, 'manifest.json'));
    await expect(check()).rejects.toThrow('one that was cut off');
    loseData();
    await expect(restore()).rejects.toThrow('one that was cut off');
    expect(existsSync(place.data)).toBe(false);
  });

  it('that was cut off before its manifest had its name is told from anything else, and left to who asked for it', async () => {
    const parts = ['log.db', 'manifest.json.new'];
    await take();
    renameSync(join(backup, 'manifest.json'), join(backup, 'manifest.json.new'));
    const before = parts.map((name) => readFileSync(join(backup, name)));
    await expect(take()).rejects.toEqual(
      new BackupRefused(
        `${backup} holds a backup that was cut off before its manifest had its name, and nothing else. Make sure that no other plenary backup writes there, remove log.db and manifest.json.new in it, and take it again; or name another directory. Nothing was changed`,
      ),
    );
    expect(parts.map((name) => readFileSync(join(backup, name)))).toEqual(before);
    for (const name of parts) rmSync(join(backup, name));
    await expect(take()).resolves.toMatchObject({ size: told.size });
  });

  it.each([[['manifest.json.new']], [['log.db']], [['log.db', 'manifest.json']], [['log.db', 'manifest.json.new', 'minutes.odt']]])(
    'is refused without advice on what to remove where there is what it does not leave: %j',
    async (names) => {
      mkdirSync(backup);
      for (const name of names) writeFileSync(join(backup, name), '');
      await expect(take()).rejects.toEqual(new BackupRefused(`${backup} is not empty: a backup is made in a directory of its own`));
    },
  );

  it.each<[string, () => Promise<void> | void, RegExp]>([
    [
      'of which a byte was lost',
      () => writeFileSync(join(backup, 'log.db'), readFileSync(join(backup, 'log.db')).subarray(0, -1)),
      /its bytes are others/,
    ],
    ['whose file is another one', () => copyFileSync(told.older, join(backup, 'log.db')), /its bytes are others/],
    ['without a file', () => rmSync(join(backup, 'log.db')), /has a manifest, and no log.db/],
    [
      'of which data were changed',
      () => tamper(`UPDATE events SET data = replace(data, 'remote', 'hybrid')`),
      /record \d+ does not hash to its leaf/,
    ],
    [
      'of which a text was changed',
      () => tamper(`UPDATE sealed SET value = 'Never said' WHERE value = 'Kept'`),
      /a text of record \d+ is not the one that was typed/,
    ],
    [
      'of which a text was taken out',
      () => tamper(`DELETE FROM sealed WHERE value = 'Kept'`),
      /a text of record \d+ is missing, and no removal names it/,
    ],
    [
      'of which the end was cut off',
      () => tamper(`DELETE FROM events WHERE record = (SELECT max(record) FROM events); UPDATE store SET records = records - 1`),
      /its own checkpoint covers \d+: it lost its end/,
    ],
    [
      'whose checkpoint was changed',
      () => tamper(`UPDATE bookkeeping SET value = replace(value, '— records', '— becords') WHERE key = 'plenary-ledger'`),
      /not signed by a key that its record names/,
    ],
    [
      'whose manifest has another root',
      () => changeManifest({ root: Buffer.alloc(32).toString('base64') }),
      /do not hash to the root in the manifest/,
    ],
    ['whose manifest has another last record', () => changeManifest({ last: { id: 'x', leaf: 'y' } }), /its last record is not the one/],
    ['whose manifest is no JSON', () => writeFileSync(join(backup, 'manifest.json'), '{'), /is not JSON/],
    ['of a newer format', () => changeManifest({ format: 2 }), /made by a newer version/],
  ])('%s is refused by a check and by a restore', async (_, change, message) => {
    await take();
    await change();
    await expect(check()).rejects.toThrow(message);
    loseData();
    await expect(restore()).rejects.toThrow(message);
    expect(existsSync(place.data) ? readdirSync(place.data).filter((name) => name !== 'lock.db') : []).toEqual([]);
  });
});

describe('a restore', () => {
  it('brings back everything, and says that it holds all that was signed', async () => {
    await take();
    loseData();
    await expect(restore()).resolves.toMatchObject({ signed: told.size, unremoved: 0, manifest: { size: told.size } });
    expect(readdirSync(place.data)).toEqual(['lock.db', 'log.db']);
    serving = await place.serve();
    expect(serving.node.diverged).toBeUndefined();
    await serving.node.projector.waitFor(told.size as never, 60_000);
    for (const [path, list] of Object.entries(told.lists))
      expect((await call(serving, told.tokens.auditor, 'GET', path)).body).toEqual(list);
    expect((await remark(serving, 'After the restore')).status).toBe(201);
  });

  it('of an older backup serves reading alone, and both say what is missing', async () => {
    rmSync(join(place.data, 'log.db'));
    copyFileSync(told.older, join(place.data, 'log.db'));
    await take();
    loseData();
    await expect(restore()).resolves.toMatchObject({ signed: told.size, manifest: { size: told.before } });
    serving = await place.serve();
    expect(serving.node.diverged).toContain(`the log ends with record ${told.before}, and ${told.size} were signed`);
  });

  it('is refused where the signer remembers another history under this name', async () => {
    const other = Place.make();
    serving = await other.serve();
    await serving.node.signer!.sign();
    await serving.stop();
    serving = undefined;
    await takeBackup(other.configuration, backup, 0);
    loseData();
    await expect(restore()).rejects.toThrow('does not carry the seal of this installation');
    cpSync(other.keys, place.keys, { recursive: true });
    await expect(restore()).rejects.toThrow('are not those that were signed');
    other.remove();
  });

  it('where the signer’s directory is lost as well asks for somebody who says so, and makes it anew', async () => {
    await take();
    loseData();
    await expect(restore(true)).rejects.toThrow('it is not lost, and is not overwritten');
    rmSync(place.signer, { recursive: true });
    await expect(restore()).rejects.toThrow('or say that it is lost as well');
    expect(readdirSync(place.data)).toEqual(['lock.db']);
    await expect(restore(true)).resolves.toMatchObject({ signed: undefined, signerRebuilt: true });
    serving = await place.serve();
    expect((await remark(serving, 'After the restore')).status).toBe(201);
    await serving.node.signer!.sign();
    expect([serving.node.diverged, serving.node.signer!.newest?.size]).toEqual([undefined, serving.node.lastRecord()]);
    const history = join(place.directory, 'verified.ndjson');
    await serving.stop();
    serving = undefined;
    await place.export(history);
    const key = (JSON.parse((await place.events())[0]!.data) as { verifierKey: string }).verifierKey;
    // What was signed before the loss is what it goes on from.
    expect(
      await verifyBundle(linesOf(createReadStream(history)), { keys: [key], nowMs: Date.now(), since: told.checkpoint }),
    ).toMatchObject({ status: 0 });
  });

  it('lets no other process make a log there meanwhile', async () => {
    await take();
    loseData();
    const starts: unknown[] = [];
    await whileRead(
      async () => void starts.push(await SqliteEventStore.open({ directory: place.data, mode: 'writer' }).catch((error: unknown) => error)),
      restore,
    );
    expect(starts).toEqual([expect.any(StoreNotOpened)]);
    expect(readdirSync(place.data)).toEqual(['lock.db', 'log.db']);
    expect(await place.events()).toHaveLength(told.size);
  });

  it('is refused where another process holds the directory, and where files of a log come into it meanwhile', async () => {
    await take();
    loseData();
    mkdirSync(place.data);
    const lock = DirectoryLock.take(place.data) as DirectoryLock;
    await expect(restore()).rejects.toThrow('another process holds');
    lock.release();
    const stray = join(place.data, 'log.db-wal');
    await expect(whileRead(() => writeFileSync(stray, 'of another log'), restore)).rejects.toThrow('log.db-wal came into');
    expect(readdirSync(place.data)).toEqual(['lock.db', 'log.db-wal']);
  });

  it('is refused over anything, and without keys', async () => {
    await take();
    await expect(restore()).rejects.toThrow('is not empty');
    loseData();
    await expect(restoreBackup({ ...place.configuration, keys: join(place.directory, 'none') }, backup)).rejects.toThrow(
      'writer.key is missing',
    );
    // What an earlier restore left when it was cut short is no obstacle.
    mkdirSync(join(place.data, 'restoring'), { recursive: true });
    writeFileSync(join(place.data, 'restoring', 'log.db'), 'half of it');
    await expect(restore()).resolves.toMatchObject({ manifest: { size: told.size } });
  });
});

describe('a backup that was copied into the data directory by hand', () => {
  const copyByHand = (): void => {
    loseData();
    cpSync(backup, place.data, { recursive: true });
  };

  it('is verified by the first start, and by that alone', async () => {
    await take();
    copyByHand();
    serving = await place.serve();
    expect(readdirSync(place.data)).toContain('manifest.verified.json');
    expect(readdirSync(place.data)).not.toContain('manifest.json');
    expect((await remark(serving, 'Goes on')).status).toBe(201);
  });

  it('is not served where it is not what was copied', async () => {
    await take();
    await tamper(`UPDATE events SET data = replace(data, 'remote', 'hybrid')`);
    copyByHand();
    const start = place.serve();
    // Stopped where it starts all the same.
    start.then(
      (started) => (serving = started),
      () => undefined,
    );
    await expect(start).rejects.toThrow(/holds a backup that is not to be served: record \d+ does not hash to its leaf/);
    expect(readdirSync(place.data)).toContain('manifest.json');
  });
});

describe('what the file system says', () => {
  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EACCES', 'there is no permission'],
    ['EROFS', 'it can only be read'],
  ])('as %s is told in words', (code, sentence) => {
    expect(asRefusal(Object.assign(new Error(code), { code }), '/mnt/backup')).toEqual(
      new BackupRefused(`/mnt/backup cannot be written: ${sentence}`),
    );
  });

  it('of which nothing is known is passed on', () => {
    const error = Object.assign(new Error('odd'), { code: 'EODD' });
    expect(asRefusal(error, '/mnt/backup')).toBe(error);
  });
});
