// Where a bundle is written: a file is the old one or the new one; what is no file is written as it is.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { intoFile } from './export-command.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-export-'));
  file = join(directory, 'bundle');
});
afterEach(() => rmSync(directory, { recursive: true }));

const bundle = (...lines: string[]): Readable => Readable.from(lines.map((line) => Buffer.from(line)));
/** Ends as a disk does that is full, or a server that is gone. */
function cutOff(code: string): Readable {
  async function* lines(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from('new'));
    throw Object.assign(new Error(code), { code });
  }
  return Readable.from(lines());
}

it.each([
  ['ENOSPC', 'bundle cannot be written: the disk is full'],
  ['ECONNRESET', 'ECONNRESET'],
])('a bundle that cannot be written whole leaves the one that lies there, and nothing beside it: %s', async (code, message) => {
  writeFileSync(file, 'old');
  await expect(intoFile(file)(cutOff(code))).rejects.toThrow(message);
  expect([readFileSync(file, 'utf8'), readdirSync(directory)]).toEqual(['old', ['bundle']]);
});

it('it replaces the file to which a name leads, for the same readers', async () => {
  writeFileSync(file, 'old');
  chmodSync(file, 0o600);
  symlinkSync('bundle', join(directory, 'name'));
  await intoFile(join(directory, 'name'))(bundle('new ', 'bundle'));
  expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777, readdirSync(directory)]).toEqual([
    'new bundle',
    0o600,
    ['bundle', 'name'],
  ]);
  await intoFile(join(directory, 'other'))(bundle('first'));
  expect(readFileSync(join(directory, 'other'), 'utf8')).toBe('first');
});

it('a pipe is written as it is', async () => {
  execFileSync('mkfifo', [file]);
  const read = import('node:fs/promises').then(({ readFile }) => readFile(file, 'utf8'));
  await intoFile(file)(bundle('through ', 'it'));
  expect([await read, statSync(file).isFIFO()]).toEqual(['through it', true]);
});

it('a device that takes nothing says so', async () => {
  await expect(intoFile('/dev/full')(bundle('new'))).rejects.toThrow('ENOSPC');
});
