import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodeHashes } from '#event-store';
import { LOG_STREAM, streamName, type RecordNumber } from '#kernel';
import { TreeEdge } from '#ledger/core';
import type { Change, ChangePage, Moment } from './index.js';
import { dump } from './dump.js';
import { ProjectorStopped } from './projector-stopped.js';
import { auditor, History, idOf, text, typed, Workbench } from './testing/index.js';
import { madeUp, madeUpCatalogue, sessionList, sessions, speeches } from './testing/made-up.js';

const [session, speech, hall] = [idOf('session 0'), idOf('speech 0'), idOf('hall 0')];
const stream = streamName('meeting', session);
let bench: Workbench;
let history: History;
beforeEach(() => {
  bench = new Workbench({ projections: [madeUp], catalogue: madeUpCatalogue });
  history = new History();
});
afterEach(() => bench.close());

const plan = (title = 'Session', of = session): History =>
  history.record({ stream, type: 'session-planned', data: { session: of, hall, title: typed(title), starts: null, seats: null } });
const speak = (words = 'Words'): History =>
  history.record({ stream, type: 'speeches-made', data: { session, speeches: [{ id: speech, number: '1', text: typed(words) }] } });
const now = (): Moment => bench.reading.resolveMoment() as Moment;
const stop = (): ProjectorStopped => {
  try {
    bench.project(history.events);
  } catch (error) {
    if (error instanceof ProjectorStopped) return error;
    throw error;
  }
  throw new Error('it did not stop');
};

const alterText = (event: History['events'][number]) => ({ ...event, sealed: event.sealed.map((each) => ({ ...each, value: 'Altered' })) });

describe('stops', () => {
  it.each([
    ['forged', 'an altered payload', (event: object) => ({ ...event, data: '{"name":[]}' })],
    ['forged', 'an altered time', (event: object) => ({ ...event, recordedAt: '2020-01-01T00:00:00.000Z' })],
    ['forged', 'an altered text', alterText],
    ['forged', 'the seal of another key', (event: object) => ({ ...event, seal: '00'.repeat(32) })],
  ] as const)('at a %s event: %s', (reason, _, alter) => {
    plan().events.push(alter(plan().events.pop()!) as never);
    plan();
    const stopped = stop();
    expect([stopped.reason, stopped.record, stopped.eventId]).toEqual([reason, 2, history.events[1]!.id]);
    expect(bench.projector.checkpoint.record).toBe(1);
    expect(() => bench.projector.apply(history.events.slice(2))).toThrow(stopped);
    expect(bench.restart().projector.checkpoint.record).toBe(1);
  });

  it('at what this release does not know', () => {
    plan().record({ stream, type: 'bell-rung', data: {} });
    expect([stop().reason, stop().record]).toEqual(['unreadable', 2]);
    history.events.pop();
    bench.restart();
    history.record({ stream, type: 'hall-opened', data: {}, schemaVersion: 2 });
    expect(stop().message).toContain('schema version 2');
  });

  it('where a scope would change, and writes nothing of that event', () => {
    plan();
    history.record({ stream, type: 'session-changed', data: { session, hall: idOf('hall 1'), status: 'open' } });
    expect(stop().reason).toBe('failed');
    expect(bench.reading.detail(sessions, session, now(), auditor)).toMatchObject({ hall, status: 'planned' });
  });
});

describe('a version', () => {
  it('is one an event and entity, over the one before', () => {
    bench.project(plan().record({ stream, type: 'session-changed', data: { session, hall, open: true } }).events);
    const row = bench.reading.detail(sessions, session, now(), auditor)!;
    expect(row).toMatchObject({
      first: 1,
      validFrom: 2,
      validTo: null,
      revision: 1,
      title: text('Session'),
      tags: ['new'],
      open: true,
      status: 'planned',
    });
    expect(bench.database.prepare('SELECT count(*) AS n FROM sessions').get()).toMatchObject({ n: 2 });
  });

  it('keeps the mark of sample data, as it keeps the data', () => {
    history.record({
      stream,
      type: 'session-planned',
      data: { session, hall, title: typed('Made up'), starts: null, seats: 5, illustrative: true },
    });
    history.record({ stream, type: 'session-changed', data: { session, hall, status: 'open' } });
    expect(bench.project(history.events).reading.detail(sessions, session, now(), auditor)).toMatchObject({
      illustrative: true,
      validFrom: 2,
    });
  });

  it('is read through upcasters, with texts open, or named where they were removed', () => {
    speak().record({ stream, type: 'speech-corrected', data: { speech, session, correction: typed('Corrected') }, schemaVersion: 1 });
    const { events } = speak('Gone');
    events[2] = { ...events[2]!, sealed: [] };
    bench.project(events);
    const at = (record: number): Moment => ({ record: record as RecordNumber, isNow: false });
    expect(bench.reading.detail(speeches, speech, at(2), auditor)!.text).toEqual(text('Corrected'));
    expect(bench.reading.detail(speeches, speech, at(3), auditor)!.text).toEqual([
      { lang: 'en', text: { $removed: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ]);
  });

  it('that begins and ends with one event was never there', () => {
    const before = dump(bench.project(plan().events).database)['sessions'];
    history.record({ stream, type: 'session-cancelled', data: { session: idOf('session 1') } });
    expect(dump(bench.project(history.events).database)['sessions']).toEqual(before);
  });
});

it('names what each record changed, with the rows before and after', async () => {
  speak().record({ stream, type: 'speech-corrected', data: { speech, session, text: typed('Other') }, schemaVersion: 2 });
  history.record({ stream, type: 'speech-withdrawn', data: { speech } });
  history.record({ stream, type: 'speech-restored', data: { speech, session, text: typed('Again') } });
  bench.project(history.events);
  const { changes } = (await bench.reading.changes({ after: 0 as RecordNumber, upTo: now().record, limit: 10 }, auditor)) as ChangePage;
  const words = ({ record, kind, before, after }: Change): unknown[] => [
    record,
    kind,
    (before as never)?.['text'],
    (after as never)?.['text'],
  ];
  expect(changes.map(words)).toEqual([
    [1, 'began', undefined, text('Words')],
    [2, 'changed', text('Words'), text('Other')],
    [3, 'ended', text('Other'), undefined],
    [4, 'began', undefined, text('Again')],
  ]);
  const history_ = bench.reading.versions(speeches, speech, { moment: now(), limit: 10 }, auditor) as {
    rows: { validFrom: number; validTo: number | null }[];
  };
  expect(history_.rows.map(({ validFrom, validTo }) => [validFrom, validTo])).toEqual([
    [4, null],
    [2, 3],
    [1, 2],
  ]);
});

it('grows the same tree as the ledger, from any restart and at any size', () => {
  for (let n = 0; n < 700; n++) history.record({ stream: LOG_STREAM, type: 'nothing-happened', data: {} });
  const edge = new TreeEdge(nodeHashes);
  const roots = history.events.map(({ leaf }) => {
    edge.append(Buffer.from(leaf, 'hex'));
    return Buffer.from(edge.root()).toString('hex');
  });
  for (const size of [1, 255, 256, 257, 511, 700]) {
    bench.project(history.events.slice(0, size)).restart();
    expect(Buffer.from(bench.projector.root()).toString('hex')).toBe(roots[size - 1]);
  }
  for (let size = 1; size <= 700; size += 13)
    expect(Buffer.from(bench.reading.rootAt(size as RecordNumber)).toString('hex')).toBe(roots[size - 1]);
  for (const size of [699, 513, 512, 511, 256, 255]) {
    bench.projector.cutBackTo(size as RecordNumber);
    expect(Buffer.from(bench.projector.root()).toString('hex')).toBe(roots[size - 1]);
  }
  bench.project(history.events);
  expect(Buffer.from(bench.projector.root()).toString('hex')).toBe(roots[699]);
  expect(bench.reading.logRow(300 as RecordNumber)).toMatchObject({
    record: 300,
    leaf: history.events[299]!.leaf,
    type: 'nothing-happened',
    stream: 'log',
    revision: 299,
  });
});

it('goes on with a list at the record that it began with', async () => {
  for (let n = 0; n < 5; n++) plan(`Session ${n}`, idOf(`s ${n}`));
  bench.project(history.events);
  const query = { moment: now(), reader: auditor, where: { hall }, sort: 'recorded', limit: 3 };
  const first = (await bench.reading.list(sessionList, query)) as { next: string };
  plan('Later', idOf('later')).record({ stream, type: 'session-cancelled', data: { session: idOf('s 4') } });
  bench.project(history.events);
  const second = await bench.reading.list(sessionList, { ...query, moment: now(), cursor: first.next });
  expect(second).toMatchObject({
    rows: [{ title: text('Session 3') }, { title: text('Session 4'), validTo: null }],
    moment: { record: 5 },
  });
  expect(second).not.toHaveProperty('next');
});
