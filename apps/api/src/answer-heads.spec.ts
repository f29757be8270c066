import { once } from 'node:events';
import { Readable } from 'node:stream';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { answerHeads } from './answer-heads.js';

let server: FastifyInstance;
let made: string[];
let closed: Promise<unknown>;
beforeEach(() => {
  made = [];
  server = fastify();
  answerHeads(server);
  server.get('/parts', (_request, reply) => {
    const answer = Readable.from(parts());
    closed = once(answer, 'close');
    return reply.type('application/x-ndjson').send(answer);
  });
  server.get('/whole', () => ({ all: 'of it' }));
});
afterEach(() => server.close());

async function* parts(): AsyncGenerator<string> {
  for (const part of ['one', 'two']) {
    made.push(part);
    yield await Promise.resolve(part);
  }
}

it('makes none of the parts for who asks for the head, and all for who asks for the answer', async () => {
  const head = await server.inject({ method: 'HEAD', url: '/parts' });
  await closed;
  expect([head.statusCode, head.headers['content-type'], head.headers['content-length'], head.payload]).toEqual([
    200,
    'application/x-ndjson',
    undefined,
    '',
  ]);
  expect(made).toEqual([]);
  expect((await server.inject('/parts')).payload).toBe('onetwo');
  expect(made).toEqual(['one', 'two']);
});

it('tells the length of what is sent whole', async () => {
  const head = await server.inject({ method: 'HEAD', url: '/whole' });
  expect([head.headers['content-length'], head.payload]).toEqual(['15', '']);
});
