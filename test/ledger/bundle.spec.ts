// What bundles prove, and what becomes of them when they are altered: each fault has its own message, and the first wrong record is named.
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatNote, type EventLine, type FactLine, type HeaderLine, type LeafLine, type TileLine } from '#ledger/core';
import { linesOf, verdictJson, verdictProse, verifyBundle, type Verdict } from '#ledger/verify';
import { bundleChunks, changeKey, type Fact } from '#ledger/writer';
import { LOG_STREAM, sealed, type Uuid } from '#kernel';
import { all, altered, codesOf, each, History, logKey, meeting, newKey, NOW_MS, ORIGIN, SIGNED_AT_SECONDS, verify, writerKey } from './support/ledger-history.js';
import { createHmac } from 'node:crypto';

const history = new History();
const talk = meeting('talk');
const other = meeting('other');
for (let at = 1; at < 600; at++) history.remark(at % 3 === 0 ? talk : other);

/** Of the bundle below: header, checkpoint, then a tile before every 256 entries. */
const lineOf = (index: number): number => 2 + index + Math.floor(index / 256) + 1;
let whole: string[];
let ofTalk: string[];
let some: string[];
const factsOf = (event: { data: string }): Fact[] => [
  { order: 2, under: ['The meeting', 'Remarks'], label: 'Number', pointer: '/number', value: (JSON.parse(event.data) as { number: number }).number },
  { order: 1, under: ['The meeting'], label: 'Recorded in stream', pointer: '/stream', part: 'leaf', value: talk },
];

beforeAll(async () => {
  whole = await history.complete();
  ofTalk = await history.complete({ scope: { kind: 'meeting', id: talk.slice(8) }, streams: [talk], isExported: ({ stream }) => stream === talk || stream === LOG_STREAM, factsOf: (event) => (event.stream === talk ? factsOf(event) : []) });
  some = await history.selection([0, 3, 9, 300], { factsOf: (event, index) => (index === 9 ? [{ order: 1, under: [], label: 'What was said', pointer: '/text/0/text', value: event.sealed.find(({ value }) => value.startsWith('Remark'))!.value }] : []) });
});

const at = (lines: readonly string[], index: number, change: (line: never) => void): string[] => lines.map((line, position) => (position === index ? altered(line, change) : line));

function expectProven(verdict: Verdict): void {
  expect(codesOf(verdict)).toEqual([]);
  expect(verdict).toMatchObject({ status: 0, integrity: 'proven' });
  expect(verdict.firstWrongRecord).toBeUndefined();
}

describe('a complete bundle', () => {
  it('of everything is proven, and hands out a checkpoint to keep', async () => {
    const verdict = await verify(whole);
    expectProven(verdict);
    expect(verdict).toMatchObject({ completeness: 'proven', custody: 'not-proven', signedAtSeconds: SIGNED_AT_SECONDS, counted: { events: 600, entries: 600, values: 1199 } });
    expect(verdict.keep).toBe(history.note());
  });

  it('of one meeting shows every entry, and the events of its stream', async () => {
    const verdict = await verify(ofTalk);
    expectProven(verdict);
    expect(verdict).toMatchObject({ completeness: 'proven', counted: { entries: 600, events: 200, facts: 398 } });
  });

  it('is read from bytes as it was written', async () => {
    const chunks = await all(bundleChunks(each(whole)));
    expect(chunks.length).toBeGreaterThan(1);
    const bytes = Buffer.concat(chunks);
    const torn = Array.from({ length: Math.ceil(bytes.length / 997) }, (_, part) => bytes.subarray(part * 997, (part + 1) * 997));
    expect(await all(linesOf(each(torn)))).toEqual(whole);
  });

  it.each<[string, (line: EventLine) => void]>([
    ['a payload', (line) => void (line.data = line.data.replace(/"number":\d/, '"number":9'))],
    ['metadata', (line) => void (line.meta = line.meta.replace('secretariat', 'Secretariat'))],
    ['a time', (line) => void (line.at = line.at.replace('07:', '08:'))],
    ['a stream', (line) => void (line.stream = talk)],
    ['a type', (line) => void (line.type = 'remark-unmade')],
    ['a schema version', (line) => void (line.tv = 2)],
    ['a salt', (line) => void (line.salts.data = line.salts.meta)],
    ['white space', (line) => void (line.data = line.data.replace(':', ': '))],
    ['a doubled key', (line) => void (line.data = line.data.replace('{', '{"number":1,'))],
    ['the order of keys', (line) => void (line.data = line.data.replace(/^\{("number":\d+),(.*)\}$/, '{$2,$1}'))],
  ])('names the record of which %s was altered', async (_, change) => {
    const verdict = await verify(at(whole, lineOf(400), change));
    expect(verdict).toMatchObject({ status: 1, integrity: 'broken', firstWrongRecord: 401 });
    expect(codesOf(verdict)).toContain('record-altered');
  });

  it('names the record of which a sealed value was altered, added or doubled', async () => {
    for (const change of [
      (line: EventLine) => void (line.sealed[0]!.value += '!'), (line: EventLine) => void (line.sealed[0]!.salt = line.sealed[1]!.salt),
      (line: EventLine) => void line.sealed.push({ ...line.sealed[0]!, hash: '0'.repeat(64) }), (line: EventLine) => void line.sealed.push(line.sealed[0]!),
    ]) {
      expect(await verify(at(whole, lineOf(77), change))).toMatchObject({ status: 1, firstWrongRecord: 78 });
    }
  });

  it('names the first of several', async () => {
    const change = (line: EventLine) => void (line.tv = 9);
    const verdict = await verify(at(at(at(whole, lineOf(500), change), lineOf(20), change), lineOf(256), change));
    expect(verdict.firstWrongRecord).toBe(21);
    expect(verdict.findings.find(({ code }) => code === 'record-altered')!.message).toContain('2 others differ too (257, 501)');
  });

  it('names an entry without its event that was altered', async () => {
    const verdict = await verify(at(ofTalk, ofTalk.findIndex((line) => line.includes('"index":100,')), (line: LeafLine) => void (line.entry = line.entry.replace('remark-made', 'remark-mode'))));
    expect(verdict).toMatchObject({ status: 1, firstWrongRecord: 101 });
  });

  it('says so where a tile hash was altered and its entry was not', async () => {
    const verdict = await verify(at(whole, lineOf(256) - 1, (line: TileLine) => void (line.hashes = `A${line.hashes.slice(1)}`)));
    expect(codesOf(verdict)).toEqual(['tile-altered']);
    expect(verdict.findings[0]!.message).toContain('record 257');
  });

  it('says that the root disagrees where entry and tile hash were altered together', async () => {
    // The same record as somebody else would have written it, with a leaf of its own.
    const twin = new History();
    for (let at = 1; at < 600; at++) twin.remark(at % 3 === 0 ? talk : other);
    const forged = Object.assign(new History(), { events: history.events.with(300, twin.events[300]!) });
    const verdict = await verify(await forged.complete({ checkpoint: history.note() }));
    expect(verdict.firstWrongRecord).toBeUndefined();
    expect(verdict.findings[0]!.message).toContain('which record was altered cannot be said');
    expect(verdict).toMatchObject({ status: 1, integrity: 'broken' });
    expect(codesOf(verdict)).toContain('root-disagrees');
  });

  it('is not proven where the payload of an exported stream was left out', async () => {
    const verdict = await verify(await history.complete({ scope: { kind: 'meeting' }, streams: [talk], isExported: ({ stream }, index) => stream === talk && index !== 6 }));
    expect(verdict).toMatchObject({ status: 2, integrity: 'proven', completeness: 'not-proven' });
    expect(verdict.findings).toMatchObject([{ code: 'event-missing', record: 7 }]);
  });
});

describe('a bundle that was', () => {
  it.each<[string, (lines: string[]) => string[], number, string, number | undefined]>([
    ['broken off', (lines) => lines.slice(0, lineOf(100)), 2, 'broken-off', undefined],
    ['cut at its tail, and its end rewritten', (lines) => [...lines.slice(0, lineOf(100)), JSON.stringify({ kind: 'end', events: 100, leaves: 0, facts: 0 })], 1, 'entries-missing', 101],
    ['reordered', (lines) => lines.toSpliced(lineOf(40), 2, lines[lineOf(41)]!, lines[lineOf(40)]!), 1, 'out-of-order', 41],
    ['robbed of a record', (lines) => lines.toSpliced(lineOf(40), 1), 1, 'out-of-order', 41],
    ['given a record twice', (lines) => lines.toSpliced(lineOf(40), 0, lines[lineOf(40)]!), 1, 'out-of-order', 41],
    ['garbled', (lines) => lines.with(lineOf(9), lines[lineOf(9)]!.slice(1)), 1, 'line-unreadable', undefined],
    ['given another field', (lines) => lines.with(lineOf(9), lines[lineOf(9)]!.replace('{', '{"verdict":"proven",')), 1, 'line-unreadable', undefined],
    ['robbed of a tile', (lines) => lines.toSpliced(lineOf(256) - 1, 1), 1, 'line-unreadable', undefined],
    ['continued after its end', (lines) => [...lines, lines[3]!], 1, 'line-unreadable', undefined],
    ['miscounted', (lines) => lines.with(-1, JSON.stringify({ kind: 'end', events: 599, leaves: 0, facts: 0 })), 1, 'lines-missing', undefined],
    ['given another size', (lines) => lines.with(0, lines[0]!.replace('"size":600', '"size":601')), 1, 'checkpoint-of-another', undefined],
    ['given another origin', (lines) => lines.with(0, lines[0]!.replace(ORIGIN, 'plenary.example/other')), 1, 'checkpoint-of-another', undefined],
    ['renumbered', (lines) => lines.with(lineOf(40), lines[lineOf(41)]!.replace('"index":41', '"index":40')), 1, 'record-altered', 41],
  ])('%s', async (_, change, status, code, record) => {
    const verdict = await verify(change([...whole]));
    expect(verdict.status).toBe(status);
    expect(codesOf(verdict)).toContain(code);
    expect([verdict.integrity, verdict.completeness]).not.toEqual(['proven', 'proven']);
    if (record !== undefined) expect(verdict.firstWrongRecord).toBe(record);
  });

  it.each([['nothing', []], ['something else', ['{"kind":"header"}']], ['of a newer format', ['{"kind":"header","format":"plenary-bundle/v2","origin":"o","scope":{"kind":"whole"},"size":1,"complete":true}']]])('%s is not verified', async (_, lines) => {
    expect(await verify(lines)).toMatchObject({ status: 3, couldNotRun: expect.stringMatching(/bundle/) as never });
  });
});

describe('a selection', () => {
  it('proves its events, and not that nothing was left out', async () => {
    const verdict = await verify(some);
    expectProven(verdict);
    expect(verdict).toMatchObject({ completeness: 'not-proven', counted: { events: 4, facts: 1 } });
    expect(verdictProse(verdict)).toContain('this is a selection');
  });
  it.each<[string, (lines: string[]) => string[], string]>([
    ['the proof of another record', (lines) => lines.with(3, altered<EventLine>(lines[3]!, (line) => void (line.proof = (JSON.parse(lines[4]!) as EventLine).proof!))), 'not-included'],
    ['an altered record', (lines) => lines.with(3, altered<EventLine>(lines[3]!, (line) => void (line.tv = 2))), 'not-included'],
    ['another index', (lines) => lines.with(3, altered<EventLine>(lines[3]!, (line) => void (line.index = 4))), 'not-included'],
    ['no proof', (lines) => lines.with(3, altered<EventLine>(lines[3]!, (line) => void delete line.proof)), 'line-unreadable'],
    ['another order', (lines) => lines.toSpliced(3, 2, lines[4]!, lines[3]!), 'out-of-order'],
    ['an index beyond the log', (lines) => lines.with(6, altered<EventLine>(lines[6]!, (line) => void (line.index = 600))), 'out-of-order'],
    ['the claim that it is complete', (lines) => lines.with(0, altered<HeaderLine>(lines[0]!, (line) => void (line.complete = true))), 'line-unreadable'],
  ])('with %s is not', async (_, change, code) => {
    const verdict = await verify(change([...some]));
    expect(verdict.status).toBe(1);
    expect(codesOf(verdict)).toContain(code);
  });
});

describe('the report', () => {
  const fact = (lines: readonly string[]): number => lines.findIndex((line) => line.includes('"kind":"fact"'));
  it.each<[string, (line: FactLine) => void]>([
    ['another value', (line) => void (line.value = 'something else')],
    ['a pointer to nothing', (line) => void (line.pointer = '/nothing')],
    ['no pointer', (line) => void (line.pointer = 'text')],
    ['another part', (line) => void (line.part = 'meta')],
    ['a pointer into what all objects have', (line) => void (line.pointer = '/text/length')],
  ])('with %s is not borne out', async (_, change) => {
    const verdict = await verify(at(some, fact(some), change));
    expect(verdict).toMatchObject({ status: 1, firstWrongRecord: 10 });
    expect(codesOf(verdict)).toEqual(['fact-not-borne-out']);
  });
  it('states nothing about another event than the one above it', async () => {
    expect(codesOf(await verify(at(some, fact(some), (line: FactLine) => void (line.event = 3))))).toEqual(['line-unreadable']);
  });
});

describe('custody', () => {
  it('is broken by a foreign key, and by a checkpoint of another log', async () => {
    const foreign = await verify(whole, { keys: [newKey().verifierKey] });
    expect(foreign).toMatchObject({ status: 1, custody: 'broken', integrity: 'not-proven' });
    expect(foreign.findings[0]!.message).toContain(`is signed by none of the keys that are trusted here, but by ${ORIGIN}`);
    expect(foreign.keep).toBeUndefined();
    const second = new History(newKey('plenary.example/second'));
    const mixed = await verify(whole.with(1, JSON.stringify({ kind: 'checkpoint', note: second.note() })), { keys: [logKey.verifierKey, second.key.verifierKey] });
    expect(codesOf(mixed)).toEqual(['checkpoint-of-another']);
    // A trusted key signs for its own origin alone.
    const text = second.note().split('\n\n')[0]!;
    const elsewhere = formatNote({ text: `${text}\n`, signatures: [logKey.sign(`${text}\n`)] });
    const borrowed = await verify(whole.with(1, JSON.stringify({ kind: 'checkpoint', note: elsewhere })));
    expect(borrowed.findings[0]).toMatchObject({ code: 'checkpoint-not-trusted', message: 'The checkpoint is of another log: no trusted key of its origin signed it.' });
    const stolen = `${text}\n\n${history.note().split('\n\n')[1]!}`;
    expect(codesOf(await verify(whole.with(1, JSON.stringify({ kind: 'checkpoint', note: stolen }))))).toEqual(['checkpoint-not-trusted']);
  });

  it('asks for no less than a key', async () => {
    expect(await verify(whole, { keys: [] })).toMatchObject({ status: 3, couldNotRun: expect.stringContaining('no key') as never });
    expect(await verify(whole, { keys: ['nonsense'] })).toMatchObject({ status: 3 });
    expect(await verify(whole, { policy: 'quorum\n' })).toMatchObject({ status: 3, couldNotRun: expect.stringContaining('line 1 of the policy') as never });
    expect(await verify(whole, { since: newKey().key.name })).toMatchObject({ status: 3, couldNotRun: expect.stringContaining('kept checkpoint') as never });
  });

  it('minds the age that is allowed', async () => {
    expect(codesOf(await verify(whole, { maxAgeSeconds: 60 }))).toEqual([]);
    expect(codesOf(await verify(whole, { maxAgeSeconds: 59 }))).toEqual(['too-old']);
    expect(codesOf(await verify(whole, { keys: [], policy: `log ${logKey.verifierKey}\nquorum none\nmax-age 59s\n` }))).toEqual(['too-old']);
    expect(codesOf(await verify(await history.complete({ checkpoint: history.note(600, logKey, NOW_MS / 1000 + 301) })))).toEqual(['from-the-future']);
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
    const policy = (k: number) => `log ${logKey.verifierKey}\nwitness A ${one.cosignerKey}\nwitness B ${two.cosignerKey}\ngroup G ${k} A B\nquorum G\n`;
    expect(await verify(lines, { policy: policy(1) })).toMatchObject({ status: 0, custody: 'proven' });
    expect(await verify(lines, { policy: policy(2) })).toMatchObject({ status: 2, custody: 'not-proven' });
    const forged = cosigned.replace(/(\u2014 w\.example\/1 .{12})./, (all, start: string) => (all.endsWith('A') ? `${start}B` : `${start}A`));
    expect(codesOf(await verify(await history.complete({ checkpoint: forged }), { witnesses: [one.cosignerKey] }))).toEqual(['checkpoint-not-trusted']);
  });
});

describe('a kept checkpoint', () => {
  it('is gone on from, by the entries of a complete bundle or by a proof', async () => {
    for (const size of [1, 255, 256, 257, 599, 600]) expect(await verify(whole, { since: history.note(size) })).toMatchObject({ status: 0, custody: 'proven' });
    expect(await verify(await history.selection([3], { consistency: history.consistency(257) }), { since: history.note(257) })).toMatchObject({ status: 0, custody: 'proven' });
    expect(await verify(some, { since: history.note(600) })).toMatchObject({ status: 0, custody: 'proven' });
    expect(codesOf(await verify(some, { since: history.note(257) }))).toEqual(['continuation-not-shown']);
    expect(codesOf(await verify(await history.selection([3], { consistency: history.consistency(256) }), { since: history.note(257) }))).toEqual(['continuation-not-shown']);
  });

  it('alone shows a history that was rewritten, or taken back', async () => {
    const rewritten = new History();
    for (let count = 1; count < 700; count++) rewritten.remark(talk);
    const lines = await rewritten.complete();
    expect(await verify(lines)).toMatchObject({ status: 0, integrity: 'proven', completeness: 'proven' });
    expect(codesOf(await verify(lines, { since: history.note() }))).toEqual(['not-a-continuation']);
    expect(codesOf(await verify(await rewritten.selection([3], { consistency: rewritten.consistency(600) }), { since: history.note() }))).toEqual(['not-a-continuation']);
    const back = new History();
    for (let count = 1; count < 100; count++) back.remark(talk);
    expect(await verify(await back.complete())).toMatchObject({ status: 0 });
    expect(await verify(await back.complete(), { since: history.note() })).toMatchObject({ status: 1, custody: 'broken', firstWrongRecord: 101 });
  });

  it('says nothing of a bundle whose entries were altered on the way', async () => {
    const verdict = await verify(at(whole, lineOf(10), (line: EventLine) => void (line.tv = 7)), { since: history.note(300) });
    expect(codesOf(verdict)).toEqual(['record-altered']);
    expect(verdict.custody).toBe('proven');
  });
});

describe('what the history says about itself', () => {
  const removed = new History();
  const gone = removed.remark(talk, 'personal');
  const values = gone.sealed.filter(({ value }) => value === 'personal').map(({ hash }) => hash);
  removed.remark(talk, 'kept');
  removed.add(LOG_STREAM, { type: 'value-removed', data: { record: 2, values, reason: [{ lang: 'en', text: sealed('a court ruled so') }], authority: [{ lang: 'en', text: sealed('the court') }] } });
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
    forged.add(other, { type: 'value-removed', data: { values: [hash] } });
    expect(codesOf(await verify(await forged.complete()))).toEqual(['value-missing']);
  });

  it('lists what a restore could not bring back', async () => {
    const restored = new History();
    for (let count = 1; count < 9; count++) restored.remark(talk);
    restored.add(LOG_STREAM, { type: 'history-restored', data: { lost: [{ from: 4, to: 5 }] } });
    const verdict = await verify(await restored.complete({ isExported: (_, index) => index !== 3 && index !== 4 }));
    expect(verdict).toMatchObject({ status: 0, completeness: 'proven', counted: { lostRecords: 2 } });
    expect(verdictProse(verdict)).toContain('but for 2 records declared lost');
    expect(codesOf(await verify(await restored.complete({ isExported: (_, index) => index !== 3 && index !== 6 })))).toEqual(['event-missing']);
  });

  it('follows the signing key, and minds one that is not in force', async () => {
    const [second, stranger] = [newKey(), newKey()];
    const rotated = new History();
    rotated.add(LOG_STREAM, { type: 'signing-key-changed', data: changeKey(logKey, second) });
    const lines = await rotated.complete({ checkpoint: rotated.note(2, second) });
    expect(await verify(lines, { keys: [second.verifierKey] })).toMatchObject({ status: 0, findings: [{ code: 'key-changed' }] });
    expect(codesOf(await verify(await rotated.complete(), { keys: [logKey.verifierKey] }))).toEqual(['key-not-in-force']);
    expect(codesOf(await verify(await history.complete({ checkpoint: history.note(600, stranger) }), { keys: [stranger.verifierKey] }))).toEqual(['key-not-in-force']);
    const forged = new History();
    forged.add(LOG_STREAM, { type: 'signing-key-changed', data: { ...changeKey(logKey, second), note: changeKey(stranger, second).note } });
    expect(codesOf(await verify(await forged.complete()))).toEqual(['log-record-malformed']);
  });

  it('and the writer key, where the auditor has it, tells who wrote', async () => {
    const isSealed = (entry: string, seal: string) => createHmac('sha256', writerKey).update(entry).digest('hex') === seal;
    expect(await verify(whole, { isSealed })).toMatchObject({ status: 0 });
    expect(await verify(at(whole, lineOf(33), (line: EventLine) => void (line.seal = 'f'.repeat(64))), { isSealed })).toMatchObject({ status: 1, custody: 'broken', firstWrongRecord: 34 });
  });
});

describe('a quorum', () => {
  const decided = (quorum: object, attendance: [string, object][], decidedOn: number) => {
    const register = new History();
    const [hall, proposal] = [meeting('hall'), 'proposal-00000000-0000-8000-8000-00000000000a' as never];
    for (const [type, data] of attendance) register.add(hall, { type, data });
    register.add(proposal, { type: 'decision-taken', data: { meeting: hall.slice(8) as Uuid, quorum } }, { decidedOn: [{ stream: hall, revision: decidedOn as never }] });
    return register;
  };
  const stated: [string, object] = ['attendance-stated', { attendance: 'a', present: 30, entitled: 53 }];
  const named: [string, object][] = [['attendance-recorded', { attendance: 'b', as: 'member' }], ['attendance-recorded', { attendance: 'c', as: 'observer' }], ['attendance-recorded', { attendance: 'd', as: 'member' }], ['attendance-ended', { attendance: 'd' }]];
  it.each<[string, object, [string, object][], number, string[]]>([
    ['stated', { status: 'met', present: 30, needed: 27 }, [stated], 0, []],
    ['by name', { status: 'not-met', present: 1, needed: 2 }, named, 3, []],
    ['before one left', { status: 'met', present: 2, needed: 2 }, named, 2, []],
    ['as corrected', { status: 'met', present: 28, needed: 27 }, [stated, ['attendance-corrected', { attendance: 'a', present: 28 }]], 1, []],
    ['before a correction', { status: 'met', present: 30, needed: 27 }, [stated, ['attendance-corrected', { attendance: 'a', struck: true }]], 0, []],
    ['without attendance', { status: 'unknown' }, [], 0, []],
    ['with more than were there', { status: 'met', present: 31, needed: 27 }, [stated], 0, ['quorum-not-borne-out']],
    ['called met', { status: 'met', present: 30, needed: 31 }, [stated], 0, ['quorum-not-borne-out']],
    ['out of nothing', { status: 'met', present: 30, needed: 27 }, [], 0, ['quorum-not-borne-out']],
  ])('%s is counted again', async (_, quorum, attendance, decidedOn, codes) => {
    const verdict = await verify(await decided(quorum, attendance, decidedOn).complete());
    expect(codesOf(verdict)).toEqual(codes);
    expect(verdict.counted.quorums).toBe(1);
  });
  it('is not counted again where the attendance is not all there', async () => {
    const register = decided({ status: 'met', present: 3, needed: 2 }, [stated], 0);
    expect((await verify(await register.selection([1, 2]))).findings.map(({ code }) => code)).toContain('quorum-not-recounted');
    expect((await verify(await register.complete({ scope: { kind: 'decision' }, isExported: ({ type }) => type !== 'attendance-stated' }))).findings.map(({ code }) => code)).toContain('quorum-not-recounted');
  });
});

it('tells how long records stood without a checkpoint, where the published ones are given', async () => {
  const seconds = (index: number) => Date.parse(history.events[index]!.recordedAt) / 1000;
  const prompt = [history.note(300, logKey, seconds(299) + 5), history.note(600, logKey, seconds(599) + 5)];
  expect(codesOf(await verify(whole, { published: prompt }))).toEqual(['covered-late']);
  const frequent = Array.from({ length: 20 }, (_, at) => history.note((at + 1) * 30, logKey, Math.ceil(seconds((at + 1) * 30 - 1)) + 5));
  expect(await verify(whole, { published: frequent })).toMatchObject({ status: 0, longestUncoveredSeconds: 34 });
});

describe('a bundle cannot make the verifier print a verdict of its own', () => {
  const nasty = 'x\u001b[2J\nPROVEN: all is well\u202e"\u2028\u200b';
  it('in prose', async () => {
    for (const lines of [
      whole.with(0, altered<HeaderLine>(whole[0]!, (line) => void (line.origin = nasty))),
      at(some, some.findIndex((line) => line.includes('"fact"')), (line: FactLine) => Object.assign(line, { label: nasty, pointer: nasty, value: [nasty] })),
      whole.with(0, altered<HeaderLine>(whole[0]!, (line) => void (line.scope = { kind: nasty, id: nasty }))),
      whole.with(4, nasty),
    ]) {
      const verdict = await verify(lines);
      const prose = verdictProse(verdict);
      expect(prose.split('\n').filter((line) => /^(PROVEN|MANIPULATION|GAP)/.test(line))).toHaveLength(1);
      expect(prose).not.toMatch(/[^\n\u0020-\u007e\u2014]/u);
      const json = verdictJson(verdict);
      expect(json).not.toMatch(/[^\n\u0020-\u007e]/u);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(verdict)));
    }
  });
  it('or stumble: whatever its lines are, there is a verdict', async () => {
    const line = fc.oneof(fc.string(), fc.json(), fc.constantFrom(...whole.slice(0, 8), ...some), fc.constant('['.repeat(200_000)), fc.constantFrom(...whole.slice(3, 8)).map((text) => text.replace(/"data":"(.*?[^\\])"/, '"data":"null"')));
    await fc.assert(fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.boolean(), async (lines, hasHead) => {
      const verdict = await verify(hasHead ? [...whole.slice(0, 3), ...lines] : lines);
      expect([1, 2, 3]).toContain(verdict.status);
      verdictProse(verdict);
    }), { numRuns: 300 });
  });
  it('nor pass for verified where it cannot be read', async () => {
    async function* failing(): AsyncGenerator<string> {
      yield* each(whole.slice(0, 50));
      throw new Error('EIO\u001b[0m');
    }
    expect(await verifyBundle(failing(), { keys: [logKey.verifierKey], nowMs: NOW_MS })).toMatchObject({ status: 3, couldNotRun: 'the bundle could not be read: EIO\\u001b[0m' });
    const bytes = Buffer.from([0xff, 0xfe, 0x0a]);
    expect(codesOf(await verifyBundle(linesOf(each([Buffer.from(`${whole.slice(0, 4).join('\n')}\n`), bytes])), { keys: [logKey.verifierKey], nowMs: NOW_MS }))).toEqual(['line-unreadable']);
    expect(await verifyBundle(linesOf(each([bytes])), { keys: [logKey.verifierKey], nowMs: NOW_MS })).toMatchObject({ status: 3, couldNotRun: expect.stringContaining('no UTF-8') as never });
  });
});
