import { beforeEach, describe, expect, it } from '@jest/globals';
import { CLOCK_TOLERANCE_MS, ClockGuard, systemClock } from './clock.js';

const START = Date.UTC(2024, 3, 29, 12);
let wallMs: number;
let monotonicMs: number;
let guard: ClockGuard;

beforeEach(() => {
  wallMs = START;
  monotonicMs = 777;
  guard = new ClockGuard({ now: () => wallMs, monotonic: () => monotonicMs });
});

/** Real time passes: both clocks see it. */
const pass = (ms: number): void => {
  wallMs += ms;
  monotonicMs += ms;
};
const DAY = 86_400_000;

describe('the clock is sure', () => {
  it('from the start, and tells the wall time', () => expect(guard.read()).toBe('2024-04-29T12:00:00.000Z'));

  it('while both clocks go alike', () => {
    pass(400 * DAY);
    expect(guard.read()).toBe('2025-06-03T12:00:00.000Z');
  });

  it.each([CLOCK_TOLERANCE_MS, -CLOCK_TOLERANCE_MS])('within the tolerance: %i ms', (jump) => {
    wallMs += jump;
    expect(guard.read()).toBeDefined();
  });

  it('a little behind the last record', () => {
    guard.observe('2024-04-29T12:00:02.000Z');
    expect(guard.read()).toBe('2024-04-29T12:00:00.000Z');
  });
});

describe('the clock is unsure', () => {
  it.each([
    ['a little ahead', CLOCK_TOLERANCE_MS + 1],
    ['a little back', -CLOCK_TOLERANCE_MS - 1],
    ['a day ahead', DAY],
    ['a day back', -DAY],
  ])('when it jumps %s, until it jumps back', (_, jump) => {
    pass(5_000);
    wallMs += jump;
    expect(guard.read()).toBeUndefined();
    pass(DAY);
    expect(guard.read()).toBeUndefined();
    wallMs -= jump;
    expect(guard.read()).toBeDefined();
  });

  it('when it stands still while time passes', () => {
    monotonicMs += CLOCK_TOLERANCE_MS + 1;
    expect(guard.read()).toBeUndefined();
  });

  it('further behind the last record, until it has caught up', () => {
    guard.observe('2024-04-29T12:00:02.001Z');
    expect(guard.read()).toBeUndefined();
    pass(1);
    expect(guard.read()).toBe('2024-04-29T12:00:00.001Z');
  });

  it('behind the latest of the records, in whatever order they are seen', () => {
    guard.observe('2024-04-30T12:00:00.000Z');
    guard.observe('2024-04-29T12:00:00.000Z');
    expect(guard.read()).toBeUndefined();
  });
});

describe('another node records', () => {
  const running = (time: string): void => guard.observeProjected(Date.parse(time));

  it('later than this clock shows: it lies behind', () => {
    running('2024-04-29T12:00:02.000Z');
    expect(guard.read()).toBeDefined();
    running('2024-04-29T12:00:02.001Z');
    expect(guard.read()).toBeUndefined();
    expect(guard.wall()).toBe('2024-04-29T12:00:00.000Z');
  });

  it('that its clock, which lies further back, was accepted: the log goes on from there', () => {
    running('2024-04-30T12:00:00.000Z');
    expect(guard.read()).toBeUndefined();
    running('2024-04-29T11:59:00.000Z');
    expect(guard.read()).toBeDefined();
  });
});

describe('the clock is accepted as it stands', () => {
  it.each([DAY, -DAY])('after a jump of %i ms', (jump) => {
    guard.observe('2024-04-29T12:00:00.000Z');
    wallMs += jump;
    guard.accept();
    expect(guard.read()).toBe(guard.wall());
    pass(DAY);
    expect(guard.read()).toBeDefined();
  });

  it('and guarded from there on', () => {
    wallMs -= DAY;
    guard.accept();
    wallMs += DAY;
    expect(guard.read()).toBeUndefined();
    wallMs -= DAY;
    guard.observe('2024-04-29T12:00:00.000Z');
    expect(guard.read()).toBeUndefined();
  });
});

it('the clock of the system goes, and its monotonic one never back', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
  const readings = Array.from({ length: 1_000 }, () => systemClock.monotonic());
  expect(readings).toEqual([...readings].sort((a, b) => a - b));
});
