// Verbs of the operator: they do the same whether the server runs or not.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { plenary, type Ended } from '../support/plenary.js';
import { Server, temporaryDirectory } from '../support/server.js';

const LIMIT_MS = 60_000;
const TOKEN = /^plenary_[0-9a-f]{32}_[A-Za-z0-9_-]{43}\n$/;

describe.each(['running', 'not running'] as const)('with the server %s', (state) => {
  let directory: string;
  let env: Record<string, string>;
  let server: Server;
  beforeAll(async () => {
    directory = temporaryDirectory();
    env = { PLENARY_DATA: join(directory, 'data'), PLENARY_KEYS: join(directory, 'keys') };
    server = await Server.start({ data: env['PLENARY_DATA']!, keys: env['PLENARY_KEYS']! });
    if (state === 'not running') await server.stop();
  }, LIMIT_MS);
  afterAll(async () => {
    if (state === 'running') await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const run = (...args: string[]): Promise<Ended> => plenary(args, { env });

  it(
    'a token is made, printed once, listed and revoked',
    async () => {
      const made = await run('token', 'create', '--role', 'auditor', '--name', 'Audit \u202e');
      expect(made.status).toBe(0);
      expect(made.stdout).toMatch(TOKEN);
      const id = /the id (\S+)\./.exec(made.stderr)![1]!;
      const listed = await run('token', 'list');
      expect(listed.stdout).toContain(id);
      expect(listed.stdout).toContain('Audit \\u{202e}');
      expect(listed.stdout).not.toContain(made.stdout.trim());
      expect((await run('token', 'revoke', id, '--reason', 'Left')).stdout).toContain('is revoked');
      expect((await run('token', 'list')).stdout).toMatch(new RegExp(`${id}.*revoked`));
    },
    LIMIT_MS,
  );

  it(
    'a token that cannot be is refused with the reason',
    async () => {
      const refused = await run('token', 'create', '--role', 'delegate', '--name', 'D');
      expect(refused.status).toBe(1);
      expect(refused.stderr).toContain('A delegate belongs to an organisation');
      expect(await run('token', 'create', '--role', 'clerk', '--name', 'C')).toMatchObject({ status: 2 });
      expect(await run('token', 'create', '--role', 'secretariat', '--name', 'S', '--body', 'x')).toMatchObject({ status: 2 });
      expect(await run('token', 'revoke', 'x', '--reason', 'y')).toMatchObject({ status: 2 });
    },
    LIMIT_MS,
  );

  it(
    'the read models are rebuilt',
    async () => {
      const rebuilt = await run('rebuild');
      expect(rebuilt).toMatchObject({ status: 0, stderr: '' });
      expect(rebuilt.stdout).toMatch(/^The read models were rebuilt from \d+ records/);
    },
    LIMIT_MS,
  );

  it(
    'the log is backed up, checked, and restored elsewhere',
    async () => {
      const backup = join(directory, 'backup');
      expect(await run('backup', '--to', backup)).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringMatching(/: \d+ records under the root \S+, \d+ bytes\. Keys are not in it\.\n$/),
      });
      expect(await run('backup', '--check', backup)).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('is whole') });
      expect(await run('backup', '--to', backup)).toMatchObject({ status: 1, stderr: expect.stringContaining('is not empty') });
      expect(await run('backup')).toMatchObject({ status: 2 });
      expect(await run('restore', '--from', backup)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining(state === 'running' ? 'another process holds' : 'a restore never overwrites'),
      });
      const elsewhere = { ...env, PLENARY_DATA: join(directory, 'restored'), PLENARY_SIGNER_DIR: `${env['PLENARY_DATA']}-signer` };
      expect(await plenary(['restore', '--from', backup], { env: elsewhere })).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringContaining('Restored to'),
      });
      expect(readdirSync(elsewhere.PLENARY_DATA)).toEqual(['lock.db', 'log.db']);
      rmSync(backup, { recursive: true });
      rmSync(elsewhere.PLENARY_DATA, { recursive: true });
    },
    LIMIT_MS,
  );

  it(
    'the clock is accepted',
    async () => {
      expect(await run('clock', 'accept', '--reason', 'Compared with the time server')).toMatchObject({
        status: 0,
        stdout: 'The clock is accepted: commands are taken again.\n',
      });
    },
    LIMIT_MS,
  );
});

it(
  'no verb but serve and demo opens a history where there is none',
  async () => {
    const directory = temporaryDirectory();
    const env = { PLENARY_DATA: join(directory, 'data'), PLENARY_KEYS: join(directory, 'keys') };
    for (const args of [['token', 'list'], ['rebuild'], ['clock', 'accept', '--reason', 'x']]) {
      const { status, stderr } = await plenary(args, { env });
      expect([status, stderr]).toEqual([
        1,
        `plenary ${args[0]}: there is no history in ${env.PLENARY_DATA}: PLENARY_DATA must name the directory of one. plenary serve opens a new one\n`,
      ]);
    }
    expect(readdirSync(directory)).toEqual([]);
    rmSync(directory, { recursive: true });
  },
  LIMIT_MS,
);
