// A start whose wall clock lies behind the last record: the register is read, nothing is recorded, and an operator can accept the clock.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { systemClock } from '#kernel';
import { readConfiguration } from '../../apps/api/src/configuration.js';
import { serve, type Serving } from '../../apps/api/src/serve.js';
import { text } from '../support/server.js';
import { tsWorkerExecArgv } from '../support/ts-worker.js';

const LIMIT_MS = 120_000;
const HOUR_MS = 3_600_000;
const directory = mkdtempSync(join(tmpdir(), 'plenary-clock-'));
const configuration = readConfiguration({ PLENARY_DATA: join(directory, 'data'), PORT: '0', PLENARY_LOG: 'silent' });
let serving: Serving;

const start = (behindMs: number): Promise<Serving> =>
  serve(configuration, { workerExecArgv: tsWorkerExecArgv, clock: { ...systemClock, now: () => Date.now() - behindMs } });

async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<{ status: number; type: string }> {
  const authorization = `Bearer ${readFileSync(serving.adminTokenFile, 'utf8').trim()}`;
  const response = await fetch(`${serving.address}/api/v1${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const { type = '' } = (await response.json()) as { type?: string };
  return { status: response.status, type: type.split('/').at(-1)! };
}

const establish = () => ask('POST', '/bodies', { kind: 'council', name: text('Council'), audience: { kind: 'public' } });

beforeAll(async () => {
  serving = await start(0);
  expect(await establish()).toMatchObject({ status: 201 });
  await serving.stop();
  serving = await start(HOUR_MS);
}, LIMIT_MS);
afterAll(async () => {
  await serving.stop();
  rmSync(directory, { recursive: true });
});

it('serves reading, refuses commands, and goes on once the clock is accepted', async () => {
  expect(await ask('GET', '/bodies')).toMatchObject({ status: 200 });
  expect(await establish()).toEqual({ status: 503, type: 'clock-unsure' });
  // What is refused settles nothing.
  expect(await ask('POST', '/clock/acceptance?at=noon', { reason: text('Compared with the time server') })).toMatchObject({ status: 400 });
  expect(await establish()).toEqual({ status: 503, type: 'clock-unsure' });
  expect(await ask('POST', '/clock/acceptance', { reason: text('Compared with the time server') })).toMatchObject({ status: 200 });
  expect(await establish()).toMatchObject({ status: 201 });
});
