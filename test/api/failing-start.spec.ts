// What a start that fails leaves behind: nothing that holds the directory, the port or a thread; and what is no reason to fail.
import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { AccessDays } from '#audit';
import { serve, readConfiguration, type Serving } from '#api';
import { SignerThread } from '../../apps/api/src/ledger/signer-thread.js';
import { endedStart } from '../support/server.js';
import { freePort } from '../support/free-port.js';
import { tsWorkerExecArgv } from '../support/ts-worker.js';
import { until } from '../support/until.js';

const LIMIT_MS = 60_000;
let directory: string;
let serving: Serving | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-failing-start-'));
});
afterEach(async () => {
  await serving?.stop();
  serving = undefined;
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

const start = (env: Record<string, string> = {}): Promise<Serving> =>
  serve(
    readConfiguration({
      PLENARY_DATA: join(directory, 'data'),
      PLENARY_KEYS: join(directory, 'keys'),
      PORT: '0',
      PLENARY_LOG: 'silent',
      PLENARY_ORIGIN: 'plenary.invalid/failing',
      ...env,
    }),
    { workerExecArgv: tsWorkerExecArgv },
  );

it(
  'where another process has the port: the signer has ended, and the next start finds the directory free',
  async () => {
    const stop = jest.spyOn(SignerThread.prototype, 'stop');
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    try {
      const { port } = taken.address() as AddressInfo;
      await expect(start({ PORT: String(port) })).rejects.toThrow(
        `PORT is ${port}: 127.0.0.1:${port} is in use by another program (EADDRINUSE)`,
      );
      await expect(start({ PLENARY_METRICS_PORT: String(port) })).rejects.toThrow(`PLENARY_METRICS_PORT is ${port}: `);
    } finally {
      taken.close();
    }
    expect(stop).toHaveBeenCalledTimes(2);
    serving = await start();
    expect((await fetch(`${serving.address}/api/v1/health`)).status).toBe(200);
  },
  LIMIT_MS,
);

it(
  'where this machine has no such address',
  async () => {
    const nowhere = '203.0.113.1';
    await expect(start({ PLENARY_HOST: nowhere })).rejects.toThrow(
      `PLENARY_HOST is "${nowhere}": no address of this machine has that name`,
    );
  },
  LIMIT_MS,
);

it(
  'where the last of its parts fails: the threads that run already have ended',
  async () => {
    const stop = jest.spyOn(SignerThread.prototype, 'stop');
    jest.spyOn(AccessDays.prototype, 'start').mockRejectedValueOnce(new Error('the day cannot be closed'));
    await expect(start()).rejects.toThrow('the day cannot be closed');
    expect(stop).toHaveBeenCalledTimes(1);
    serving = await start();
  },
  LIMIT_MS,
);

it(
  'where read models can lie nowhere: it names their folder, and goes well once that is put right',
  async () => {
    mkdirSync(join(directory, 'data'));
    const folder = join(directory, 'data', 'read-models');
    writeFileSync(folder, 'a file where the folder should be');
    await expect(start()).rejects.toThrow(`the read models in ${folder}, below PLENARY_DATA, cannot be read or written`);
    rmSync(folder);
    serving = await start();
  },
  LIMIT_MS,
);

it(
  'that is held up by what may pass: health says why, and it goes on by itself',
  async () => {
    const inTheWay = join(directory, 'data', 'read-models', 'current.next');
    mkdirSync(inTheWay, { recursive: true });
    const port = await freePort();
    const starting = start({ PORT: String(port) });
    const health = async (of = '') => fetch(`http://127.0.0.1:${port}/api/v1/health${of}`).catch(() => undefined);
    await until(async () => (await health())?.status === 503);
    expect(await (await health())!.json()).toEqual({
      status: 'degraded',
      projection: expect.stringContaining('cannot be read or written: EISDIR'),
    });
    expect((await health('/live'))!.status).toBe(200);
    const elsewhere = await fetch(`http://127.0.0.1:${port}/api/v1/meetings`);
    expect([elsewhere.status, elsewhere.headers.get('content-type'), elsewhere.headers.get('retry-after')]).toEqual([
      503,
      'application/problem+json; charset=utf-8',
      '5',
    ]);
    expect(await elsewhere.json()).toMatchObject({
      type: 'https://plenary.invalid/problems/not-started',
      status: 503,
      detail: expect.stringContaining('EISDIR'),
    });
    rmdirSync(inTheWay);
    serving = await starting;
    expect((await health())!.status).toBe(200);
  },
  LIMIT_MS,
);

it(
  'that is held up, and told to end, ends what it began, with the status of a server that is ended',
  async () => {
    const inTheWay = join(directory, 'data', 'read-models', 'current.next');
    mkdirSync(inTheWay, { recursive: true });
    const port = await freePort();
    const ended = endedStart({ data: join(directory, 'data'), keys: join(directory, 'keys'), env: { PORT: String(port) } }, () =>
      until(async () => (await fetch(`http://127.0.0.1:${port}/api/v1/health`).catch(() => undefined))?.status === 503),
    );
    expect(await ended).toBe(0);
    rmdirSync(inTheWay);
    serving = await start();
  },
  LIMIT_MS,
);

it(
  'serves where it cannot write down at which address it listens',
  async () => {
    mkdirSync(join(directory, 'data', 'server.json.new'), { recursive: true });
    serving = await start();
    expect((await fetch(`${serving.address}/api/v1/health`)).status).toBe(200);
  },
  LIMIT_MS,
);
