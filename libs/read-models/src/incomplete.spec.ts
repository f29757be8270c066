// Placeholders of lost events make no rows, and mark what was recorded in their streams; live, rebuilt and cut back alike.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { leafEntryOf, placeholderOf, type LoggedEvent } from '#event-store';
import { isRefusal, streamName, type RecordNumber } from '#kernel';
import { dump } from './dump.js';
import { auditor, History, idOf, typed, Workbench } from './testing/index.js';
import { WRITER_KEY } from './testing/history.js';
import { madeUp, madeUpCatalogue, sessionList, sessions } from './testing/made-up.js';

const [session, other] = [idOf('session 0'), idOf('session 1')];
let bench: Workbench;
let history: History;
beforeEach(() => {
  bench = new Workbench({ projections: [madeUp], catalogue: madeUpCatalogue });
  history = new History();
});
afterEach(() => bench.close());

const record = (of: typeof session, type: string, data: object): History =>
  history.record({ stream: streamName('meeting', of), type, data });
const plan = (of: typeof session): History =>
  record(of, 'session-planned', { session: of, hall: null, title: typed('Session'), starts: null, seats: null });
function lose(): void {
  const { position, ...event } = history.events.pop()!;
  history.events.push({ ...placeholderOf(WRITER_KEY, leafEntryOf(event)), position });
}
const dumpRebuilt = (events: readonly LoggedEvent[]): object => {
  const database = bench.rebuilt(events);
  const dumped = dump(database);
  database.close();
  return dumped;
};

beforeEach(() => {
  plan(session);
  plan(other);
  record(session, 'session-cancelled', { session });
  lose();
  record(other, 'session-changed', { session: other, hall: null, status: 'open' });
});

const incompleteAt = async (at: number): Promise<(true | undefined)[]> => {
  const moment = { record: at as RecordNumber, isNow: at === 4 };
  const page = await bench.reading.list(sessionList, { moment, reader: auditor, where: {}, sort: 'recorded', limit: 10 });
  if (isRefusal(page)) throw new Error(page.detail);
  const inDetail = [session, other].map((id) => bench.reading.detail(sessions, id, moment, auditor)?.incomplete);
  expect(page.rows.map(({ incomplete }) => incomplete)).toEqual(inDetail);
  return inDetail;
};

it('what the event would have done is not done, and its entity is marked from then on', async () => {
  bench.project(history.events);
  expect(bench.projector.checkpoint.record).toBe(4);
  expect(await incompleteAt(4)).toEqual([true, undefined]);
  expect(await incompleteAt(3)).toEqual([true, undefined]);
  expect(await incompleteAt(2)).toEqual([undefined, undefined]);
});

it('the tree is the one that the events made', () => {
  bench.project(history.events);
  const logged = bench.database.prepare<{ leaf: Uint8Array }>('SELECT leaf FROM log WHERE record = 3').get()!;
  expect(Buffer.from(logged.leaf).toString('hex')).toBe(history.events[2]!.leaf);
});

it('rebuilt equals live, and cut back equals never written', () => {
  bench.project(history.events);
  expect(dump(bench.database)).toEqual(dumpRebuilt(history.events));
  bench.projector.cutBackTo(2 as RecordNumber);
  expect(dump(bench.database)).toEqual(dumpRebuilt(history.events.slice(0, 2)));
});

it('a placeholder that was changed stops the projection like any event', () => {
  const at = history.events[2]!;
  history.events[2] = { ...at, lost: { ...at.lost!, meta: '0'.repeat(64) } };
  expect(() => bench.project(history.events)).toThrow('do not hash to its leaf');
});
