// A server that is stopped, killed, or started on what it cannot use. The long forms are in test/faults.
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase } from '#sqlite';
import type { Directories } from '../support/append-events.js';
import { failingStart, Server, temporaryDirectory } from '../support/server.js';
import { until } from '../support/until.js';
import { beginPost, killRepeatedly, openTable, readHistory, remarkOf, untilRefused, type Table } from '../support/server-faults.js';

const LIMIT_MS = 120_000;
/** A connection that is kept would be closed after 72 s. */
const LIMIT_OF_STOPPING_MS = 60_000;
let template: Directories & { recorded: Recorded };
let directory: string;
let directories: Directories;
let server: Server | undefined;

beforeEach(() => {
  directory = temporaryDirectory();
  directories = { data: join(directory, 'data'), keys: join(directory, 'keys') };
});
afterEach(async () => {
  await server?.kill();
  server = undefined;
  rmSync(directory, { recursive: true });
});

type Recorded = Table & { remark: string };

beforeAll(async () => {
  const parent = temporaryDirectory();
  const places = { data: join(parent, 'data'), keys: join(parent, 'keys') };
  const first = await Server.start(places);
  const table = await openTable(first);
  const remark = await first.make(`/meetings/${table.meeting}/remarks`, table.token, remarkOf(table, 'Recorded before'));
  expect(await first.stop()).toBe(0);
  template = { ...places, recorded: { ...table, remark } };
}, LIMIT_MS);
afterAll(() => rmSync(join(template.data, '..'), { recursive: true }));

/** A history with a meeting and a remark, of a server that was stopped. */
function recordSomething(): Recorded {
  cpSync(template.data, directories.data, { recursive: true });
  cpSync(template.keys, directories.keys, { recursive: true });
  return template.recorded;
}

describe('SIGTERM', () => {
  it(
    'finishes what is in flight, stores it, and ends with status 0',
    async () => {
      server = await Server.start(directories);
      const table = await openTable(server);
      const inFlight = await beginPost(server, `/meetings/${table.meeting}/remarks`, table.token, remarkOf(table, 'In flight'));
      server.signal('SIGTERM');
      await untilRefused(server.address);
      const { status, body } = await inFlight.finish();
      expect(status).toBe(201);
      expect(await server.ended).toBe(0);
      expect((await readHistory(directories)).wrong).toEqual([]);
      server = await Server.start(directories);
      expect((await server.get(`/remarks/${body.id}`, table.token)).body).toMatchObject({ text: { text: 'In flight' } });
    },
    LIMIT_OF_STOPPING_MS,
  );

  it(
    'does not wait for a connection that never sent a request',
    async () => {
      server = await Server.start(directories);
      const { hostname, port } = new URL(server.address);
      const silent = connect(Number(port), hostname).on('error', () => undefined);
      await once(silent, 'connect');
      // It was accepted before this one was answered.
      expect((await server.get('/health')).status).toBe(200);
      expect(await server.stop()).toBe(0);
      silent.destroy();
    },
    LIMIT_OF_STOPPING_MS,
  );
});

describe('SIGKILL under load', () => {
  it(
    'loses nothing that was acknowledged, and doubles nothing that is sent again',
    async () => {
      const { wrong, acknowledged, stored } = await killRepeatedly(directories, 3);
      expect(wrong).toEqual([]);
      expect(stored).toEqual(acknowledged);
      expect(acknowledged.length).toBeGreaterThan(60);
    },
    LIMIT_MS,
  );
});

describe('a start', () => {
  it(
    'on a directory that another process holds is refused, and says where that one listens',
    async () => {
      server = await Server.start(directories);
      const { status, output } = await failingStart(directories);
      expect(status).toBe(1);
      expect(output).toBe(`plenary serve: another process holds ${directories.data}; it listens at ${server.address}\n`);
      expect((await server.get('/health')).status).toBe(200);
    },
    LIMIT_MS,
  );

  it.each<[string, (data: string) => void, RegExp]>([
    [
      'that is a text',
      (file) => writeFileSync(file, 'These are the minutes of the meeting, and no database at all.\n'.repeat(200)),
      /log\.db is not a database/,
    ],
    [
      'that is another database',
      (file) => {
        const database = openDatabase(file, { mode: 'read-write' });
        database.exec('CREATE TABLE minutes (text)');
        database.close();
      },
      /log\.db is a database of another application, not a Plenary log/,
    ],
    ['that is a directory', (file) => mkdirSync(file), /log\.db cannot be opened/],
  ])(
    'on a log file %s is refused, and names it',
    async (_, make, says) => {
      mkdirSync(directories.data);
      make(join(directories.data, 'log.db'));
      const { status, output } = await failingStart(directories);
      expect(status).toBe(1);
      expect(output).toMatch(says);
      expect(output).toContain(directories.data);
      expect(output).not.toMatch(/^\s+at /m);
    },
    LIMIT_MS,
  );

  it(
    'on a log that is cut short is refused, and names it',
    async () => {
      recordSomething();
      truncateSync(join(directories.data, 'log.db'), 6000);
      for (const file of ['log.db-wal', 'log.db-shm']) rmSync(join(directories.data, file), { force: true });
      const { status, output } = await failingStart(directories);
      expect(status).toBe(1);
      expect(output).toMatch(/log\.db .*(damaged|not a database)/);
    },
    LIMIT_MS,
  );

  it(
    'without its keys, or with those of another installation, is refused, and says what to bring',
    async () => {
      recordSomething();
      const missing = await failingStart({ ...directories, keys: join(directory, 'nowhere') });
      expect([missing.status, missing.output]).toEqual([
        1,
        expect.stringMatching(/writer\.key and digest\.key is missing in .*nowhere: bring the keys of this installation/),
      ]);
      const other = { data: join(directory, 'other'), keys: join(directory, 'other-keys') };
      server = await Server.start(other);
      await server.stop();
      const foreign = await failingStart({ ...directories, keys: other.keys });
      expect([foreign.status, foreign.output]).toEqual([
        1,
        expect.stringMatching(/record 1 was not sealed with the writer key in .*other-keys/),
      ]);
      for (const file of ['digest.key', 'signing.key']) {
        const kept = readFileSync(join(directories.keys, file));
        cpSync(join(other.keys, file), join(directories.keys, file));
        const mixed = await failingStart(directories);
        expect([mixed.status, mixed.output]).toEqual([
          1,
          expect.stringContaining(`plenary serve: ${file} in ${directories.keys} is not the`),
        ]);
        writeFileSync(join(directories.keys, file), kept);
      }
    },
    LIMIT_MS,
  );

  it(
    'without the signing key serves, and says that it does not sign',
    async () => {
      recordSomething();
      rmSync(join(directories.keys, 'signing.key'));
      server = await Server.start(directories);
      await until(
        async () =>
          (await server!.get('/health')).status === 200 &&
          server!.output.includes('There is no signing.key in PLENARY_KEYS: this node signs no checkpoints.'),
      );
      expect((await server.get('/health')).body).toMatchObject({ status: 'ready', signer: 'elsewhere: this node has no signing key' });
    },
    LIMIT_MS,
  );

  it(
    'with a setting that is none is refused, and names it',
    async () => {
      const { status, output } = await failingStart({ ...directories, env: { PORT: '99999' } });
      expect(status).toBe(1);
      expect(output).toMatch(/PORT is "99999"; it must be a whole number from 0 to 65535/);
      expect(existsSync(directories.data)).toBe(false);
    },
    LIMIT_MS,
  );
});

const readModelsOf = ({ data }: Directories): string => join(data, 'read-models');
const filesOf = (directories: Directories): string[] =>
  readdirSync(readModelsOf(directories)).map((name) => join(readModelsOf(directories), name));

describe('read models', () => {
  it.each<[string, (directories: Directories) => void]>([
    ['were deleted', (directories) => rmSync(readModelsOf(directories), { recursive: true })],
    [
      'were deleted but for the pointer',
      (directories) =>
        filesOf(directories)
          .filter((file) => file.includes('.db'))
          .forEach((file) => rmSync(file)),
    ],
    [
      'are no database',
      (directories) =>
        filesOf(directories)
          .filter((file) => file.endsWith('.db'))
          .forEach((file) => writeFileSync(file, 'no database'.repeat(1000))),
    ],
    [
      'were cut short',
      (directories) =>
        filesOf(directories)
          .filter((file) => file.endsWith('.db'))
          .forEach((file) => truncateSync(file, 8192)),
    ],
    [
      'are named by a pointer that is none',
      (directories) => writeFileSync(join(readModelsOf(directories), 'current'), '../../etc/passwd\n'),
    ],
  ])(
    'that %s while the server was down are built anew at its start',
    async (_, damage) => {
      const { token, remark, meeting } = recordSomething();
      damage(directories);
      server = await Server.start(directories);
      const answered = await server.get(`/remarks/${remark}`, token);
      expect([answered.status, answered.body]).toEqual([200, expect.objectContaining({ text: { lang: 'en', text: 'Recorded before' } })]);
      expect((await server.get(`/meetings/${meeting}/remarks`, token)).body.items).toHaveLength(1);
      expect((await server.get('/health')).body).toMatchObject({ status: 'ready', lag: 0 });
    },
    LIMIT_MS,
  );
});

describe('an event that was altered in the file', () => {
  it(
    'stops the projection, which says which record; reads go on, commands do not',
    async () => {
      const { token, person, meeting, remark } = recordSomething();
      rmSync(readModelsOf(directories), { recursive: true });
      const database = openDatabase(join(directories.data, 'log.db'), { mode: 'read-write' });
      const { record } = database.prepare<{ record: number }>(`SELECT max(record) AS record FROM events WHERE type = 'remark-made'`).get()!;
      database.prepare(`UPDATE events SET data = replace(data, 'statement', 'ruling') WHERE record = ?`).run(record);
      database.close();
      server = await Server.start(directories);
      await until(async () => (await server!.get('/health')).status === 503);
      const health = (await server.get('/health')).body;
      expect(health).toMatchObject({
        status: 'degraded',
        store: 'ok',
        projected: record - 1,
        projection: expect.stringMatching(new RegExp(`record ${record}\\b.*do not hash to its leaf`)) as unknown,
      });
      expect((await server.get(`/persons/${person}`, token)).status).toBe(200);
      expect((await server.get(`/remarks/${remark}`, token)).status).toBe(404);
      const refused = await server.api('POST', '/persons', { token, body: { name: [{ lang: 'en', text: 'Nobody' }] } });
      expect([refused.status, refused.body.type, refused.body.detail]).toEqual([
        503,
        'https://plenary.invalid/problems/projection-stopped',
        health['projection'],
      ]);
      expect((await server.get(`/meetings/${meeting}`, token)).status).toBe(200);
    },
    LIMIT_MS,
  );
});

describe('too many requests', () => {
  it(
    'of one subject are refused for a second, and say so; of others they are not',
    async () => {
      server = await Server.start({ ...directories, env: { PLENARY_RATE_LIMIT: '20' } });
      const { admin } = server;
      const answers = await Promise.all(Array.from({ length: 60 }, () => server!.get('/bodies', admin)));
      const refused = answers.find(({ status }) => status === 429)!;
      expect(refused.body).toMatchObject({ type: 'https://plenary.invalid/problems/too-many-requests', detail: 'Wait 1 s.' });
      expect(refused.headers.get('retry-after')).toBe('1');
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
      expect((await server.get('/health')).status).toBe(200);
    },
    LIMIT_MS,
  );
});
