// A verb that needs a server starts one on a history that is there, and never opens a new one by mistake.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { SqliteEventStore } from '#event-store';
import { withServer } from './server-of-directory.js';

let directory: string;
let env: Record<string, string>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-verb-'));
  env = { PLENARY_DATA: join(directory, 'data'), PLENARY_KEYS: join(directory, 'keys') };
});
afterEach(() => rmSync(directory, { recursive: true }));

const never = (): never => {
  throw new Error('a server was started');
};

it('a directory that is not there is named, and not made', async () => {
  await expect(withServer(env, never)).rejects.toThrow(`there is no history in ${env['PLENARY_DATA']}`);
  expect(readdirSync(directory)).toEqual([]);
});

it('neither one that is empty, nor a log without records, becomes a history', async () => {
  mkdirSync(env['PLENARY_DATA']!);
  await expect(withServer(env, never)).rejects.toThrow('there is no history');
  const store = await SqliteEventStore.open({ directory: env['PLENARY_DATA']!, mode: 'writer' });
  await store.close();
  await expect(withServer(env, never)).rejects.toThrow('there is no history');
  expect(readdirSync(directory)).toEqual(['data']);
});
