// Who vouches for a history: keys, witnesses, ages, kept checkpoints, and how soon records were covered.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { LOG_STREAM } from '#kernel';
import { formatNote, type EventLine } from '#ledger/core';
import type { Verdict } from '#ledger/verify';
import { changeKey, LogKey } from '#ledger/writer';
import { codesOf, History, logKey, logPrivateKey, newKey, NOW_MS, ORIGIN, verify } from './support/ledger-history.js';
import { at, history, lineOf, selectionOfFour, talk, wholeBundle } from './support/meeting-bundles.js';

const next = newKey();
let whole: string[];
let some: string[];
beforeAll(async () => {
  whole = await wholeBundle();
  some = await selectionOfFour();
});

describe('custody', () => {
  it('is broken by a foreign key, and by a checkpoint of another log', async () => {
    const foreign = await verify(whole, { keys: [newKey().verifierKey] });
    expect(foreign).toMatchObject({ status: 1, custody: 'broken', integrity: 'not-proven' });
    expect(foreign.findings[0]!.message).toContain(`is signed by none of the keys that are trusted here as the log's, but by "${ORIGIN}"`);
    expect(foreign.keep).toBeUndefined();
    expect(foreign.signedByOthers).toBe(true);
    // Its name is whole, and so is the id by which it can be told from another of that name.
    const named = new History(newKey('records.example.org/the-general-conference-and-its-committees-of-the-whole'));
    const { name, id } = named.key.key;
    expect((await verify(await named.complete())).findings[0]!.message).toContain(
      `but by "${name}" (${id}), "${name}" (${named.key.cosigner.id}).`,
    );
    const second = new History(newKey('plenary.example/second'));
    const mixed = await verify(whole.with(1, JSON.stringify({ kind: 'checkpoint', note: second.note() })), {
      keys: [logKey.verifierKey, second.key.verifierKey],
    });
    expect(codesOf(mixed)).toEqual(['checkpoint-of-another']);
    // A trusted key signs for its own origin alone.
    const text = second.note().split('\n\n')[0]!;
    const elsewhere = formatNote({ text: `${text}\n`, signatures: [logKey.sign(`${text}\n`)] });
    const borrowed = await verify(whole.with(1, JSON.stringify({ kind: 'checkpoint', note: elsewhere })));
    expect(borrowed.findings[0]).toMatchObject({
      code: 'checkpoint-not-trusted',
      message: 'The checkpoint is of another log: no trusted key of its origin signed it.',
    });
    const stolen = `${text}\n\n${history.note().split('\n\n')[1]!}`;
    expect(codesOf(await verify(whole.with(1, JSON.stringify({ kind: 'checkpoint', note: stolen }))))).toEqual(['checkpoint-not-trusted']);
  });

  it('asks for no less than a key', async () => {
    expect(await verify(whole, { keys: [] })).toMatchObject({ status: 3, couldNotRun: expect.stringContaining('no key') as never });
    expect(await verify(whole, { keys: ['nonsense'] })).toMatchObject({ status: 3 });
    expect(await verify(whole, { policy: 'quorum\n' })).toMatchObject({
      status: 3,
      couldNotRun: expect.stringContaining('line 1 of the policy') as never,
    });
    expect(await verify(whole, { since: newKey().key.name })).toMatchObject({
      status: 3,
      couldNotRun: expect.stringContaining('kept checkpoint') as never,
    });
  });

  it('minds the age that is allowed', async () => {
    expect(codesOf(await verify(whole, { maxAgeSeconds: 60 }))).toEqual([]);
    expect(codesOf(await verify(whole, { maxAgeSeconds: 59 }))).toEqual(['too-old']);
    expect(codesOf(await verify(whole, { keys: [], policy: `log ${logKey.verifierKey}\nquorum none\nmax-age 59s\n` }))).toEqual([
      'too-old',
    ]);
    expect(codesOf(await verify(await history.complete({ checkpoint: history.note(600, logKey, NOW_MS / 1000 + 301) })))).toEqual([
      'from-the-future',
    ]);
    const timeless = history.note().split('\n').toSpliced(-2, 1).join('\n');
    expect(codesOf(await verify(await history.complete({ checkpoint: timeless }), { maxAgeSeconds: 1e6 }))).toEqual(['age-unknown']);
  });

  it('is proven by witnesses, as many as the policy asks for', async () => {
    const [one, two] = [newKey('w.example/1'), newKey('w.example/2')];
    const note = history.note();
    const text = `${note.split('\n\n')[0]}\n`;
    const cosigned = `${note}\u2014 ${one.key.name} ${Buffer.concat([Buffer.from(one.cosigner.id, 'hex'), one.cosign(text, 5).signature]).toString('base64')}\n`;
    const lines = await history.complete({ checkpoint: cosigned });
    expect(await verify(lines, { witnesses: [one.cosignerKey] })).toMatchObject({ status: 0, custody: 'proven' });
    expect(codesOf(await verify(lines, { witnesses: [one.cosignerKey, two.cosignerKey] }))).toEqual(['not-witnessed']);
    const policy = (k: number) =>
      `log ${logKey.verifierKey}\nwitness A ${one.cosignerKey}\nwitness B ${two.cosignerKey}\ngroup G ${k} A B\nquorum G\n`;
    expect(await verify(lines, { policy: policy(1) })).toMatchObject({ status: 0, custody: 'proven' });
    expect(await verify(lines, { policy: policy(2) })).toMatchObject({ status: 2, custody: 'not-proven' });
    const forged = cosigned.replace(/(\u2014 w\.example\/1 .{12})./, (all, start: string) =>
      all.endsWith('A') ? `${start}B` : `${start}A`,
    );
    expect(codesOf(await verify(await history.complete({ checkpoint: forged }), { witnesses: [one.cosignerKey] }))).toEqual([
      'checkpoint-not-trusted',
    ]);
  });
});

describe('a witness', () => {
  const [one, two] = [newKey('w.example/1'), newKey('w.example/2')];
  const policy = (k: number) =>
    `log ${logKey.verifierKey}\nwitness A ${one.cosignerKey}\nwitness B ${two.cosignerKey}\ngroup G ${k} A B\nquorum G\n`;
  const textOf = (note: string): string => note.slice(0, note.indexOf('\n\n') + 1);
  /** As `plenary witness` prints it. */
  const cosigned = (key: LogKey, note = history.note()): string =>
    formatNote({ text: textOf(note), signatures: [logKey.sign(textOf(note)), key.cosign(textOf(note), 5)] });
  const codes = ({ findings }: Verdict): string[] => findings.map(({ code }) => code);

  it('counts where its cosigned checkpoint is brought beside the bundle, also as the kept one', async () => {
    const kept = cosigned(one);
    const verdict = await verify(whole, { policy: policy(2), cosigned: [kept, cosigned(two)] });
    expect(verdict).toMatchObject({ status: 0, custody: 'proven', findings: [] });
    for (const key of [one, two]) expect(verdict.keep).toContain(`\u2014 ${key.key.name} `);
    expect(await verify(whole, { policy: policy(1), since: kept })).toMatchObject({ status: 0, custody: 'proven', findings: [] });
    expect(await verify(whole, { policy: policy(2), since: verdict.keep! })).toMatchObject({ status: 0, custody: 'proven', findings: [] });
    expect(await verify(some, { witnesses: [one.cosignerKey], cosigned: [kept] })).toMatchObject({ status: 0, custody: 'proven' });
    expect(codes(await verify(whole, { policy: policy(2), cosigned: [kept, kept] }))).toEqual(['not-witnessed']);
  });

  it('that saw another checkpoint does not count, and one that saw another history accuses', async () => {
    const earlier = cosigned(one, history.note(599));
    expect(codes(await verify(whole, { policy: policy(1), cosigned: [earlier] }))).toEqual(['cosigned-another', 'not-witnessed']);
    expect(codes(await verify(whole, { policy: policy(1), since: earlier }))).toEqual(['not-witnessed']);
    const rewritten = new History();
    for (let count = 1; count < 600; count++) rewritten.remark(talk);
    const split = await verify(whole, { policy: policy(1), cosigned: [cosigned(one, rewritten.note())] });
    expect(split).toMatchObject({ status: 1, custody: 'broken' });
    expect(codesOf(split)).toEqual(['split-view', 'not-witnessed']);
    const foreign = await verify(whole, {
      policy: policy(1),
      cosigned: [formatNote({ text: textOf(history.note()), signatures: [newKey().sign(textOf(history.note()))] }), 'nonsense'],
    });
    expect(codes(foreign)).toEqual(['cosigned-unusable', 'cosigned-unusable', 'not-witnessed']);
  });

  it('is never the log itself, under whatever name', async () => {
    const disguised = new LogKey('w.example/3', logPrivateKey);
    for (const witness of [logKey.verifierKey, logKey.cosignerKey, disguised.cosignerKey]) {
      expect(await verify(whole, { witnesses: [witness] })).toMatchObject({
        status: 3,
        couldNotRun: expect.stringContaining('a key of the log is given as a witness') as never,
      });
      for (const lines of [
        [`log ${logKey.verifierKey}`, `witness W ${witness}`],
        [`witness W ${witness}`, `log ${logKey.verifierKey}`],
      ]) {
        expect(await verify(whole, { keys: [], policy: [...lines, 'quorum W', ''].join('\n') })).toMatchObject({
          status: 3,
          couldNotRun: expect.stringContaining('line 2 of the policy makes a log its own witness') as never,
        });
      }
    }
    // Nor is the key that a bundle shows to have replaced the one that is trusted.
    const rotated = new History();
    rotated.add(LOG_STREAM, { type: 'signing-key-changed', data: changeKey(logKey, next) });
    const lines = await rotated.complete({ checkpoint: rotated.note(2, next), keyChanges: [changeKey(logKey, next).note] });
    expect(codesOf(await verify(lines, { witnesses: [next.cosignerKey] }))).toEqual(['not-witnessed']);
  });
});

describe('a kept checkpoint', () => {
  it('is gone on from, by the entries of a complete bundle or by a proof', async () => {
    for (const size of [1, 255, 256, 257, 599, 600])
      expect(await verify(whole, { since: history.note(size) })).toMatchObject({ status: 0, custody: 'proven' });
    expect(
      await verify(await history.selection([3], { consistency: history.consistency(257) }), { since: history.note(257) }),
    ).toMatchObject({ status: 0, custody: 'proven' });
    expect(await verify(some, { since: history.note(600) })).toMatchObject({ status: 0, custody: 'proven' });
    expect(codesOf(await verify(some, { since: history.note(257) }))).toEqual(['continuation-not-shown']);
    expect(
      codesOf(await verify(await history.selection([3], { consistency: history.consistency(256) }), { since: history.note(257) })),
    ).toEqual(['continuation-not-shown']);
  });

  it('alone shows a history that was rewritten, or taken back', async () => {
    const rewritten = new History();
    for (let count = 1; count < 700; count++) rewritten.remark(talk);
    const lines = await rewritten.complete();
    expect(await verify(lines)).toMatchObject({ status: 0, integrity: 'proven', completeness: 'proven' });
    expect(codesOf(await verify(lines, { since: history.note() }))).toEqual(['not-a-continuation']);
    expect(
      codesOf(await verify(await rewritten.selection([3], { consistency: rewritten.consistency(600) }), { since: history.note() })),
    ).toEqual(['not-a-continuation']);
    const back = new History();
    for (let count = 1; count < 100; count++) back.remark(talk);
    expect(await verify(await back.complete())).toMatchObject({ status: 0 });
    expect(await verify(await back.complete(), { since: history.note() })).toMatchObject({
      status: 1,
      custody: 'broken',
      firstWrongRecord: 101,
    });
  });

  it('says nothing of a bundle whose entries were altered on the way', async () => {
    const verdict = await verify(
      at(whole, lineOf(10), (line: EventLine) => void (line.tv = 7)),
      { since: history.note(300) },
    );
    expect(codesOf(verdict)).toEqual(['record-altered']);
    expect(verdict.custody).toBe('proven');
  });
});

it('tells how long records stood without a checkpoint, where the published ones are given', async () => {
  const seconds = (index: number) => Date.parse(history.events[index]!.recordedAt) / 1000;
  const prompt = [history.note(300, logKey, seconds(299) + 5), history.note(600, logKey, seconds(599) + 5)];
  expect(codesOf(await verify(whole, { published: prompt }))).toEqual(['covered-late']);
  const frequent = Array.from({ length: 20 }, (_, at) => history.note((at + 1) * 30, logKey, Math.ceil(seconds((at + 1) * 30 - 1)) + 5));
  expect(await verify(whole, { published: frequent })).toMatchObject({ status: 0, longestUncoveredSeconds: 34 });
});
