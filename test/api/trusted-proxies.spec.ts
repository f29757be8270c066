// Behind a proxy all come from one address: where the proxy is trusted, the limits and the access log go by whom it names.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Server, type Answer } from '../support/server.js';
import { until } from '../support/until.js';

const LIMIT_MS = 60_000;
const A_SECOND = 5;
const WRONG = `plenary_${'0'.repeat(32)}_x`;

let server: Server;
const start = (env: Record<string, string>): Promise<Server> =>
  Server.start({ env: { PLENARY_PUBLIC_READ: 'true', PLENARY_RATE_LIMIT: String(A_SECOND), ...env } });
const from = (address: string, token?: string): Promise<Answer> =>
  server.api('GET', '/bodies', { ...(token !== undefined && { token }), headers: { 'x-forwarded-for': address } });
const statuses = async (asked: Promise<Answer>[]): Promise<number[]> => (await Promise.all(asked)).map(({ status }) => status);
const many = (address: string, token?: string): Promise<number[]> => statuses(Array.from({ length: 60 }, () => from(address, token)));

async function refusedFrom(): Promise<Set<unknown>> {
  const found = new Set<unknown>();
  await until(async () => {
    const { text } = await server.get(`/access-log/days/${new Date().toISOString().slice(0, 10)}`, server.admin);
    const lines = text.split('\n').filter((line) => line.includes('refused-login'));
    for (const line of lines) found.add((JSON.parse(line) as { from: string }).from);
    return lines.length > 0;
  });
  return found;
}

describe('behind a proxy that is trusted', () => {
  beforeAll(async () => {
    server = await start({ PLENARY_TRUSTED_PROXIES: '10.0.0.7, loopback' });
  }, LIMIT_MS);
  afterAll(() => server.stop());

  it('one reader without a token takes nothing from another', async () => {
    expect(await many('203.0.113.7')).toContain(429);
    expect(await statuses([from('203.0.113.8')])).toEqual([200]);
  });

  it('who guesses tokens shuts out nobody else, and is named in the access log', async () => {
    expect(await many('203.0.113.7', WRONG)).toContain(429);
    expect(await refusedFrom()).toEqual(new Set(['203.0.113.7']));
    expect(await statuses([from('203.0.113.8', WRONG)])).toEqual([401]);
  });

  it('what a client wrote before the proxy did counts for nothing', async () => {
    expect(await statuses([from('203.0.113.9, 203.0.113.7', WRONG)])).toEqual([429]);
  });
});

describe('where no proxy is trusted', () => {
  beforeAll(async () => {
    server = await start({});
  }, LIMIT_MS);
  afterAll(() => server.stop());

  it('nobody is who they say they are', async () => {
    expect(await many('203.0.113.7', WRONG)).toContain(429);
    expect(await statuses([from('203.0.113.8', WRONG)])).toEqual([429]);
    expect(await refusedFrom()).toEqual(new Set(['127.0.0.1']));
  });
});
