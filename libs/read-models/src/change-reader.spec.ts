// By what changes are found: those of one table by its own index, whatever else changed meanwhile.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { isRefusal, streamName, type RecordNumber } from '#kernel';
import type { ChangesQuery } from './reading.js';
import { auditor, History, idOf, typed, Workbench } from './testing/index.js';
import { askedBy } from './testing/asked.js';
import { madeUp, madeUpCatalogue } from './testing/made-up.js';

const session = idOf('session 0');
const stream = streamName('meeting', session);
let bench: Workbench;
beforeEach(() => {
  bench = new Workbench({ projections: [madeUp], catalogue: madeUpCatalogue });
  const history = new History();
  history.record({ stream, type: 'session-planned', data: { session, hall: null, title: typed('A session'), starts: null, seats: null } });
  for (let n = 1; n <= 3; n++)
    history.record({
      stream,
      type: 'speeches-made',
      data: { session, speeches: [{ id: idOf(`speech ${n}`), number: `S.${n}`, text: typed('word') }] },
    });
  bench.project(history.events);
});
afterEach(() => bench.close());

async function changes(more: Partial<ChangesQuery>): Promise<{ records: number[]; plan: string }> {
  const query: ChangesQuery = { after: 0 as RecordNumber, upTo: 4 as RecordNumber, limit: 10, ...more };
  const records: number[] = [];
  const asked = await askedBy(async () => {
    const page = await bench.reading.changes(query, auditor);
    if (isRefusal(page)) throw new Error(page.detail);
    records.push(...page.changes.map(({ record }) => record));
  });
  const { sql, values } = asked.find((each) => each.sql.includes('FROM changes'))!;
  const plan = bench.database.prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
  return { records, plan: plan.map(({ detail }) => detail).join('; ') };
}

it('finds those of one table by the index of that table, in their order', async () => {
  expect(await changes({ table: 'sessions' })).toEqual({
    records: [1],
    plan: expect.stringMatching(
      /^SEARCH c USING INDEX changes__table \(tbl=\? AND \(record,ordinal\)>\(\?,\?\)( AND record<\?)?\); SEARCH l USING INTEGER PRIMARY KEY \(rowid=\?\)$/,
    ),
  });
  expect((await changes({ table: 'speeches', after: 2 as RecordNumber })).records).toEqual([3, 4]);
});

it('finds all of them in the order of recording, but for a table that is left out', async () => {
  const plan = expect.stringMatching(
    /^SEARCH c USING PRIMARY KEY \(\(record,ordinal\)>\(\?,\?\)( AND record<\?)?\); SEARCH l USING INTEGER PRIMARY KEY \(rowid=\?\)$/,
  );
  expect(await changes({})).toEqual({ records: [1, 2, 3, 4], plan });
  expect(await changes({ without: 'speeches' })).toEqual({ records: [1], plan });
});
