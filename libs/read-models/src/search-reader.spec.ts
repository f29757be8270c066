import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { isRefusal, streamName, type RecordNumber } from '#kernel';
import type { Moment, SearchPage } from './index.js';
import { auditor, History, idOf, typed, Workbench } from './testing/index.js';
import { askedBy } from './testing/asked.js';
import { madeUp, madeUpCatalogue } from './testing/made-up.js';

const session = idOf('session 0');
const stream = streamName('meeting', session);
let bench: Workbench;
beforeEach(() => {
  bench = new Workbench({ projections: [madeUp], catalogue: madeUpCatalogue });
});
afterEach(() => bench.close());

const say = (history: History, n: number, words: string, more: ReturnType<typeof typed> = []): History =>
  history.record({
    stream,
    type: 'speeches-made',
    data: { session, speeches: [{ id: idOf(`speech ${n}`), number: `S.${n}`, text: [...typed(words), ...more] }] },
  });
const found = async (
  text: string,
  more: { record?: number; lang?: string; tables?: string[]; limit?: number; cursor?: string } = {},
): Promise<SearchPage> => {
  const { record, limit = 10, ...query } = more;
  const moment = bench.reading.resolveMoment(record?.toString()) as Moment;
  const page = await bench.reading.search(text, { moment, limit, ...query }, auditor);
  if (isRefusal(page)) throw new Error(page.detail);
  return page;
};
const numbers = async (...args: Parameters<typeof found>): Promise<unknown[]> =>
  (await found(...args)).hits.map(({ row }) => (row as never)['number']);

it('finds what holds every word, the latest first, in any case and composition', async () => {
  const history = say(
    say(say(new History(), 1, 'The budget of Zu\u0308rich'), 2, 'A budget'),
    3,
    'Other words',
    typed('budget français', 'fr'),
  );
  bench.project(history.events);
  expect(await numbers('BUDGET')).toEqual(['S.3', 'S.2', 'S.1']);
  expect(await numbers('zürich budget')).toEqual(['S.1']);
  expect(await numbers('budg*')).toEqual(['S.3', 'S.2', 'S.1']);
  expect(await numbers('budg')).toEqual([]);
  expect(await numbers('budget', { lang: 'fr' })).toEqual(['S.3']);
  expect(await numbers('budget', { tables: ['sessions'] })).toEqual([]);
  expect(await numbers('S.2')).toEqual(['S.2']);
});

it('finds each entity once, whatever the languages, over pages', async () => {
  const history = new History();
  for (let n = 1; n <= 5; n++) say(history, n, 'word', typed('word', 'fr'));
  bench.project(history.events);
  const hits: unknown[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page = await found('word', { limit: 2, ...(cursor !== undefined && { cursor }) });
    hits.push(...page.hits.map(({ row }) => (row as never)['number']));
    cursor = page.next;
  }
  expect(hits).toEqual(['S.5', 'S.4', 'S.3', 'S.2', 'S.1']);
});

it('finds what stood at the moment', async () => {
  const history = say(new History(), 1, 'before');
  history.record({ stream, type: 'speech-corrected', data: { speech: idOf('speech 1'), session, text: typed('after') }, schemaVersion: 2 });
  history.record({ stream, type: 'speech-corrected', data: { speech: idOf('speech 1'), session, status: 'checked' }, schemaVersion: 2 });
  history.record({ stream, type: 'speech-withdrawn', data: { speech: idOf('speech 1') } });
  bench.project(history.events);
  const hits = await Promise.all([1, 2, 3, 4].flatMap((record) => [numbers('before', { record }), numbers('after', { record })]));
  expect(hits.map((list) => list.length)).toEqual([1, 0, 0, 1, 0, 1, 0, 0]);
  expect((await found('after', { record: 3 })).hits[0]!.row).toMatchObject({ validFrom: 3, status: 'checked' });
  bench.projector.cutBackTo(1 as RecordNumber);
  expect(await numbers('before')).toEqual(['S.1']);
});

/** So many documents hold the words, of those that the index is asked for: each is looked up. */
async function lookedAt(...args: Parameters<typeof found>): Promise<number> {
  const asked = (await askedBy(() => found(...args))).filter(({ sql }) => sql.includes('MATCH'));
  const count = bench.database.prepare<{ count: number }>('SELECT count(*) AS count FROM search WHERE search MATCH ? AND rowid < ?');
  return asked.reduce((sum, { values: [match, before] }) => sum + count.get(match!, before!)!.count, 0);
}

it('looks at nothing that was recorded later than the moment, nor at what lies in other tables', async () => {
  const history = say(new History(), 1, 'word');
  history.record({
    stream,
    type: 'session-planned',
    data: { session, hall: null, title: typed('word of a session'), starts: null, seats: null },
  });
  for (let n = 2; n <= 60; n++) say(history, n, 'word');
  bench.project(history.events);
  expect([await numbers('word', { record: 1 }), await lookedAt('word', { record: 1 })]).toEqual([['S.1'], 1]);
  expect((await found('word', { tables: ['sessions'] })).hits.map(({ table }) => table)).toEqual(['sessions']);
  expect(await lookedAt('word', { tables: ['sessions'] })).toBe(1);
  expect(await lookedAt('word')).toBe(61);
  const rebuilt = bench.rebuilt(history.events);
  expect(
    rebuilt.prepare(`SELECT count(*) AS count FROM search WHERE search MATCH 'words : ("word") AND tbl : ("sessions")'`).get(),
  ).toEqual({ count: 1 });
  rebuilt.close();
});

it('finds no table by its name', async () => {
  bench.project(say(new History(), 1, 'word').events);
  for (const text of ['speeches', 'tbl:speeches', 'word speeches', ') OR tbl : (speeches']) expect(await numbers(text)).toEqual([]);
});

it('takes anything that a person types', async () => {
  bench.project(say(new History(), 1, 'word').events);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string(), fc.constantFrom('"', '* OR word', 'words:word', 'NEAR(a b)', '^', '-', "'", 'AND', '"*', '***', 'a"b')),
      async (text) => {
        await found(text);
      },
    ),
  );
});
