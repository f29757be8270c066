// What is answered on the socket itself, by what kept the request from being read.
import type { Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import { answerUnread } from './answer-unread.js';

function said(code: string | undefined, state: { destroyed?: boolean; writable?: boolean } = {}): { written: string; ended: boolean } {
  const heard = { written: '', ended: false };
  const socket = {
    destroyed: false,
    writable: true,
    write: (text: string) => void (heard.written += text),
    destroySoon: () => void (heard.ended = true),
    ...state,
  };
  answerUnread(code === undefined ? {} : { code }, socket as unknown as Socket);
  return heard;
}

it.each<[string | undefined, number, string]>([
  ['HPE_HEADER_OVERFLOW', 431, 'headers-too-large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'request-too-slow'],
  ['HPE_INVALID_METHOD', 400, 'request-unreadable'],
  [undefined, 400, 'request-unreadable'],
])('%s: %i, %s', (code, status, type) => {
  const { written, ended } = said(code);
  const [head, body] = written.split('\r\n\r\n') as [string, string];
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [A-Z][\\w ]+\r\n`));
  expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close`);
  expect(JSON.parse(body)).toMatchObject({ status, type: `https://plenary.invalid/problems/${type}` });
  expect(ended).toBe(true);
});

it('nothing to who broke off, and nothing where nothing can be written', () => {
  expect(said('ECONNRESET')).toEqual({ written: '', ended: false });
  expect(said('HPE_INVALID_METHOD', { destroyed: true })).toEqual({ written: '', ended: false });
  expect(said('HPE_INVALID_METHOD', { writable: false })).toEqual({ written: '', ended: true });
});
