// What the history says about itself: removals, losses, keys, seals.
import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { LOG_STREAM, sealed } from '#kernel';
import type { EventLine } from '#ledger/core';
import { verdictProse } from '#ledger/verify';
import { changeKey } from '#ledger/writer';
import { codesOf, History, logKey, newKey, verify, writerKey } from './support/ledger-history.js';
import { at, history, lineOf, other, talk, wholeBundle } from './support/meeting-bundles.js';

let whole: string[];
beforeAll(async () => {
  whole = await wholeBundle();
});

describe('what the history says about itself', () => {
  const removed = new History();
  const gone = removed.remark(talk, 'personal');
  const values = gone.sealed.filter(({ value }) => value === 'personal').map(({ hash }) => hash);
  removed.remark(talk, 'kept');
  removed.add(LOG_STREAM, {
    type: 'value-removed',
    data: {
      values: values.map((hash) => ({ record: 2, hash })),
      reason: [{ lang: 'en', text: sealed('a court ruled so') }],
      authority: [{ lang: 'en', text: sealed('the court') }],
    },
  });
  const without = (event: History['events'][number]) => ({ ...event, sealed: event.sealed.filter(({ hash }) => !values.includes(hash)) });

  it('explains a sealed value that is gone, and nothing else does', async () => {
    const events = removed.events.map(without);
    const after = Object.assign(new History(), { events });
    expect(await verify(await after.complete())).toMatchObject({ status: 0, completeness: 'proven', counted: { removedValues: 1 } });
    expect(await verify(await after.selection([1, 3]))).toMatchObject({ status: 0 });
    const unexplained = await verify(await after.selection([1, 2]));
    expect(unexplained).toMatchObject({ status: 2, integrity: 'not-proven' });
    expect(unexplained.findings).toMatchObject([{ code: 'selection' }, { code: 'value-missing', record: 2 }]);
    expect(await verify(await removed.complete())).toMatchObject({ status: 0 });
  });

  it('does not let a removal in another stream count', async () => {
    const forged = new History();
    const bare = forged.remark(talk, 'personal');
    const hash = bare.sealed.find(({ value }) => value === 'personal')!.hash;
    forged.events[1] = { ...bare, sealed: bare.sealed.filter((each) => each.hash !== hash) };
    forged.add(other, { type: 'value-removed', data: { values: [{ record: 2, hash }] } });
    expect(codesOf(await verify(await forged.complete()))).toEqual(['value-missing']);
  });

  it('does not let a removal from another record count', async () => {
    const misnamed = new History();
    const bare = misnamed.remark(talk, 'personal');
    const hash = bare.sealed.find(({ value }) => value === 'personal')!.hash;
    misnamed.events[1] = { ...bare, sealed: bare.sealed.filter((each) => each.hash !== hash) };
    misnamed.add(LOG_STREAM, { type: 'value-removed', data: { values: [{ record: 1, hash }] } });
    expect(codesOf(await verify(await misnamed.complete()))).toEqual(['value-missing']);
  });

  it('lists what a restore could not bring back', async () => {
    const restored = new History();
    for (let count = 1; count < 9; count++) restored.remark(talk);
    restored.add(LOG_STREAM, { type: 'history-restored', data: { lost: [{ from: 4, to: 5 }] } });
    const verdict = await verify(await restored.complete({ isExported: (_, index) => index !== 3 && index !== 4 }));
    expect(verdict).toMatchObject({ status: 0, completeness: 'proven', counted: { lostRecords: 2 } });
    expect(verdictProse(verdict)).toContain('but for 2 records declared lost');
    expect(codesOf(await verify(await restored.complete({ isExported: (_, index) => index !== 3 && index !== 6 })))).toEqual([
      'event-missing',
    ]);
  });

  it('follows the signing key, and minds one that is not in force', async () => {
    const [second, stranger] = [newKey(), newKey()];
    const rotated = new History();
    rotated.add(LOG_STREAM, { type: 'signing-key-changed', data: changeKey(logKey, second) });
    const lines = await rotated.complete({ checkpoint: rotated.note(2, second) });
    expect(await verify(lines, { keys: [second.verifierKey] })).toMatchObject({ status: 0, findings: [{ code: 'key-changed' }] });
    expect(codesOf(await verify(await rotated.complete(), { keys: [logKey.verifierKey] }))).toEqual(['key-not-in-force']);
    expect(
      codesOf(await verify(await history.complete({ checkpoint: history.note(600, stranger) }), { keys: [stranger.verifierKey] })),
    ).toEqual(['key-not-in-force']);
    const forged = new History();
    forged.add(LOG_STREAM, { type: 'signing-key-changed', data: { ...changeKey(logKey, second), note: changeKey(stranger, second).note } });
    expect(codesOf(await verify(await forged.complete()))).toEqual(['log-record-malformed']);
  });

  it('and the writer key, where the auditor has it, tells who wrote', async () => {
    const isSealed = (entry: string, seal: string) => createHmac('sha256', writerKey).update(entry).digest('hex') === seal;
    expect(await verify(whole, { isSealed })).toMatchObject({ status: 0 });
    expect(
      await verify(
        at(whole, lineOf(33), (line: EventLine) => void (line.seal = 'f'.repeat(64))),
        { isSealed },
      ),
    ).toMatchObject({ status: 1, custody: 'broken', firstWrongRecord: 34 });
  });
});
