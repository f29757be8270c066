// Read models that were altered by hand are found out by what the log makes of them anew.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore, MemoryLog, type EventStore, type LoggedEvent, type ReadLog } from '#event-store';
import { streamName } from '#kernel';
import { firstDifference, type ReplayDifference } from './replay-check.js';
import { checkReplay, NotComparable } from './replay-check-run.js';
import { History, idOf, typed, Workbench, WRITER_KEY } from './testing/index.js';
import { madeUp, madeUpCatalogue } from './testing/made-up.js';

const hall = streamName('body', idOf('hall'));
const session = idOf('session');

let bench: Workbench;
let history: History;
beforeEach(() => {
  history = new History()
    .record({ stream: hall, type: 'hall-opened', data: { name: typed('The great hall') } })
    .record({
      stream: hall,
      type: 'session-planned',
      data: { session, hall: idOf('hall'), title: typed('Opening'), starts: '2024-04-29', seats: 52 },
    })
    .record({ stream: hall, type: 'session-changed', data: { session, hall: idOf('hall'), status: 'open' } })
    .record({
      stream: hall,
      type: 'speeches-made',
      data: { session, speeches: [{ id: idOf('speech'), number: '1', text: typed('Welcome to all') }] },
    })
    .record({ stream: hall, type: 'speech-withdrawn', data: { speech: idOf('speech') } });
  bench = new Workbench({ projections: [madeUp], catalogue: madeUpCatalogue }).project(history.events);
});
afterEach(() => bench.close());

function differenceAfter(sql: string): ReplayDifference | undefined {
  bench.database.exec(sql);
  const rebuilt = bench.rebuilt(history.events);
  try {
    return firstDifference(bench.database, rebuilt, bench.schema);
  } finally {
    rebuilt.close();
  }
}

describe('the comparison', () => {
  it('finds nothing where nothing was altered', () => {
    expect(differenceAfter('')).toBeUndefined();
  });

  it('names the table, the entity, the version, the column and both values of an altered row', () => {
    expect(differenceAfter(`UPDATE sessions SET seats = 53 WHERE valid_from = 3`)).toEqual({
      kind: 'differs',
      table: 'sessions',
      row: { id: session, valid_from: 3 },
      column: 'seats',
      live: 53,
      rebuilt: 52,
    });
  });

  it.each<[string, string, object]>([
    [
      'a version was dropped',
      `DELETE FROM sessions WHERE valid_from = 2`,
      { kind: 'only-rebuilt', table: 'sessions', row: { id: session, valid_from: 2 } },
    ],
    [
      'the last version was dropped',
      `DELETE FROM speeches`,
      { kind: 'only-rebuilt', table: 'speeches', row: { id: idOf('speech'), valid_from: 4 } },
    ],
    [
      'a version was added',
      `INSERT INTO halls SELECT entity, 4, NULL, id, first, revision, audience, illustrative, name FROM halls`,
      { kind: 'only-live', table: 'halls', row: { id: idOf('hall'), valid_from: 4 } },
    ],
    [
      'an end was undone',
      `UPDATE speeches SET valid_to = NULL`,
      { kind: 'differs', table: 'speeches', column: 'valid_to', live: null, rebuilt: 5 },
    ],
    [
      'a text was altered',
      `UPDATE halls SET name = replace(name, 'great', 'small')`,
      { kind: 'differs', table: 'halls', column: 'name', live: '[{"lang":"en","text":"The small hall"}]' },
    ],
    [
      'an audience was set',
      `UPDATE sessions SET audience = '{"kind":"public"}' WHERE valid_to IS NULL`,
      { kind: 'differs', table: 'sessions', column: 'audience', rebuilt: null },
    ],
    [
      'a change was added',
      `INSERT INTO changes VALUES (5, 1, 'sessions', ${2 * 16_384}, 'changed')`,
      { kind: 'only-live', table: 'changes', row: { record: 5, ordinal: 1 } },
    ],
    [
      'a change was dropped',
      `DELETE FROM changes WHERE record = 3`,
      { kind: 'only-rebuilt', table: 'changes', row: { record: 3, ordinal: 0 } },
    ],
    [
      'a leaf was altered',
      `UPDATE log SET leaf = zeroblob(32) WHERE record = 2`,
      { kind: 'differs', table: 'log', row: { record: 2 }, column: 'leaf', live: '00'.repeat(32) },
    ],
    [
      'a time was altered',
      `UPDATE log SET recorded_at = '2020-01-01T00:00:00.000Z' WHERE record = 1`,
      { kind: 'differs', table: 'log', column: 'recorded_at' },
    ],
    ['a record was dropped', `DELETE FROM log WHERE record = 5`, { kind: 'only-rebuilt', table: 'log', row: { record: 5 } }],
    [
      'a word was taken from the search index',
      `DELETE FROM search WHERE rowid = (SELECT min(doc) FROM search_docs)`,
      { kind: 'only-rebuilt', table: 'search' },
    ],
    [
      'the clock was restarted',
      `INSERT INTO clock_restarts VALUES (3)`,
      { kind: 'only-live', table: 'clock_restarts', row: { record: 3 } },
    ],
  ])('finds that %s', (_, sql, expected) => {
    expect(differenceAfter(sql)).toMatchObject(expected);
  });
});

describe('the check', () => {
  /** A store that holds the history, of which only the log is read. */
  const storeOf = (events: readonly LoggedEvent[]): EventStore => {
    const store = new MemoryEventStore(new MemoryLog());
    const readLog = async function* ({ after, limit = Infinity, batch = 2 }: ReadLog = {}): AsyncGenerator<readonly LoggedEvent[]> {
      const from = after === undefined ? 0 : events.findIndex(({ position }) => position === after) + 1;
      for (let at = from; at < Math.min(events.length, from + limit); at += batch)
        yield events.slice(at, Math.min(at + batch, from + limit));
      await Promise.resolve();
    };
    return Object.assign(Object.create(store) as EventStore, { readLog });
  };
  const check = (events: readonly LoggedEvent[] = history.events) => {
    const live = bench.database.prepare<{ file: string }>(`SELECT file FROM pragma_database_list WHERE name = 'main'`).get()!.file;
    return checkReplay({
      store: storeOf(events),
      parts: { schema: bench.schema, catalogue: madeUpCatalogue, writerKey: WRITER_KEY },
      live,
    });
  };

  it('answers the record and the root, at the record where the read models stand', async () => {
    const root = Buffer.from(bench.projector.root()).toString('hex');
    expect(await check()).toEqual({ record: 5, root, difference: undefined });
    bench.projector.cutBackTo(3 as never);
    expect(await check()).toEqual({ record: 3, root: Buffer.from(bench.projector.root()).toString('hex'), difference: undefined });
  });

  it('says where the log ends before the read models do', async () => {
    expect((await check(history.events.slice(0, 4))).difference).toEqual({ kind: 'only-live', table: 'log', row: { record: 5 } });
  });

  it('finds an altered row, and leaves the live file as it is', async () => {
    bench.database.exec(`UPDATE sessions SET status = 'closed' WHERE valid_to IS NULL`);
    expect((await check()).difference).toMatchObject({ table: 'sessions', column: 'status', live: 'closed', rebuilt: 'open' });
    expect(bench.database.prepare('SELECT status FROM sessions WHERE valid_to IS NULL').get()).toEqual({ status: 'closed' });
  });

  it('does not compare what another release made', async () => {
    bench.database.exec(`UPDATE checkpoint SET fingerprint = 'other'`);
    await expect(check()).rejects.toThrow(NotComparable);
  });
});
