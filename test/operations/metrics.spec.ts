// What a node counts and measures, read as Prometheus reads it after commands whose outcome is known.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Server, temporaryDirectory, text } from '../support/server.js';
import { until } from '../support/until.js';

const directory = temporaryDirectory();
let server: Server;
let secretariat: string;
let body: string;
beforeAll(async () => {
  server = await Server.start({ data: join(directory, 'data'), keys: join(directory, 'keys'), env: { PLENARY_METRICS_PORT: '0' } });
  body = await server.make('/bodies', server.admin, { kind: 'council', name: text('A council that nobody may read in the metrics') });
  secretariat = await server.token('secretariat', { bodies: [body] });
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

const read = async (): Promise<string> => (await server.get('/metrics', server.admin)).text;
/** The value of a series, labels as Prometheus writes them; undefined where there is none. */
const valueIn = (metrics: string, series: string): number | undefined => {
  const line = metrics.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};
const value = async (series: string): Promise<number | undefined> => valueIn(await read(), series);
const onItsPort = (): string => /^Metrics: (\S+)$/m.exec(server.output)![1]!;

describe('metrics', () => {
  it('count commands by type and outcome, and requests by the pattern of their address', async () => {
    const named = (command: string, outcome: string): string => `plenary_commands_total{command="${command}",outcome="${outcome}"}`;
    const person = { name: text('Speaker') };
    const before = (await value(named('register-person', 'recorded'))) ?? 0;
    for (let count = 0; count < 3; count++) await server.make('/persons', secretariat, person);
    await server.post('/persons', secretariat, person, { 'idempotency-key': 'once' });
    await server.post('/persons', secretariat, person, { 'idempotency-key': 'once' });
    const metrics = await read();
    expect(valueIn(metrics, named('register-person', 'recorded'))).toBe(before + 4);
    expect(valueIn(metrics, named('register-person', 'repeated'))).toBe(1);
    expect(valueIn(metrics, 'plenary_http_requests_total{method="POST",route="/api/v1/persons",status="201"}')).toBe(5);
  });

  it('count refusals by their code', async () => {
    const before = (await value('plenary_commands_total{command="establish-body",outcome="not-your-role"}')) ?? 0;
    expect((await server.api('POST', '/bodies', { token: secretariat, body: { kind: 'council', name: text('Mine') } })).status).toBe(403);
    expect(await value('plenary_commands_total{command="establish-body",outcome="not-your-role"}')).toBe(before + 1);
  });

  it('measure appends, and say how far the register and the checkpoint are', async () => {
    const before = (await value('plenary_append_seconds_count'))!;
    await server.make('/persons', secretariat, { name: text('Another') });
    const records = (await value('plenary_records'))!;
    await until(async () => (await value('plenary_projection_lag_records')) === 0);
    expect(await value('plenary_projected_records')).toBe(records);
    expect(await value('plenary_append_seconds_count')).toBeGreaterThan(before);
    expect(await value('plenary_append_seconds_sum')).toBeGreaterThan(0);
    await until(async () => (await value('plenary_checkpoint_records')) === records);
    const metrics = await read();
    expect(valueIn(metrics, 'plenary_checkpoint_age_seconds')).toBeGreaterThanOrEqual(0);
    expect([
      valueIn(metrics, 'plenary_ready'),
      valueIn(metrics, 'plenary_projection_stopped'),
      valueIn(metrics, 'plenary_signer_trouble'),
      valueIn(metrics, 'plenary_subscription_restarts_total'),
    ]).toEqual([1, 0, 0, 0]);
    for (const size of ['log_bytes', 'log_wal_bytes', 'read_models_bytes', 'data_free_bytes'])
      expect([size, valueIn(metrics, `plenary_${size}`)! > 0]).toEqual([size, true]);
    expect(metrics).toContain('nodejs_eventloop_lag_p99_seconds');
  });

  it('hold no id and nothing that was typed', async () => {
    const metrics = await read();
    expect(metrics).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(metrics).not.toContain('nobody may read');
    await server.get(`/persons/${body}`, secretariat);
    await server.get('/no/such/address-at-all', secretariat);
    const after = await read();
    expect(after).not.toContain(body);
    expect(after).not.toContain('address-at-all');
  });

  it('are for admins, and open on a port of their own', async () => {
    for (const [token, status] of [
      [undefined, 401],
      [secretariat, 403],
      [server.admin, 200],
    ] as const)
      expect((await server.get('/metrics', token)).status).toBe(status);
    const open = await fetch(onItsPort());
    expect([open.status, open.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(await open.text()).toContain('plenary_ready 1');
    expect(new URL(onItsPort()).hostname).toBe('127.0.0.1');
    expect((await fetch(new URL('/', onItsPort()))).status).toBe(404);
  });
});

describe('health', () => {
  it('is live and ready, at the old address and the new one', async () => {
    expect((await server.get('/health/live')).body).toEqual({ status: 'live' });
    await until(async () => (await server.get('/health/ready')).body['lag'] === 0);
    const [ready, health] = [await server.get('/health/ready'), await server.get('/health')];
    expect([ready.status, ready.body]).toEqual([200, health.body]);
    expect(ready.body).toMatchObject({ status: 'ready', store: 'ok', projection: 'ok' });
  });
});
