// RFC 9457: every refusal becomes a problem document with a type of its own, at the edge and nowhere else.
import { HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RecordUnusable, StoreUnavailable } from '#event-store';
import { isRefusal, type Refusal } from '#kernel';
import { httpRefusals } from './http-refusals.js';

/** Carries a refusal out of a controller. */
export class RefusalException extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.detail);
  }
}

/** Where a problem's `type` points; resolved against docs/errors.md by its code. */
export const PROBLEM_TYPE = 'https://plenary.invalid/problems/';

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  fields?: readonly { field: string; reason: string }[];
  correlation?: string;
}

export const problemOf = (refusal: Refusal, correlation?: string): ProblemDocument => ({
  type: PROBLEM_TYPE + refusal.code,
  title: refusal.kind.title,
  status: refusal.kind.status,
  detail: refusal.detail,
  ...(refusal.fields.length > 0 && { fields: refusal.fields }),
  ...(correlation && { correlation }),
});

export function sendProblem(reply: FastifyReply, refusal: Refusal, correlation: string): void {
  if (refusal.retryAfter !== undefined) void reply.header('Retry-After', String(refusal.retryAfter));
  if (refusal.kind.status === 401) void reply.header('WWW-Authenticate', 'Bearer realm="plenary"');
  void reply.status(refusal.kind.status).type('application/problem+json; charset=utf-8').send(problemOf(refusal, correlation));
}

export class ProblemFilter implements ExceptionFilter {
  /** @param report called with what is no refusal: a fault of the program */
  constructor(private readonly report: (error: unknown, correlation: string) => void) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const request = http.getRequest<FastifyRequest>();
    if (reply.sent) return;
    sendProblem(reply, this.refusalOf(error, request), request.id);
  }

  private refusalOf(error: unknown, request: FastifyRequest): Refusal {
    if (error instanceof RefusalException) return error.refusal;
    if (isRefusal(error)) return error;
    // Of what is read from the log itself; a command that meets it is refused by the runner.
    if (error instanceof StoreUnavailable) return httpRefusals['history-unreadable'](`${error.message}.`, { retryAfter: 5 });
    if (error instanceof RecordUnusable) return httpRefusals['record-unusable'](`${error.message}.`);
    const status = statusOf(error);
    if (status === 404)
      return httpRefusals['no-such-address'](`${request.method} ${request.url.split('?')[0]} is not an address of this API.`);
    if (status === 413) return httpRefusals['body-too-large']('The body has more than 1 MiB.');
    if (status === 415) return httpRefusals['media-type-unsupported']('The body must be application/json.');
    if (status !== undefined && status < 500) return httpRefusals['body-unreadable'](messageOf(error));
    this.report(error, request.id);
    return httpRefusals['internal-error'](`It is logged under the correlation id ${request.id}.`);
  }
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'The body cannot be read.');
