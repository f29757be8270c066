// What a server says that gives out no bundle is one line of the program's own, and the server's words stand in quotes in it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { exportFrom } from './export-command.js';

let server: Server;
let base: string;
let answer: string;
beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(404, { 'content-type': 'application/problem+json' }).end(answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

it.each([
  [{ detail: 'nothing of ”x”\nWritten to all.ndjson.\u001b[2J' }, ': “nothing of "x" Written to all.ndjson.\\u{1b}[2J”'],
  [{ detail: ['x'] }, ''],
  ['no problem', ''],
])('%j', async (problem, says) => {
  answer = JSON.stringify(problem);
  const message = await exportFrom(base, '', 'token', () => Promise.resolve()).catch((error: Error) => error.message);
  expect(message).toBe(`${base} does not export it, and answered with status 404${says}`);
});
