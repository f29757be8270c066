// An event that a newer release wrote: the projection stops before it, commands are refused, and the ledger goes on.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomId } from '#kernel';
import { appendEvents } from '../support/append-events.js';
import { Server, temporaryDirectory, text } from '../support/server.js';
import { until } from '../support/until.js';

const directory = temporaryDirectory();
const places = { data: join(directory, 'data'), keys: join(directory, 'keys') };
let server: Server;
let secretariat: string;
let auditor: string;
let person: string;
let last: number;

beforeAll(async () => {
  const before = await Server.start(places);
  secretariat = await before.token('secretariat');
  auditor = await before.token('auditor');
  person = await before.make('/persons', secretariat, { name: text('Recorded before') });
  await until(async () => (await before.get('/health')).body['lag'] === 0);
  last = Number((await before.get('/health')).body['projected']);
  await before.stop();
  await appendEvents(places, [{ stream: `person-${randomId()}`, type: 'person-beatified', data: {} }], Date.now());
  server = await Server.start(places);
});
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

describe('an event of an unknown type', () => {
  it('stops the projection before it, and says so in health, which stays live', async () => {
    await until(async () => (await server.get('/health/ready')).body['projection'] !== 'ok');
    const { status, body } = await server.get('/health/ready');
    expect([status, body['status'], body['lag']]).toEqual([503, 'degraded', 1]);
    expect(body['projection']).toContain(`record ${last + 1}`);
    expect((await server.get('/health/live')).status).toBe(200);
  });

  it('is waited for by commands in vain: they are refused and not recorded', async () => {
    const refused = await server.api('POST', '/persons', { token: secretariat, body: { name: text('After it') } });
    expect([refused.status, refused.body.type]).toEqual([503, 'https://plenary.invalid/problems/projection-stopped']);
  });

  it('leaves what came before it to be read', async () => {
    expect((await server.get(`/persons/${person}`, secretariat)).body).toMatchObject({ name: { text: 'Recorded before' } });
  });

  it('is signed like every other record, and can be exported', async () => {
    await until(async () => Number((await server.get('/log/checkpoint', auditor)).text.split('\n')[1]) >= last + 1);
    expect((await server.get('/export', auditor)).text).toContain('person-beatified');
  });
});
