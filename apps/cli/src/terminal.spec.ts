import { PassThrough } from 'node:stream';
import { expect, it } from '@jest/globals';
import { harmlessJson, openTerminal } from './terminal.js';

const HOSTILE = 'a\u001b[2J\u009b\u202eb\nnaïve 日本語';

it('nothing that a verb prints, tells or shows as its progress steers the terminal', () => {
  const [out, errors] = [new PassThrough(), new PassThrough()].map((stream) => stream.setEncoding('utf8')) as [PassThrough, PassThrough];
  const terminal = openTerminal(out as never, errors as never);
  terminal.print(HOSTILE);
  terminal.tell(HOSTILE);
  terminal.progress(HOSTILE);
  const shown = 'a\\u{1b}[2J\\u{9b}\\u{202e}b\nnaïve 日本語\n';
  expect([out.read(), errors.read()]).toEqual([shown + shown, shown]);
});

it('what programs read is what was recorded', () => {
  const json = JSON.stringify({ said: HOSTILE });
  expect(harmlessJson(json)).not.toContain('\u202e');
  expect(JSON.parse(harmlessJson(json))).toEqual(JSON.parse(json));
});
