// What a node makes of the checkpoints that somebody else publishes, compared with the tree that it projected itself.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LEDGER_KEY, publish } from '#ledger/writer';
import type { RecordNumber } from '#kernel';
import { CheckpointWatch } from '../../apps/api/src/ledger/checkpoint-watch.js';
import type { KeptNote } from '../../apps/api/src/ledger/compared-before.js';
import { History, logKey, meeting, newKey } from './support/ledger-history.js';

const talk = meeting('talk');
let history: History;
let others: History;
let notes: Map<string, string>;
let projected: number;
let now: number;
let told: string[];
let keys: string[];
let broken: boolean;
let watch: CheckpointWatch;
let kept: KeptNote | undefined;
let hasCaughtUp: boolean;

const bookkeeping = {
  read: (key: string) => (broken ? Promise.reject(new Error('the database is away')) : Promise.resolve(notes.get(key))),
  write: (key: string, value: string) => Promise.resolve(void notes.set(key, value)),
};
const grow = (count: number): void => {
  for (let at = 0; at < count; at++) history.remark(talk);
};
const sign = (size: number, previous = 0, by = history): Promise<void> => publish(bookkeeping, by.note(size), size, previous);

/** As a node does: what the one before kept is there. */
const start = (): CheckpointWatch =>
  new CheckpointWatch({
    bookkeeping,
    register: { last: () => projected as RecordNumber, rootAt: (size) => history.root(size) },
    origin: logKey.key.name,
    keys: () => Promise.resolve(keys),
    now: () => now,
    kept: {
      path: 'kept',
      read: () => kept,
      write: (agreed) => (broken ? Promise.reject(new Error('the disk is full')) : Promise.resolve(void (kept = agreed))),
    },
    hasCaughtUp: () => Promise.resolve(hasCaughtUp),
    onDiverged: (message) => told.push(message),
  });

beforeEach(() => {
  history = new History();
  grow(9);
  others = new History();
  while (others.size < 30) others.remark(talk, 'other');
  notes = new Map();
  [told, keys] = [[], [logKey.verifierKey]];
  [projected, now, broken] = [10, 0, false];
  [kept, hasCaughtUp] = [undefined, true];
  watch = start();
});
afterEach(() => watch.stop());

describe('the watch over checkpoints', () => {
  it('serves what agrees with the own tree', async () => {
    expect(await watch.newest()).toBeUndefined();
    await sign(7);
    expect(await watch.newest()).toMatchObject({ size: 7, note: history.note(7), root: history.root(7) });
    expect([watch.diverged, watch.trouble, told]).toEqual([undefined, undefined, []]);
  });

  it('serves what is not projected yet only once it is', async () => {
    await sign(7);
    await watch.look();
    grow(5);
    await sign(15, 7);
    expect((await watch.newest())!.size).toBe(7);
    projected = 15;
    expect((await watch.newest())!.size).toBe(15);
  });

  it('stops commands where a root is another one, names the size, and goes on once it is put right', async () => {
    await sign(7);
    await watch.look();
    await sign(9, 7, others);
    expect((await watch.newest())!.size).toBe(9);
    expect(watch.diverged).toMatch(/checkpoint of 9 records has another root/);
    await watch.look(true);
    expect(told).toHaveLength(1);
    await sign(9, 7);
    await watch.look();
    expect(watch.diverged).toBeUndefined();
  });

  it('compares those between the last that it saw and the newest too', async () => {
    await sign(5);
    await watch.look();
    await sign(7, 5, others);
    await sign(9, 7);
    await watch.look();
    expect(watch.diverged).toMatch(/checkpoint of 7 records/);
  });

  it('finds a register that was changed, or lost its end, after it agreed', async () => {
    await sign(7);
    await watch.look();
    projected = 6;
    await watch.look(true);
    expect(watch.diverged).toMatch(/ends with record 6, and a signed checkpoint covers 7/);
    projected = 10;
    await watch.look(true);
    expect(watch.diverged).toBeUndefined();
    history = others;
    await watch.look(true);
    expect(watch.diverged).toMatch(/checkpoint of 7 records/);
  });

  it('believes no key but those of the record, and follows a change of keys', async () => {
    const next = newKey();
    await sign(5);
    await watch.look();
    notes.set(LEDGER_KEY, history.note(7, next));
    expect((await watch.newest())!.size).toBe(5);
    expect([watch.diverged, watch.trouble]).toEqual([
      undefined,
      'the published checkpoint is not signed by a key of this history: it counts for nothing',
    ]);
    keys.push(next.verifierKey);
    expect((await watch.newest())!.size).toBe(7);
    expect(watch.trouble).toBeUndefined();
  });

  it('stops commands where the log was put back together with what is published', async () => {
    await sign(5);
    await sign(9, 5);
    await watch.look();
    projected = 6;
    await sign(5);
    await watch.look(true);
    expect(watch.diverged).toMatch(/ends with record 6, and a signed checkpoint covers 9/);
    notes.clear();
    await watch.look(true);
    expect(watch.diverged).toMatch(/ends with record 6/);
  });

  it('knows after a restart what it compared before: a log that was put back together with what is published, or rewritten', async () => {
    await sign(5);
    await sign(9, 5);
    await watch.look();
    expect(kept).toEqual({ note: history.note(9), keys: [logKey.verifierKey] });
    projected = 6;
    await sign(5);
    watch = start();
    await watch.look();
    expect(watch.diverged).toMatch(/ends with record 6, and a signed checkpoint covers 9: the log lost its end/);
    projected = 10;
    await sign(9, 5);
    await watch.look();
    expect([watch.diverged, watch.trouble]).toEqual([undefined, undefined]);
    history = others;
    watch = start();
    await watch.look();
    expect(watch.diverged).toMatch(/checkpoint of 9 records has another root/);
  });

  it('knows a log that was put back and grew past what it compared, or as far, together with what is published', async () => {
    await sign(9);
    await watch.look();
    history = others;
    for (const size of [9, 30]) {
      projected = size;
      notes.clear();
      await sign(size);
      for (const node of [start(), watch]) {
        await node.look(true);
        expect(node.diverged).toMatch(/checkpoint of 9 records has another root/);
      }
    }
  });

  it('forgets a lack once it is over, also where the newest checkpoint is not projected yet', async () => {
    await sign(9);
    await watch.look();
    projected = 4;
    await watch.look(true);
    expect(watch.diverged).toMatch(/ends with record 4/);
    grow(5);
    projected = 10;
    await sign(15, 9);
    await watch.look(true);
    expect(watch.diverged).toBeUndefined();
  });

  it('stands by what was published of another history, also while the newest is not projected yet', async () => {
    await sign(9, 0, others);
    await watch.look();
    grow(5);
    await sign(15, 9);
    await watch.look(true);
    expect(watch.diverged).toMatch(/checkpoint of 9 records has another root/);
  });

  it('lets nothing be recorded while a register that was started again has not come so far yet', async () => {
    await sign(9);
    await watch.look();
    [projected, hasCaughtUp] = [4, false];
    watch = start();
    await watch.look();
    expect(watch.diverged).toMatch(/ends with record 4.* nothing is recorded before the register has come so far/);
    projected = 10;
    await watch.look();
    expect([watch.diverged, told.length]).toEqual([undefined, 1]);
  });

  it('says where what it compared cannot be kept, and goes on', async () => {
    const read = bookkeeping.read;
    await sign(9);
    broken = true;
    bookkeeping.read = (key) => Promise.resolve(notes.get(key));
    const trouble = 'the checkpoint that was compared last could not be kept: the disk is full';
    for (const again of [false, false, true]) {
      await watch.look(again);
      expect([watch.diverged, watch.trouble]).toEqual([undefined, trouble]);
    }
    bookkeeping.read = read;
    broken = false;
    await watch.look(true);
    expect([kept?.note, watch.trouble]).toEqual([history.note(9), undefined]);
  });

  it('outlives a register that cannot be read', async () => {
    await sign(7);
    await watch.look();
    history.root = () => {
      throw new Error('the disk reports an error');
    };
    await watch.look(true);
    expect(watch.trouble).toMatch(/cannot be read: the disk reports an error/);
    expect((await watch.newest())!.size).toBe(7);
  });

  it('says that a checkpoint was taken back, or is gone, and goes on with what it knows', async () => {
    await sign(7);
    await watch.look();
    await sign(5);
    expect((await watch.newest())!.size).toBe(7);
    expect(watch.trouble).toMatch(/of 5 records is published, after one of 7/);
    notes.clear();
    await watch.look();
    expect(watch.trouble).toMatch(/the published checkpoint is gone/);
    broken = true;
    expect((await watch.newest())!.size).toBe(7);
    expect(watch.trouble).toMatch(/cannot be read: the database is away/);
  });

  it('says how long records stand without a checkpoint, also while more come', async () => {
    await sign(10);
    await watch.look();
    projected = 11;
    grow(2);
    await watch.look();
    now = 60_000;
    projected = 12;
    await watch.look();
    expect(watch.trouble).toBeUndefined();
    now = 60_001;
    expect(watch.trouble).toBe('records stand without a checkpoint for 60 s');
    await sign(11, 10);
    await watch.look();
    expect(watch.trouble).toBeUndefined();
  });
});
