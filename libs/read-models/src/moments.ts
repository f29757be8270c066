// Which record a moment means: its number, or the longest prefix of the log that was recorded by an instant.
import { isOffsetTime, utcTime, type RecordNumber, type Refusal } from '#kernel';
import type { Database } from '#sqlite';
import { readingRefusals } from './reading-refusals.js';
import type { Moment } from './reading.js';

/** @param nowMs wall time of the node: an instant later than that is refused */
export function resolveMoment(database: Database, last: RecordNumber, asOf: string | undefined, nowMs: number): Moment | Refusal {
  if (asOf === undefined) return { record: last, isNow: true };
  if (/^\d+$/.test(asOf)) return byNumber(Number(asOf), last);
  if (!isOffsetTime(asOf)) return readingRefusals['as-of-unreadable'](`${JSON.stringify(asOf.slice(0, 60))} is neither.`);
  const instant = Date.parse(asOf);
  if (instant > nowMs) return readingRefusals['as-of-in-future'](`${asOf} has not come yet: it is ${utcTime(nowMs)}.`);
  const record = recordAt(database, last, instant);
  if (record === undefined) return readingRefusals['as-of-before-record'](beforeFirst(database, asOf));
  return { record, isNow: record === last };
}

function byNumber(record: number, last: RecordNumber): Moment | Refusal {
  if (record === 0) return readingRefusals['as-of-before-record']('Records are numbered from 1.');
  if (record > last) return readingRefusals['as-of-beyond-record'](`The last record is ${last}.`);
  return { record: record as RecordNumber, isNow: record === last };
}

function beforeFirst(database: Database, asOf: string): string {
  const first = database.prepare<{ at: string }>('SELECT recorded_at AS at FROM log WHERE record = 1').get();
  return first ? `${asOf} lies before the first record, of ${first.at}.` : 'There is no record yet.';
}

/**
 * Since each restart of the clock running times only grow: the last record at or before the instant since the latest restart,
 * else since the one before.
 */
function recordAt(database: Database, last: RecordNumber, instant: number): RecordNumber | undefined {
  const restarts = database.prepare<{ record: number }>('SELECT record FROM clock_restarts ORDER BY record DESC').all();
  const runningAt = database.prepare<{ at: number }>('SELECT running_at AS at FROM log WHERE record = ?');
  let end: number = last;
  for (const begin of [...restarts.map(({ record }) => record), 1]) {
    const found = lastAtOrBefore(begin, end, (record) => runningAt.get(record)!.at <= instant);
    if (found !== undefined) return found as RecordNumber;
    end = begin - 1;
  }
  return undefined;
}

/** The greatest number from `low` to `high` of those, at its beginning, for which `holds`. */
function lastAtOrBefore(low: number, high: number, holds: (record: number) => boolean): number | undefined {
  if (high < low || !holds(low)) return undefined;
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    if (holds(middle)) from = middle;
    else to = middle - 1;
  }
  return from;
}
