import { describe, expect, it } from '@jest/globals';
import { happensBefore, liesBefore, timingOf, type Timing } from './before.js';
import type { Occurred, OffsetTime, UtcTime } from './time.js';

const stated = (at: string): Timing => ({ at: at as Occurred, byClock: false });
const byClock = (at: string): Timing => ({ at: at as Occurred, byClock: true });

describe('an effect lies before its cause', () => {
  it.each<[string, Timing, Timing, boolean]>([
    ['the day that it is in Los Angeles', stated('2026-11-29'), byClock('2026-11-30T07:35:00.000Z'), false],
    ['the day that it is on Kiritimati', byClock('2026-11-29T10:30:00.000Z'), stated('2026-11-30'), false],
    ['a clock that is some seconds behind', byClock('2026-11-30T07:34:57Z'), byClock('2026-11-30T07:35:00.000Z'), false],
    ['a clock that is some seconds behind a time that is stated', byClock('2026-11-30T07:34:57Z'), stated('2026-11-30T07:35:00Z'), false],
    [
      'a time that is stated, some seconds before what a clock says',
      stated('2026-11-30T07:34:57Z'),
      byClock('2026-11-30T07:35:00.000Z'),
      false,
    ],
    ['midnight of another zone', stated('2026-11-29'), stated('2026-11-30T00:00:00+02:00'), false],
    ['the same moment in two zones', stated('2026-11-30T01:00:00+01:00'), stated('2026-11-30T00:00:00Z'), false],
    ['the same day', stated('2026-11-30'), stated('2026-11-30'), false],
    ['the day before, in two places', stated('2026-11-29'), stated('2026-11-30'), false],
    ['a moment before, where both are stated', stated('2026-11-30T00:00:00+01:00'), stated('2026-11-30T00:00:00Z'), true],
    ['two days before', stated('2026-11-28'), stated('2026-11-30'), true],
    ['two days before what a clock says', stated('2026-11-28'), byClock('2026-11-30T00:00:00.000Z'), true],
    ['two days before, as a clock says', byClock('2026-11-28T07:35:00Z'), stated('2026-11-30'), true],
    ['two days before, as two clocks say', byClock('2026-11-28T23:59:59Z'), byClock('2026-11-30T00:00:00.000Z'), true],
    ['two days before a moment that is stated', stated('2026-11-28'), stated('2026-11-30T00:00:00Z'), true],
    ['years before', stated('2024-11-30T07:35:00Z'), byClock('2026-11-30T07:35:00.000Z'), true],
    ['after it', stated('2026-12-01'), byClock('2026-11-30T07:35:00.000Z'), false],
  ])('%s', (_, effect, cause, before) => expect(liesBefore(effect, cause)).toBe(before));
});

describe('a clock says when it happened', () => {
  const [noon, recordedAt] = ['2026-11-30T12:00:00Z' as OffsetTime, '2026-11-30T12:00:05.000Z' as UtcTime];
  it.each<[string, Parameters<typeof timingOf>[0], boolean]>([
    ['where it was typed', { occurredAt: noon, typedAt: noon, recordedAt }, true],
    ['where nothing is said', { occurredAt: recordedAt as unknown as OffsetTime, recordedAt }, true],
    ['not where it is stated', { occurredAt: noon, recordedAt }, false],
    ['not where it is stated, and was typed later', { occurredAt: noon, typedAt: '2026-11-30T12:00:04Z' as OffsetTime, recordedAt }, false],
    ['not where it happens now', { occurredAt: noon }, false],
  ])('%s', (_, said, expected) => expect(timingOf(said)).toEqual({ at: said.occurredAt, byClock: expected }));
});

it('what is not said to have happened before happens now', () => {
  const occurredAt = '2026-11-30T12:00:00Z' as OffsetTime;
  expect([true, false].map((saysWhen) => happensBefore(stated('2026-12-02'), { occurredAt, typedAt: undefined, saysWhen }))).toEqual([
    true,
    false,
  ]);
});
