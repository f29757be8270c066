import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
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

describe('what cannot be printed', () => {
  const failingWith = (code: string): Writable =>
    new Writable({ write: (_, __, done) => void process.nextTick(done, Object.assign(new Error(`no: ${code}`), { code })) });

  it('is known once all is flushed, and ends nothing before', async () => {
    const terminal = openTerminal(failingWith('ENOSPC') as never, failingWith('ENOSPC') as never);
    terminal.tell('one');
    expect(await terminal.flushed()).toBeUndefined();
    terminal.print('one');
    terminal.progress('two');
    expect(await terminal.flushed()).toMatchObject({ code: 'ENOSPC' });
    expect(terminal.isLost).toBe(true);
    await terminal.write(Buffer.from('three'));
    terminal.print('four');
    expect(await terminal.flushed()).toMatchObject({ code: 'ENOSPC' });
  });

  it('was not wanted, where the reader closed the pipe', async () => {
    const terminal = openTerminal(failingWith('EPIPE') as never);
    await terminal.write(Buffer.from('one'));
    expect(await terminal.flushed()).toBeUndefined();
    expect(terminal.isLost).toBe(true);
  });
});
