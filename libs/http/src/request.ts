// A request as controllers get it: its reader or writer is known.
import type { FastifyRequest } from 'fastify';
import type { Principal, Reader } from '#kernel';

/** Read requests may be the public's, where the installation allows it. */
export interface ReadRequest extends FastifyRequest {
  reader: Reader;
}

export interface AuthenticatedRequest extends ReadRequest {
  principal: Principal;
}
