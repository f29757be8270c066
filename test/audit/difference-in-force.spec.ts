// Two moments, and a date of effect: who holds a seat on a day, as each of the moments knows it.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { catalogue, projections } from '../../apps/api/src/composition.js';
import { diffList } from '../../libs/audit/src/list-difference.js';
import { isRefusal, streamName, type RecordNumber } from '#kernel';
import type { AnyList } from '#read-models';
import { auditor, History, idOf, Workbench } from '../../libs/read-models/src/testing/index.js';
import { seatId } from '../../libs/seats/src/allocation.js';
import { holdingsList, seatsList } from '../../libs/seats/src/seats.projection.js';

let bench: Workbench;
let history: History;
beforeEach(() => {
  bench = new Workbench({ projections, catalogue });
  history = new History();
});
afterEach(() => bench.close());

const stream = streamName('allocation', idOf('allocation'));
const [europe, council, period] = [idOf('region'), idOf('council'), { from: '2024-07-01', until: '2025-06-30' }];
const settled = { decision: idOf('decision'), proposal: idOf('proposal'), meeting: idOf('meeting') };
const recorded = (type: string, data: object): RecordNumber => {
  history.record({ stream, type, data });
  bench.project(history.events);
  return history.events.length as RecordNumber;
};
const proposed = () =>
  recorded('seat-allocation-proposed', {
    body: council,
    region: europe,
    regionOf: council,
    term: idOf('term'),
    period,
    nominatedBy: council,
    seats: [
      { seat: 1, holding: idOf('first'), organisation: idOf('fr') },
      { seat: 2, holding: idOf('second'), organisation: idOf('no') },
    ],
  });

async function difference(from: number, to: number, inForceOn?: string, list: AnyList = holdingsList, where = {}) {
  const found: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await diffList(
      bench.reading,
      list,
      { from: from as RecordNumber, to: to as RecordNumber, where, inForceOn, limit: 1, cursor },
      auditor,
    );
    if (isRefusal(page)) throw new Error(page.detail);
    found.push(...page.differences.map(({ kind, id, records, after }) => [kind, id, records, after?.['status' as never]]));
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

it('says who holds a seat on that day since the allocation is approved, though nothing of the holding was recorded', async () => {
  const before = proposed();
  const approved = recorded('seat-allocation-approved', { ...settled, seats: [1, 2] });
  expect(await difference(0, before, '2024-08-01')).toEqual([]);
  expect(await difference(before, approved, '2024-08-01')).toEqual([
    ['appeared', idOf('first'), [2], 'approved'],
    ['appeared', idOf('second'), [2], 'approved'],
  ]);
  expect(await difference(before, approved, '2026-01-01')).toEqual([]);
  expect(await difference(before, approved)).toEqual([
    ['changed', idOf('first'), [2], 'approved'],
    ['changed', idOf('second'), [2], 'approved'],
  ]);
  expect(await difference(0, approved, '2024-08-01')).toEqual([
    ['appeared', idOf('first'), [1], 'approved'],
    ['appeared', idOf('second'), [1], 'approved'],
  ]);
});

it('says who holds it no longer on that day, and who still does', async () => {
  proposed();
  const approved = recorded('seat-allocation-approved', { ...settled, seats: [1, 2] });
  const vacated = recorded('seat-vacated', { seat: 1, holding: idOf('first'), until: '2024-09-30', reason: { code: 'other' } });
  expect(await difference(approved, vacated, '2024-10-01')).toEqual([['left', idOf('first'), [vacated], undefined]]);
  expect(await difference(approved, vacated, '2024-09-30')).toEqual([['changed', idOf('first'), [vacated], 'approved']]);
});

it('says of the seats themselves by whom they are held on that day', async () => {
  const before = proposed();
  const approved = recorded('seat-allocation-approved', { ...settled, seats: [1, 2] });
  const vacated = recorded('seat-vacated', { seat: 1, holding: idOf('first'), until: '2024-09-30', reason: { code: 'other' } });
  const named = recorded('seat-holder-named', {
    seat: 1,
    holding: idOf('third'),
    organisation: idOf('se'),
    from: '2024-10-01',
    until: period.until,
  });
  const first = seatId(idOf('allocation'), 1);
  const heldBy = (organisation: string, from: number, day: string) =>
    difference(from, named, day, seatsList, { organisation: idOf(organisation) });
  expect(await difference(0, before, '2024-08-01', seatsList)).toEqual([]);
  expect(await heldBy('fr', before, '2024-09-30')).toEqual([['appeared', first, [approved, vacated, named], 'approved']]);
  expect(await heldBy('fr', approved, '2024-10-01')).toEqual([['left', first, [vacated, named], undefined]]);
  expect(await heldBy('se', approved, '2024-10-01')).toEqual([['appeared', first, [vacated, named], 'approved']]);
  expect(await heldBy('se', before, '2024-09-30')).toEqual([]);
});

it('needs a list that can be narrowed by what its rows borrow through', () => {
  const lending = projections.flatMap(({ lists = [] }) => lists).filter(({ table }) => table.borrows);
  expect(lending.length).toBeGreaterThan(0);
  for (const { table, scopes = [], filters = [] } of lending)
    for (const { through } of Object.values(table.borrows!)) expect([...scopes, ...filters]).toContain(through);
});
