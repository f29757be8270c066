// What bundles prove, and what becomes of them when they are altered: each fault has its own message, and the first wrong record is named.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { derivedId, LOG_STREAM, streamName, type StreamName } from '#kernel';
import type { EventLine, FactLine, HeaderLine, LeafLine, TileLine } from '#ledger/core';
import { linesOf, verdictProse, type Verdict } from '#ledger/verify';
import { bundleChunks } from '#ledger/writer';
import { all, altered, codesOf, each, History, meeting, ORIGIN, SIGNED_AT_SECONDS, verify } from './support/ledger-history.js';
import { at, bundleOfTalk, history, lineOf, other, selectionOfFour, talk, wholeBundle } from './support/meeting-bundles.js';

let whole: string[];
let ofTalk: string[];
let some: string[];
beforeAll(async () => {
  whole = await wholeBundle();
  ofTalk = await bundleOfTalk();
  some = await selectionOfFour();
});

function expectProven(verdict: Verdict): void {
  expect(codesOf(verdict)).toEqual([]);
  expect(verdict).toMatchObject({ status: 0, integrity: 'proven' });
  expect(verdict.firstWrongRecord).toBeUndefined();
}

describe('a complete bundle', () => {
  it('of everything is proven, and hands out a checkpoint to keep', async () => {
    const verdict = await verify(whole);
    expectProven(verdict);
    expect(verdict).toMatchObject({
      completeness: 'proven',
      custody: 'not-proven',
      signedAtSeconds: SIGNED_AT_SECONDS,
      counted: { events: 600, entries: 600, values: 1199 },
    });
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
      (line: EventLine) => void (line.sealed[0]!.value += '!'),
      (line: EventLine) => void (line.sealed[0]!.salt = line.sealed[1]!.salt),
      (line: EventLine) => void line.sealed.push({ ...line.sealed[0]!, hash: '0'.repeat(64) }),
      (line: EventLine) => void line.sealed.push(line.sealed[0]!),
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
    const verdict = await verify(
      at(
        ofTalk,
        ofTalk.findIndex((line) => line.includes('"index":100,')),
        (line: LeafLine) => void (line.entry = line.entry.replace('remark-made', 'remark-mode')),
      ),
    );
    expect(verdict).toMatchObject({ status: 1, firstWrongRecord: 101 });
  });

  it('says so where a tile hash was altered and its entry was not', async () => {
    const verdict = await verify(
      at(
        whole,
        lineOf(256) - 1,
        (line: TileLine) => void (line.hashes = `${line.hashes.startsWith('A') ? 'B' : 'A'}${line.hashes.slice(1)}`),
      ),
    );
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
    const verdict = await verify(
      await history.complete({
        scope: { kind: 'meeting', id: talk.slice(8) },
        streams: [talk],
        isExported: ({ stream }, index) => (stream === talk || stream === LOG_STREAM) && index !== 6,
      }),
    );
    expect(verdict).toMatchObject({ status: 2, integrity: 'proven', completeness: 'not-proven' });
    expect(verdict.findings).toMatchObject([{ code: 'event-missing', record: 7 }]);
  });

  it('is not proven where a record of a stream was left out of which others are here, whatever the bundle declares', async () => {
    const [taken, rescinded] = [other, talk].map((stream) => history.events.findIndex((event) => event.stream === stream)) as [
      number,
      number,
    ];
    const hiding = (hidden: (index: number) => boolean) =>
      history.complete({
        scope: { kind: 'meeting', id: talk.slice(8) },
        streams: [talk],
        isExported: ({ stream }, index) => stream !== other || !hidden(index),
      });
    expect(taken).toBeLessThan(rescinded);
    for (const [hidden, record] of [
      [(index: number) => index > taken, taken + 2],
      [(index: number) => index === taken, taken + 1],
    ] as const) {
      const verdict = await verify(await hiding(hidden));
      expect(verdict).toMatchObject({
        status: 2,
        integrity: 'proven',
        completeness: 'not-proven',
        findings: [{ code: 'stream-in-part', record }],
      });
      expect(verdictProse(verdict)).toContain(`Of stream "${other}" there are events`);
    }
  });

  it('is not proven without the events of the log itself, in which removals and keys stand', async () => {
    const verdict = await verify(
      await history.complete({
        scope: { kind: 'meeting', id: talk.slice(8) },
        streams: [talk],
        isExported: ({ stream }) => stream === talk,
      }),
    );
    expect(verdict).toMatchObject({ status: 2, completeness: 'not-proven', findings: [{ code: 'event-missing', record: 1 }] });
  });
});

describe('what a complete bundle is said to be of', () => {
  const bundleOf = (kind: string, id: string | undefined, streams: StreamName[], from = history) =>
    from.complete({
      scope: { kind, ...(id !== undefined && { id }) },
      streams,
      isExported: ({ stream }) => stream === LOG_STREAM || streams.includes(stream),
    });
  const [decision, proposal] = [derivedId('bundle', 'decision'), streamName('proposal', derivedId('bundle', 'proposal'))];
  const deciding = new History();
  deciding.add(proposal, { type: 'decision-taken', data: { decision } });
  deciding.remark(talk);

  it.each<[string, () => Promise<string[]>]>([
    ['a meeting, without its stream', () => bundleOf('meeting', talk.slice(8), [])],
    ['a meeting, with the stream of another', () => bundleOf('meeting', talk.slice(8), [other])],
    ['a meeting that was never recorded', () => bundleOf('meeting', decision, [streamName('meeting', decision)])],
    ['a meeting that is not named', () => bundleOf('meeting', undefined, [talk])],
    ['a body, without its stream', () => bundleOf('body', talk.slice(8), [talk])],
    ['a document, without its stream', () => bundleOf('document', talk.slice(8), [talk])],
    ['a follow-up, without its stream', () => bundleOf('follow-up', talk.slice(8), [talk])],
    ['a decision, without the stream in which it was taken', () => bundleOf('decision', decision, [talk], deciding)],
    ['another decision', () => bundleOf('decision', talk.slice(8), [proposal], deciding)],
    ['a seat, without any stream', () => bundleOf('seat', talk.slice(8), [])],
    ['of a kind that no bundle has', () => bundleOf('person', talk.slice(8), [talk])],
  ])('is not shown, where it is %s', async (_, lines) => {
    const verdict = await verify(await lines());
    expect(verdict).toMatchObject({ status: 2, integrity: 'proven', completeness: 'not-proven' });
    expect(codesOf(verdict)).toEqual(['scope-not-shown']);
  });

  it.each<[string, () => Promise<string[]>, StreamName[]]>([
    ['a meeting', () => bundleOf('meeting', talk.slice(8), [talk, other]), [talk, other]],
    ['a decision', () => bundleOf('decision', decision, [proposal, talk], deciding), [proposal, talk]],
    ['a seat', () => bundleOf('seat', decision, [proposal], deciding), [proposal]],
  ])('is shown with the streams of %s, which are named', async (_, lines, streams) => {
    const verdict = await verify(await lines());
    expect(verdict).toMatchObject({ status: 0, completeness: 'proven', bundle: { streams } });
    expect(verdictProse(verdict)).toContain(
      `${streams.length} said to be here whole: ${streams.map((stream) => `"${stream}"`).join(', ')}`,
    );
  });
});

describe('a bundle that was', () => {
  it.each<[string, (lines: string[]) => string[], number, string, number | undefined]>([
    ['broken off', (lines) => lines.slice(0, lineOf(100)), 2, 'broken-off', undefined],
    [
      'cut at its tail, and its end rewritten',
      (lines) => [...lines.slice(0, lineOf(100)), JSON.stringify({ kind: 'end', events: 100, leaves: 0, facts: 0 })],
      1,
      'entries-missing',
      101,
    ],
    ['reordered', (lines) => lines.toSpliced(lineOf(40), 2, lines[lineOf(41)]!, lines[lineOf(40)]!), 1, 'out-of-order', 41],
    ['robbed of a record', (lines) => lines.toSpliced(lineOf(40), 1), 1, 'out-of-order', 41],
    ['given a record twice', (lines) => lines.toSpliced(lineOf(40), 0, lines[lineOf(40)]!), 1, 'out-of-order', 41],
    ['garbled', (lines) => lines.with(lineOf(9), lines[lineOf(9)]!.slice(1)), 1, 'line-unreadable', undefined],
    [
      'given another field',
      (lines) => lines.with(lineOf(9), lines[lineOf(9)]!.replace('{', '{"verdict":"proven",')),
      1,
      'line-unreadable',
      undefined,
    ],
    ['robbed of a tile', (lines) => lines.toSpliced(lineOf(256) - 1, 1), 1, 'line-unreadable', undefined],
    ['continued after its end', (lines) => [...lines, lines[3]!], 1, 'line-unreadable', undefined],
    [
      'miscounted',
      (lines) => lines.with(-1, JSON.stringify({ kind: 'end', events: 599, leaves: 0, facts: 0 })),
      1,
      'lines-missing',
      undefined,
    ],
    ['given another size', (lines) => lines.with(0, lines[0]!.replace('"size":600', '"size":601')), 1, 'checkpoint-of-another', undefined],
    [
      'given another origin',
      (lines) => lines.with(0, lines[0]!.replace(ORIGIN, 'plenary.example/other')),
      1,
      'checkpoint-of-another',
      undefined,
    ],
    ['renumbered', (lines) => lines.with(lineOf(40), lines[lineOf(41)]!.replace('"index":41', '"index":40')), 1, 'record-altered', 41],
  ])('%s', async (_, change, status, code, record) => {
    const verdict = await verify(change([...whole]));
    expect(verdict.status).toBe(status);
    expect(codesOf(verdict)).toContain(code);
    expect([verdict.integrity, verdict.completeness]).not.toEqual(['proven', 'proven']);
    if (record !== undefined) expect(verdict.firstWrongRecord).toBe(record);
  });

  it.each([
    ['nothing', []],
    ['something else', ['{"kind":"header"}']],
    [
      'of a newer format',
      ['{"kind":"header","format":"plenary-bundle/v2","origin":"o","scope":{"kind":"whole"},"size":1,"complete":true}'],
    ],
  ])('%s is not verified', async (_, lines) => {
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

  const ofTalkAlone = history.events.flatMap(({ stream }, index) => (stream === talk ? [index] : []));
  it('of a meeting shows that no record between two of its stream was left out', async () => {
    const selected = (indexes: readonly number[], streams = [talk]) => history.selection([0, ...indexes], { streams }).then(verify);
    expectProven(await selected(ofTalkAlone));
    expect(verdictProse(await selected(ofTalkAlone))).toContain(
      `all records are said to be here; that none follows the last of them is not shown: "${talk}"`,
    );
    for (const [left, revision, instead] of [
      [0, 0, 1],
      [7, 7, 8],
    ] as const) {
      const verdict = await selected(ofTalkAlone.toSpliced(left, 1));
      expect(verdict).toMatchObject({ status: 2, integrity: 'proven' });
      expect(verdict.findings).toContainEqual(
        expect.objectContaining({
          code: 'revision-missing',
          record: ofTalkAlone[instead]! + 1,
          message: expect.stringContaining(`revision ${revision} was due`) as never,
        }),
      );
    }
    // Of a stream that is not named, nothing is said to be here.
    expectProven(await selected(ofTalkAlone.toSpliced(7, 1), []));
    const everything = history.selection([0, ...ofTalkAlone.toSpliced(7, 1)], { scope: { kind: 'whole' } });
    expect(codesOf(await verify(await everything))).toEqual(['revision-missing']);
  });

  it('lacks what a restore declares lost, and nothing beside that', async () => {
    const restored = new History();
    for (let count = 1; count < 9; count++) restored.remark(talk);
    restored.add(LOG_STREAM, { type: 'history-restored', data: { lost: [{ from: 6, to: 7 }], streams: [{ stream: talk, revision: 4 }] } });
    const without = (...indexes: number[]) =>
      restored
        .selection(
          restored.events.map((_, index) => index).filter((index) => !indexes.includes(index)),
          { streams: [talk] },
        )
        .then(verify);
    expectProven(await without(5, 6));
    expect(codesOf(await without(3, 5, 6))).toEqual(['revision-missing']);
    for (let count = 9; count < 13; count++) restored.remark(talk);
    expectProven(await without(5, 6));
    // Left out of what was recorded since; and of what lies beside what was lost.
    expect(codesOf(await without(5, 6, restored.events.length - 2))).toEqual(['revision-missing']);
    expect(codesOf(await without(5, 6, 7))).toEqual(['revision-missing']);
  });

  it('lacks nothing of a stream that lost nothing, or nothing so early, as the restore says', async () => {
    const third = meeting('third');
    const restored = new History();
    for (const stream of [talk, other, third, talk, other, third, talk, other, third]) restored.remark(stream);
    const lose = (...streams: object[]) =>
      restored.add(LOG_STREAM, { type: 'history-restored', data: { lost: [{ from: 5, to: 5 }], streams } });
    const without = (...indexes: number[]) =>
      restored
        .selection(
          restored.events.map((_, index) => index).filter((index) => !indexes.includes(index)),
          { streams: [talk, other, third] },
        )
        .then(verify);
    lose({ stream: talk, revision: 1 });
    expectProven(await without(4));
    expect(codesOf(await without(4, 5, 6))).toEqual(['revision-missing', 'revision-missing']);
    restored.events.pop();
    lose({ stream: talk, revision: 1 }, { stream: other, revision: 2 });
    expect(codesOf(await without(4, 5))).toEqual(['revision-missing']);
  });

  it('says where it names a stream of which it holds nothing', async () => {
    const verdict = await verify(await history.selection([0, ...ofTalkAlone], { streams: [talk, meeting('nowhere')] }));
    expect([verdict.status, verdict.findings.map(({ code }) => code)]).toEqual([0, ['selection', 'stream-without-records']]);
    expect(verdict.findings[1]!.message).toContain(`names 1 streams of which no record is here, the first of them "${meeting('nowhere')}"`);
  });

  it('says so of a complete one too; of everything, none is named', async () => {
    const own = { kind: 'meeting', id: talk.slice('meeting-'.length) };
    const complete = await verify(await history.complete({ scope: own, streams: [talk, meeting('nowhere')] }));
    expect([complete.status, complete.findings.map(({ code }) => code)]).toEqual([0, ['stream-without-records']]);
    expect(complete.findings[0]!.message).toContain(`the first of them "${meeting('nowhere')}": the history holds none either.`);
    for (const stream of [talk, meeting('nowhere')]) {
      const everything = await verify(await history.complete({ streams: [stream] }));
      expect([everything.status, everything.completeness]).toEqual([1, 'not-proven']);
      expect(everything.findings[0]!.message).toContain('names a stream in a bundle of everything, which names none');
    }
  });

  it('says where it holds nothing of what it is said to be of, or something else', async () => {
    const indexOf = (stream: StreamName): number => history.events.findIndex((event) => event.stream === stream);
    const foreign = await verify(await history.selection([indexOf(other)], { streams: [other] }));
    expect([foreign.status, codesOf(foreign)]).toEqual([2, ['scope-not-shown']]);
    const mixed = await verify(await history.selection([indexOf(other), indexOf(talk)], { streams: [talk] }));
    expect([mixed.status, mixed.findings.map(({ code }) => code)]).toEqual([0, ['selection', 'stream-not-named']]);
    expect(mixed.findings[1]!.message).toContain(`1 streams that the bundle does not name, the first of them "${other}"`);
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    [
      'the proof of another record',
      (lines) =>
        lines.with(
          3,
          altered<EventLine>(lines[3]!, (line) => void (line.proof = (JSON.parse(lines[4]!) as EventLine).proof!)),
        ),
      'not-included',
    ],
    [
      'an altered record',
      (lines) =>
        lines.with(
          3,
          altered<EventLine>(lines[3]!, (line) => void (line.tv = 2)),
        ),
      'not-included',
    ],
    [
      'another index',
      (lines) =>
        lines.with(
          3,
          altered<EventLine>(lines[3]!, (line) => void (line.index = 4)),
        ),
      'not-included',
    ],
    [
      'no proof',
      (lines) =>
        lines.with(
          3,
          altered<EventLine>(lines[3]!, (line) => void delete line.proof),
        ),
      'line-unreadable',
    ],
    ['another order', (lines) => lines.toSpliced(3, 2, lines[4]!, lines[3]!), 'out-of-order'],
    [
      'an index beyond the log',
      (lines) =>
        lines.with(
          6,
          altered<EventLine>(lines[6]!, (line) => void (line.index = 600)),
        ),
      'out-of-order',
    ],
    [
      'the claim that it is complete',
      (lines) =>
        lines.with(
          0,
          altered<HeaderLine>(lines[0]!, (line) => void (line.complete = true)),
        ),
      'line-unreadable',
    ],
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
