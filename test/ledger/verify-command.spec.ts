// `plenary verify`, as an auditor gives it: what it asks of a server and of a directory, what it says, and with which status it ends.
import { createServer, type Server as HttpServer } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { LOG_FILE } from '#event-store';
import { parseCheckpoint } from '#ledger/core';
import type { Verdict } from '#ledger/verify';
import { openDatabase } from '#sqlite';
import { readArguments } from '../../apps/cli/src/command-line.js';
import { verifyCommand } from '../../apps/cli/src/verify-command.js';
import { BUILT, runPlenary, shell } from '../support/plenary.js';
import { call, tell, type Place, type Told } from './support/lost-tail.js';
import { logKey, newKey } from './support/ledger-history.js';
import { history, wholeBundle } from './support/meeting-bundles.js';

const LIMIT_MS = 120_000;
const directory = mkdtempSync(join(tmpdir(), 'plenary-verify-'));
const file = (name: string): string => join(directory, name);
const key = ['--key', logKey.verifierKey];
beforeAll(async () => {
  writeFileSync(file('bundle'), `${(await wholeBundle()).join('\n')}\n`);
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Said {
  status: number;
  printed: string;
  told: string;
}

/** As a shell is given it. */
const commandOf = (args: readonly string[]): string =>
  ['node', BUILT, 'verify', ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');

/** Up to what `main.ts` does with misuse. */
async function verify(args: readonly string[], env: Record<string, string> = {}): Promise<Said> {
  const said: Said = { status: -1, printed: '', told: '' };
  const terminal = {
    print: (line = '') => void (said.printed += `${line}\n`),
    tell: (line: string) => void (said.told += `${line}\n`),
    progress: () => undefined,
    settle: () => undefined,
    write: () => Promise.resolve(),
    isLost: false,
    columns: 100,
  };
  said.status = await verifyCommand.run({ ...readArguments(verifyCommand, args), env, terminal });
  return said;
}
const verdictOf = async (args: readonly string[], env?: Record<string, string>): Promise<Verdict> =>
  JSON.parse((await verify([...args, '--json'], env)).printed) as Verdict;

describe('a status', () => {
  it.each([
    [[], 'name one bundle'],
    [['bundle', '--nonsense'], 'Unknown option'],
    [['bundle', '--max-age', 'soon'], '--max-age is "soon"; it must be written 90s, 15m, 24h or 7d'],
    [['--url', 'http://127.0.0.1:9'], 'PLENARY_TOKEN'],
  ])(
    'of a verification that could not run is never that of a verdict: %j',
    async (args, says) => {
      const { status, stdout, stderr } = await runPlenary(['verify', ...args, '--json'], {});
      expect([status, stderr]).toEqual([3, expect.stringContaining(says)]);
      expect(JSON.parse(stdout)).toMatchObject({ status: 3, couldNotRun: expect.stringContaining(says) as never });
      expect(await runPlenary(['verify', ...args], {})).toMatchObject({ status: 3, stdout: '' });
    },
    LIMIT_MS,
  );

  it('says that what is to be kept was not written, and the verdict is printed all the same', async () => {
    const kept = await verify([file('bundle'), ...key, '--keep', file('kept')]);
    expect([kept.status, readFileSync(file('kept'), 'utf8')]).toEqual([0, history.note()]);
    const lost = await verify([file('bundle'), ...key, '--keep', file('nowhere/kept')]);
    expect(lost).toMatchObject({ status: 3, told: expect.stringContaining('the checkpoint to keep was not written') as never });
    expect(lost.printed).toMatch(/^PROVEN/);
  });

  it(
    'of what the auditor brought and cannot be used is not that of manipulation, also where there is no bundle',
    async () => {
      const nowhere = file('no-bundle');
      writeFileSync(file('policy'), 'quorum\n');
      for (const args of [
        ['--key', 'nonsense'],
        [...key, '--witness', 'nonsense'],
        ['--policy', file('policy')],
      ]) {
        const { status, stdout, stderr } = await runPlenary(['verify', nowhere, ...args], {});
        expect([status, stdout, stderr]).toEqual([3, expect.stringContaining('NOT VERIFIED'), '']);
        const forPrograms = await runPlenary(['verify', nowhere, ...args, '--json'], {});
        expect([forPrograms.status, JSON.parse(forPrograms.stdout)]).toEqual([3, expect.objectContaining({ status: 3 })]);
      }
    },
    LIMIT_MS,
  );

  it(
    'is that of no verdict where the verdict cannot be written, and the verdict’s own where its reader had enough',
    async () => {
      writeFileSync(file('altered'), readFileSync(file('bundle'), 'utf8').replace(/"leaves":(\d+)/, '"leaves":1$1'));
      for (const json of [[], ['--json']]) {
        const given = [file('bundle'), ...key, ...json];
        const full = await shell(`${commandOf(given)} >/dev/full`, {});
        expect(full).toMatchObject({ status: 3, stderr: expect.stringMatching(/^plenary: .*could be written: ENOSPC.*\n$/) as never });
        expect(await shell(`${commandOf(given)} | true`, {})).toMatchObject({ status: 0, stderr: '' });
        expect(await shell(`${commandOf([file('altered'), ...key, ...json])} | true`, {})).toMatchObject({ status: 1, stderr: '' });
      }
      expect(await shell(`${commandOf([file('bundle'), ...key])} 2>/dev/full`, {})).toMatchObject({ status: 0 });
      expect(await shell(`${commandOf(['--nonsense'])} 2>/dev/full`, {})).toMatchObject({ status: 3 });
    },
    LIMIT_MS,
  );

  it('is that of the age that is allowed, in its units', async () => {
    for (const age of ['24h', '7d', '90s', '3600']) expect((await verify([file('bundle'), ...key, '--max-age', age])).status).toBe(2);
    expect((await verify([file('bundle'), ...key, '--max-age', '90000d'])).status).toBe(0);
  });
});

it('what a witness printed is taken with --cosigned', async () => {
  const witness = newKey('w.example/1');
  const text = history.note().slice(0, history.note().indexOf('\n\n') + 1);
  writeFileSync(
    file('cosigned'),
    `${history.note()}\u2014 ${witness.key.name} ${Buffer.concat([Buffer.from(witness.cosigner.id, 'hex'), witness.cosign(text, 5).signature]).toString('base64')}\n`,
  );
  const asked = [file('bundle'), ...key, '--witness', witness.cosignerKey];
  expect((await verify(asked)).status).toBe(2);
  expect((await verify([...asked, '--cosigned', file('cosigned')])).printed).toContain('Custody:       proven');
  expect(await verify([...asked, '--cosigned', file('nothing')])).toMatchObject({
    status: 3,
    printed: expect.stringContaining('--cosigned: ENOENT') as never,
  });
});

describe('a server', () => {
  let serving: HttpServer | undefined;
  afterEach(() => void serving?.close());

  async function servingHistory(answers: Record<string, string>): Promise<string> {
    serving = createServer(({ url }, response) => {
      const answer = answers[url!];
      response.writeHead(answer === undefined ? 404 : 200).end(answer);
    });
    await new Promise<void>((resolve) => serving!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(serving.address() as AddressInfo).port}`;
  }
  const secondOf = (index: number): number => Date.parse(history.events[index]!.recordedAt) / 1000;
  const published = (each: number): string => {
    const notes = Array.from({ length: 600 / each }, (_, at) =>
      history.note((at + 1) * each, logKey, Math.ceil(secondOf((at + 1) * each - 1)) + 5),
    );
    return notes.map((note) => `${JSON.stringify({ note })}\n`).join('');
  };

  it('is held to the 60 s within which each record is to be covered', async () => {
    const bundle = readFileSync(file('bundle'), 'utf8');
    const verified = async (checkpoints?: string): Promise<Verdict> =>
      verdictOf(
        [
          '--url',
          await servingHistory({ '/api/v1/export': bundle, ...(checkpoints !== undefined && { '/api/v1/log/checkpoints': checkpoints }) }),
          ...key,
        ],
        { PLENARY_TOKEN: 'token' },
      );
    expect(await verified(published(30))).toMatchObject({ status: 0, longestUncoveredSeconds: 34 });
    serving!.close();
    expect(await verified(published(300))).toMatchObject({ status: 2, findings: [{ code: 'covered-late' }] });
    serving!.close();
    expect(await verified()).toMatchObject({
      status: 3,
      couldNotRun: expect.stringContaining('answered /log/checkpoints with status 404') as never,
    });
  });

  it(
    'that does not answer is named',
    async () => {
      const address = await servingHistory({});
      await new Promise((resolve) => serving!.close(resolve));
      const { status, stdout } = await runPlenary(['verify', '--url', address, ...key], { PLENARY_TOKEN: 'token' });
      expect([status, stdout]).toEqual([3, expect.stringContaining(`${address} does not answer: connect ECONNREFUSED`)]);
    },
    LIMIT_MS,
  );
});

describe('a history', () => {
  let told: Told;
  let place: Place;
  let logKeyOf: string;
  beforeAll(async () => {
    told = await tell();
    logKeyOf = (JSON.parse((await told.whole.events())[0]!.data) as { verifierKey: string }).verifierKey;
  }, LIMIT_MS);
  afterAll(() => told.whole.remove());

  const verifyDirectory = (): Promise<Verdict> =>
    verdictOf(['--data', place.data, '--key', logKeyOf], { PLENARY_SIGNER_DIR: place.signer });
  function altered(...statements: string[]): void {
    place = told.whole.copy();
    const database = openDatabase(join(place.data, LOG_FILE), { mode: 'read-write' });
    for (const sql of statements) database.prepare(sql).run();
    database.close();
  }
  afterEach(() => place.remove());

  it(
    'that lost a record in its midst is judged, and the first wrong record named',
    async () => {
      altered('DELETE FROM events WHERE record = 9');
      expect(await verifyDirectory()).toMatchObject({
        status: 1,
        integrity: 'broken',
        completeness: 'not-proven',
        firstWrongRecord: 9,
        findings: [{ code: 'record-missing', record: 9 }],
      });
      place.remove();
      altered('DELETE FROM events WHERE record = 9', "UPDATE events SET type = 'altered' WHERE record = 4");
      expect(await verifyDirectory()).toMatchObject({ status: 1, firstWrongRecord: 4 });
      place.remove();
      altered('DELETE FROM events WHERE record = 1');
      expect(await verifyDirectory()).toMatchObject({ status: 1, firstWrongRecord: 1 });
      place.remove();
      altered('PRAGMA foreign_keys = OFF', "DELETE FROM streams WHERE name LIKE 'meeting-%'");
      expect(await verifyDirectory()).toMatchObject({
        status: 1,
        integrity: 'broken',
        findings: [{ code: 'record-missing', message: expect.stringContaining('an event lies in a stream that does not exist') as never }],
      });
    },
    LIMIT_MS,
  );

  it(
    'that lost a record in its midst is judged as its server gives it out, and the record named',
    async () => {
      for (const [record, ...statements] of [
        [9, 'DELETE FROM events WHERE record = 9'],
        [8, 'DELETE FROM events WHERE record BETWEEN 8 AND 9', 'DELETE FROM events WHERE record = 12'],
      ] as [number, ...string[]][]) {
        altered(...statements);
        const serving = await place.serve();
        const { auditor } = told.tokens;
        const [file, part] = [join(place.directory, 'exported'), join(place.directory, 'part')];
        try {
          expect(await verdictOf(['--url', serving.address, '--key', logKeyOf], { PLENARY_TOKEN: auditor })).toMatchObject({
            status: 1,
            integrity: 'broken',
            completeness: 'not-proven',
            firstWrongRecord: record,
            findings: [{ code: 'out-of-order', message: expect.stringContaining(`record ${record} was due`) as never }],
          });
          const exported = await runPlenary(['export', '--url', serving.address, '--out', file], { PLENARY_TOKEN: auditor });
          expect([exported.status, exported.stderr]).toEqual([1, expect.stringContaining('does not give every record')]);
          expect(await verdictOf([file, '--key', logKeyOf])).toMatchObject({ status: 1, firstWrongRecord: record });
          expect(readFileSync(file, 'utf8').trimEnd().split('\n').at(-1)).toMatch(/^\{"kind":"(event|fact)"/);
          const selected = ['export', '--url', serving.address, '--selection', '--of', 'meeting', '--id', told.ids.meeting, '--out', part];
          expect(await runPlenary(selected, { PLENARY_TOKEN: auditor })).toMatchObject({ status: 1 });
          // What is missing may have been the last of it.
          const ofPart = await verdictOf([part, '--key', logKeyOf]);
          expect([ofPart.status, ofPart.findings.map(({ code }) => code)]).toEqual([2, expect.arrayContaining(['broken-off'])]);
          expect(ofPart.counted.events).toBeGreaterThan(0);
        } finally {
          await serving.stop();
          place.remove();
        }
      }
    },
    LIMIT_MS,
  );

  it(
    'of which the last record cannot be read is given out without an end, also in part',
    async () => {
      place = told.whole.copy();
      const serving = await place.serve();
      try {
        // A start would look at it.
        const log = openDatabase(join(place.data, LOG_FILE), { mode: 'read-write' });
        log.exec('UPDATE events SET stream_key = 1000000 WHERE record = (SELECT max(record) FROM events)');
        log.close();
        for (const query of ['', `?of=meeting&id=${told.ids.meeting}`, `?of=meeting&id=${told.ids.meeting}&complete=false`]) {
          const response = await fetch(`${serving.address}/api/v1/export${query}`, {
            headers: { authorization: `Bearer ${told.tokens.auditor}` },
          });
          expect([query, (await response.text()).includes('{"kind":"end"')]).toEqual([query, false]);
        }
        expect(await verdictOf(['--url', serving.address, '--key', logKeyOf], { PLENARY_TOKEN: told.tokens.auditor })).toMatchObject({
          status: 2,
          findings: expect.arrayContaining([
            expect.objectContaining({ code: 'broken-off', message: expect.stringContaining(`record ${told.size - 1}:`) as never }),
          ]) as never,
        });
      } finally {
        await serving.stop();
      }
    },
    LIMIT_MS,
  );

  it.each(['verify', 'backup'])(
    'of which the bookkeeping is somebody’s own steers no terminal, and prints no verdict of its own: %s',
    async (verb) => {
      altered(`INSERT INTO bookkeeping VALUES ('plenary-move', 'x' || char(27) || '[2J' || char(10) || 'PROVEN' || char(8238, 155))`);
      const args =
        verb === 'verify' ? ['verify', '--data', place.data, '--key', logKeyOf] : ['backup', '--to', join(place.directory, 'copy')];
      const { status, stdout, stderr } = await runPlenary(args, {
        PLENARY_DATA: place.data,
        PLENARY_KEYS: place.keys,
        PLENARY_SIGNER_DIR: place.signer,
      });
      expect(status).not.toBe(0);
      expect(stdout + stderr).toContain('[2J');
      // eslint-disable-next-line no-control-regex
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]|^PROVEN/m);
    },
    LIMIT_MS,
  );

  it.each([
    ['no JSON any more', "'{'"],
    ['without what every event has', "'{}'"],
    ['nested without end', `'${'['.repeat(100_000)}${']'.repeat(100_000)}'`],
  ])(
    'of which a record is %s is judged, and the record named',
    async (_, text) => {
      for (const column of ['data', 'meta']) {
        altered(`UPDATE events SET ${column} = ${text} WHERE record = 9`);
        expect(await verifyDirectory()).toMatchObject({ status: 1, firstWrongRecord: 9 });
        place.remove();
      }
      // One from which the changes of keys are read, before anything else is.
      altered(`UPDATE events SET type = 'signing-key-changed', data = ${text} WHERE record = 1`);
      expect(await verifyDirectory()).toMatchObject({ status: 1, firstWrongRecord: 1 });
    },
    LIMIT_MS,
  );

  it(
    'is exported of what is recorded alone, and its published checkpoints are told to auditors',
    async () => {
      place = told.whole.copy();
      const serving = await place.serve();
      try {
        const { auditor, secretariat } = told.tokens;
        const get = (path: string, token = auditor) => call(serving, token, 'GET', path);
        const getLines = async (path: string): Promise<string[]> => {
          const response = await fetch(`${serving.address}/api/v1${path}`, { headers: { authorization: `Bearer ${auditor}` } });
          return response.ok ? (await response.text()).trimEnd().split('\n') : [];
        };
        expect((await getLines(`/export?of=meeting&id=${told.ids.meeting}`))[0]).toContain(told.ids.meeting);
        for (const path of [
          'of=decision&id=00000000-0000-4000-8000-000000000000',
          `of=decision&id=${told.ids.meeting}`,
          `of=meeting&id=${told.ids.person}&complete=false`,
        ]) {
          const { status, body } = await get(`/export?${path}`);
          expect([status, body.type, body.detail]).toEqual([
            404,
            expect.stringMatching(/not-found$/),
            expect.stringContaining('there is no'),
          ]);
        }
        const notes = (await getLines('/log/checkpoints')).map((line) => (JSON.parse(line) as { note: string }).note);
        const sizes = notes.map((note) => parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1)).size);
        expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
        expect(sizes).toEqual(expect.arrayContaining([told.before, told.earlierSize, told.size]));
        expect((await get('/log/checkpoints', secretariat)).status).toBe(403);
        const verdict = await verdictOf(['--url', serving.address, '--key', logKeyOf], { PLENARY_TOKEN: auditor });
        expect(verdict).toMatchObject({ integrity: 'proven', longestUncoveredSeconds: expect.any(Number) as never });
      } finally {
        await serving.stop();
      }
    },
    LIMIT_MS,
  );
});
