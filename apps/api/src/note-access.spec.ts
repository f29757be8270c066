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
});
afterEach(() => server.close());

async function* bundle(): AsyncGenerator<string> {
  happened.push('first line');
  yield await Promise.resolve('{}\n');
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
