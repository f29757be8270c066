import { describe, expect, it } from '@jest/globals';
import { sealed, type CivilDate, type DomainEvent } from '#kernel';
import { given, made, THE_STREAM, uuid, type GivenEvent } from '../../kernel/src/testing/index.js';
import { body } from './body.js';
import { defineTerm, quotaAt, setSeatQuota } from './seats-of-body.js';

const day = (text: string) => text as CivilDate;
const name = [{ lang: 'en', text: sealed('Somebody') }];
const [region, conference] = [uuid(1), uuid(2)];
const established: DomainEvent = { type: 'body-established', data: { kind: 'council', name, audience: { kind: 'members' } } };
const regionDefined: DomainEvent = { type: 'region-defined', data: { region, name } };

describe('a term is defined', () => {
  const standing = given(body, established, {
    type: 'term-defined',
    data: { term: uuid(3), name, from: '2024-07-01', until: '2025-06-30' },
  });
  const term = (from: string, until: string) => ({ name: [{ lang: 'en', text: '2024-2025' }], from: day(from), until: day(until) });
  const defined = (from: string, until: string): DomainEvent => ({
    type: 'term-defined',
    data: { term: made('term'), name: [{ lang: 'en', text: sealed('2024-2025') }], from, until },
  });

  it('the first', () =>
    given(body, established)
      .when(defineTerm, term('2024-07-01', '2025-06-30'))
      .then([defined('2024-07-01', '2025-06-30')]));
  it('of one day', () =>
    given(body, established)
      .when(defineTerm, term('2024-07-01', '2024-07-01'))
      .then([defined('2024-07-01', '2024-07-01')]));
  it('not until before it begins', () =>
    standing.when(defineTerm, term('2024-07-01', '2024-06-30')).thenRefused('period-reversed', 'until'));

  it.each([
    ['right before', '2023-07-01', '2024-06-30'],
    ['right after', '2025-07-01', '2026-06-30'],
  ])('%s another', (_, from, until) => standing.when(defineTerm, term(from, until)).then([defined(from, until)]));

  it.each([
    ['the same', '2024-07-01', '2025-06-30'],
    ['ends on its first day', '2024-01-01', '2024-07-01'],
    ['begins on its last day', '2025-06-30', '2026-06-30'],
    ['within', '2024-08-01', '2024-08-31'],
    ['around', '2024-01-01', '2026-01-01'],
  ])('not where it meets another: %s', (_, from, until) => standing.when(defineTerm, term(from, until)).thenRefused('terms-overlap'));
});

describe('a quota of seats is set', () => {
  const own = given(body, established, regionDefined);
  const ofOwn = { region, regionOf: THE_STREAM, seats: 8 };
  const set = (data: object): DomainEvent => ({ type: 'seat-quota-set', data });

  it('for a region of the body itself', () => own.when(setSeatQuota, ofOwn).then([set(ofOwn)]));
  it('for a region of another body', () =>
    given(body, established)
      .and(body, conference, established, regionDefined)
      .when(setSeatQuota, { ...ofOwn, regionOf: conference, article: 'Article VII' })
      .then([set({ ...ofOwn, regionOf: conference, article: 'Article VII' })]));

  it('not for a region that the body itself has not', () =>
    given(body, established).when(setSeatQuota, ofOwn).thenRefused('unknown-region', 'region'));
  it('not for a region that the other body has not', () =>
    own
      .and(body, conference, established)
      .when(setSeatQuota, { ...ofOwn, regionOf: conference })
      .thenRefused('unknown-region', 'region'));
  it('not for a region of a body that is none', () =>
    own.when(setSeatQuota, { ...ofOwn, regionOf: conference }).thenRefused('unknown-region', 'region'));

  it('is so already', () => given(body, established, regionDefined, set(ofOwn)).when(setSeatQuota, ofOwn).thenNothing());
  it('from an earlier day than was said', () =>
    given(body, established, regionDefined, set(ofOwn))
      .when(setSeatQuota, ofOwn, { occurredAt: '2024-01-01' as CivilDate })
      .then([set({ ...ofOwn, until: '2024-04-29T08:00:00.000Z' })]));
  it('to another number', () =>
    given(body, established, regionDefined, set(ofOwn))
      .when(setSeatQuota, { ...ofOwn, seats: 9 })
      .then([set({ ...ofOwn, seats: 9 })]));
  it('to the same number by another article', () =>
    given(body, established, regionDefined, set(ofOwn))
      .when(setSeatQuota, { ...ofOwn, article: 'Rule 2' })
      .then([set({ ...ofOwn, article: 'Rule 2' })]));
});

describe('quotas that are recorded out of their order', () => {
  const at = (occurredAt: string, seats: number): GivenEvent => ({
    type: 'seat-quota-set',
    data: { region, regionOf: THE_STREAM, seats },
    occurredAt,
  });
  const set = (seats: number, more: object = {}): DomainEvent => ({
    type: 'seat-quota-set',
    data: { region, regionOf: THE_STREAM, seats, ...more },
  });
  const [early, late] = [at('2019-06-01', 5), at('2024-06-01', 8)];

  it.each<[string, GivenEvent[], string, number, DomainEvent[]]>([
    ['what held before is recorded, and until when', [late], '2019-06-01', 5, [set(5, { until: '2024-06-01' })]],
    ['also before several', [late, early], '2010-01-01', 4, [set(4, { until: '2019-06-01' })]],
    ['also between them', [late, early], '2022-01-01', 6, [set(6, { until: '2024-06-01' })]],
    ['what was so before is set anew later', [late, early], '2025-06-01', 5, [set(5)]],
    ['what is so since the later one is so already', [late, early], '2025-06-01', 8, []],
    ['what was so between them was so already', [late, early], '2022-01-01', 5, []],
    ['of one day, the one that is recorded last stands', [late], '2024-06-01', 5, [set(5)]],
  ])('%s', (_, before, day, seats, events) => {
    const sent = given(body, established, regionDefined, ...before).when(
      setSeatQuota,
      { region, regionOf: THE_STREAM, seats },
      { now: '2026-01-01T00:00:00.000Z', occurredAt: day as CivilDate },
    );
    return events.length > 0 ? sent.then(events) : sent.thenNothing();
  });

  it.each<[string, GivenEvent[], string, number | undefined]>([
    ['today, the last as stated', [late, early], '2026-01-01', 8],
    ['by a day between, the earlier one', [late, early], '2023-12-31', 5],
    ['of the time before, the first as stated', [late, early], '2018-01-01', 5],
    ['in whichever order three were recorded', [late, at('2022-01-01', 6), early], '2023-01-01', 6],
    ['of one day, the one that was recorded last', [early, late, at('2024-06-01', 9)], '2024-06-01', 9],
    ['none where none was set', [], '2024-06-01', undefined],
  ])('%s', (_, before, when, seats) =>
    expect(quotaAt(given(body, established, regionDefined, ...before).state(), region, when as CivilDate)?.seats).toBe(seats),
  );

  it.each<[string, string, number]>([
    ['on the day that it was set where the body is', '2024-06-02', 8],
    ['on the day that it was set where it was typed, and not there', '2024-06-01', 5],
  ])('%s', (_, when, seats) => {
    const there: DomainEvent = { ...established, data: { ...established.data, zone: 'Pacific/Auckland' } };
    const inTheEvening = { ...late, occurredAt: '2024-06-01T21:00:00Z' };
    expect(quotaAt(given(body, there, regionDefined, early, inTheEvening).state(), region, when as CivilDate)?.seats).toBe(seats);
    expect(quotaAt(given(body, there, regionDefined, inTheEvening, early).state(), region, when as CivilDate)?.seats).toBe(seats);
  });
});
