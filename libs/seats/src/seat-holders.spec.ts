import { describe, expect, it } from '@jest/globals';
import { body } from '#bodies/contracts';
import { sealed, type CivilDate, type DomainEvent, type Revision } from '#kernel';
import { given, made, THE_STREAM, uuid } from '../../kernel/src/testing/index.js';
import { allocation } from './allocation.js';
import { approveAllocation, nameHolder, returnAllocation, setAllocationAudience, vacateSeat } from './seat-holders.js';

const day = (text: string) => text as CivilDate;
const name = [{ lang: 'en', text: sealed('Somebody') }];
const [commission, conference, region, norway, sweden, iceland, holding] = [uuid(1), uuid(2), uuid(3), uuid(4), uuid(5), uuid(6), uuid(7)];
const proposed: DomainEvent = {
  type: 'seat-allocation-proposed',
  data: { body: commission, region, regionOf: conference, term: uuid(8), period: { from: '2024-07-01', until: '2025-06-30' }, seats: [{ seat: 1, holding, organisation: norway }, { seat: 2 }], nominatedBy: conference, electedBy: commission },
};
const vacated = (until?: string): DomainEvent => ({ type: 'seat-vacated', data: { seat: 1, holding, ...(until && { until }), reason: { code: 'other' } } });
const named = (seat: number, organisation: string, from: string): DomainEvent => ({ type: 'seat-holder-named', data: { seat, holding: made('holding'), organisation, from, until: '2025-06-30' } });
const member = (organisation: string): DomainEvent => ({ type: 'member-admitted', data: { membership: `${organisation}-m`, organisation, as: 'member', from: '2020-01-01', region } });
const standing = (...events: DomainEvent[]) =>
  given(allocation, proposed, ...events).and(body, conference, { type: 'body-established', data: { kind: 'conference', name, audience: { kind: 'members' } } }, { type: 'region-defined', data: { region, name } }, member(norway), member(sweden));
const reason = { code: 'other' as const };

describe('the holder of a seat is named', () => {
  it('for the term', () => standing().when(nameHolder, { seat: 2, organisation: sweden }).then([named(2, sweden, '2024-07-01')]));
  it('from its last day', () => standing().when(nameHolder, { seat: 2, organisation: sweden, from: day('2025-06-30') }).then([named(2, sweden, '2025-06-30')]));
  it('is so already', () => standing().when(nameHolder, { seat: 1, organisation: norway }).thenNothing());
  it('not of a seat that is none', () => standing().when(nameHolder, { seat: 3, organisation: sweden }).thenRefused('unknown-seat'));
  it('not of a seat that is held', () => standing().when(nameHolder, { seat: 1, organisation: sweden }).thenRefused('seat-held'));
  it('not who holds another', () => standing().when(nameHolder, { seat: 2, organisation: norway }).thenRefused('double-seat', 'organisation'));
  it.each(['2024-06-30', '2025-07-01'])('not from %s, outside the term', (from) => standing().when(nameHolder, { seat: 2, organisation: sweden, from: day(from) }).thenRefused('outside-term', 'from'));
  it('not who is no member of the region', () => standing().when(nameHolder, { seat: 2, organisation: iceland }).thenRefused('not-of-region', 'organisation'));
  it('who is no member of the region, by an override', () =>
    standing().when(nameHolder, { seat: 2, organisation: iceland }, { override: { reason: [{ lang: 'en', text: 'Agreed' }], authority: [{ lang: 'en', text: 'Ruling' }] } }).then([
      { ...named(2, iceland, '2024-07-01'), data: { ...named(2, iceland, '2024-07-01').data, exceptions: [{ rule: 'not-of-region', as: 'override', reason: [{ lang: 'en', text: sealed('Agreed') }], authority: [{ lang: 'en', text: sealed('Ruling') }] }] } },
    ]));
  it('not once the allocation was returned', () => {
    const returned: DomainEvent = { type: 'seat-allocation-returned', data: { decision: uuid(20), proposal: uuid(21), meeting: uuid(22), seats: [1, 2] } };
    return standing(returned).when(nameHolder, { seat: 2, organisation: sweden }).thenRefused('allocation-returned');
  });
});

describe('a vacated seat is filled for the rest of the term', () => {
  const left = standing(vacated('2024-12-31'));
  it('from the day after', () => left.when(nameHolder, { seat: 1, organisation: sweden }).then([named(1, sweden, '2025-01-01')]));
  it('from a later day', () => left.when(nameHolder, { seat: 1, organisation: sweden, from: day('2025-02-01') }).then([named(1, sweden, '2025-02-01')]));
  it('not while it was held', () => left.when(nameHolder, { seat: 1, organisation: sweden, from: day('2024-12-31') }).thenRefused('seat-held', 'from'));
  it('not after its last day', () => standing(vacated('2025-06-30')).when(nameHolder, { seat: 1, organisation: sweden }).thenRefused('outside-term', 'from'));
  it('not by who holds another then: who left one seat holds no other before that day is over', () => left.when(nameHolder, { seat: 2, organisation: norway, from: day('2024-12-31') }).thenRefused('double-seat', 'from'));
  it('not from the first day by who left another', () => left.when(nameHolder, { seat: 2, organisation: norway }).thenRefused('double-seat', 'from'));
  it('by who left another the day before', () => left.when(nameHolder, { seat: 2, organisation: norway, from: day('2025-01-01') }).then([named(2, norway, '2025-01-01')]));
  it('by who was named wrongly to another', () => standing(vacated()).when(nameHolder, { seat: 2, organisation: norway }).then([named(2, norway, '2024-07-01')]));
  it('from the first day, where the holder was named wrongly', () => standing(vacated()).when(nameHolder, { seat: 1, organisation: sweden }).then([named(1, sweden, '2024-07-01')]));
});

describe('a seat is vacated', () => {
  it('with the last day and a reason', () => standing().when(vacateSeat, { seat: 1, until: day('2024-12-31'), reason }).then([vacated('2024-12-31')]));
  it('where the holder was named wrongly', () => standing().when(vacateSeat, { seat: 1, reason }).then([vacated()]));
  it('is so already', () => standing().when(vacateSeat, { seat: 2, reason }).thenNothing());
  it('not where there is none', () => standing().when(vacateSeat, { seat: 3, reason }).thenRefused('unknown-seat'));
  it.each(['2024-06-30', '2025-07-01'])('not until %s, outside the term', (until) => standing().when(vacateSeat, { seat: 1, until: day(until), reason }).thenRefused('outside-term', 'until'));
  it('not before its holder took it', () => standing(vacated('2024-12-31'), named(1, sweden, '2025-01-01')).when(vacateSeat, { seat: 1, until: day('2024-12-31'), reason }).thenRefused('outside-term', 'until'));
});

describe('a decision on the allocation is completed in it', () => {
  const by = { decision: uuid(20), proposal: uuid(21), meeting: uuid(22) };
  const settling = { ...by, seen: 0 as Revision };
  const data = { ...by, seats: [1, 2] };
  const [approved, returned]: DomainEvent[] = [{ type: 'seat-allocation-approved', data }, { type: 'seat-allocation-returned', data }];
  const failed = (decision = by.decision): DomainEvent => ({ type: 'seat-allocation-settlement-failed', data: { ...by, decision, body: conference, exceptions: [{ rule: 'allocation-not-proposed', as: 'discrepancy' }] } });

  it('approved', () => standing().when(approveAllocation, settling).then([approved!]));
  it('returned', () => standing().when(returnAllocation, settling).then([returned!]));
  it('approved, whatever happened to its seats since', () => standing(vacated('2024-12-31')).when(approveAllocation, settling).then([approved!]));
  it.each([approved!, returned!])('once: $type', async (event) => {
    await standing(event).when(approveAllocation, settling).thenNothing();
    await standing(event).when(returnAllocation, settling).thenNothing();
  });
  it.each([approved!, returned!])('not by two, the second one stands out: $type', async (event) => {
    await standing(event).when(approveAllocation, { ...settling, decision: uuid(23) }).then([failed(uuid(23))]);
    await standing(event).when(returnAllocation, { ...settling, decision: uuid(23) }).then([failed(uuid(23))]);
  });
  it('not of what was proposed anew since', async () => {
    await standing(returned!, proposed).when(approveAllocation, { ...settling, decision: uuid(23), seen: 0 as Revision }).then([failed(uuid(23))]);
    await standing(returned!, proposed).when(approveAllocation, { ...settling, decision: uuid(23), seen: 2 as Revision }).then([{ ...approved!, data: { ...data, decision: uuid(23) } }]);
  });
  it('by the system alone', () => expect([approveAllocation.roles, returnAllocation.roles]).toEqual([['system'], ['system']]));
});

it('the audience is set, and is so already', async () => {
  const set: DomainEvent = { type: 'allocation-audience-set', data: { audience: { kind: 'public' }, reason } };
  await standing().when(setAllocationAudience, { audience: { kind: 'public' }, reason }).then([set]);
  await standing(set).when(setAllocationAudience, { audience: { kind: 'public' }, reason }).thenNothing();
});

it('is written by who nominates and by who has the seats', () => expect(allocation.bodies(standing().state(), THE_STREAM)).toEqual([conference, commission]));
