// `plenary recover`, as an operator gives it: what it says, and with which status it ends.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { LOG_FILE } from '#event-store';
import { openDatabase } from '#sqlite';
import { makeSnapshotOf } from '../../apps/api/src/ledger/snapshots.js';
import { BUILT, runPlenary, type Ended } from '../support/plenary.js';
import { startedHere } from '../support/started-here.js';
import { until } from '../support/until.js';
import { tell, withOlderCopy, type Place, type Told } from './support/lost-tail.js';

const LIMIT_MS = 120_000;
let told: Told;
let place: Place;
beforeAll(async () => {
  told = await tell();
  place = withOlderCopy(told);
}, LIMIT_MS);
afterAll(() => {
  told.whole.remove();
  place.remove();
});

const plenary = (...args: string[]): Promise<Ended> =>
  runPlenary(args, { PLENARY_DATA: place.data, PLENARY_KEYS: place.keys, PLENARY_SIGNER_DIR: place.signer });
const answered = ['--reason', 'The disk failed', '--authority', 'The secretary general'];

it(
  'says what is missing, and changes nothing',
  async () => {
    expect(await plenary('recover')).toEqual({
      status: 1,
      stdout: '',
      stderr: `plenary recover: the log ends with record ${told.before}, and ${told.size} were signed. Of these, records ${told.before + 1} to ${told.size} are nowhere: bring what holds them with --from, or declare them lost with --declare-lost. Nothing was changed\n`,
    });
  },
  LIMIT_MS,
);

it.each([
  [['--declare-lost'], '--reason is missing'],
  [['--declare-lost', '--reason', 'x'], '--authority is missing'],
  [['--from', '/nowhere'], '--from: there is no /nowhere'],
  [['--from', 'http://127.0.0.1:1'], 'needs the token of an auditor there'],
  [['--from', 'http://user:hidden@127.0.0.1:1', '--token', 'x'], '--from must hold neither names'],
  [['--reopen', 'meeting-x', '--declare-lost', ...answered], '--reopen comes alone'],
  [['--declare-lost', '--reason', 'a\u001b[31mb', '--authority', 'x'], '--reason contains a control character'],
  [['--reopen', 'meeting-x', ...answered, '--lang', 'not a lang!'], 'which is no language tag'],
  [['now'], 'is one argument too many'],
])(
  '%j is misused',
  async (args, says) => {
    const { status, stderr } = await plenary('recover', ...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(says)]);
  },
  LIMIT_MS,
);

it(
  'refuses a snapshot, which holds no records',
  async () => {
    const snapshot = join(place.directory, 'snapshot.db');
    await makeSnapshotOf(told.whole.configuration, snapshot);
    const { status, stderr } = await plenary('recover', '--from', snapshot);
    expect([status, stderr]).toEqual([1, expect.stringContaining('none of the records themselves')]);
  },
  LIMIT_MS,
);

it(
  'names the records of which texts are missing, until a source has them',
  async () => {
    const other = withOlderCopy(told);
    const stripped = join(other.directory, 'stripped.ndjson');
    const lines = readFileSync(told.bundle, 'utf8').trimEnd().split('\n');
    const without = (line: string): string =>
      line.startsWith(`{"kind":"event","index":${told.size - 1},`) ? JSON.stringify({ ...JSON.parse(line), sealed: [] }) : line;
    writeFileSync(stripped, `${lines.map(without).join('\n')}\n`);
    const run = async (...args: string[]): Promise<string> => {
      const env = { PLENARY_DATA: other.data, PLENARY_KEYS: other.keys, PLENARY_SIGNER_DIR: other.signer };
      const { status, stdout, stderr } = await runPlenary(['recover', ...args], env);
      expect([status, stderr]).toEqual([0, '']);
      return stdout;
    };
    expect(await run('--from', stripped)).toContain(`Texts of record ${told.size} are missing, and no removal names them`);
    const still = await run();
    expect(still).toContain(`Texts of record ${told.size} are missing`);
    expect(still).not.toContain('each as it was signed');
    expect(await run('--from', told.bundle)).toBe(`Texts that were missing stand again in record ${told.size}.\n`);
    expect(await run()).toContain('each as it was signed.');
    other.remove();
  },
  LIMIT_MS,
);

it(
  'takes everything from another node that runs',
  async () => {
    const other = withOlderCopy(told);
    const node = await told.whole.serve();
    const run = (token: string) =>
      runPlenary(['recover', '--from', node.address, '--token', token], {
        PLENARY_DATA: other.data,
        PLENARY_KEYS: other.keys,
        PLENARY_SIGNER_DIR: other.signer,
      });
    expect(await run(told.tokens.secretariat)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`Not taken: ${node.address} does not export it, and answered with status 403: “`),
    });
    expect(await run(told.tokens.auditor)).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining(`Put back as they were: records ${told.before + 1} to ${told.size}.`),
    });
    await node.stop();
    expect((await other.events()).map(({ leaf }) => leaf)).toEqual((await told.whole.events()).slice(0, told.size).map(({ leaf }) => leaf));
    other.remove();
  },
  LIMIT_MS,
);

/** Sends half of the history to whoever asks, and then what is said. */
async function halfway(then: (response: ServerResponse) => void): Promise<{ address: string; stop: () => void }> {
  const bundle = readFileSync(told.bundle);
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(bundle.subarray(0, bundle.length / 2), () => then(response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, stop: () => (server.closeAllConnections(), server.close()) };
}

const bytesIn = (directory: string): number =>
  readdirSync(directory, { recursive: true, withFileTypes: true }).reduce(
    (size, each) => size + (each.isFile() ? statSync(join(each.parentPath, each.name)).size : 0),
    0,
  );
const untilSomeArrived = (directory: string): Promise<void> => until(() => Promise.resolve(bytesIn(directory) > 0));

it(
  'names nodes that do not answer, or die while they send, and looks through what else is named',
  async () => {
    const other = withOlderCopy(told);
    const temporary = join(other.directory, 'temporary');
    mkdirSync(temporary);
    // What breaks off at once may be thrown away unread.
    const dying = await halfway((response) => void untilSomeArrived(temporary).then(() => response.destroy()));
    const recover = (...from: string[]) =>
      runPlenary(['recover', ...from.flatMap((each) => ['--from', each]), '--token', told.tokens.auditor], {
        TMPDIR: temporary,
        PLENARY_DATA: other.data,
        PLENARY_KEYS: other.keys,
        PLENARY_SIGNER_DIR: other.signer,
      });
    const nobody = 'http://127.0.0.1:1';
    const failed = await recover(nobody, dying.address);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toContain(`Not taken: ${nobody} does not answer: `);
    expect(failed.stderr).toContain(`Not taken: ${dying.address} broke off in line `);
    expect(await recover(nobody, dying.address, told.bundle)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`Put back as they were: records ${told.before + 1} to ${told.size}.`),
      stderr: expect.stringContaining(`Not taken: ${nobody} does not answer: `),
    });
    dying.stop();
    other.remove();
  },
  LIMIT_MS,
);

it.each(['SIGINT', 'SIGTERM'] as const)(
  'leaves nothing of what another node exported where %s ends it',
  async (signal) => {
    const other = withOlderCopy(told);
    const temporary = join(other.directory, 'temporary');
    mkdirSync(temporary);
    const endless = await halfway(() => undefined);
    const child = startedHere(
      spawn(process.execPath, [BUILT, 'recover', '--from', endless.address, '--token', told.tokens.auditor], {
        env: {
          PATH: process.env['PATH'],
          TMPDIR: temporary,
          PLENARY_DATA: other.data,
          PLENARY_KEYS: other.keys,
          PLENARY_SIGNER_DIR: other.signer,
        },
        stdio: 'ignore',
      }),
    );
    await untilSomeArrived(temporary);
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([null, signal]);
    expect(readdirSync(temporary)).toEqual([]);
    endless.stop();
    other.remove();
  },
  LIMIT_MS,
);

it(
  'takes what is left from another node that runs and lost a record, and the rest from what is named beside it',
  async () => {
    const [other, holed] = [withOlderCopy(told), told.whole.copy()];
    const log = openDatabase(join(holed.data, LOG_FILE), { mode: 'read-write' });
    log.exec(`DELETE FROM events WHERE record = ${told.before + 2}`);
    log.close();
    const node = await holed.serve();
    const recover = (...from: string[]) =>
      runPlenary(['recover', ...from.flatMap((each) => ['--from', each]), '--token', told.tokens.auditor], {
        PLENARY_DATA: other.data,
        PLENARY_KEYS: other.keys,
        PLENARY_SIGNER_DIR: other.signer,
      });
    expect(await recover(node.address)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`record ${told.before + 2} is nowhere; ${node.address} broke off`),
    });
    expect(await recover(node.address, told.bundle)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`Put back as they were: records ${told.before + 1} to ${told.size}.`),
    });
    await node.stop();
    for (const each of [other, holed]) each.remove();
  },
  LIMIT_MS,
);

it(
  'takes what a bundle has and declares the rest lost, lists it, and warns of what it may have taken back',
  async () => {
    const { status, stdout, stderr } = await plenary('recover', '--from', told.earlierBundle, '--declare-lost', ...answered);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(
      `The log of records.example.org/lost ended with record ${told.before}, and ${told.size} were signed. It holds all ${told.size} numbers again`,
    );
    expect(stdout).toContain(`Put back as they were: records ${told.before + 1} to ${told.earlierSize}.`);
    expect(stdout).toContain(`Record ${told.size + 1} says so`);
    expect(stdout).toMatch(new RegExp(`^ {2}${told.earlierSize + 1} {2}person-registered {2}in person-`, 'm'));
    expect(stdout).toContain('Among them is a removal by law');
    expect((await plenary('recover')).stdout).toBe(
      `Nothing to recover: the log of ${told.size + 1} records holds all ${told.size} numbers that were signed. Of records ${told.earlierSize + 1} to ${told.size} only the leaf entries are left: what they said was declared lost.\n`,
    );
  },
  LIMIT_MS,
);

it(
  'reopens a stream by its name',
  async () => {
    const stream = `meeting-${told.ids.meeting}`;
    expect(await plenary('recover', '--reopen', stream, ...answered)).toEqual({
      status: 0,
      stdout: `${stream} takes commands again; the record says why.\n`,
      stderr: '',
    });
    const { status, stderr } = await plenary('recover', '--reopen', 'meeting-x', ...answered);
    expect([status, stderr]).toEqual([1, expect.stringContaining('The record names no event of meeting-x that was lost')]);
  },
  LIMIT_MS,
);

it(
  'is refused where the log lies in a database',
  async () => {
    const env = {
      PLENARY_DATA: place.data,
      PLENARY_KEYS: place.keys,
      PLENARY_SIGNER_DIR: place.signer,
      EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false',
    };
    const { status, stdout, stderr } = await runPlenary(['recover', '--from', told.bundle], env);
    expect([status, stdout, stderr]).toEqual([1, '', expect.stringContaining('EVENTSTORE_URL names a database')]);
  },
  LIMIT_MS,
);

it(
  'tells which texts that were removed by law had come back, and are gone',
  async () => {
    const older = withOlderCopy(told, told.beforeRemoval);
    const { status, stdout } = await runPlenary(['recover', '--from', told.bundle], {
      PLENARY_DATA: older.data,
      PLENARY_KEYS: older.keys,
      PLENARY_SIGNER_DIR: older.signer,
    });
    older.remove();
    expect([status, stdout]).toEqual([
      0,
      expect.stringContaining('1 texts that were removed by law had come back with the older copy, and are gone again'),
    ]);
  },
  LIMIT_MS,
);

it(
  'is refused while a server runs, and names it',
  async () => {
    const serving = await place.serve();
    const { status, stderr } = await plenary('recover');
    await serving.stop();
    expect([status, stderr]).toEqual([1, expect.stringContaining(`a server runs on ${place.data}, at ${serving.address}: stop it first`)]);
  },
  LIMIT_MS,
);
