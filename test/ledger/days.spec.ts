// The day on which something happened: the server and the verifier, which share no code, tell the same one.
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dayIn, utcTime } from '#kernel';
import { dayIn as recountedIn } from '../../libs/ledger/src/verify/day-in.js';

const zones = fc.constantFrom('UTC', ...Intl.supportedValuesOf('timeZone'));
const moments = fc.oneof(
  fc.integer({ min: Date.parse('1850-01-01T00:00:00Z'), max: Date.parse('2100-01-01T00:00:00Z') }),
  fc.integer({ min: Date.parse('0000-01-01T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59Z') }),
  fc.integer({ min: -14 * 60, max: 14 * 60 }).map((minutes) => Date.parse('0000-01-01T00:00:00Z') + Math.max(minutes, 0) * 60_000),
);

it('in every zone, at every time', () =>
  fc.assert(
    fc.property(zones, moments, (zone, ms) => {
      const when = utcTime(ms);
      expect(recountedIn(zone)(when)).toBe(dayIn(when, zone));
    }),
    { numRuns: 5000 },
  ));
