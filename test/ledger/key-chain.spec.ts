// A changed signing key: who trusts the old one follows the record to the new one, and nowhere else.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { LOG_STREAM } from '#kernel';
import { formatNote } from '#ledger/core';
import { verdictProse, type Verdict } from '#ledger/verify';
import { changeKey, LogKey } from '#ledger/writer';
import { codesOf, History, logKey, logPrivateKey, newKey, SIGNED_AT_SECONDS, verify } from './support/ledger-history.js';
import { talk } from './support/meeting-bundles.js';

const [second, third, stranger] = [newKey(), newKey(), newKey()];
const changes = [changeKey(logKey, second), changeKey(second, third)] as const;
const notes = changes.map(({ note }) => note);
const rotated = new History();
rotated.remark(talk);
rotated.add(LOG_STREAM, { type: 'signing-key-changed', data: changes[0] });
rotated.remark(talk);
rotated.add(LOG_STREAM, { type: 'signing-key-changed', data: changes[1] });
rotated.remark(talk);

const complete = (key: LogKey, size = rotated.size, keyChanges: readonly string[] = notes): Promise<string[]> => {
  const part = Object.assign(new History(), { events: rotated.events.slice(0, size) });
  return part.complete({ checkpoint: rotated.note(size, key), keyChanges });
};
const trusting = async (lines: Promise<string[]>, ...keys: LogKey[]): Promise<Verdict> =>
  verify(await lines, { keys: keys.map(({ verifierKey }) => verifierKey) });
const witnessPrivateKey = generateKeyPairSync('ed25519').privateKey;
const witness = new LogKey('w.example/1', witnessPrivateKey);
/** The note with the line of somebody who saw it. */
const cosigned = (note: string, by = witness): string => {
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  return note + formatNote({ text, signatures: [by.cosign(text, SIGNED_AT_SECONDS)] }).slice(text.length + 1);
};
const noticesOf = ({ findings }: Verdict): string[] => findings.filter(({ grade }) => grade === 'notice').map(({ code }) => code);

describe('a checkpoint by a key that replaced another', () => {
  it.each<[string, LogKey, string[]]>([
    ['the first key', logKey, ['key-changed', 'key-changed', 'key-followed']],
    ['the second', second, ['key-changed', 'key-changed', 'key-followed']],
    ['the key that signed', third, ['key-changed', 'key-changed']],
  ])('is proven to whoever trusts %s, and the change is reported', async (_, key, notices) => {
    const verdict = await trusting(complete(third), key);
    expect([verdict.status, verdict.integrity, verdict.completeness, noticesOf(verdict)]).toEqual([0, 'proven', 'proven', notices]);
    if (key !== third) expect(verdictProse(verdict)).toContain(`signed by "${third.verifierKey}", which follows from a key that you trust`);
  });

  it('is proven in a selection too, as long as it shows the records of the changes', async () => {
    const selection = (indexes: number[]) => rotated.selection(indexes, { checkpoint: rotated.note(6, third), keyChanges: notes });
    expect((await trusting(selection([0, 2, 4, 5]), logKey)).status).toBe(0);
    const verdict = await trusting(selection([0, 2, 5]), logKey);
    expect([verdict.status, verdict.custody, codesOf(verdict)]).toEqual([1, 'broken', ['key-change-not-recorded', 'key-not-in-force']]);
  });

  it('is not proven by a change that does not stand in the record', async () => {
    const plain = new History();
    plain.remark(talk);
    const lines = plain.complete({ checkpoint: plain.note(2, second), keyChanges: [notes[0]!] });
    const verdict = await trusting(lines, logKey);
    expect([verdict.status, verdict.custody]).toEqual([1, 'broken']);
    expect(codesOf(verdict)).toContain('key-change-not-recorded');
  });

  it.each<[string, LogKey[]]>([
    ['a stranger', [stranger]],
    ['nobody before the key that signed', [newKey(), newKey()]],
  ])('is not proven to whoever trusts %s', async (_, keys) => {
    const verdict = await trusting(complete(third), ...keys);
    expect([verdict.status, verdict.custody, verdict.integrity, codesOf(verdict)]).toEqual([
      1,
      'broken',
      'not-proven',
      ['checkpoint-not-trusted'],
    ]);
  });

  it('is not proven where the bundle does not carry the changes', async () => {
    expect(codesOf(await trusting(complete(third, 6, []), logKey))).toEqual(['checkpoint-not-trusted']);
  });

  it('is not proven by a change that the old key did not sign', async () => {
    const forged = { ...changeKey(logKey, stranger), note: changeKey(newKey(), stranger).note };
    const lines = complete(stranger, 6, [forged.note]);
    expect((await trusting(lines, logKey)).custody).toBe('broken');
    const half = changes[0].note.split('\n').toSpliced(-3, 1).join('\n');
    expect(codesOf(await trusting(complete(second, 4, [half]), logKey))).toEqual(['line-unreadable']);
  });

  it('nor by changes that do not go on from each other, or stand behind the checkpoint', async () => {
    expect(codesOf(await trusting(complete(third, 6, [notes[1]!, notes[0]!]), logKey))).toEqual(['line-unreadable']);
    const [header, first, other, checkpoint, ...rest] = await complete(third);
    expect(codesOf(await verify([header!, first!, checkpoint!, other!, ...rest], { keys: [logKey.verifierKey] }))).toEqual([
      'checkpoint-not-trusted',
    ]);
  });

  it('before a change, the old key is in force: one of later ones in the bundle changes nothing', async () => {
    expect((await trusting(complete(logKey, 2), logKey)).status).toBe(0);
    expect(codesOf(await trusting(complete(logKey, 4), logKey))).toEqual(['key-not-in-force']);
  });
});

describe('a kept checkpoint', () => {
  it.each<[string, string, LogKey, number]>([
    ['by the old key', rotated.note(2, logKey), logKey, 0],
    ['by the new key, of whoever trusts the old one', rotated.note(4, second), logKey, 0],
    ['by the old key, of whoever trusts the new one alone', rotated.note(2, logKey), third, 3],
    ['by a stranger', rotated.note(2, stranger), logKey, 3],
  ])('%s', async (_, since, key, status) => {
    const verdict = await verify(await complete(third), { keys: [key.verifierKey], since });
    expect(verdict.status).toBe(status);
    if (status === 0) expect(verdict.custody).toBe('proven');
    else expect(verdict.couldNotRun).toContain('the kept checkpoint is signed by none of the keys that are trusted here');
  });
});

describe('a checkpoint with the line of a witness', () => {
  const witnesses = [witness.cosignerKey];

  it.each<[string, LogKey, number]>([
    ['the second', second, 4],
    ['the last', third, 6],
  ])('is kept by whoever trusts the first key and the witness, where %s signed it', async (_, key, size) => {
    const lines = await complete(third, 6, notes);
    const options = { keys: [logKey.verifierKey], since: cosigned(rotated.note(size, key)), cosigned: [cosigned(rotated.note(6, third))] };
    expect(await verify(lines, { ...options, witnesses })).toMatchObject({ status: 0, custody: 'proven' });
    expect(await verify(lines, options)).toMatchObject({ status: 0, custody: 'proven' });
  });

  it('names the key that is missing, of whoever trusts only a later one and the witness', async () => {
    const before = cosigned(rotated.note(2, logKey));
    const named = `is signed by none of the keys that are trusted here as the log's, but by "${logKey.key.name}" (${logKey.key.id})`;
    const options = { keys: [third.verifierKey], witnesses };
    const part = Object.assign(new History(), { events: rotated.events.slice(0, 2) });
    const verdict = await verify(await part.complete({ checkpoint: before }), options);
    expect(verdict.findings).toMatchObject([{ code: 'checkpoint-not-trusted', message: expect.stringContaining(named) }]);
    expect(verdict.findings[0]!.message).not.toContain('another log');
    expect(verdict.findings[0]!.message).toContain('give the older one as well');
    // Nothing was looked at, so nothing is said of what the bundle holds.
    const prose = verdictProse(verdict);
    expect(prose).toMatch(
      /^NOT SIGNED BY YOUR KEY: no key that you gave signed the checkpoint of this bundle, so nothing in it was checked\./,
    );
    for (const untrue of ['MANIPULATION', 'were checked', 'not what was signed', 'nobody put in words'])
      expect(prose).not.toContain(untrue);
    const both = await verify(await part.complete({ checkpoint: before }), { keys: [third.verifierKey, logKey.verifierKey] });
    expect([both.status, both.signedByOthers, verdictProse(both).split(':')[0]]).toEqual([0, undefined, 'PROVEN']);
    expect(await verify(await complete(third), { ...options, since: before })).toMatchObject({
      status: 3,
      couldNotRun: expect.stringContaining(`the kept checkpoint ${named}`),
    });
  });

  it('is of another log where the witness alone is known', async () => {
    const elsewhere = newKey('elsewhere.example/log');
    const foreign = cosigned(new History(elsewhere).note());
    expect(await verify(await complete(third), { keys: [logKey.verifierKey], witnesses, since: foreign })).toMatchObject({
      status: 3,
      couldNotRun: 'the kept checkpoint is of another log: no trusted key of its origin signed it',
    });
  });
});

describe('a key that was the log’s own is nobody’s witness', () => {
  const former = new LogKey('independent.example/w', logPrivateKey);
  const lines = (keyChanges: readonly string[]) => rotated.complete({ checkpoint: cosigned(rotated.note(6, third), former), keyChanges });

  it.each<[string, readonly string[]]>([
    ['as the changes in the bundle say', notes],
    ['as some of them say', notes.slice(1)],
    ['as the record says', []],
  ])('%s', async (_, keyChanges) => {
    const verdict = await verify(await lines(keyChanges), { keys: [third.verifierKey], witnesses: [former.cosignerKey] });
    expect([verdict.status, verdict.custody, codesOf(verdict)]).toEqual([2, 'not-proven', ['not-witnessed']]);
  });

  it('also where the record names it alone as the key that opened the log', async () => {
    const opened = new History();
    opened.remark(talk);
    const bundle = await opened.complete({ checkpoint: cosigned(opened.note(2, second), former) });
    expect(codesOf(await verify(bundle, { keys: [second.verifierKey], witnesses: [former.cosignerKey] }))).toEqual([
      'not-witnessed',
      'key-not-in-force',
    ]);
  });

  it('and one that was another log’s is, whatever changes of that one the bundle shows', async () => {
    const name = 'other.example/log';
    const { note } = changeKey(new LogKey(name, witnessPrivateKey), newKey(name));
    const bundle = await rotated.complete({ checkpoint: cosigned(rotated.note(6, third)), keyChanges: [note] });
    expect(await verify(bundle, { keys: [third.verifierKey], witnesses: [witness.cosignerKey] })).toMatchObject({
      status: 0,
      custody: 'proven',
    });
  });
});

it('a key that cosigns is no key of a log', async () => {
  expect(await verify(await complete(third), { keys: [third.cosignerKey] })).toMatchObject({
    status: 3,
    couldNotRun: 'the key that was given cosigns: it is that of a witness, and of no log',
  });
});

it('the age of records is told by checkpoints of every key of the log', async () => {
  const published = [rotated.note(2, logKey, 0), rotated.note(4, second, 0), rotated.note(6, third, SIGNED_AT_SECONDS)];
  const lateOf = async (key: LogKey): Promise<string[]> =>
    codesOf(await verify(await complete(third), { keys: [key.verifierKey], published }));
  const last = await verify(await complete(third), { keys: [third.verifierKey], published: [published[2]!] });
  expect(last.longestUncoveredSeconds).toBeGreaterThan(60);
  for (const key of [logKey, third]) {
    expect((await verify(await complete(third), { keys: [key.verifierKey], published })).longestUncoveredSeconds).toBeLessThan(
      last.longestUncoveredSeconds!,
    );
    expect(await lateOf(key)).toEqual(['covered-late']);
  }
});
