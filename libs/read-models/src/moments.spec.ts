import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { isRefusal, LOG_STREAM, utcTime } from '#kernel';
import { History, START_MS, Workbench } from './testing/index.js';
import { madeUp, madeUpCatalogue } from './testing/made-up.js';

const HOUR = 3_600_000;
let now: number;
let bench: Workbench;
beforeEach(() => {
  now = START_MS + 100 * HOUR;
  bench = new Workbench({ projections: [madeUp], catalogue: madeUpCatalogue, now: () => now });
});
afterEach(() => bench.close());

/** A record an entry: hours after the start, or the hour at which the clock was accepted. */
const project = (...hours: (number | { accepted: number })[]): void => {
  const history = new History();
  for (const hour of hours) {
    const accepted = typeof hour === 'object';
    const recordedAt = START_MS + (accepted ? hour.accepted : hour) * HOUR;
    history.record({ stream: LOG_STREAM, type: accepted ? 'clock-accepted' : 'nothing-happened', data: {}, recordedAt });
  }
  bench.project(history.events);
};
const at = (asOf?: string): unknown => {
  const moment = bench.reading.resolveMoment(asOf);
  return isRefusal(moment) ? moment.code : moment.record;
};
const atHour = (hour: number): unknown => at(utcTime(START_MS + hour * HOUR));

it('is the newest record where none is asked for, also before the first', () => {
  expect(bench.reading.resolveMoment()).toEqual({ record: 0, isNow: true });
  project(1, 2, 3);
  expect(bench.reading.resolveMoment()).toEqual({ record: 3, isNow: true });
});

it('is a record number', () => {
  project(1, 2, 3);
  expect(['1', '3', '4', '0', '99999999999999999999'].map(at)).toEqual([
    1,
    3,
    'as-of-beyond-record',
    'as-of-before-record',
    'as-of-beyond-record',
  ]);
});

it('is an instant: the longest prefix that was recorded by then', () => {
  project(1, 1, 5, 4, 9);
  expect([0, 1, 2, 4, 5, 8, 9, 50].map(atHour)).toEqual(['as-of-before-record', 2, 2, 2, 4, 4, 5, 5]);
  expect(atHour(101)).toBe('as-of-in-future');
  expect(at('2024-04-29T11:00:00.000+02:00')).toBe(2);
});

it('begins anew where the clock was accepted', () => {
  // The clock ran ahead to hour 50, and was put right at hour 10.
  project(1, 50, 51, { accepted: 10 }, 11, 20);
  now = START_MS + 60 * HOUR;
  expect([0, 1, 9, 10, 15, 20, 50].map(atHour)).toEqual(['as-of-before-record', 1, 1, 4, 5, 6, 6]);
});

it('is refused where it is neither', () => {
  project(1);
  for (const asOf of ['', 'yesterday', '-1', '1.5', '2024-04-29', '2024-04-29T10:00:00', '2024-13-01T00:00:00Z', '1e3', "1'; --"])
    expect(at(asOf)).toBe('as-of-unreadable');
});
