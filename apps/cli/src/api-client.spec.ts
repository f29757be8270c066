// A client that comes back when it is told to, and gives up when it makes no sense.
import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiClient, describeProblem } from './api-client.js';

type Reply = (response: ServerResponse) => void;
let server: Server | undefined;
afterEach(() => void server?.close());

async function answering(...replies: Reply[]): Promise<{ client: ApiClient; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  server = createServer((request, response) => {
    asked.push(request);
    replies[Math.min(asked.length, replies.length) - 1]!(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { client: new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'secret'), asked };
}

const busy =
  (status: number, retryAfter?: string): Reply =>
  (response) =>
    response.writeHead(status, retryAfter === undefined ? {} : { 'Retry-After': retryAfter }).end('{}');
const done: Reply = (response) => response.writeHead(201, { 'Content-Type': 'application/json' }).end('{"id":"x"}');
const broken: Reply = (response) => response.destroy();

describe('a request', () => {
  it('is sent again when the server says when', async () => {
    const { client, asked } = await answering(busy(429, '0'), busy(503, '0'), done);
    expect((await client.request('POST', '/x', { body: {}, idempotencyKey: 'k' })).status).toBe(201);
    expect(asked.map(({ headers }) => headers['idempotency-key'])).toEqual(['k', 'k', 'k']);
  });

  it('is sent again when the connection breaks and it has a key', async () => {
    const { client, asked } = await answering(broken, done);
    expect((await client.request('POST', '/x', { body: {}, idempotencyKey: 'k' })).status).toBe(201);
    expect(asked).toHaveLength(2);
  });

  it('is not sent again when it has none', async () => {
    const { client, asked } = await answering(broken, done);
    await expect(client.request('POST', '/x', { body: {} })).rejects.toThrow('does not answer');
    expect(asked).toHaveLength(1);
  });

  it('is not sent again when the server does not say when', async () => {
    const { client, asked } = await answering(busy(503), done);
    expect((await client.request('GET', '/x')).status).toBe(503);
    expect(asked).toHaveLength(1);
  });

  it('comes to an end', async () => {
    const { client, asked } = await answering(busy(503, '0'));
    expect((await client.request('GET', '/x')).status).toBe(503);
    expect(asked).toHaveLength(8);
  });
});

describe('a problem', () => {
  it('is told without what could steer a terminal', () => {
    const answer = {
      status: 409,
      body: {
        title: 'No\u001b[2J',
        detail: 'b\u202ec',
        fields: [{ field: 'f', reason: 'is\nwrong' }],
        type: 'https://plenary.invalid/problems/x',
      },
      text: '',
      headers: new Headers(),
    };
    expect(describeProblem(answer)).toBe('No\\u{1b}[2J (409 x). b\\u{202e}c\n    f: is wrong');
  });
});
