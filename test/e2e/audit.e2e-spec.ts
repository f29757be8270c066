// An auditor who trusts nobody: a history is signed, exported, verified offline, witnessed; then somebody changes it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '#sqlite';
import { plenary, type Ended } from '../support/plenary.js';
import { Server, temporaryDirectory } from '../support/server.js';
import { until } from '../support/until.js';

const LIMIT_MS = 120_000;

describe('an auditor', () => {
  let directory: string;
  let env: Record<string, string>;
  let server: Server;
  let key: string;
  const file = (name: string): string => join(directory, name);
  const run = (...args: string[]): Promise<Ended> => plenary(args, { env });

  beforeAll(async () => {
    directory = temporaryDirectory();
    env = { PLENARY_DATA: file('data'), PLENARY_KEYS: file('keys'), PLENARY_SIGNER_DIR: file('signer') };
    server = await Server.start({
      data: env['PLENARY_DATA']!,
      keys: env['PLENARY_KEYS']!,
      env: { PLENARY_SIGNER_DIR: env['PLENARY_SIGNER_DIR']! },
    });
    env['PLENARY_TOKEN'] = await server.token('auditor');
    await server.post('/bodies', server.admin, { kind: 'council', name: [{ lang: 'en', text: 'Council' }] });
    const records = JSON.parse((await server.get('/records?limit=500', env['PLENARY_TOKEN'])).text) as { records: { record: number }[] };
    const { record } = records.records.at(-1)!;
    await until(async () => Number((await server.get('/log/checkpoint', env['PLENARY_TOKEN'])).text.split('\n')[1]) >= record);
    key = (await server.get('/log/key')).text.trim();
  }, LIMIT_MS);
  afterAll(async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it(
    'proves a bundle offline, and is given a checkpoint to keep',
    async () => {
      expect(await run('export', '--out', file('bundle'))).toMatchObject({ status: 0, stderr: '' });
      const verified = await run('verify', file('bundle'), '--key', key, '--keep', file('kept'));
      expect(verified).toMatchObject({ status: 0, stderr: '' });
      expect(verified.stdout).toMatch(/^PROVEN/);
      const again = await run('verify', file('bundle'), '--key', key, '--since', file('kept'), '--json');
      expect(JSON.parse(again.stdout)).toMatchObject({
        status: 0,
        integrity: 'proven',
        completeness: 'proven',
        custody: 'proven',
        findings: [],
      });
    },
    LIMIT_MS,
  );

  it(
    'verifies the data directory and the server as they are',
    async () => {
      expect((await run('verify', '--data', env['PLENARY_DATA']!, '--key', key)).stdout).toMatch(/^PROVEN/);
      expect((await run('verify', '--url', server.address, '--key', key)).stdout).toMatch(/^PROVEN/);
    },
    LIMIT_MS,
  );

  it(
    'has a witness cosign, and demands it from then on',
    async () => {
      let witness = '';
      // A record may come between the two: then they are of different checkpoints, and both are made again.
      await until(async () => {
        const cosigned = await run(
          'witness',
          '--name',
          'witness.example.org',
          '--key',
          file('witness.key'),
          '--state',
          file('witness.state'),
          '--url',
          server.address,
          '--log-key',
          key,
        );
        expect(cosigned.status).toBe(0);
        witness = /Cosigned as (\S+)/.exec(cosigned.stderr)![1]!;
        writeFileSync(file('cosigned'), cosigned.stdout);
        await run('export', '--out', file('witnessed'));
        return (
          (JSON.parse(readFileSync(file('witnessed'), 'utf8').split('\n')[0]!) as { size: number }).size ===
          Number(cosigned.stdout.split('\n')[1])
        );
      });
      expect((await run('verify', file('witnessed'), '--key', key, '--witness', witness)).status).toBe(2);
      const verified = await run('verify', file('witnessed'), '--key', key, '--witness', witness, '--cosigned', file('cosigned'));
      expect(verified).toMatchObject({ status: 0, stdout: expect.stringContaining('Custody:       proven') as unknown });
    },
    LIMIT_MS,
  );

  it(
    'is told what was changed in the store, and by nobody who may',
    async () => {
      cpSync(env['PLENARY_DATA']!, file('changed'), { recursive: true });
      cpSync(env['PLENARY_SIGNER_DIR']!, file('changed-signer'), { recursive: true });
      const database = openDatabase(file('changed/log.db'), { mode: 'read-write' });
      database.prepare(`UPDATE events SET data = replace(data, 'council', 'board') WHERE type = 'body-established'`).run();
      database.close();
      const verdict = await plenary(['verify', '--data', file('changed'), '--key', key], {
        env: { ...env, PLENARY_SIGNER_DIR: file('changed-signer') },
      });
      expect(verdict.status).toBe(1);
      expect(verdict.stdout).toMatch(/^MANIPULATION/);
      expect(verdict.stdout).toMatch(/First wrong: +record \d+/);
    },
    LIMIT_MS,
  );

  it(
    'is told when nothing could be verified, and why',
    async () => {
      expect(await run('verify', file('nothing'), '--key', key)).toMatchObject({ status: 3 });
      expect(await run('verify', file('bundle'))).toMatchObject({ status: 3 });
      expect(await run('verify', file('bundle'), '--key', 'x')).toMatchObject({ status: 3 });
      expect(await run('verify')).toMatchObject({ status: 3 });
      const foreign = key.replace(/\+[^+]+\+[^+]+$/, '') + '+00000000+AAAA';
      expect((await run('verify', file('bundle'), '--key', foreign)).status).toBe(3);
    },
    LIMIT_MS,
  );
});
