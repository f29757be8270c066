// A file is the old one or the new one, and nothing else is left beside it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readWhole, writeDurably, writeSynced } from './index.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-durable-'));
  file = join(directory, 'file');
});
afterEach(() => rmSync(directory, { recursive: true }));

it('a file that is not there is read as none, and one that cannot be read is a fault', () => {
  expect(readWhole(file)).toBeUndefined();
  expect(() => readWhole(directory)).toThrow('EISDIR');
});

it('a file is replaced, and no draft is left', async () => {
  await writeDurably(file, 'old');
  await writeDurably(file, 'new');
  expect([readWhole(file)!.toString(), readdirSync(directory)]).toEqual(['new', ['file']]);
});

it('where it cannot be replaced, no draft is left, and the other stays as it was', async () => {
  await expect(writeSynced(join(directory, 'nowhere', 'file'), 'new', join(directory, 'draft'))).rejects.toThrow('ENOENT');
  expect(readdirSync(directory)).toEqual([]);
});

it('so is one that is written piece by piece: where a piece cannot be had, the other stays', async () => {
  async function* pieces(fails: boolean): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('one '));
    if (fails) throw new Error('no more');
    yield Buffer.from('two');
  }
  await writeSynced(file, pieces(false), `${file}.draft`, 'w', 0o600);
  await expect(writeSynced(file, pieces(true))).rejects.toThrow('no more');
  expect([readWhole(file)!.toString(), readdirSync(directory), statSync(file).mode & 0o777]).toEqual(['one two', ['file'], 0o600]);
});

it('a draft that another is writing is left to it', async () => {
  const draft = join(directory, 'draft');
  writeFileSync(draft, 'of another');
  await expect(writeSynced(file, 'new', draft, 'wx')).rejects.toThrow('EEXIST');
  expect([readWhole(file), readFileSync(draft, 'utf8')]).toEqual([undefined, 'of another']);
});
