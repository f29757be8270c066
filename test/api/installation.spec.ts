// What is the installation's own is no body's: a secretariat of all bodies reads as much of it as the public, nothing.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Server } from '../support/server.js';

let server: Server;
beforeAll(async () => {
  server = await Server.start();
}, 60_000);
afterAll(() => server.stop());

it.each([
  ['admin', 200, true],
  ['auditor', 200, true],
  ['secretariat', 404, false],
] as const)('a token, to the role %s', async (role, status, listed) => {
  const token = role === 'admin' ? server.admin : await server.token(role);
  const { id } = (await server.get('/tokens', server.admin)).body.items[0]!;
  expect((await server.get(`/tokens/${id}`, token)).status).toBe(status);
  expect((await server.get('/tokens', token)).body.items.length > 0).toBe(listed);
});
