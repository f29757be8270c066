import { once } from 'node:events';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { noteAccess } from './note-access.js';

let server: FastifyInstance;
let happened: string[];
beforeEach(() => {
  happened = [];
  server = fastify();
  const log = {
    note: ({ what, address, status }: { what: string; address: string; status: number }) =>
      void happened.push(`${what} ${address} ${status}`),
    synced: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      happened.push('synced');
    },
  };
  noteAccess(server, log);
  server.addHook('preHandler', (request, _reply, done) => {
    Object.assign(request, { reader: { role: 'auditor' } });
    done();
  });
  server.get('/api/v1/export', (request, reply) => {
    if ((request.query as { of?: string }).of !== undefined) return reply.code(404).send({});
    return reply.send(Readable.from(bundle()));
  });
  server.get('/api/v1/records/:record', () => {
    happened.push('answered');
    return {};
  });
  server.get('/api/v1/replay', (request, reply) =>
    reply.send(Readable.from(steps((request.query as { ends?: string }).ends !== undefined))),
  );
});
afterEach(() => server.close());

async function* bundle(): AsyncGenerator<string> {
  happened.push('first line');
  yield await Promise.resolve('{}\n');
}

/** To its end, or until it is broken off. */
async function* steps(ends: boolean): AsyncGenerator<string> {
  do {
    yield await new Promise<string>((resolve) => setImmediate(() => resolve('{}\n')));
  } while (!ends);
}

it('notes who takes a bundle, on the disk, before the first line of it is sent; and once', async () => {
  expect((await server.inject('/api/v1/export?cosigned=a%20note')).payload).toBe('{}\n');
  expect(happened).toEqual(['export /api/v1/export?cosigned=… 200', 'synced', 'first line']);
});

it('notes a bundle that was refused as well', async () => {
  expect((await server.inject('/api/v1/export?of=meeting')).statusCode).toBe(404);
  expect(happened).toEqual(['export /api/v1/export?of=meeting 404', 'synced']);
});

it('keeps nobody else waiting', async () => {
  await server.inject('/api/v1/records/1');
  expect(happened).toEqual(['answered', 'history-read /api/v1/records/1 200']);
});

it('notes nobody who asks for the head of a bundle, of which nothing is given out', async () => {
  expect((await server.inject({ method: 'HEAD', url: '/api/v1/export' })).payload).toBe('');
  expect(happened).not.toContainEqual(expect.stringMatching(/^export/));
});

it('notes a replay that the reader breaks off, and one that comes to its end, each once', async () => {
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const noted = (address: string): string => `history-read ${address} 200`;
  const ask = async (path: string) => {
    const closed = once(server.server, 'connection').then(([socket]) => once(socket as NodeJS.EventEmitter, 'close'));
    const asked = get({ host: '127.0.0.1', port, path, agent: false });
    const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
    return { answer, asked, closed };
  };
  const broken = await ask('/api/v1/replay?pace=0');
  await once(broken.answer, 'data');
  broken.asked.destroy();
  await broken.closed;
  expect(happened).toEqual([noted('/api/v1/replay?pace=0')]);
  const whole = await ask('/api/v1/replay?ends=yes');
  whole.answer.resume();
  await once(whole.answer, 'end');
  await whole.closed;
  expect(happened).toEqual([noted('/api/v1/replay?pace=0'), noted('/api/v1/replay?ends=yes')]);
});
