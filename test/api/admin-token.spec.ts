// A first start that ended between the file of the admin's token and its record: the next one records what the file holds.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { ensureAdminToken } from '../../apps/api/src/admin-token.js';
import { readConfiguration } from '../../apps/api/src/configuration.js';
import { startNode } from '../../apps/api/src/start-node.js';
import { serve } from '../../apps/api/src/serve.js';
import { tsWorkerExecArgv } from '../support/ts-worker.js';

const directory = mkdtempSync(join(tmpdir(), 'plenary-admin-'));
const configuration = readConfiguration({
  PLENARY_DATA: join(directory, 'data'),
  PLENARY_KEYS: join(directory, 'keys'),
  PORT: '0',
  PLENARY_LOG: 'silent',
});
const options = { workerExecArgv: tsWorkerExecArgv };
afterEach(() => rmSync(directory, { recursive: true }));

/** Serves, asks what only a token is answered, and ends. */
async function askOnce(): Promise<{ status: number; records: number; token: string }> {
  const serving = await serve(configuration, options);
  try {
    const token = readFileSync(serving.adminTokenFile, 'utf8');
    const { status } = await fetch(`${serving.address}/api/v1/me/activity`, { headers: { authorization: `Bearer ${token.trim()}` } });
    return { status, records: serving.node.lastRecord(), token };
  } finally {
    await serving.stop();
  }
}

it('of which nothing was recorded lets the admin in from the next start on, and is recorded once', async () => {
  const node = await startNode(configuration, options);
  const full = { submit: () => Promise.reject(new Error('the disk is full')) };
  const refusing = new Proxy(node, { get: (target, name) => (name === 'runner' ? full : (Reflect.get(target, name) as unknown)) });
  await expect(ensureAdminToken(refusing, configuration.keys)).rejects.toThrow('the disk is full');
  await node.stop();
  const drawn = readFileSync(join(configuration.keys, 'admin.token'), 'utf8');
  const first = await askOnce();
  expect(first).toMatchObject({ status: 200, token: drawn });
  expect(await askOnce()).toEqual(first);
}, 120_000);
