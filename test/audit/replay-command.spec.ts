// `plenary replay`, as an auditor uses it: with the server running, and after it has stopped.
import { cpSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LOG_FILE } from '#event-store';
import { readArguments } from '../../apps/cli/src/command-line.js';
import { replayCommand } from '../../apps/cli/src/replay-command.js';
import { reportCommand } from '../../apps/cli/src/report-command.js';
import { currentFile } from '../../libs/read-models/src/read-models-file.js';
import { openDatabase } from '../../libs/sqlite/src/database.js';
import { runPlenary } from '../support/plenary.js';
import { Server, temporaryDirectory, text } from '../support/server.js';
import { hiddenTerminal } from '../support/terminal.js';
import { playSample, until } from './support/played-sample.js';

const LIMIT_MS = 60_000;
const READ_MODELS = 'read-models';
const HOSTILE = 'To clear\u001b[2J the screen \u202e and \\u{41} to say {} so';

let directory: string;
let env: Record<string, string>;
let server: Server;
let auditor: string;
let decision: string;
let body: string;

beforeAll(async () => {
  directory = temporaryDirectory();
  env = { PLENARY_DATA: join(directory, 'data'), PLENARY_KEYS: join(directory, 'keys') };
  server = await Server.start({ data: env['PLENARY_DATA']!, keys: env['PLENARY_KEYS']! });
  auditor = await server.token('auditor');
  const made = await playSample(server, await server.token('secretariat'));
  await until(async () =>
    (await server.get('/seats', auditor)).body.items.every(({ status }) => status === 'approved') ? true : undefined,
  );
  decision = (await server.get('/decisions', auditor)).body.items[0]!.id;
  body = await server.make('/bodies', server.admin, { kind: 'committee', name: text(HOSTILE.replace('\u001b', '')) });
  expect(made('meeting')).toBeDefined();
}, LIMIT_MS);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function replay(args: readonly string[], token: string | undefined = auditor): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = [];
  const terminal = hiddenTerminal((text) => void lines.push(...text.split('\n')));
  const status = await replayCommand.run({
    ...readArguments(replayCommand, args),
    env: { ...env, ...(token && { PLENARY_TOKEN: token }) },
    terminal,
  });
  return { status, lines };
}

describe('plenary replay', () => {
  it('tells a decision step by step: its record, both times, who, and field by field what changed', async () => {
    const { status, lines } = await replay(['--in', 'decisions', '--id', decision]);
    expect(status).toBe(0);
    const steps = lines.filter((line) => line.startsWith('#')).map((line) => line.split(/ +/)[1]);
    expect(steps.slice(0, 3)).toEqual(['decision-taken', 'seat-allocation-approved', 'seat-allocation-approved']);
    expect(lines[1]).toMatch(/^ {2}happened 2024-04-29, recorded \S+Z by secretariat Test secretariat \([0-9a-f-]{36}\)$/);
    expect(lines).toContain('      title: “Allocation of regional seats for 2024-2025”');
    expect(lines).toContain('      status: proposed → approved');
  });

  it('is one JSON object a line with --json, narrowed by moments and types', async () => {
    const { lines } = await replay([
      '--from',
      '10',
      '--to',
      '60',
      '--types',
      'meeting-scheduled,body-established',
      '--pace',
      '1',
      '--json',
    ]);
    const events = lines.map((line) => (JSON.parse(line) as { event: { record: number; type: string } }).event);
    expect(events.length).toBeGreaterThan(3);
    expect(
      events.every(({ record, type }) => record > 10 && record <= 60 && ['meeting-scheduled', 'body-established'].includes(type)),
    ).toBe(true);
  });

  it('lets no recorded text steer the terminal', async () => {
    const plain = await replay(['--in', 'bodies', '--id', body]);
    expect(plain.lines.join('\n')).toContain('To clear[2J the screen \\u{202e} and \\u{41} to say {} so');
    const { lines } = await replay(['--in', 'bodies', '--id', body, '--json']);
    expect(lines[0]).not.toContain('\u202e');
    expect((JSON.parse(lines[0]!) as { event: { data: { name: { text: string }[] } } }).event.data.name[0]!.text).toBe(
      HOSTILE.replace('\u001b', ''),
    );
  });

  it('shows without a token what the public may read, and what is for admins, as its help says', async () => {
    const { lines } = await replay([], '');
    expect(lines.join('\n')).not.toContain(body);
    expect(lines.join('\n')).toContain('meeting-scheduled');
    expect(lines.join('\n')).toContain('token-issued');
    for (const { details } of [replayCommand, reportCommand])
      expect(details.join('\n')).toContain('Without one it asks as the admin whose token lies in PLENARY_KEYS:');
    await expect(replay(['--in', 'bodies', '--id', body], '')).rejects.toThrow(/was refused: .*\(404 not-found\)/);
  });

  it('says what is wrong with what was asked', async () => {
    await expect(replay(['--from', '100000'])).rejects.toThrow(/422 as-of-beyond-record/);
    await expect(replay(['--in', 'decisions'])).rejects.toThrow('--in and --id go together');
    await expect(replay(['--in', 'decisions', '--id', 'x'])).rejects.toThrow('must be an id');
    await expect(replay(['--check', '--from', '3'])).rejects.toThrow('takes no --from');
  });
});

describe('plenary replay --check', () => {
  const root = async (): Promise<string> => (JSON.parse((await replay(['--check', '--json'])).lines[0]!) as { root: string }).root;

  it('finds that the read models of a running server are what the log makes', async () => {
    const { status, lines } = await replay(['--check']);
    expect({ status, lines }).toEqual({
      status: 0,
      lines: [expect.stringMatching(/^Equal: the log of \d+ records makes exactly what the read models hold\. Merkle root [0-9a-f]{64}$/)],
    });
  });

  it(
    'ends with the status of no answer where there is nothing to compare, and says why',
    async () => {
      const missing = join(directory, 'missing');
      const bare = join(directory, 'bare');
      const damaged = join(directory, 'damaged');
      for (const each of [bare, damaged]) cpSync(env['PLENARY_DATA']!, each, { recursive: true });
      rmSync(join(bare, READ_MODELS), { recursive: true });
      truncateSync(join(damaged, LOG_FILE), 4096);
      rmSync(join(damaged, `${LOG_FILE}-wal`), { force: true });
      for (const [args, data, says] of [
        [[], missing, 'there are no read models in'],
        [[], bare, 'there are no read models in'],
        [[], damaged, 'plenary replay: '],
        [['--from', '3'], env['PLENARY_DATA']!, '--check compares the whole register, and takes no --from'],
      ] as const) {
        const given = { ...env, PLENARY_DATA: data };
        const forPrograms = await runPlenary(['replay', '--check', '--json', ...args], given);
        expect([forPrograms.status, forPrograms.stderr]).toEqual([3, expect.stringContaining(says)]);
        const { couldNotRun } = JSON.parse(forPrograms.stdout) as { couldNotRun: string };
        expect(forPrograms.stderr).toContain(couldNotRun);
        expect(await runPlenary(['replay', '--check', ...args], given)).toMatchObject({ status: 3, stdout: '' });
      }
      expect(await runPlenary(['replay', '--from', '100000'], env)).toMatchObject({ status: 1, stdout: '' });
    },
    LIMIT_MS,
  );

  it(
    'finds the same when none runs, and names what was altered meanwhile',
    async () => {
      const before = await root();
      await server.stop();
      expect(await root()).toBe(before);
      const database = openDatabase(currentFile(env['PLENARY_DATA']!)!, { mode: 'read-write' });
      database.exec(`UPDATE decisions SET outcome = 'rejected' WHERE id = '${decision}'`);
      database.close();
      const { status, lines } = await replay(['--check']);
      expect(status).toBe(1);
      expect(lines[0]).toMatch(
        new RegExp(
          `^Different, compared at record \\d+: table decisions, entity ${decision}, version of record \\d+, column outcome: the read models hold "rejected", the log makes "approved"\\.$`,
        ),
      );
      const json = await replay(['--check', '--json']);
      expect(JSON.parse(json.lines[0]!)).toMatchObject({
        equal: false,
        root: before,
        difference: { table: 'decisions', column: 'outcome', live: 'rejected', rebuilt: 'approved' },
      });
      server = await Server.start({ data: env['PLENARY_DATA']!, keys: env['PLENARY_KEYS']! });
    },
    LIMIT_MS,
  );
});
