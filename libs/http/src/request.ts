// A request as controllers get it: its reader or writer is known.
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal, Reader } from '#kernel';

/** Read requests may be the public's, where the installation allows it. */
export interface ReadRequest extends FastifyRequest {
  reader: Reader;
  /** Something in the answer has a restricted audience: the access log notes who read it. */
  showedRestricted?: true;
  /** Whether its token is still valid: an answer that takes long asks again. Absent where none was needed. */
  isStillValid?: () => Promise<boolean>;
}

export interface AuthenticatedRequest extends ReadRequest {
  principal: Principal;
  /** It is the first that was turned away unheard because too many from its address had failed to log in: those after it are noted nowhere. */
  isFirstTurnedAway?: true;
}

interface Exchange<Request> {
  request: Request;
  /** For status and headers only: the controller's answer becomes the body. */
  reply: FastifyReply;
}

const exchange = createParamDecorator((_: unknown, context: ExecutionContext): Exchange<unknown> => {
  const http = context.switchToHttp();
  return { request: http.getRequest(), reply: http.getResponse() };
});

/** The position that the sender got from another node, if any. */
export function positionOf({ headers }: FastifyRequest): string | undefined {
  const token = headers['plenary-position'];
  return token === undefined ? undefined : String(token);
}

/** A command as it was sent. */
export type Sent = Exchange<AuthenticatedRequest>;
export const Sent = exchange;

/** A question as it was asked. */
export type Asking = Exchange<ReadRequest>;
export const Asking = exchange;
