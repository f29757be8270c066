import { describe, it } from '@jest/globals';
import { body, person } from '#bodies/contracts';
import { derivedId, sealed, type DomainEvent, type Occurred } from '#kernel';
import { meeting } from '#meetings/contracts';
import { given, made, uuid, type GivenEvent, type Sent } from '../../kernel/src/testing/index.js';
import { allocation } from './allocation.js';
import { proposeAllocation, type ProposeAllocation } from './propose-allocation.js';

const en = (text: string) => [{ lang: 'en', text }];
const sealedEn = (text: string) => [{ lang: 'en', text: sealed(text) }];
const [commission, conference, council, region, term, norway, sweden, table, speaker] = [
  uuid(1),
  uuid(2),
  uuid(3),
  uuid(4),
  uuid(5),
  uuid(6),
  uuid(7),
  uuid(8),
  uuid(9),
];

const established: DomainEvent = {
  type: 'body-established',
  data: { kind: 'commission', name: sealedEn('Body'), audience: { kind: 'members' } },
};
const termDefined: DomainEvent = {
  type: 'term-defined',
  data: { term, name: sealedEn('2024-2025'), from: '2024-07-01', until: '2025-06-30' },
};
const quota = (seats: number): DomainEvent => ({ type: 'seat-quota-set', data: { region, regionOf: conference, seats } });
const regionDefined: DomainEvent = { type: 'region-defined', data: { region, name: sealedEn('Europe') } };
const admitted = (organisation: string, from: string, more: object = { region }, as = 'member'): DomainEvent => ({
  type: 'member-admitted',
  data: { membership: `${organisation}-m`, organisation, as, from, ...more },
});
const scheduled: DomainEvent = {
  type: 'meeting-scheduled',
  data: { bodies: [conference], title: sealedEn('Conference'), zone: 'UTC', format: 'hybrid' },
};
const opened: DomainEvent = { type: 'meeting-opened', data: {} };

const input: ProposeAllocation = {
  body: commission,
  region,
  regionOf: conference,
  term,
  seats: 2,
  nominatedBy: conference,
  electedBy: council,
  allocationOf: (on, of, during) => (on === commission && during === term ? derivedId(of, 'allocation') : uuid(98)),
};
const event = (more: object = {}): DomainEvent => ({
  type: 'seat-allocation-proposed',
  data: {
    body: commission,
    region,
    regionOf: conference,
    term,
    period: { from: '2024-07-01', until: '2025-06-30' },
    seats: [{ seat: 1 }, { seat: 2 }],
    nominatedBy: conference,
    electedBy: council,
    ...more,
  },
});
const settled = { decision: uuid(20), proposal: uuid(21), meeting: table, seats: [1, 2] };

interface World {
  own?: GivenEvent[];
  on?: GivenEvent[];
  members?: DomainEvent[];
  council?: DomainEvent[];
  meeting?: DomainEvent[];
}
const proposing = (world: World, change: object = {}, sent: Sent = {}) =>
  given(allocation, ...(world.own ?? []))
    .and(body, commission, established, ...(world.on ?? [termDefined, quota(8)]))
    .and(
      body,
      conference,
      established,
      ...(world.members ?? [regionDefined, admitted(norway, '2020-01-01'), admitted(sweden, '2020-01-01')]),
    )
    .and(body, council, established, ...(world.council ?? []))
    .and(person, speaker, { type: 'person-registered', data: { name: sealedEn('Vice-Chair') } })
    .and(meeting, table, ...(world.meeting ?? [scheduled, opened]))
    .when(proposeAllocation, { ...input, ...change }, sent);

describe('an allocation is proposed', () => {
  it('without holders', () => proposing({}).then([event()]));
  it('with all that is known of it', () =>
    proposing(
      {},
      {
        holders: [{ seat: 2, organisation: norway }],
        electedBy: undefined,
        noElectionBy: 'Article VIII',
        meeting: table,
        presentedBy: { person: speaker },
        capacity: en('Vice-Chair'),
        audience: { kind: 'public' },
      },
    ).then([
      event({
        seats: [{ seat: 1 }, { seat: 2, holding: made('holding/2'), organisation: norway }],
        electedBy: undefined,
        noElectionBy: 'Article VIII',
        meeting: table,
        presentedBy: { person: speaker },
        capacity: sealedEn('Vice-Chair'),
        audience: { kind: 'public' },
      }),
    ]));

  it.each<[string, World, object, string]>([
    ['on no body', {}, { body: uuid(99) }, 'unknown-body'],
    ['nominated by no body', {}, { nominatedBy: uuid(99) }, 'unknown-body'],
    ['elected by no body', {}, { electedBy: uuid(99) }, 'unknown-body'],
    ['presented by nobody', {}, { presentedBy: {} }, 'speaker-missing'],
    ['at no meeting', {}, { meeting: uuid(99) }, 'unknown-meeting'],
    ['under an item of no meeting', {}, { item: uuid(99) }, 'unknown-item'],
    ['at a meeting that is not open', { meeting: [scheduled] }, { meeting: table }, 'meeting-not-open'],
    ['for no region', { members: [] }, {}, 'unknown-region'],
    ['for no term', { on: [] }, {}, 'unknown-term'],
    ['neither elected nor not', {}, { electedBy: undefined }, 'no-election-unclear'],
    ['both elected and not', {}, { noElectionBy: 'Rule' }, 'no-election-unclear'],
    ['with a seat 0', {}, { holders: [{ seat: 0, organisation: norway }] }, 'unknown-seat'],
    ['with a seat beyond', {}, { holders: [{ seat: 3, organisation: norway }] }, 'unknown-seat'],
    [
      'with a seat twice',
      {},
      {
        holders: [
          { seat: 1, organisation: norway },
          { seat: 1, organisation: sweden },
        ],
      },
      'unknown-seat',
    ],
    [
      'with a member twice',
      {},
      {
        holders: [
          { seat: 1, organisation: norway },
          { seat: 2, organisation: norway },
        ],
      },
      'double-seat',
    ],
    ['while it is proposed', { own: [event()] }, {}, 'allocation-standing'],
    ['once it is approved', { own: [event(), { type: 'seat-allocation-approved', data: settled }] }, {}, 'allocation-standing'],
  ])('not %s', (_, world, change, code) => proposing(world, change).thenRefused(code));

  it.each<[string, DomainEvent[]]>([
    ['scheduled', [scheduled]],
    ['open', [scheduled, opened]],
    ['cancelled', [scheduled, { type: 'meeting-cancelled', data: { reason: { code: 'other' } } }]],
  ])('not at a meeting that is %s, by who writes for no body that meets there', (_, meetingEvents) =>
    proposing({ meeting: meetingEvents }, { meeting: table }, { bodies: [commission] }).thenRefused('meeting-of-another-body', 'meeting'),
  );

  it.each<[string, { then?: DomainEvent[]; seats?: object[] }, number, object]>([
    ['with as many seats', {}, 2, { seats: [{ seat: 1 }, { seat: 2 }] }],
    ['with fewer seats', {}, 1, { seats: [{ seat: 1 }], replaces: { seats: [2], holdings: [] } }],
    [
      'whose holder had given up the seat',
      {
        seats: [{ seat: 1, holding: uuid(30), organisation: norway }, { seat: 2 }],
        then: [{ type: 'seat-vacated', data: { seat: 1, holding: uuid(30), until: '2024-12-31', reason: { code: 'other' } } }],
      },
      2,
      { seats: [{ seat: 1 }, { seat: 2 }], replaces: { seats: [], holdings: [uuid(30)] } },
    ],
    [
      'with others, or nobody yet, to hold them',
      { seats: [{ seat: 1, holding: uuid(30), organisation: norway }, { seat: 2 }] },
      2,
      { seats: [{ seat: 1 }, { seat: 2 }], replaces: { seats: [], holdings: [uuid(30)] } },
    ],
  ])('again, after it was returned, %s', (_, { then = [], ...before }, seats, proposed) =>
    proposing({ own: [event(before), ...then, { type: 'seat-allocation-returned', data: settled }] }, { seats }).then([event(proposed)]),
  );
});

describe('rule 6: one regional seat a member on a body in a term', () => {
  const south = uuid(30);
  const holders = [{ seat: 1, organisation: norway }];
  const elsewhere = event({ region: south, seats: [{ seat: 1, holding: uuid(31), organisation: norway }] });
  const beside = (quotas: DomainEvent[], regions: DomainEvent[], ...events: DomainEvent[]) =>
    given(allocation)
      .and(body, commission, established, termDefined, quota(8), ...quotas)
      .and(body, conference, established, regionDefined, ...regions, admitted(norway, '2020-01-01'))
      .and(body, council, established)
      .and(allocation, input.allocationOf(commission, south, term), elsewhere, ...events)
      .when(proposeAllocation, { ...input, holders });
  const quotaOfSouth: DomainEvent = { type: 'seat-quota-set', data: { region: south, regionOf: council, seats: 1 } };
  const southDefined: DomainEvent = { type: 'region-defined', data: { region: south, name: sealedEn('South') } };

  it('not also one of a region that has a quota', () => beside([quotaOfSouth], []).thenRefused('double-seat', 'holders[0].organisation'));
  it('not also one of a region that has none', () => beside([], [southDefined]).thenRefused('double-seat', 'holders[0].organisation'));
  it('one where the other was returned', () =>
    beside([quotaOfSouth], [], { type: 'seat-allocation-returned', data: settled }).then([
      event({ seats: [{ seat: 1, holding: made('holding/1'), organisation: norway }, { seat: 2 }] }),
    ]));
});

describe('rule 6: within the quota, to members of the region', () => {
  const override = { reason: en('Agreed'), authority: en('Ruling') };
  const exception = (rule: string) => ({ rule, as: 'override', reason: sealedEn('Agreed'), authority: sealedEn('Ruling') });
  const holders = [{ seat: 1, organisation: norway }];
  const held = [{ seat: 1, holding: made('holding/1'), organisation: norway }, { seat: 2 }];

  it.each([
    ['as many as the quota', [termDefined, quota(2)], undefined],
    ['no quota is set', [termDefined], 'no-quota'],
    ['a quota for another region is set', [termDefined, { ...quota(8), data: { ...quota(8).data, region: uuid(30) } }], 'no-quota'],
    ['more than the quota', [termDefined, quota(1)], 'beyond-quota'],
  ])('%s', (_, on, code) => (code ? proposing({ on }).thenRefused(code, 'seats') : proposing({ on }).then([event()])));

  const set = (seats: number, occurredAt: string): GivenEvent => ({ ...quota(seats), occurredAt });
  it.each<[string, GivenEvent[], string, string | undefined]>([
    ['that was lowered afterwards', [set(2, '2024-01-01'), set(1, '2024-04-01')], '2024-03-20', undefined],
    ['that was raised afterwards', [set(1, '2024-01-01'), set(2, '2024-04-01')], '2024-03-20', 'beyond-quota'],
    ['that was lowered before', [set(2, '2024-01-01'), set(1, '2024-04-01')], '2024-04-20', 'beyond-quota'],
  ])('of before, by the quota of then %s', (_, quotas, occurredAt, code) => {
    const result = proposing({ on: [termDefined, ...quotas] }, {}, { occurredAt: occurredAt as Occurred });
    return code ? result.thenRefused(code, 'seats') : result.then([event()]);
  });

  it.each<[string, DomainEvent[], boolean]>([
    ['a member of the region', [admitted(norway, '2020-01-01')], true],
    ['a member from the first day of the term', [admitted(norway, '2024-07-01')], true],
    ['a member from the day after', [admitted(norway, '2024-07-02')], false],
    ['a member of no region', [admitted(norway, '2020-01-01', {})], false],
    ['a member of another region', [admitted(norway, '2020-01-01', { region: uuid(30) })], false],
    ['an observer of the region', [admitted(norway, '2020-01-01', { region }, 'observer')], false],
    ['no member', [], false],
  ])('%s', (_, members, fits) => {
    const result = proposing({ members: [regionDefined, ...members] }, { holders });
    return fits ? result.then([event({ seats: held })]) : result.thenRefused('not-of-region', 'holders[0].organisation');
  });

  it.each<[string, DomainEvent[], boolean]>([
    ['has a member in the region', [admitted(norway, '2020-01-01', {}), admitted(uuid(40), '2020-01-01', {})], true],
    ['has no members that are recorded', [], true],
    ['has an observer from elsewhere', [admitted(uuid(40), '2020-01-01', {}, 'observer')], true],
    ['has a member from elsewhere once the term is over', [admitted(uuid(40), '2025-07-01', {})], true],
    ['has members from elsewhere', [admitted(uuid(40), '2020-01-01', {})], false],
    [
      'has a member of the region as an observer',
      [admitted(uuid(40), '2020-01-01', {}), admitted(norway, '2020-01-01', {}, 'observer')],
      false,
    ],
  ])('the body that nominates for the region %s', (_, members, fits) => {
    const result = proposing({ council: members }, { nominatedBy: council });
    return fits ? result.then([event({ nominatedBy: council })]) : result.thenRefused('nominating-for-others', 'nominatedBy');
  });

  it('each departure is marked, where an override lets them through', () =>
    proposing({ on: [termDefined, quota(1)], members: [regionDefined] }, { holders }, { override }).then([
      event({ seats: held, exceptions: [exception('beyond-quota'), exception('not-of-region')] }),
    ]));
});
