// The file in which a node keeps what it compared, as a disk, a copy or a hand may leave it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { publish } from '#ledger/writer';
import type { RecordNumber } from '#kernel';
import { CheckpointWatch } from '../../apps/api/src/ledger/checkpoint-watch.js';
import { KeptCheckpoint } from '../../apps/api/src/ledger/kept-checkpoint.js';
import { History, logKey, meeting, newKey } from './support/ledger-history.js';

let directory: string;
let file: string;
let history: History;
let notes: Map<string, string>;
let keys: string[];
let last: number;

const bookkeeping = {
  read: (key: string) => Promise.resolve(notes.get(key)),
  write: (key: string, value: string) => Promise.resolve(void notes.set(key, value)),
};
const started = async (): Promise<CheckpointWatch> => {
  const watch = new CheckpointWatch({
    bookkeeping,
    register: { last: () => last as RecordNumber, rootAt: (size) => history.root(size) },
    origin: logKey.key.name,
    keys: () => Promise.resolve(keys),
    now: () => 0,
    kept: new KeptCheckpoint(directory),
  });
  await watch.look();
  return watch;
};
const kept = (): string => readFileSync(file, 'utf8');

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-kept-'));
  file = join(directory, 'compared-checkpoint');
  history = new History();
  while (history.size < 12) history.remark(meeting('talk'));
  [notes, keys, last] = [new Map<string, string>(), [logKey.verifierKey], 12];
  await publish(bookkeeping, history.note(9), 9, 0);
  await started();
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('the kept checkpoint', () => {
  const damages: [string, () => void, RegExp][] = [
    ['another size', () => writeFileSync(file, kept().replace('\n9\n', '\n99\n')), /holds no checkpoint that a key of this history signed/],
    [
      'another root',
      () => writeFileSync(file, kept().replace(/\n9\n.{4}/, '\n9\nAAAA')),
      /holds no checkpoint that a key of this history signed/,
    ],
    ['its end cut off', () => writeFileSync(file, kept().slice(0, 20)), /holds no checkpoint that a key of this history signed/],
    ['nothing in it', () => writeFileSync(file, ''), /holds no checkpoint that a key of this history signed/],
    ['a directory in its place', () => (rmSync(file), mkdirSync(file)), /cannot be read \(EISDIR/],
  ];
  it.each(damages)('stops nobody with %s, says which file it is, and overwrites nothing', async (_damage, damage, says) => {
    damage();
    const watch = await started();
    await publish(bookkeeping, history.note(12), 12, 9);
    await watch.look(true);
    expect([watch.diverged, watch.covered]).toEqual([undefined, 12]);
    expect(watch.trouble).toMatch(says);
    expect(watch.trouble).toContain(file);
    rmSync(file, { recursive: true });
    await watch.look(true);
    expect([watch.trouble, kept()]).toEqual([undefined, `${history.note(12)}\n${logKey.verifierKey}\n`]);
  });

  it('counts as soon as it is there again', async () => {
    const whole = kept();
    writeFileSync(file, 'damaged');
    last = 6;
    notes.clear();
    await publish(bookkeeping, history.note(5), 5, 0);
    const watch = await started();
    expect(watch.diverged).toBeUndefined();
    writeFileSync(file, whole);
    await watch.look(true);
    expect(watch.diverged).toMatch(/ends with record 6, and a signed checkpoint covers 9/);
  });

  it('is known in a record that was put back to before its key was made', async () => {
    const next = newKey();
    keys.push(next.verifierKey);
    await publish(bookkeeping, history.note(12, next), 12, 9);
    await started();
    keys.pop();
    last = 10;
    await publish(bookkeeping, history.note(9), 9, 0);
    expect((await started()).diverged).toMatch(/ends with record 10, and a signed checkpoint covers 12/);
  });

  it('is read where it holds the note alone', async () => {
    writeFileSync(file, history.note(9));
    last = 6;
    const watch = await started();
    expect([watch.diverged, watch.trouble]).toEqual([
      expect.stringMatching(/a signed checkpoint covers 9/),
      expect.not.stringContaining(file),
    ]);
  });
});
