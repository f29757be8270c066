import { describe, expect, it } from '@jest/globals';
import { body } from '#bodies/contracts';
import { sealed, type CivilDate, type DomainEvent } from '#kernel';
import { given, made, THE_STREAM, uuid } from '../../kernel/src/testing/index.js';
import { allocation } from './allocation.js';
import { nameHolder, setAllocationAudience, vacateSeat } from './seat-holders.js';
import { allocationOf, commission, conference, holding, norway, otherRegion, proposed, region, sweden, term } from './testing/allocated.js';

const day = (text: string) => text as CivilDate;
const name = [{ lang: 'en', text: sealed('Somebody') }];
const iceland = uuid(6);
const vacated = (until?: string): DomainEvent => ({
  type: 'seat-vacated',
  data: { seat: 1, holding, ...(until && { until }), reason: { code: 'other' } },
});
const named = (seat: number, organisation: string, from: string): DomainEvent => ({
  type: 'seat-holder-named',
  data: { seat, holding: made('holding'), organisation, from, until: '2025-06-30' },
});
const member = (organisation: string): DomainEvent => ({
  type: 'member-admitted',
  data: { membership: `${organisation}-m`, organisation, as: 'member', from: '2020-01-01', region },
});
const standing = (...events: DomainEvent[]) =>
  given(allocation, proposed, ...events).and(
    body,
    conference,
    { type: 'body-established', data: { kind: 'conference', name, audience: { kind: 'members' } } },
    { type: 'region-defined', data: { region, name } },
    { type: 'region-defined', data: { region: otherRegion, name } },
    member(norway),
    member(sweden),
  );
const reason = { code: 'other' as const };

describe('the holder of a seat is named', () => {
  it('for the term', () =>
    standing()
      .when(nameHolder, { seat: 2, organisation: sweden, allocationOf })
      .then([named(2, sweden, '2024-07-01')]));
  it('from its last day', () =>
    standing()
      .when(nameHolder, { seat: 2, organisation: sweden, from: day('2025-06-30'), allocationOf })
      .then([named(2, sweden, '2025-06-30')]));
  it('is so already', () => standing().when(nameHolder, { seat: 1, organisation: norway, allocationOf }).thenNothing());
  it('is so already, from that day', () =>
    standing()
      .when(nameHolder, { seat: 1, organisation: norway, from: day('2024-07-01'), allocationOf })
      .thenNothing());
  it('not the same from another day', () =>
    standing()
      .when(nameHolder, { seat: 1, organisation: norway, from: day('2024-08-01'), allocationOf })
      .thenRefused('seat-held', 'from'));
  it('not of a seat that is none', () =>
    standing().when(nameHolder, { seat: 3, organisation: sweden, allocationOf }).thenRefused('unknown-seat'));
  it('not of what nobody proposed', () =>
    given(allocation).when(nameHolder, { seat: 1, organisation: sweden, allocationOf }).thenRefused('unknown-seat'));
  it('not where the proposal is lost', () =>
    given(allocation, named(1, norway, '2024-07-01'))
      .when(nameHolder, { seat: 1, organisation: sweden, allocationOf })
      .thenRefused('unknown-seat'));
  it('not of a seat that is held', () =>
    standing().when(nameHolder, { seat: 1, organisation: sweden, allocationOf }).thenRefused('seat-held'));
  it('not who holds another', () =>
    standing().when(nameHolder, { seat: 2, organisation: norway, allocationOf }).thenRefused('double-seat', 'organisation'));
  it.each(['2024-06-30', '2025-07-01'])('not from %s, outside the term', (from) =>
    standing()
      .when(nameHolder, { seat: 2, organisation: sweden, from: day(from), allocationOf })
      .thenRefused('outside-term', 'from'),
  );
  it('not who is no member of the region', () =>
    standing().when(nameHolder, { seat: 2, organisation: iceland, allocationOf }).thenRefused('not-of-region', 'organisation'));
  it('who is no member of the region, by an override', () =>
    standing()
      .when(
        nameHolder,
        { seat: 2, organisation: iceland, allocationOf },
        { override: { reason: [{ lang: 'en', text: 'Agreed' }], authority: [{ lang: 'en', text: 'Ruling' }] } },
      )
      .then([
        {
          ...named(2, iceland, '2024-07-01'),
          data: {
            ...named(2, iceland, '2024-07-01').data,
            exceptions: [
              {
                rule: 'not-of-region',
                as: 'override',
                reason: [{ lang: 'en', text: sealed('Agreed') }],
                authority: [{ lang: 'en', text: sealed('Ruling') }],
              },
            ],
          },
        },
      ]));
  it('not once the allocation was returned', () => {
    const returned: DomainEvent = {
      type: 'seat-allocation-returned',
      data: { decision: uuid(20), proposal: uuid(21), meeting: uuid(22), seats: [1, 2] },
    };
    return standing(returned).when(nameHolder, { seat: 2, organisation: sweden, allocationOf }).thenRefused('allocation-returned');
  });
});

describe('a vacated seat is filled for the rest of the term', () => {
  const left = standing(vacated('2024-12-31'));
  it('from the day after', () =>
    left.when(nameHolder, { seat: 1, organisation: sweden, allocationOf }).then([named(1, sweden, '2025-01-01')]));
  it('from a later day', () =>
    left.when(nameHolder, { seat: 1, organisation: sweden, from: day('2025-02-01'), allocationOf }).then([named(1, sweden, '2025-02-01')]));
  it('not while it was held', () =>
    left.when(nameHolder, { seat: 1, organisation: sweden, from: day('2024-12-31'), allocationOf }).thenRefused('seat-held', 'from'));
  it('not after its last day', () =>
    standing(vacated('2025-06-30')).when(nameHolder, { seat: 1, organisation: sweden, allocationOf }).thenRefused('outside-term', 'from'));
  it('not by who holds another then: who left one seat holds no other before that day is over', () =>
    left.when(nameHolder, { seat: 2, organisation: norway, from: day('2024-12-31'), allocationOf }).thenRefused('double-seat', 'from'));
  it('not from the first day by who left another', () =>
    left.when(nameHolder, { seat: 2, organisation: norway, allocationOf }).thenRefused('double-seat', 'from'));
  it('by who left another the day before', () =>
    left.when(nameHolder, { seat: 2, organisation: norway, from: day('2025-01-01'), allocationOf }).then([named(2, norway, '2025-01-01')]));
  it('by who was named wrongly to another', () =>
    standing(vacated())
      .when(nameHolder, { seat: 2, organisation: norway, allocationOf })
      .then([named(2, norway, '2024-07-01')]));
  it('from the first day, where the holder was named wrongly', () =>
    standing(vacated())
      .when(nameHolder, { seat: 1, organisation: sweden, allocationOf })
      .then([named(1, sweden, '2024-07-01')]));
});

describe('a member holds one regional seat on a body in a term', () => {
  const other = (...events: DomainEvent[]) => standing().and(allocation, allocationOf(commission, otherRegion, term), elsewhere, ...events);
  const elsewhere: DomainEvent = {
    ...proposed,
    data: { ...proposed.data, region: otherRegion, seats: [{ seat: 1, holding: uuid(50), organisation: sweden }] },
  };
  const gone = (until?: string): DomainEvent => ({
    type: 'seat-vacated',
    data: { seat: 1, holding: uuid(50), ...(until && { until }), reason: { code: 'other' } },
  });
  const settled = (type: string): DomainEvent => ({
    type,
    data: { decision: uuid(20), proposal: uuid(21), meeting: uuid(22), seats: [1] },
  });
  const naming = (from: string, ...events: DomainEvent[]) =>
    other(...events).when(nameHolder, { seat: 2, organisation: sweden, from: day(from), allocationOf });

  it.each<[string, string, DomainEvent[]]>([
    ['that is proposed', '2024-10-01', []],
    ['that is approved', '2024-10-01', [settled('seat-allocation-approved')]],
    ['that it gives up later', '2024-12-31', [gone('2024-12-31')]],
  ])('not also one of another region %s', (_, from, events) => naming(from, ...events).thenRefused('double-seat', 'organisation'));
  it.each<[string, string, DomainEvent[]]>([
    ['was returned', '2024-10-01', [settled('seat-allocation-returned')]],
    ['it gave up before', '2025-01-01', [gone('2024-12-31')]],
    ['it was named to wrongly', '2024-07-01', [gone()]],
  ])('one of another region, where that %s', (_, from, events) => naming(from, ...events).then([named(2, sweden, from)]));
});

describe('a seat is vacated', () => {
  it('with the last day and a reason', () =>
    standing()
      .when(vacateSeat, { seat: 1, until: day('2024-12-31'), reason })
      .then([vacated('2024-12-31')]));
  it('where the holder was named wrongly', () => standing().when(vacateSeat, { seat: 1, reason }).then([vacated()]));
  it('is so already', () => standing().when(vacateSeat, { seat: 2, reason }).thenNothing());
  it('not where there is none', () => standing().when(vacateSeat, { seat: 3, reason }).thenRefused('unknown-seat'));
  it.each(['2024-06-30', '2025-07-01'])('not until %s, outside the term', (until) =>
    standing()
      .when(vacateSeat, { seat: 1, until: day(until), reason })
      .thenRefused('outside-term', 'until'),
  );
  it('not before its holder took it', () =>
    standing(vacated('2024-12-31'), named(1, sweden, '2025-01-01'))
      .when(vacateSeat, { seat: 1, until: day('2024-12-31'), reason })
      .thenRefused('outside-term', 'until'));
});

it('the audience is set, and is so already', async () => {
  const set: DomainEvent = { type: 'allocation-audience-set', data: { audience: { kind: 'public' }, reason } };
  await standing()
    .when(setAllocationAudience, { audience: { kind: 'public' }, reason })
    .then([set]);
  await standing(set)
    .when(setAllocationAudience, { audience: { kind: 'public' }, reason })
    .thenNothing();
});

it('is written by who nominates and by who has the seats', () =>
  expect(allocation.bodies(standing().state(), THE_STREAM)).toEqual([conference, commission]));
