import { describe, expect, it } from '@jest/globals';
import {
  covers,
  dayIn,
  earliestMs,
  happenedAt,
  isBy,
  isCivilDate,
  isOccurred,
  isOffsetTime,
  isSameTime,
  isTimeZone,
  latestMs,
  utcTime,
  type CivilDate,
  type OffsetTime,
} from './time.js';

describe('a civil date', () => {
  it.each<[unknown, boolean]>([
    ['2024-04-29', true],
    ['2024-02-29', true],
    ['2000-02-29', true],
    ['0001-01-01', true],
    ['9999-12-31', true],
    ['2023-02-29', false],
    ['1900-02-29', false],
    ['2024-04-31', false],
    ['2024-00-10', false],
    ['2024-13-01', false],
    ['2024-01-00', false],
    ['2024-4-29', false],
    ['24-04-29', false],
    ['12024-04-29', false],
    ['-2024-04-29', false],
    ['2024-04-29T00:00:00Z', false],
    ['2024-04-29\n', false],
    [' 2024-04-29', false],
    ['２０２４-04-29', false],
    ['', false],
    [20240429, false],
    [null, false],
  ])('%j: %s', (text, expected) => expect(isCivilDate(text)).toBe(expected));
});

describe('a time with its offset', () => {
  it.each<[unknown, boolean]>([
    ['2024-04-29T09:30:00+02:00', true],
    ['2024-04-29T09:30:00Z', true],
    ['2024-04-29T09:30:00-00:00', true],
    ['2024-04-29T09:30:00.1Z', true],
    ['2024-04-29T09:30:00.123456789+14:00', true],
    ['2024-04-29T00:00:00-12:00', true],
    ['2024-04-29T23:59:59+23:59', true],
    ['2024-04-29T09:30:00', false],
    ['2024-04-29T09:30+02:00', false],
    ['2024-04-29 09:30:00+02:00', false],
    ['2024-04-29t09:30:00z', false],
    ['2024-04-29T24:00:00Z', false],
    ['2024-04-29T09:60:00Z', false],
    ['2024-04-29T09:30:60Z', false],
    ['2024-04-29T09:30:00.Z', false],
    ['2024-04-29T09:30:00.1234567890Z', false],
    ['2024-04-29T09:30:00,5Z', false],
    ['2024-04-29T09:30:00+0200', false],
    ['2024-04-29T09:30:00+24:00', false],
    ['2024-04-29T09:30:00+02:60', false],
    ['2024-04-29T09:30:00+02:00[Europe/Brussels]', false],
    ['2023-02-29T09:30:00Z', false],
    ['2024-04-29', false],
    ['2024-04-29T09:30:00Z\n', false],
    [undefined, false],
  ])('%j: %s', (text, expected) => expect(isOffsetTime(text)).toBe(expected));
});

it('what occurred has a date or a time with its offset', () => {
  expect(['2024-04-29', '2024-04-29T09:30:00+02:00', '2024-04-29T09:30:00', 'yesterday'].map(isOccurred)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

describe('a time zone', () => {
  it.each<[unknown, boolean]>([
    ['Europe/Brussels', true],
    ['UTC', true],
    ['America/Argentina/Buenos_Aires', true],
    ['America/Port-au-Prince', true],
    ['Etc/GMT+5', true],
    ['Asia/Kathmandu', true],
    ['EST', false],
    ['GMT', false],
    ['Z', false],
    ['+02:00', false],
    ['utc', false],
    ['europe/brussels', false],
    ['Europe/Atlantis', false],
    ['Europe/', false],
    ['/Brussels', false],
    ['Europe/Brussels ', false],
    ['Europe/../Brussels', false],
    ['', false],
    [undefined, false],
    [{}, false],
  ])('%j: %s', (text, expected) => expect(isTimeZone(text)).toBe(expected));
});

describe('the earliest and latest moment that is meant', () => {
  it.each([
    ['2024-04-29T09:30:00+02:00', '2024-04-29T07:30:00.000Z', '2024-04-29T07:30:00.000Z'],
    // A date alone begins first at UTC+14, and ends last at UTC-12.
    ['2024-04-29', '2024-04-28T10:00:00.000Z', '2024-04-30T11:59:59.999Z'],
    ['2024-02-29', '2024-02-28T10:00:00.000Z', '2024-03-01T11:59:59.999Z'],
    ['2024-12-31', '2024-12-30T10:00:00.000Z', '2025-01-01T11:59:59.999Z'],
  ])('%s', (when, earliest, latest) => {
    expect([utcTime(earliestMs(when)), utcTime(latestMs(when))]).toEqual([earliest, latest]);
  });
});

it('UTC is written with three decimals and Z', () => expect(utcTime(0)).toBe('1970-01-01T00:00:00.000Z'));

it.each([
  [{ from: '2024-01-01', until: '2024-06-30' }, [false, true, true, true, false]],
  [{ from: '2024-01-01' }, [false, true, true, true, true]],
  [{ from: '2024-06-30', until: '2024-06-30' }, [false, false, false, true, false]],
])('the period %j covers both its ends', (period, expected) => {
  expect(['2023-12-31', '2024-01-01', '2024-03-01', '2024-06-30', '2024-07-01'].map((day) => covers(period, day))).toEqual(expected);
});

describe('it happened', () => {
  const [occurredAt, typedAt, now] = [
    '2024-04-28' as CivilDate,
    '2024-04-29T09:30:00+02:00' as OffsetTime,
    utcTime(Date.parse('2024-04-30T00:00:00Z')),
  ];
  it.each([
    ['when that is said', { occurredAt, typedAt }, occurredAt],
    ['when it was typed, where nothing else is said', { typedAt }, typedAt],
    ['when it is recorded, where nothing is', {}, now],
  ])('%s', (_, said, expected) => expect(happenedAt(said, now)).toBe(expected));
});

describe('the day on which it happened', () => {
  it.each<[string, string | undefined, string]>([
    ['2024-04-29', 'Pacific/Auckland', '2024-04-29'],
    ['2024-04-29', undefined, '2024-04-29'],
    ['2026-11-30T22:51:48Z', 'Pacific/Auckland', '2026-12-01'],
    ['2026-12-01T11:51:48+13:00', 'Pacific/Auckland', '2026-12-01'],
    ['2026-11-30T12:51:48.123456789-10:00', 'Pacific/Auckland', '2026-12-01'],
    ['2026-12-01T11:51:48+13:00', 'UTC', '2026-11-30'],
    ['2026-12-01T11:51:48+13:00', undefined, '2026-12-01'],
    ['2026-12-01T11:51:48+13:00', 'Mars/Olympus', '2026-12-01'],
    ['2026-12-01T09:59:59Z', 'Pacific/Honolulu', '2026-11-30'],
    ['2026-12-01T10:00:00Z', 'pacific/HONOLULU', '2026-12-01'],
    // The clocks go forward at 2:00 on that day, and so the next one begins an hour earlier.
    ['2024-03-10T04:59:59Z', 'America/New_York', '2024-03-09'],
    ['2024-03-10T05:00:00Z', 'America/New_York', '2024-03-10'],
    ['2024-03-11T03:59:59Z', 'America/New_York', '2024-03-10'],
    ['2024-03-11T04:00:00Z', 'America/New_York', '2024-03-11'],
    // At midnight they go back to 23:00: the day has its last hour twice.
    ['2024-04-07T03:30:00Z', 'America/Santiago', '2024-04-06'],
    ['2024-04-07T02:30:00Z', 'America/Santiago', '2024-04-06'],
    ['2024-04-07T04:00:00Z', 'America/Santiago', '2024-04-07'],
    // Samoa had no 30 December.
    ['2011-12-30T09:59:59Z', 'Pacific/Apia', '2011-12-29'],
    ['2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31'],
    ['2024-04-28T18:14:59Z', 'Asia/Kathmandu', '2024-04-28'],
    ['2024-04-28T18:15:00Z', 'Asia/Kathmandu', '2024-04-29'],
    // Local mean time, to the second.
    ['1879-12-31T23:42:29Z', 'Europe/Brussels', '1879-12-31'],
    ['1879-12-31T23:42:30Z', 'Europe/Brussels', '1880-01-01'],
    // There is no civil date beyond these.
    ['0000-01-01T00:00:00Z', 'Pacific/Honolulu', '0000-01-01'],
    ['9999-12-31T23:00:00Z', 'Pacific/Auckland', '9999-12-31'],
  ])('%s, in %s: %s', (when, zone, day) => expect(dayIn(when, zone)).toBe(day));
});

describe('two say the same', () => {
  it.each<[string, string, boolean]>([
    ['2024-04-29', '2024-04-29', true],
    ['2024-04-29T10:00:00+02:00', '2024-04-29T08:00:00.000Z', true],
    ['2024-04-29T10:00:00+02:00', '2024-04-29T08:00:00.001Z', false],
    ['2024-04-29', '2024-04-29T00:00:00Z', false],
    ['2024-04-29', '2024-04-30', false],
  ])('%s, %s: %s', (one, other, expected) => expect(isSameTime(one, other)).toBe(expected));
});

describe('by that time', () => {
  it.each<[string, string, string, boolean]>([
    ['2024-04-30', '2024-04-29T12:30:00Z', 'Pacific/Auckland', true],
    ['2024-04-30', '2024-04-29T11:30:00Z', 'Pacific/Auckland', false],
    ['2024-04-29T12:30:00Z', '2024-04-29', 'Pacific/Auckland', false],
    ['2024-04-30T00:30:00+02:00', '2024-04-29', 'UTC', true],
  ])('%s, %s, in %s: %s', (when, at, zone, expected) => expect(isBy(when, at, zone)).toBe(expected));

  it.each<[string, string, boolean]>([
    ['2024-04-29T10:00:00+02:00', '2024-04-29T08:00:00Z', true],
    ['2024-04-29T10:00:00+02:00', '2024-04-29T07:59:59Z', false],
    ['2024-04-29T23:00:00+02:00', '2024-04-29', true],
    ['2024-04-29', '2024-04-29T00:00:00+02:00', true],
    ['2024-04-29', '2024-04-28T23:59:59-12:00', false],
    ['2024-04-30', '2024-04-29', false],
  ])('%s, %s: %s', (when, at, expected) => expect(isBy(when, at, undefined)).toBe(expected));
});
