// `plenary play` as a secretariat uses it: files that are wrong, steps that are refused, plays that are interrupted.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT, plenary, type Ended } from '../support/plenary.js';
import { Server, temporaryDirectory } from '../support/server.js';

const LIMIT_MS = 60_000;
const SAMPLE = join(PACKAGE_ROOT, 'samples/wco-europe-2024.json');
const BOARD = { kind: 'board', name: [{ lang: 'en', text: 'Board' }], audience: { kind: 'public' } };
/** Where nobody listens. */
const NOWHERE = 'http://127.0.0.1:59999';

let directory: string;
let server: Server;
let secretariat: string;
beforeAll(async () => {
  directory = temporaryDirectory();
  server = await Server.start();
  secretariat = await server.token('secretariat');
}, LIMIT_MS);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

function file(content: unknown): string {
  const path = join(directory, 'play.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 1));
  return path;
}

const step = (more: object = {}): object => ({
  as: 'secretariat',
  do: 'POST /persons',
  body: { name: [{ lang: 'en', text: 'Ada' }] },
  ...more,
});
const playOf = (steps: object[], more: object = {}): object => ({ title: 'A play', roles: ['secretariat'], steps, ...more });
const play = (path: string, url = NOWHERE, tokens: string[] = ['secretariat=x']): Promise<Ended> =>
  plenary(['play', path, '--url', url, ...tokens.flatMap((token) => ['--token', token])]);

describe('a file that is wrong', () => {
  it.each<[string, unknown, string]>([
    ['is not JSON', '{"title": "x",\n "roles": [,]}', 'is not JSON: line 2, column 12: a value is expected'],
    ['ends too early', '{"title": "x", "steps": [', 'is not JSON: line 1, column 26: it ends too early'],
    ['is empty', '', 'line 1, column 1: it ends too early'],
    ['names a key twice', '{"title": "x",\n"title": "y"}', 'line 2, column 8: the key "title" is there twice'],
    ['is a list', [], 'line 1: a play is an object with title, roles and steps'],
    ['has no title', { ...playOf([step()]), title: undefined }, 'title is missing'],
    ['has no steps', playOf([]), 'steps must be a list of at least one step'],
    ['has an unknown key', playOf([step()], { step: 1 }), 'line 1: a play has no "step"; known are title, source, roles, steps'],
    ['has a prototype', '{"__proto__": {}, "title": "x", "roles": ["admin"], "steps": [1]}', 'a play has no "__proto__"'],
    ['has an unknown key in a step', playOf([step({ bodi: {} })]), 'line 7: steps[0] has no "bodi"'],
    ['has an unknown role', playOf([step()], { roles: ['clerk'] }), 'roles must list the roles of the steps: admin, secretariat'],
    [
      'has a step of a role that it does not list',
      playOf([step({ as: 'admin' })]),
      "steps[0].as must be one of the file's roles: secretariat",
    ],
    ['asks for what no step may', playOf([step({ do: 'GET /persons' })]), 'steps[0].do must be such as'],
    [
      'refers to nothing',
      playOf([step(), step({ do: 'POST /persons/{ada}/correction' })]),
      'steps[1] refers to {ada}, and no earlier step has that name',
    ],
    ['refers to what comes later', playOf([step({ body: { organisation: '{o}' } }), step({ name: 'o' })]), 'steps[0] refers to {o}'],
    [
      'names two steps alike',
      playOf([step({ name: 'ada' }), step({ name: 'ada' })]),
      'steps[1].name is ada, and so is that of the step on line 7',
    ],
  ])('that %s is told with its line, and nothing is sent', async (_, content, told) => {
    const { status, stdout, stderr } = await play(file(content));
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(told);
  });

  it('is missing', async () => {
    expect(await play(join(directory, 'none.json'))).toMatchObject({
      status: 1,
      stderr: `plenary play: there is no file ${join(directory, 'none.json')}\n`,
    });
    expect(await play(directory)).toMatchObject({ status: 1, stderr: `plenary play: ${directory} is a directory\n` });
  });
});

describe('a command that is wrong', () => {
  it.each<[string[], string]>([
    [[], 'FILE is missing'],
    [[SAMPLE], '--url is missing'],
    [[SAMPLE, SAMPLE, '--url', NOWHERE], 'one argument too many'],
    [[SAMPLE, '--url', 'ftp://x'], '--url is "ftp://x"'],
    [[SAMPLE, '--url', NOWHERE], 'no token for it: give --token admin=…, or PLENARY_TOKEN_ADMIN'],
    [[SAMPLE, '--url', NOWHERE, '--token', 'secret-1'], 'the file names the roles admin and secretariat'],
    [[SAMPLE, '--url', NOWHERE, '--token', 'clerk=secret-1'], '--token must be ROLE=TOKEN'],
    [[SAMPLE, '--url', NOWHERE, '--token', 'admin=secret-1', '--token', 'admin=secret-2'], '--token is given twice for admin'],
    [[SAMPLE, '--url', NOWHERE, '--tokens', 'x'], "Unknown option '--tokens'"],
  ])('%j: status 2, with the usage and no token', async (args, told) => {
    const { status, stderr } = await plenary(['play', ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain(told);
    expect(stderr).toContain('Usage: plenary play FILE --url URL --token ROLE=TOKEN …');
    expect(stderr).not.toContain('secret-');
  });

  it.each([
    [[]],
    [['perform']],
    [['token']],
    [['token', 'lose']],
    [['token', 'create']],
    [['clock']],
    [['report']],
    [['rebuild', 'now']],
    [['serve', '--fast']],
  ])('%j: status 2', async (args: string[]) => {
    expect((await plenary(args)).status).toBe(2);
  });

  it('tells its help', async () => {
    expect((await plenary(['--help'])).stdout).toContain('Usage: plenary <verb> [options]');
    for (const name of ['serve', 'demo', 'play', 'report', 'token', 'rebuild', 'clock'])
      expect((await plenary([name, '--help'])).stdout).toContain(`Usage: plenary ${name}`);
  });
});

describe('a play that the server could not take', () => {
  it('is told with all its mistakes before anything is recorded', async () => {
    const steps = [
      step({ name: 'ada' }),
      step({ do: 'POST /person' }),
      step({ body: { nam: 1 } }),
      step({ do: 'POST /meetings/{ada}/remark' }),
      step({ do: 'POST /bodies', body: { kind: 'board', name: [{ lang: 'en', text: 'Board' }] } }),
    ];
    const persons = async (): Promise<number> => (await server.get('/persons?limit=500', secretariat)).body.items.length;
    const before = await persons();
    const { status, stdout, stderr } = await play(file(playOf(steps, { title: 'Mistaken' })), server.address, [
      `secretariat=${secretariat}`,
    ]);
    expect([status, stdout]).toEqual([1, '']);
    expect(
      stderr
        .split('\n')
        .slice(1, -1)
        .map((line) => line.replace(/^ {2}line \d+: /, '')),
    ).toEqual([
      'POST /person: there is no such operation',
      'POST /persons: it has no field "nam"',
      'POST /persons: the field name is missing',
      'POST /meetings/{ada}/remark: there is no such operation',
      "POST /bodies: it takes the role admin, and the step is secretariat's",
    ]);
    expect(await persons()).toBe(before);
  });
});

describe('a step that is refused', () => {
  it('stops the play with step, field and reason', async () => {
    const steps = [step({ name: 'ada' }), step({ name: 'bea', body: { name: 1 } }), step({ name: 'cid' })];
    const { status, stderr } = await play(file(playOf(steps, { title: 'Refused' })), server.address, [`secretariat=${secretariat}`]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /step 2 of 3, bea, on line \d+ \(POST \/persons, as secretariat\) was refused: Fields of the request are wrong \(400 fields-invalid\)/,
    );
    expect(stderr).toMatch(/\n {4}name: \S/);
    expect(stderr).toContain('The 1 steps before it are recorded.');
    expect(stderr).not.toContain(secretariat);
  });

  it('with a token that is none', async () => {
    const { status, stderr } = await play(file(playOf([step()])), server.address, ['secretariat=secret-1']);
    expect(status).toBe(1);
    expect(stderr).toContain('A valid token is needed (401 unauthenticated)');
    expect(stderr).not.toContain('secret-1');
  });

  it('where nobody listens', async () => {
    const { status, stderr } = await play(file(playOf([step()])));
    expect(status).toBe(1);
    expect(stderr).toContain(`${NOWHERE} does not answer`);
  });

  it('because it was played with other content', async () => {
    const token = [`secretariat=${secretariat}`];
    await play(file(playOf([step({ name: 'ada' })], { title: 'Edited' })), server.address, token);
    const { status, stderr } = await play(
      file(playOf([step({ name: 'ada', body: { name: [{ lang: 'en', text: 'Eve' }] } })], { title: 'Edited' })),
      server.address,
      token,
    );
    expect(status).toBe(1);
    expect(stderr).toContain('This step was played before with other content');
  });
});

describe('a play that is repaired', () => {
  it('records nothing twice that was left as it is, whatever was put before it or taken away', async () => {
    const own = await Server.start();
    try {
      const [board, token] = [await own.make('/bodies', own.admin, BOARD), [`secretariat=${await own.token('secretariat')}`]];
      const on = '2026-11-29';
      const text = [{ lang: 'en', text: 'Once' }];
      const meeting = step({ name: 'meeting', do: 'POST /meetings', body: { bodies: [board], title: text, starts: on } });
      const opening = step({ do: 'POST /meetings/{meeting}/opening', body: { occurredAt: on } });
      const remark = step({ do: 'POST /meetings/{meeting}/remarks', body: { speaker: { person: '{ada}' }, text, occurredAt: on } });
      const steps = [step({ name: 'ada' }), meeting, opening, remark];
      const wrong = step({ body: { name: 1 } });
      const first = await play(file(playOf([...steps, wrong], { title: 'Repaired' })), own.address, token);
      expect([first.status, first.stderr]).toEqual([1, expect.stringContaining('they will not be recorded twice')]);
      const forgotten = step({ body: { name: [{ lang: 'en', text: 'Bea' }] } });
      const repaired = [forgotten, ...steps.slice(0, 3), forgotten, remark];
      const second = await play(file(playOf(repaired, { title: 'Repaired' })), own.address, token);
      expect([second.stderr, second.stdout]).toEqual(['', expect.stringContaining('2 steps were recorded, 4 had been recorded before.')]);
    } finally {
      await own.stop();
    }
  });
});

describe('what is printed', () => {
  it('steers no terminal', async () => {
    const says = 'red \u001b[31m and back\u202e\u0007';
    const { status, stdout } = await play(file(playOf([step({ says })], { title: 'Colours' })), server.address, [
      `secretariat=${secretariat}`,
    ]);
    expect(status).toBe(0);
    expect(stdout).toContain('red \\u{1b}[31m and back\\u{202e}\\u{7}');
  });
});

describe('a play that is interrupted', () => {
  it(
    'goes on where it stopped, whether the client or the server died',
    async () => {
      const data = join(directory, 'data');
      const keys = join(directory, 'keys');
      let own = await Server.start({ data, keys });
      const env = { PLENARY_TOKEN_ADMIN: own.admin, PLENARY_TOKEN_SECRETARIAT: await own.token('secretariat') };
      const again = (killWhen?: (stdout: string) => boolean): Promise<Ended> =>
        plenary(['play', SAMPLE, '--url', own.address], { env, ...(killWhen && { killWhen }) });

      expect((await again((stdout) => stdout.includes('[30/88]'))).status).toBe('SIGKILL');
      let isKilled = false;
      const left = await again((stdout) => {
        if (!isKilled && stdout.includes('[60/88]')) own.signal('SIGKILL');
        isKilled ||= stdout.includes('[60/88]');
        return false;
      });
      expect(left.status).toBe(1);
      expect(left.stderr).toContain('does not answer');
      await own.kill();

      own = await Server.start({ data, keys });
      const whole = await again();
      expect(whole).toMatchObject({ status: 0, stderr: '' });
      expect(whole.stdout).toMatch(/^\d+ steps were recorded, \d+ had been recorded before\.$/m);
      expect((await again()).stdout).toContain('0 steps were recorded, 88 had been recorded before.');
      const { items } = (await own.get('/meetings', env.PLENARY_TOKEN_SECRETARIAT)).body;
      expect(items).toHaveLength(3);
      await own.stop();
    },
    LIMIT_MS,
  );
});
