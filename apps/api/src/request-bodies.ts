// Reads request bodies: JSON in UTF-8 of a bounded size that may be stored as it is, and validates their shape.
import type { IncomingHttpHeaders } from 'node:http';
import { ValidationPipe, type ValidationError } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { httpRefusals, RefusalException } from '#http';
import { findUnstorable, type FieldError } from '#kernel';

/** Of a request, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function readJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, ({ headers }, body, done) => {
    try {
      refuseEncoded(headers);
      done(null, parseBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Bodies are read as they are sent, in UTF-8. @throws RefusalException */
function refuseEncoded(headers: IncomingHttpHeaders): void {
  const charset = charsetOf(headers['content-type'] ?? '');
  if (charset === '') throw unsupported('The charset is not named; a body is in utf-8.');
  if (charset !== undefined && !UTF8.has(charset.toLowerCase())) throw unsupported(`The charset is ${charset}; a body is in utf-8.`);
  const encoding = headers['content-encoding']?.trim();
  if (encoding && encoding.toLowerCase() !== 'identity') throw unsupported(`The body is encoded as ${encoding}; send it as it is.`);
}

/** What is in ASCII is in UTF-8. */
const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii']);

/** A value in quotes may hold anything, also what looks like a parameter. */
const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)/g;

function charsetOf(contentType: string): string | undefined {
  for (const [, name, value] of contentType.matchAll(PARAMETER)) {
    if (name!.toLowerCase() === 'charset') return value!.trim().replace(/^"(.*)"$/, '$1');
  }
  return undefined;
}

const unsupported = (detail: string): RefusalException => new RefusalException(httpRefusals['media-type-unsupported'](detail));

/** @throws RefusalException */
function parseBody(bytes: Buffer): object {
  if (bytes.length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw new RefusalException(
      httpRefusals['body-unreadable'](error instanceof SyntaxError ? `${error.message}.` : 'The body is not UTF-8.'),
    );
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new RefusalException(httpRefusals['body-unreadable']('The body must be one JSON object.'));
  const found = findUnstorable(body);
  if (found) throw fieldsInvalid([{ field: found.path, reason: found.reason }]);
  return body;
}

export const validation = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    exceptionFactory: (errors) => fieldsInvalid(flatten(errors, '')),
  });

function fieldsInvalid(fields: FieldError[]): RefusalException {
  const detail = fields.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
  return new RefusalException(httpRefusals['fields-invalid'](`${detail}.`, { fields }));
}

/** Nested errors as paths: `text[0].lang`. */
function flatten(errors: readonly ValidationError[], prefix: string): FieldError[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const field = /^\d+$/.test(property) ? `${prefix}[${property}]` : prefix === '' ? property : `${prefix}.${property}`;
    const own = Object.entries(constraints).map(([kind, message]) => ({
      field,
      reason: kind === 'whitelistValidation' ? 'is not a field here' : message,
    }));
    return [...own, ...flatten(children, field)];
  });
}
