// A server that ends waits for requests in flight, and for nobody who sent none.
import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../test/support/until.js';
import { Connections } from './connections.js';

let server: Server;
let connections: Connections;
let nowMs: number;
let asked: Promise<ServerResponse>;
beforeEach(async () => {
  nowMs = 0;
  server = createServer();
  connections = new Connections(server, () => nowMs);
  asked = once(server, 'request').then(([, response]) => response as ServerResponse);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

interface Connected {
  client: Socket;
  /** The same connection at the server. */
  served: Socket;
  received: () => string;
  ended: Promise<unknown>;
}

async function connected(): Promise<Connected> {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const ended = once(client, 'close');
  let text = '';
  client.on('data', (chunk: Buffer) => (text += chunk.toString()));
  client.on('error', () => undefined);
  const [served] = await accepted;
  return { client, served, received: () => text, ended };
}

const ending = (): Promise<unknown> => new Promise((resolve) => server.close(resolve));

describe('a server that ends', () => {
  it('closes a connection that never sent anything at once', async () => {
    const { ended } = await connected();
    const over = ending();
    connections.sweep();
    await Promise.all([over, ended]);
  });

  it('answers a request in flight, however long that takes, and closes its connection then', async () => {
    const { client, received, ended } = await connected();
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const response = await asked;
    const over = ending();
    connections.sweep();
    nowMs = 3_600_000;
    connections.sweep();
    response.end('done');
    await once(response, 'close');
    connections.sweep();
    await Promise.all([over, ended]);
    expect(received()).toContain('done');
  });

  it.each([
    ['the head of its request', 'GET / HTTP/1.1\r\nHo'],
    ['its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf'],
  ])('waits ten seconds for a client that has not sent the rest of %s', async (_, begun) => {
    const { client, served, ended } = await connected();
    client.write(begun);
    await until(() => Promise.resolve(served.bytesRead === begun.length));
    const over = ending();
    connections.sweep();
    nowMs += 9_999;
    connections.sweep();
    expect(client.destroyed).toBe(false);
    nowMs += 1;
    connections.sweep();
    await Promise.all([over, ended]);
  });
});
