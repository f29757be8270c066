// The disk of the server is full, or cannot be written: reads go on, commands are refused with the cause, and health says so.
// Run: node --experimental-vm-modules node_modules/jest/bin/jest.js --testRegex 'server-disk\.faults-spec\.ts$'
// Needs the right to mount: elsewhere nothing is tested here, and it says so.
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Directories } from '../support/append-events.js';
import { freePort } from '../support/free-port.js';
import { failingStart, Server, temporaryDirectory, type Answer } from '../support/server.js';
import { plenary } from '../support/plenary.js';
import { until } from '../support/until.js';
import {
  mayMount,
  mountDiskWithoutNames,
  mountReadOnly,
  mountSmallDisk,
  openTable,
  readHistory,
  remarkOf,
  unmount,
  type Table,
} from '../support/server-faults.js';

const LIMIT_MS = 180_000;
let directory: string;
let directories: Directories;
let server: Server | undefined;
let mounted: string | undefined;

beforeEach(() => {
  directory = temporaryDirectory();
  directories = { data: join(directory, 'data'), keys: join(directory, 'keys') };
});
afterEach(async () => {
  await server?.kill();
  server = undefined;
  if (mounted !== undefined) unmount(mounted);
  mounted = undefined;
  rmSync(directory, { recursive: true });
});

const ballast = (disk = directories.data): string => join(disk, 'ballast');

/** Leaves no room. */
function fillDisk(disk = directories.data): void {
  const file = openSync(ballast(disk), 'a');
  for (let size = 1 << 20; size >= 1; size >>= 2) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
}

const post = (table: Table, words: string): Promise<Answer> =>
  server!.api('POST', `/meetings/${table.meeting}/remarks`, { token: table.token, body: remarkOf(table, words) });

function expectRefusal({ status, headers, body }: Answer): void {
  expect([503, expect.stringMatching(/\/(store-unavailable|projection-stopped)$/)]).toEqual([status, body.type]);
  expect(body.detail).toMatch(/full/);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
}

/** Tests that mount are made where that is allowed, and elsewhere are not there. */
function testsOfDisks(): void {
  it(
    'that is full: commands are refused with the cause, reads go on, and all is well again once there is room',
    async () => {
      mountSmallDisk((mounted = directories.data), 24);
      server = await Server.start(directories);
      const table = await openTable(server);
      const acknowledged: string[] = [];
      const record = async (): Promise<Answer> => {
        const answer = await post(table, `Remark ${acknowledged.length} `.repeat(3000));
        if (answer.status === 201) acknowledged.push(answer.body.id);
        return answer;
      };
      const asOfTheFirst = { 'plenary-position': (await record()).headers.get('plenary-position')! };
      const readFirst = async (path: string): Promise<number> => (await server!.get(path, server!.admin, asOfTheFirst)).status;
      expect(await readFirst(`/remarks/${acknowledged[0]}`)).toBe(200);
      fillDisk();
      let refused = await record();
      while (refused.status === 201) refused = await record();
      expectRefusal(refused);
      const health = await server.get('/health');
      expect([health.status, JSON.stringify(health.body)]).toEqual([503, expect.stringMatching(/full/)]);
      expect((await server.get('/health/live')).status).toBe(200);
      // Not as of the last one: the register, on the same disk, may have found no room for what the log took.
      expect(await readFirst(`/remarks/${acknowledged[0]}`)).toBe(200);
      expect(await readFirst(`/meetings/${table.meeting}`)).toBe(200);
      rmSync(ballast());
      await until(async () => (await record()).status === 201);
      await until(async () => (await server!.get('/health')).status === 200);
      for (const id of acknowledged) expect((await server.get(`/remarks/${id}`, table.token)).status).toBe(200);
      expect(await server.stop()).toBe(0);
      server = undefined;
      const { wrong, events } = await readHistory(directories);
      expect(wrong).toEqual([]);
      expect(events.filter(({ type }) => type === 'remark-made')).toHaveLength(acknowledged.length);
    },
    LIMIT_MS,
  );

  it(
    'that is full at a start without read models: health says so, and the start goes on once there is room',
    async () => {
      const folder = join(directories.data, 'read-models');
      mountSmallDisk((mounted = folder), 24);
      fillDisk(folder);
      const port = await freePort();
      const starting = Server.start({ ...directories, env: { PORT: String(port) } });
      const health = (): Promise<Response | undefined> => fetch(`http://127.0.0.1:${port}/api/v1/health`).catch(() => undefined);
      await until(async () => (await health())?.status === 503);
      expect(await (await health())!.text()).toMatch(/full|ENOSPC/);
      rmSync(ballast(folder));
      server = await starting;
      expect((await health())!.status).toBe(200);
      expect(await server.stop()).toBe(0);
      server = undefined;
    },
    LIMIT_MS,
  );

  it(
    'on which not even a directory can be made refuses a backup with the cause',
    async () => {
      const first = await Server.start(directories);
      await first.stop();
      const full = join(directory, 'full');
      mountDiskWithoutNames((mounted = full));
      const to = join(full, 'backups', 'first');
      const refused = await plenary(['backup', '--to', to], { env: { PLENARY_DATA: directories.data, PLENARY_KEYS: directories.keys } });
      expect(refused).toEqual({
        status: 1,
        stdout: '',
        stderr: `plenary backup: ${to} cannot be written: the disk is full\n`,
      });
    },
    LIMIT_MS,
  );

  it(
    'whose folder of the read models cannot be written ends a start that has none',
    async () => {
      const folder = join(directories.data, 'read-models');
      mkdirSync(folder, { recursive: true });
      mountReadOnly((mounted = folder));
      const { status, output } = await failingStart(directories);
      expect([status, output]).toEqual([
        1,
        expect.stringMatching(/the read models in .*read-models, below PLENARY_DATA, cannot be read or written: EROFS/),
      ]);
    },
    LIMIT_MS,
  );

  it(
    'that cannot be written: the server reads, and refuses commands with the cause',
    async () => {
      const first = await Server.start(directories);
      const table = await openTable(first);
      const remark = await first.make(`/meetings/${table.meeting}/remarks`, table.token, remarkOf(table, 'Recorded before'));
      await first.stop();
      mountReadOnly((mounted = directories.data));
      server = await Server.start(directories);
      expect((await server.get(`/remarks/${remark}`, table.token)).body).toMatchObject({ text: { text: 'Recorded before' } });
      const refused = await post(table, 'Never');
      expect([refused.status, refused.body.type]).toEqual([503, 'https://plenary.invalid/problems/store-unavailable']);
      expect(refused.body.detail).toMatch(/open for reading only/);
      const health = await server.get('/health');
      expect([health.status, JSON.stringify(health.body)]).toEqual([503, expect.stringMatching(/read-only/)]);
      expect(await server.stop()).toBe(0);
      server = undefined;
    },
    LIMIT_MS,
  );
}

if (mayMount()) describe('a disk', testsOfDisks);
else {
  describe('a disk', () =>
    it('is not tested here: mounting is not permitted', () =>
      console.warn('server disk: NOT TESTED, since mounting is not permitted here')));
}
