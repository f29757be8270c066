import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { isRefusal, streamName, type RecordNumber } from '#kernel';
import type { AnyList, Moment, Row } from './index.js';
import { dump } from './dump.js';
import { auditor, History, idOf, replay, rowsOf, typed, Workbench } from './testing/index.js';
import { hallList, madeUp, madeUpCatalogue, sessionList, speechList } from './testing/made-up.js';
import { histories } from './testing/made-up-histories.js';

let bench: Workbench;
beforeEach(() => {
  bench = new Workbench({ projections: [madeUp], catalogue: madeUpCatalogue });
});
afterEach(() => bench.close());

const all = async (list: AnyList, moment: Moment, where: Record<string, string> = {}, sort = 'recorded', limit = 3): Promise<Row[]> => {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await bench.reading.list(list, { moment, reader: auditor, where, sort, limit, ...(cursor !== undefined && { cursor }) });
    if (isRefusal(page)) throw new Error(page.detail);
    if (page.next !== undefined) expect(page.rows).toHaveLength(limit);
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== undefined);
  return rows;
};
const at = (record: number): Moment => ({ record: record as RecordNumber, isNow: false });

/** Runs a property on random histories, each on a bench of its own. */
const forHistories = (property: (history: History) => void | Promise<void>, numRuns = 25): Promise<void> =>
  fc.assert(
    fc.asyncProperty(histories(), async (history: History) => {
      bench.close();
      bench = new Workbench({ projections: [madeUp], catalogue: madeUpCatalogue });
      await property(history);
    }),
    { numRuns },
  );

const lists: readonly AnyList[] = [hallList, sessionList, speechList];

it('shows the register as it stood: what a replay up to that record makes', () =>
  forHistories(async (history) => {
    bench.project(history.events, 7);
    for (let record = 1; record <= history.events.length; record++) {
      const register = replay([madeUp], madeUpCatalogue, history.events, record);
      for (const list of lists) {
        const expected = rowsOf(register, list.table.name);
        expect(await all(list, at(record))).toEqual(expected);
        expect(await all(list, at(record), {}, '-recorded')).toEqual([...expected].reverse());
        for (const row of expected) expect(bench.reading.detail(list.table, row.id, at(record), auditor)).toEqual(row);
      }
    }
  }));

it('changes from one moment to the next what its changes say, and nothing else', () =>
  forHistories(async (history) => {
    bench.project(history.events);
    const tables = lists.map(({ table }) => table.name);
    const standing = (record: number): Map<string, Row> => {
      const register = replay([madeUp], madeUpCatalogue, history.events, record);
      return new Map(tables.flatMap((name) => rowsOf(register, name).map((row) => [`${name}/${row.id}`, row] as const)));
    };
    for (let record = 1; record <= history.events.length; record++) {
      const page = await bench.reading.changes({ after: (record - 1) as RecordNumber, upTo: record as RecordNumber, limit: 500 }, auditor);
      if (isRefusal(page)) throw new Error(page.detail);
      const [before, after] = [standing(record - 1), standing(record)];
      const added = new Map(before);
      for (const { table, id, kind, before: old, after: made } of page.changes) {
        const key = `${table}/${id}`;
        expect(old && { ...old, validTo: null }).toEqual(before.get(key));
        expect(kind).toBe(!before.has(key) ? 'began' : after.has(key) ? 'changed' : 'ended');
        if (made) added.set(key, made);
        else added.delete(key);
      }
      expect(added).toEqual(after);
    }
  }, 100));

it('narrows and sorts at every moment', () =>
  forHistories(async (history) => {
    bench.project(history.events);
    for (let record = 1; record <= history.events.length; record++) {
      const rows = rowsOf(replay([madeUp], madeUpCatalogue, history.events, record), 'sessions');
      for (const where of [
        { hall: idOf('hall 0') },
        { status: 'planned' },
        { open: 'false' },
        { hall: idOf('hall 0'), status: 'open' },
        { status: 'closed', open: 'true' },
      ] as Record<string, string>[]) {
        const matches = (row: Row): boolean => Object.entries(where).every(([column, value]) => String((row as never)[column]) === value);
        expect(await all(sessionList, at(record), where, 'recorded', 1)).toEqual(rows.filter(matches));
      }
      for (const column of ['starts', 'seats'] as const) {
        const key = (row: Row): string | number => (row as never)[column] ?? (column === 'starts' ? '' : -Infinity);
        // Entities are in the order of recording, and sorting is stable.
        const expected = [...rows].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
        expect(await all(sessionList, at(record), {}, column, 2)).toEqual(expected);
        expect(await all(sessionList, at(record), {}, `-${column}`, 1)).toEqual([...expected].reverse());
        const inHall = expected.filter((row) => (row as never)['hall'] === idOf('hall 0'));
        expect(await all(sessionList, at(record), { hall: idOf('hall 0') }, column, 1)).toEqual(inHall);
        const open = expected.filter((row) => (row as never)['status'] === 'open');
        expect(await all(sessionList, at(record), { status: 'open' }, `-${column}`, 1)).toEqual(open.reverse());
      }
    }
  }));

it('rebuilt, restarted or in other batches: every table is the same', () =>
  forHistories((history) => {
    const live = dump(bench.project(history.events, 1).database);
    const half = Math.floor(history.events.length / 2);
    const rebuilt = bench.rebuilt(history.events, 9);
    expect(dump(rebuilt)).toEqual(live);
    rebuilt.close();
    bench.close();
    bench = new Workbench({ projections: [madeUp], catalogue: madeUpCatalogue });
    expect(dump(bench.project(history.events.slice(0, half)).restart().project(history.events).database)).toEqual(live);
  }));

it('cut back to any record: every table is as if nothing had followed, and goes on the same', () =>
  forHistories((history) => {
    const live = dump(bench.project(history.events).database);
    for (let record = history.events.length; record >= 0; record--) {
      bench.projector.cutBackTo(record as RecordNumber);
      const fresh = bench.rebuilt(history.events.slice(0, record));
      expect(dump(bench.database)).toEqual(dump(fresh));
      fresh.close();
    }
    expect(dump(bench.project(history.events).database)).toEqual(live);
  }, 8));

it('finds the few among many, window by window, at every moment', async () => {
  const history = new History();
  const stream = streamName('meeting', idOf('session'));
  const add = (n: number, status: string): History =>
    history
      .record({
        stream,
        type: 'session-planned',
        data: {
          session: idOf(`s ${n}`),
          hall: idOf('hall 0'),
          title: typed('Session'),
          starts: `2024-05-${String(1 + (n % 28)).padStart(2, '0')}`,
          seats: n % 5,
        },
      })
      .record({ stream, type: 'session-changed', data: { session: idOf(`s ${n}`), hall: idOf('hall 0'), status, open: true } });
  for (let n = 0; n < 300; n++) add(n, n % 97 === 0 ? 'closed' : 'open');
  bench.project(history.events);
  const few = { hall: idOf('hall 0'), status: 'closed' };
  for (const record of [600, 599, 300]) {
    const expected = rowsOf(replay([madeUp], madeUpCatalogue, history.events, record), 'sessions').filter(
      (row) => (row as never)['status'] === 'closed',
    );
    for (const limit of [1, 2, 100]) {
      expect(await all(sessionList, at(record), few, 'recorded', limit)).toEqual(expected);
      expect(await all(sessionList, at(record), few, '-recorded', limit)).toEqual([...expected].reverse());
      expect((await all(sessionList, at(record), few, '-starts', limit)).map(({ id }) => id).sort()).toEqual(
        expected.map(({ id }) => id).sort(),
      );
      expect(await all(sessionList, at(record), { status: 'closed', open: 'true' }, 'recorded', limit)).toEqual(expected);
    }
  }
});
