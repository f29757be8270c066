// Read models in a file, taken in by another place with the same log: as if it had made them, or refused for a reason that says what is wrong.
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createHash, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatNote, parseCheckpoint, parseNote } from '#ledger/core';
import { LEDGER_KEY, LogKey, readPublished } from '#ledger/writer';
import { SqliteEventStore } from '#event-store';
import { currentFile, makeSnapshot, SnapshotRefused } from '#read-models';
import { openDatabase, type Database } from '#sqlite';
import { schema } from '../../apps/api/src/composition.js';
import { makeSnapshotOf, takeSnapshotInto } from '../../apps/api/src/ledger/snapshots.js';
import { startNode } from '../../apps/api/src/start-node.js';
import type { Serving } from '../../apps/api/src/serve.js';
import { dump } from '../../libs/read-models/src/dump.js';
import { rootAt } from '../../libs/read-models/src/tree-rows.js';
import { runPlenary } from '../support/plenary.js';
import { filesHolding } from '../support/files.js';
import { tsWorkerExecArgv } from '../support/ts-worker.js';
import { tokenSecret } from '../support/world.js';
import { call, Place, words } from './support/lost-tail.js';

const MARK = 'zqxunmistakable';
const ORIGIN = 'records.example.org/lost';
let place: Place;
/** Made while the server ran; the log went on, a text was removed, and the server stopped. */
let snapshot: string;
/** Under a checkpoint of fewer records than it holds. */
let withTail: string;
/** The log as it was before the snapshot. */
let older: string;
let secrets: string[];
let covered: number;
let madeAt: number;

beforeAll(async () => {
  place = Place.make();
  [snapshot, withTail, older] = ['snapshot.db', 'with-tail.db', 'older.db'].map((name) => join(place.directory, name)) as [
    string,
    string,
    string,
  ];
  let serving = await place.serve();
  const admin = readFileSync(join(place.keys, 'admin.token'), 'utf8').trim();
  const made = async (token: string, path: string, body: object) => (await call(serving, token, 'POST', path, body)).body;
  const secretariat = (await made(admin, '/tokens', { role: 'secretariat', name: words('Clerk') })).token;
  secrets = [admin, secretariat].map(tokenSecret);
  const body = (await made(admin, '/bodies', { kind: 'conference', name: words('Conference'), audience: { kind: 'public' } })).id;
  const gone = (await made(secretariat, '/documents', { kind: 'report', title: words(`Of ${MARK}before`), issuer: body })).id;
  await made(admin, '/removals', {
    values: [{ record: await recordOf(serving, secretariat, `/documents/${gone}`), pointer: '/data/title/0/text' }],
    reason: words('An order'),
    authority: words('The court'),
  });
  await serving.node.signer!.sign();
  await serving.stop();
  copyFileSync(join(place.data, 'log.db'), older);
  serving = await place.serve();
  // More than one tile, so that nodes of the tree are kept.
  await Promise.all(
    Array.from({ length: 260 }, (_, at) => made(secretariat, '/documents', { kind: 'report', title: words(`Report ${at}`), issuer: body })),
  );
  const document = (await made(secretariat, '/documents', { kind: 'report', title: words(`Of ${MARK}after`), issuer: body })).id;
  const record = await recordOf(serving, secretariat, `/documents/${document}`);
  await serving.node.signer!.sign();
  const at = await makeSnapshotOf(place.configuration, snapshot);
  [madeAt, covered] = [at.record, at.covered];
  const store = serving.node.store;
  const first = (await readPublished(store.bookkeeping, covered))!.previous;
  const note = (await readPublished(store.bookkeeping, first))!.note;
  await makeSnapshot({
    dataDirectory: place.data,
    to: withTail,
    schema,
    origin: ORIGIN,
    checkpointUpTo: () => Promise.resolve({ note, checkpoint: parseCheckpoint(parseNote(note).text) }),
  });
  await made(admin, '/removals', {
    values: [{ record, pointer: '/data/title/0/text' }],
    reason: words('Another order'),
    authority: words('The court'),
  });
  await made(secretariat, '/documents', { kind: 'report', title: words('The last one'), issuer: body });
  await serving.node.signer!.sign();
  await serving.stop();
}, 120_000);
afterAll(() => place.remove());

async function recordOf(serving: Serving, token: string, path: string): Promise<number> {
  return (await call(serving, token, 'GET', path)).body['record'] as unknown as number;
}

/** Another place with the same log and keys, without read models. */
function fresh(log = join(place.data, 'log.db')): Place {
  const other = Place.make();
  mkdirSync(other.data);
  copyFileSync(log, join(other.data, 'log.db'));
  cpSync(place.keys, other.keys, { recursive: true });
  cpSync(place.signer, other.signer, { recursive: true });
  return other;
}

function altered(change: (database: Database) => void, of = snapshot): string {
  const file = join(place.directory, 'altered.db');
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  copyFileSync(of, file);
  const database = openDatabase(file, { mode: 'read-write', journal: 'DELETE' });
  change(database);
  database.close();
  return file;
}

const inFile = <Result>(file: string, look: (database: Database) => Result): Result => {
  const database = openDatabase(file, { mode: 'read-only' });
  try {
    return look(database);
  } finally {
    database.close();
  }
};

async function refusalOf(taking: Promise<unknown>): Promise<SnapshotRefused> {
  try {
    await taking;
  } catch (error) {
    if (error instanceof SnapshotRefused) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('a snapshot', () => {
  it('is of one record, under a checkpoint, and is readable by its owner alone', () => {
    expect(madeAt).toBe(covered);
    expect(inFile(snapshot, (database) => database.prepare('SELECT format, origin, record FROM snapshot').all())).toMatchObject([
      { format: 1, origin: ORIGIN, record: madeAt },
    ]);
    expect(statSync(snapshot).mode & 0o777).toBe(0o600);
    expect(existsSync(`${snapshot}.part`)).toBe(false);
  });

  it('holds no key, no secret of a token nor its hash, and no text that was removed before it was made', () => {
    const bytes = readFileSync(snapshot);
    const hashes = secrets.map((secret) => createHash('sha256').update(secret).digest());
    const keys = ['writer.key', 'digest.key', 'signing.key'].map((name) => readFileSync(join(place.keys, name)));
    for (const hidden of [...secrets, `${MARK}before`, ...hashes.flatMap((hash) => [hash, hash.toString('hex')]), ...keys])
      expect(bytes.includes(hidden)).toBe(false);
    expect(bytes.includes(`${MARK}after`)).toBe(true);
  });

  it('makes the same read models as the log alone, up to its end, and shows nothing that was removed since', async () => {
    const [taking, building] = [fresh(), fresh()];
    expect(await takeSnapshotInto(taking.configuration, snapshot)).toEqual({ record: madeAt, caughtUp: madeAt + 2 });
    const node = await startNode(building.configuration, { workerExecArgv: tsWorkerExecArgv });
    await node.projector.waitFor((madeAt + 2) as never, 60_000);
    await node.stop();
    const [taken, built] = [currentFile(taking.data)!, currentFile(building.data)!];
    expect(inFile(taken, dump)).toEqual(inFile(built, dump));
    expect(inFile(taken, (database) => rootAt(database, madeAt + 2))).toEqual(inFile(built, (database) => rootAt(database, madeAt + 2)));
    expect(filesHolding(join(taking.data, 'read-models'), `${MARK}after`)).toEqual([]);
    for (const other of [taking, building]) other.remove();
  });

  it('is taken by a first start that is told of it, and by no later one', async () => {
    const other = fresh();
    const told: unknown[] = [];
    const start = (file: string, isRequired = false) =>
      startNode(
        { ...other.configuration, snapshot: { file, isRequired } },
        { workerExecArgv: tsWorkerExecArgv, onSnapshot: (taken) => told.push(taken) },
      );
    await expect(start('/nowhere', true)).rejects.toBeInstanceOf(SnapshotRefused);
    await (await start(withTail)).stop();
    expect(told).toEqual([{ record: madeAt }]);
    await (await start('/nowhere', true)).stop();
    rmSync(join(other.data, 'read-models'), { recursive: true });
    const node = await start('/nowhere');
    expect(told).toEqual([{ record: madeAt }, { refused: expect.stringContaining('there is no snapshot /nowhere') }]);
    expect(node.readModels.last()).toBeGreaterThan(madeAt);
    await node.stop();
    other.remove();
  });

  const forged = (database: Database): void => {
    const { checkpoint } = database.prepare<{ checkpoint: string }>('SELECT checkpoint FROM snapshot').get()!;
    const { text } = parseNote(checkpoint);
    const key = new LogKey(ORIGIN, createPrivateKey(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })));
    database.prepare('UPDATE snapshot SET checkpoint = ?').run(formatNote({ text, signatures: [key.sign(text)] }));
  };
  const withRoot = (database: Database): void => {
    database.prepare('UPDATE snapshot SET root = ?').run(Buffer.from(rootAt(database, madeAt)).toString('hex'));
  };
  const sql =
    (statement: string) =>
    (database: Database): void =>
      database.exec(statement);

  it.each<[string, string, RegExp, (() => string) | ((database: Database) => void)]>([
    [
      'one of which a leaf is another one',
      'altered',
      /do not lead to the root that was signed/,
      sql(`UPDATE log SET leaf = randomblob(32) WHERE record = 260`),
    ],
    [
      'one of which a leaf of a full tile is another one',
      'altered',
      /node 0 of level 8/,
      sql(`UPDATE log SET leaf = randomblob(32) WHERE record = 7`),
    ],
    ['one that a record is missing from', 'altered', /record 7 is missing/, sql('DELETE FROM log WHERE record = 7')],
    [
      'one of which a node of the tree is another one',
      'altered',
      /node 0 of level 8/,
      sql('UPDATE tree SET hash = randomblob(32) WHERE level = 8'),
    ],
    ['one with a node of the tree too many', 'altered', /it holds \d+ records/, sql('INSERT INTO tree VALUES (16, 0, randomblob(32))')],
    ['one that says another record', 'altered', /and says 3|covers/, sql('UPDATE snapshot SET record = 3')],
    ['one that names another root', 'altered', /the root that it names/, sql(`UPDATE snapshot SET root = '00'`)],
    ['one that goes on from another record', 'altered', /it holds \d+ records/, sql('UPDATE checkpoint SET record = record - 1')],
    [
      'one of another history',
      'other-origin',
      /records\.example\.org\/other/,
      sql(`UPDATE snapshot SET origin = 'records.example.org/other'`),
    ],
    ['one of another release', 'other-version', /same release/, sql(`UPDATE checkpoint SET fingerprint = 'another'`)],
    ['one of another format', 'other-version', /same release/, sql('UPDATE snapshot SET format = 2')],
    [
      'one that somebody put a trigger into',
      'other-version',
      /same release/,
      sql('CREATE TRIGGER later AFTER INSERT ON log BEGIN DELETE FROM decisions; END'),
    ],
    ['one that another key signed', 'not-signed', /no key of this history/, forged],
    ['one that nobody signed', 'not-signed', /no key of this history/, sql(`UPDATE snapshot SET checkpoint = ''`)],
    ['one of another store', 'other-store', /positions are those of another store/, sql(`UPDATE log SET position = 'other:' || record`)],
    [
      'one whose last record is another event',
      'other-log',
      /is another one than in the snapshot/,
      sql(`UPDATE log SET event_id = '00000000-0000-4000-8000-000000000000' WHERE record = (SELECT max(record) FROM log)`),
    ],
    [
      'one that was cut off',
      'damaged',
      /damaged/,
      () => (
        truncateSync(
          altered(() => undefined),
          200_000,
        ),
        join(place.directory, 'altered.db')
      ),
    ],
    [
      'a text',
      'damaged',
      /damaged, or none/,
      () => (writeFileSync(join(place.directory, 'text.db'), 'a text '.repeat(1000)), join(place.directory, 'text.db')),
    ],
    ['read models as they lie in a directory', 'damaged', /is no snapshot/, () => currentFile(place.data)!],
    ['a file that is not there', 'damaged', /there is no snapshot/, () => join(place.directory, 'nowhere.db')],
  ])('refuses %s', async (_, fault, message, change) => {
    const other = fresh();
    const file = change.length === 0 ? (change as () => string)() : altered(change);
    const refused = await refusalOf(takeSnapshotInto(other.configuration, file));
    expect(refused.message).toMatch(message);
    expect(refused.fault).toBe(fault);
    expect(currentFile(other.data)).toBeUndefined();
    expect(readdirSync(join(other.data, 'read-models'))).toEqual([]);
    other.remove();
  });

  it('is refused by a log that ends before it, and by one that holds another record where no checkpoint covers', async () => {
    const short = fresh(older);
    expect(await refusalOf(takeSnapshotInto(short.configuration, snapshot))).toMatchObject({
      fault: 'newer-than-log',
      message: expect.stringContaining(`before record ${madeAt}`),
    });
    short.remove();
    const other = fresh();
    expect(
      await takeSnapshotInto(
        other.configuration,
        altered(() => undefined, withTail),
      ),
    ).toMatchObject({ record: madeAt });
    const tail = altered((database) => {
      database.exec('UPDATE log SET leaf = randomblob(32) WHERE record = (SELECT max(record) - 1 FROM log)');
      withRoot(database);
    }, withTail);
    expect(await refusalOf(takeSnapshotInto(other.configuration, tail))).toMatchObject({
      fault: 'other-log',
      message: expect.stringContaining(`record ${madeAt - 1} in the log`),
    });
    // What was taken before still serves.
    expect(currentFile(other.data)).toBeDefined();
    other.remove();
  });

  it('is not made over another file, before anything was signed, or of read models that are not of what was signed', async () => {
    const other = fresh();
    await expect(makeSnapshotOf(other.configuration, join(other.directory, 'out.db'))).rejects.toMatchObject({ fault: 'not-ready' });
    await takeSnapshotInto(other.configuration, snapshot);
    const file = openDatabase(currentFile(other.data)!, { mode: 'read-write' });
    file.exec('UPDATE log SET leaf = randomblob(32) WHERE record = 260');
    file.close();
    await expect(makeSnapshotOf(other.configuration, join(other.directory, 'out.db'))).rejects.toMatchObject({ fault: 'altered' });
    expect(readdirSync(other.directory).filter((name) => name.startsWith('out'))).toEqual([]);
    const store = await SqliteEventStore.open({ directory: other.data, mode: 'writer' });
    await store.bookkeeping.write(LEDGER_KEY, 'nothing that a key signed\n');
    await store.close();
    await expect(makeSnapshotOf(other.configuration, join(other.directory, 'out.db'))).rejects.toMatchObject({ fault: 'not-signed' });
    other.remove();
  });
});

it('of which the copy fails leaves nothing of the register behind', async () => {
  const other = place.copy();
  writeFileSync(currentFile(other.data)!, 'no database at all, but as long as a header of one would be: '.repeat(20));
  await expect(makeSnapshotOf(other.configuration, join(other.directory, 'out.db'))).rejects.toThrow();
  expect(readdirSync(other.directory).filter((name) => name.startsWith('out.db'))).toEqual([]);
  other.remove();
});

it('plenary snapshot writes one and takes it in', async () => {
  const other = fresh();
  const env = (of: Place) => ({ PLENARY_DATA: of.data, PLENARY_KEYS: of.keys, PLENARY_SIGNER_DIR: of.signer });
  const file = join(other.directory, 'made.db');
  expect(await runPlenary(['snapshot', '--to', file], env(place))).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`as of record ${madeAt + 2}`),
  });
  expect(await runPlenary(['snapshot', '--to', file], env(place))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('is there already'),
  });
  expect(await runPlenary(['snapshot', '--from', file], env(other))).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`${madeAt + 2} records from the snapshot, 0 more`),
  });
  expect(await runPlenary(['snapshot', '--from', join(other.data, 'log.db')], env(other))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('is no snapshot'),
  });
  expect(await runPlenary(['replay', '--check'], env(other))).toMatchObject({ status: 0 });
  expect(await runPlenary(['snapshot'], env(other))).toMatchObject({ status: 2 });
  other.remove();
});
