import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodeHashes, type LoggedEvent } from '#event-store';
import { LOG_STREAM, streamName, type RecordNumber } from '#kernel';
import { TreeEdge } from '#ledger/core';
import { dump } from './dump.js';
import type { Moment, SearchPage } from './index.js';
import { auditor, History, idOf, replay, rowsOf, text, typed, Workbench } from './testing/index.js';
import { madeUp, madeUpCatalogue, sessions, speeches } from './testing/made-up.js';
import { happenings, historyOf } from './testing/made-up-histories.js';

const parts = { projections: [madeUp], catalogue: madeUpCatalogue };
const [session, speech, hall] = [idOf('session 0'), idOf('speech 0'), idOf('hall 0')];
const stream = streamName('meeting', session);
let bench: Workbench;
beforeEach(() => {
  bench = new Workbench(parts);
});
afterEach(() => bench.close());

/** Of a record, its n-th sealed value. */
const hashIn = ({ events }: History, record: number, at = 0): string => events[record - 1]!.sealed[at]!.hash;

const remove = (history: History, ...values: { record: number; hash: string }[]): History =>
  history.record({ stream: LOG_STREAM, type: 'value-removed', data: { values, reason: typed('The law'), authority: typed('A court') } });

/** As the store gives the history once everything removed is destroyed. */
function emptied({ events }: History): LoggedEvent[] {
  const removed = new Set(
    events
      .filter(({ type }) => type === 'value-removed')
      .flatMap(({ data }) => (JSON.parse(data) as { values: { hash: string }[] }).values.map(({ hash }) => hash)),
  );
  return events.map((event) => ({ ...event, sealed: event.sealed.filter(({ hash }) => !removed.has(hash)) }));
}

const speak = (history: History, words: string, type: 'speeches-made' | 'speech-corrected' = 'speeches-made'): History =>
  type === 'speeches-made'
    ? history.record({ stream, type, data: { session, speeches: [{ id: speech, number: '1', text: typed(words) }] } })
    : history.record({ stream, type, data: { speech, session, text: typed(words) }, schemaVersion: 2 });

const now = (): Moment => bench.reading.resolveMoment() as Moment;
const at = (record: number): Moment => ({ record: record as RecordNumber, isNow: false });
const found = async (words: string, moment = now()): Promise<number> =>
  ((await bench.reading.search(words, { moment, limit: 10 }, auditor)) as SearchPage).hits.length;
const gone = (hash: string, lang = 'en') => [{ lang, text: { $removed: hash } }];

describe('a removed text', () => {
  it('is withheld at every moment, also before its removal, in every version that carried it over', async () => {
    const history = speak(new History(), 'secret words');
    history.record({ stream, type: 'speech-corrected', data: { speech, session, status: 'seen' }, schemaVersion: 2 });
    speak(history, 'other words', 'speech-corrected');
    bench.project(history.events);
    expect([await found('secret', at(1)), await found('secret', at(2)), await found('words')]).toEqual([1, 1, 1]);
    const hash = hashIn(history, 1);
    bench.project(remove(history, { record: 1, hash }).events);
    const texts = [1, 2, 3, 4].map((record) => bench.reading.detail(speeches, speech, at(record), auditor)!.text);
    expect(texts).toEqual([gone(hash), gone(hash), text('other words'), text('other words')]);
    for (const record of [1, 2, 3]) expect(await found('secret', at(record))).toBe(0);
    expect([await found('words', at(2)), await found('words')]).toEqual([0, 1]);
    expect(dump(bench.database)['removed_values']).toEqual([[1, hash, 4]]);
  });

  it('does not come back with what is put later', () => {
    const history = speak(new History(), 'secret words');
    bench.project(history.events);
    const hash = hashIn(history, 1);
    bench.project(remove(history, { record: 1, hash }).events);
    history.record({ stream, type: 'speech-corrected', data: { speech, session, status: 'seen' }, schemaVersion: 2 });
    bench.project(history.events);
    expect(bench.reading.detail(speeches, speech, now(), auditor)).toMatchObject({ status: 'seen', text: gone(hash) });
  });

  it('leaves what looks the same and was typed on its own', async () => {
    const history = speak(speak(new History(), 'twice'), 'twice', 'speech-corrected');
    bench.project(history.events);
    const hash = hashIn(history, 1);
    bench.project(remove(history, { record: 1, hash }).events);
    expect([1, 2].map((record) => bench.reading.detail(speeches, speech, at(record), auditor)!.text)).toEqual([gone(hash), text('twice')]);
    expect([await found('twice', at(1)), await found('twice', at(2)), await found('twice')]).toEqual([0, 1, 1]);
  });

  it('is withheld from what has ended, and in the version that says who may see what it was', async () => {
    const history = speak(new History(), 'secret words');
    history.record({ stream, type: 'speech-withdrawn', data: { speech } });
    history.record({ stream, type: 'speech-audience-set', data: { speech, audience: { kind: 'members' } } });
    bench.project(history.events);
    expect(await found('secret', at(1))).toBe(1);
    bench.project(remove(history, { record: 1, hash: hashIn(history, 1) }).events);
    expect([await found('secret', at(1)), await found('secret')]).toEqual([0, 0]);
    expect(JSON.stringify(dump(bench.database))).not.toContain('secret');
    const rebuilt = bench.rebuilt(emptied(history));
    expect(dump(bench.database)).toEqual({ ...dump(rebuilt) });
    rebuilt.close();
  });

  it('leaves the other language', async () => {
    const history = new History().record({
      stream,
      type: 'session-planned',
      data: { session, hall, title: [...typed('secret'), ...typed('ouvert', 'fr')], starts: null, seats: null },
    });
    bench.project(history.events);
    const { hash } = history.events[0]!.sealed.find(({ value }) => value === 'secret')!;
    bench.project(remove(history, { record: 1, hash }).events);
    expect(bench.reading.detail(sessions, session, now(), auditor)!.title).toEqual([...gone(hash), ...text('ouvert', 'fr')]);
    expect([await found('secret'), await found('ouvert')]).toEqual([0, 1]);
  });
});

it('keeps the Merkle root: the leaves are the same', () => {
  const history = remove(speak(new History(), 'secret'), { record: 1, hash: '00'.repeat(32) });
  const edge = new TreeEdge(nodeHashes);
  for (const { leaf } of history.events) edge.append(Buffer.from(leaf, 'hex'));
  expect(bench.project(emptied(history)).projector.root()).toEqual(edge.root());
});

describe('the file', () => {
  const bytes = (): Buffer => Buffer.concat(['', '-wal'].map((suffix) => readFileSync(`${bench.file}${suffix}`)));

  it('holds nothing of the text once it is scrubbed, and says until then that it may', () => {
    const history = new History();
    for (let n = 0; n < 300; n++)
      history.record({
        stream,
        type: 'speeches-made',
        data: {
          session,
          speeches: [{ id: idOf(`s ${n}`), number: `${n}`, text: typed(`zqxmarker${n % 7} ${'filling '.repeat(n % 60)}`) }],
        },
      });
    bench.project(history.events, 11);
    expect(bytes().includes('zqxmarker3')).toBe(true);
    remove(history, ...history.events.map(({ sealed: [value] }, index) => ({ record: index + 1, hash: value!.hash })));
    expect(bench.project(history.events).projector.checkpoint.residues).toBe(true);
    expect(bench.restart().projector.checkpoint.residues).toBe(true);
    expect(bench.projector.scrub()).toBe(true);
    expect(bytes().includes('zqxmarker')).toBe(false);
    expect(bench.projector.checkpoint.residues).toBeUndefined();
    expect(bench.restart().projector.checkpoint).toEqual(expect.not.objectContaining({ residues: true }));
    const rebuilt = bench.rebuilt(emptied(history));
    expect(dump(bench.database)).toEqual(dump(rebuilt));
    rebuilt.close();
  });

  it('is not scrubbed while another connection reads an older state, and says so', () => {
    const history = speak(new History(), 'secret');
    bench.project(history.events);
    bench.reading.last();
    const reader = bench.openReader();
    reader.exec('BEGIN');
    reader.prepare('SELECT * FROM log').all();
    bench.project(remove(history, { record: 1, hash: hashIn(history, 1) }).events);
    expect([bench.projector.scrub(), bench.projector.checkpoint.residues]).toEqual([false, true]);
    reader.close();
    expect([bench.projector.scrub(), bench.projector.checkpoint.residues]).toEqual([true, undefined]);
  });
});

it('cannot be cut back beyond a removal: the texts would have to come back', () => {
  const history = speak(new History(), 'secret');
  remove(history, { record: 1, hash: hashIn(history, 1) });
  speak(history, 'more', 'speech-corrected');
  bench.project(history.events);
  expect([2, 1].map((record) => bench.projector.canCutBackTo(record as RecordNumber))).toEqual([true, false]);
  expect(() => bench.projector.cutBackTo(1 as RecordNumber)).toThrow('texts were removed since');
  bench.projector.cutBackTo(2 as RecordNumber);
  const fresh = bench.rebuilt(history.events.slice(0, 2));
  expect(dump(bench.database)).toEqual(dump(fresh));
  fresh.close();
});

it('stops where it is not given again what was projected', () => {
  const history = speak(new History(), 'secret');
  bench.project(history.events);
  remove(history, { record: 1, hash: hashIn(history, 1) });
  expect(() => bench.projector.apply(history.events.slice(1))).toThrow('it needs record 1 again');
});

/** Happenings, and between them removals of some value of some earlier record. */
const withRemovals = (): fc.Arbitrary<History> =>
  fc
    .array(fc.oneof({ weight: 4, arbitrary: happenings }, { weight: 1, arbitrary: fc.nat() }), { minLength: 2, maxLength: 40 })
    .map((steps) => {
      const history = new History();
      for (const step of steps) {
        if (typeof step !== 'number') historyOf([step], history);
        else removeSome(history, step);
      }
      return history;
    });

function removeSome(history: History, choice: number): void {
  const removed = new Set(
    history.events.filter(({ type }) => type === 'value-removed').flatMap(({ data }) => data.match(/[0-9a-f]{64}/g) ?? []),
  );
  const places = history.events.flatMap(({ sealed }, index) =>
    sealed.filter(({ hash }) => !removed.has(hash)).map(({ hash }) => ({ record: index + 1, hash })),
  );
  if (places.length === 0) return;
  remove(history, ...[choice, choice * 7 + 1].map((each) => places[each % places.length]!));
}

it('live equals rebuilt, from the emptied store and from one that is not yet; and every moment is what a replay of the emptied store makes', () =>
  fc.assert(
    fc.asyncProperty(withRemovals(), fc.integer({ min: 1, max: 9 }), (history, batch) => {
      bench.close();
      bench = new Workbench(parts);
      const half = Math.floor(history.events.length / 2);
      const live = dump(bench.project(history.events.slice(0, half), batch).restart().project(history.events, batch).database);
      for (const events of [history.events, emptied(history)]) {
        const rebuilt = bench.rebuilt(events, batch);
        expect(dump(rebuilt)).toEqual(live);
        rebuilt.close();
      }
      for (let record = 1; record <= history.events.length; record++) {
        const register = replay([madeUp], madeUpCatalogue, emptied(history), record);
        for (const table of madeUp.tables) {
          for (const row of rowsOf(register, table.name)) expect(bench.reading.detail(table, row.id, at(record), auditor)).toEqual(row);
        }
      }
      return Promise.resolve();
    }),
    { numRuns: 60 },
  ));
