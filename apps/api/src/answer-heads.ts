// Who asks for the head of an answer gets its status and its headers: where the body would come in parts, none of them is made.
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';

export function answerHeads(fastify: FastifyInstance): void {
  fastify.addHook('onSend', ({ method }, _reply, payload, done) => {
    if (method !== 'HEAD' || !(payload instanceof Readable)) return done(null, payload);
    // The route reads to its end whatever it is given, and throws it away. Of what was not asked for yet, nothing is begun.
    payload.destroy();
    done(null, Readable.from([]));
  });
}
