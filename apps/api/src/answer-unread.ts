// What cannot be read as HTTP at all meets neither a route nor a filter: it is answered on the socket, as a problem like every other.
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { httpRefusals, problemOf } from '#http';
import type { Refusal } from '#kernel';

/** A connection that broke off hears no answer. */
export function answerUnread({ code }: { code?: string }, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(answerTo(refusalOf(code)));
  socket.destroySoon();
}

function refusalOf(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return httpRefusals['headers-too-large']('The headers of the request have more than 16 KiB.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return httpRefusals['request-too-slow']('The request had not arrived after half a minute.');
  return httpRefusals['request-unreadable']('What arrived is no HTTP request.');
}

function answerTo(refusal: Refusal): string {
  const { status } = refusal.kind;
  const body = JSON.stringify(problemOf(refusal, randomUUID()));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
