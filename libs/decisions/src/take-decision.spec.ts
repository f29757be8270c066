import { describe, expect, it } from '@jest/globals';
import { body, person } from '#bodies/contracts';
import { document } from '#documents/contracts';
import { sealed, type CommandOf, type DomainEvent, type Occurred } from '#kernel';
import { meeting } from '#meetings/contracts';
import { allocation } from '#seats/contracts';
import { given, made, recordedAt, THE_STREAM, uuid, type GivenEvent, type Sent } from '../../kernel/src/testing/index.js';
import { proposal } from './proposal.js';
import { OUTCOMES, type Outcome } from './proposal.events.js';
import { decideProposal, takeDecision, type TakeDecision } from './take-decision.js';

const en = (text: string) => [{ lang: 'en', text }];
const sealedEn = (text: string) => [{ lang: 'en', text: sealed(text) }];
const [council, board, conference, item, remark, report, seats, earlier, other, otherStream] = [
  uuid(1),
  uuid(2),
  uuid(3),
  uuid(4),
  uuid(5),
  uuid(6),
  uuid(7),
  uuid(8),
  uuid(9),
  uuid(10),
];

const established: DomainEvent = {
  type: 'body-established',
  data: { kind: 'council', name: sealedEn('Council'), audience: { kind: 'members' } },
};
const rules = (inForceFrom: string, quorum: object[], article = 'Rule 7'): DomainEvent => ({
  type: 'body-rules-stated',
  data: { article, inForceFrom, quorum },
});
const admitted = (number: number, from = '2020-01-01', as = 'member'): DomainEvent => ({
  type: 'member-admitted',
  data: { membership: uuid(100 + number), organisation: uuid(200 + number), as, from },
});
const scheduled: DomainEvent = {
  type: 'meeting-scheduled',
  data: { bodies: [council], title: sealedEn('Conference'), zone: 'UTC', format: 'hybrid' },
};
const opened: DomainEvent = { type: 'meeting-opened', data: {} };
const concluded = recordedAt('2024-04-29T10:00:00.000Z', { type: 'meeting-concluded', data: {} });
const stated = (present: number, entitled?: number): DomainEvent => ({
  type: 'attendance-stated',
  data: { attendance: uuid(50), present, ...(entitled !== undefined && { entitled }), evidence: {} },
});
const atTable: DomainEvent[] = [
  scheduled,
  opened,
  { type: 'agenda-item-added', data: { item, number: '4', title: sealedEn('Item'), purpose: 'decision' } },
  { type: 'remark-made', data: { remark, kind: 'statement', speaker: { named: sealedEn('The chair') }, text: sealedEn('So decided.') } },
];
const introduced: DomainEvent = { type: 'proposal-introduced', data: { body: council, text: sealedEn('Text') } };
const withdrawn: DomainEvent = { type: 'proposal-withdrawn', data: { reason: { code: 'other' } } };
const noRule = { status: 'no-rule' };
const taken = (decision: string, more: object = {}): DomainEvent => ({
  type: 'decision-taken',
  data: {
    decision,
    body: council,
    meeting: conference,
    outcome: 'approved',
    wording: sealedEn('Approved.'),
    method: 'not-stated',
    evidence: {},
    quorum: noRule,
    ...more,
  },
});
const proposed = (status: string, exceptions?: object[]): DomainEvent[] => [
  {
    type: 'seat-allocation-proposed',
    data: {
      ...(exceptions && { exceptions }),
      body: board,
      region: uuid(20),
      regionOf: council,
      term: uuid(21),
      period: { from: '2024-07-01', until: '2025-06-30' },
      seats: [{ seat: 1 }],
      nominatedBy: council,
      electedBy: board,
    },
  },
  ...(status === 'approved'
    ? [{ type: 'seat-allocation-approved', data: { decision: earlier, proposal: otherStream, meeting: conference, seats: [1] } }]
    : []),
];
const returned: DomainEvent[] = [
  ...proposed('proposed'),
  { type: 'seat-allocation-returned', data: { decision: earlier, proposal: otherStream, meeting: conference, seats: [1] } },
];

const input: TakeDecision = {
  body: council,
  meeting: conference,
  outcome: 'approved',
  wording: en('Approved.'),
  method: 'not-stated',
  evidence: { words: en('no further comments') },
};
const event = (more: object = {}): DomainEvent =>
  taken(made('decision'), { evidence: { words: sealedEn('no further comments') }, ...more });

const quota = (seats: number): DomainEvent => ({ type: 'seat-quota-set', data: { region: uuid(20), regionOf: council, seats } });

interface World {
  own?: GivenEvent[];
  body?: DomainEvent[];
  table?: GivenEvent[];
  others?: GivenEvent[];
  allocation?: GivenEvent[];
  on?: GivenEvent[];
}
const deciding = (
  world: World,
  change: object = {},
  sent: Sent = {},
  command: CommandOf<TakeDecision> = world.own ? decideProposal : takeDecision,
) => {
  let start = given(proposal, ...(world.own ?? []))
    .and(body, council, established, ...(world.body ?? []))
    .and(meeting, conference, ...(world.table ?? atTable))
    .and(document, report, { type: 'document-registered', data: { kind: 'report', title: sealedEn('Report') } });
  if (world.others) start = start.and(proposal, otherStream, ...world.others);
  if (world.allocation)
    start = start.and(allocation, seats, ...world.allocation).and(body, board, established, ...(world.on ?? [quota(1)]));
  return start.when(command, { ...input, ...change }, sent);
};
const something = [expect.objectContaining({ type: 'decision-taken' }) as never];

describe('a decision is taken', () => {
  it('without a proposal', () => deciding({}).then([event()]));
  it('on a proposal', () => deciding({ own: [introduced] }).then([event()]));
  it('with all that it says', () =>
    deciding(
      { body: [], allocation: proposed('proposed') },
      {
        item,
        title: en('Seats'),
        symbol: 'C-12',
        document: report,
        allocations: [seats],
        audience: { kind: 'public' },
        paragraphs: [
          { number: '1', text: en('Approves.'), addressee: { named: en('The Secretariat') } },
          { number: '2', text: en('Thanks.') },
        ],
        evidence: { documents: [report], remarks: [remark] },
      },
    ).then([
      event({
        item,
        title: sealedEn('Seats'),
        symbol: 'C-12',
        document: report,
        allocations: [seats],
        audience: { kind: 'public' },
        paragraphs: [
          { number: '1', text: sealedEn('Approves.'), addressee: { named: sealedEn('The Secretariat') } },
          { number: '2', text: sealedEn('Thanks.') },
        ],
        evidence: { documents: [report], remarks: [remark] },
      }),
    ]));
});

describe('what it names beside its meeting is looked up', () => {
  const looking = async (change: Partial<TakeDecision>): Promise<unknown[]> => {
    const looked: unknown[] = [];
    const there = { body: given(body, established).state(), meeting: given(meeting, ...atTable).state() };
    const at = (of: { category: string }, id: string) => Promise.resolve(there[of.category as keyof typeof there] ?? void looked.push(id));
    await takeDecision.look!(
      { ...input, ...change },
      { at, whole: at, shows: () => Promise.resolve(true) } as never,
      given(proposal).state(),
    );
    return looked;
  };
  const many = Array.from({ length: 500 }, (_, index) => ({ decision: uuid(1_000 + index), proposal: uuid(2_000 + index) }));

  it.each<[string, Partial<TakeDecision>, string[]]>([
    [
      'up to the first that is not there',
      { supersedes: many, rescinds: many.map(({ proposal: stream }) => ({ decision: stream, proposal: stream })) },
      [uuid(2_000)],
    ],
    ['allocations too', { allocations: many.map(({ decision }) => decision) }, [uuid(1_000)]],
    ['not at all where something is named twice', { supersedes: many, rescinds: many.slice(-1) }, []],
  ])('%s', async (_, change, looked) => expect(await looking(change)).toEqual(looked));
});

describe('rule 2: while its meeting is open, or late with a reason', () => {
  it.each<[string, GivenEvent[], Sent, string | undefined]>([
    ['before it opens', [scheduled], {}, 'meeting-not-open'],
    ['after the closing', [...atTable, concluded], {}, 'late-without-reason'],
    ['after the closing, as of today', [...atTable, concluded], { late: { code: 'omitted' } }, 'late-without-time'],
    ['typed before the closing', [...atTable, concluded], { typedAt: '2024-04-29T09:00:00Z' as never }, undefined],
  ])('%s', (_, table, sent, code) =>
    code ? deciding({ table }, {}, sent).thenRefused(code) : deciding({ table }, {}, sent).then([event()]),
  );
  const sitting = uuid(40);
  const sat: GivenEvent[] = [...atTable, { type: 'sitting-opened', data: { sitting, number: 1, class: 'closed' } }];
  const over: GivenEvent[] = [...sat, recordedAt('2024-04-29T10:00:00.000Z', { type: 'sitting-closed', data: { sitting } })];
  it('in a sitting', () => deciding({ table: sat }, { sitting }).then([event({ sitting })]));
  it('not in a sitting that is over', () => deciding({ table: over }, { sitting }).thenRefused('late-without-reason', 'late'));
  it('in a sitting that is over, with a reason', () =>
    deciding({ table: over }, { sitting }, { late: { code: 'omitted' }, occurredAt: '2024-04-29' as Occurred }).then([
      event({ sitting, late: { code: 'omitted' } }),
    ]));
  it('after the closing, with a reason', () =>
    deciding({ table: [...atTable, concluded] }, {}, { late: { code: 'omitted' }, occurredAt: '2024-04-29' as Occurred }).then([
      event({ late: { code: 'omitted' } }),
    ]));
});

describe('rule 3: it names its meeting, item and evidence', () => {
  it.each<[string, World, object, string, string]>([
    ['no body', {}, { body: uuid(99) }, 'unknown-body', 'body'],
    ['no meeting', {}, { meeting: uuid(99) }, 'unknown-meeting', 'meeting'],
    [
      'a meeting of another body',
      { table: [{ ...scheduled, data: { ...scheduled.data, bodies: [board] } }, opened] },
      {},
      'meeting-of-another-body',
      'meeting',
    ],
    [
      'a meeting of another body that is over',
      { table: [{ ...scheduled, data: { ...scheduled.data, bodies: [board] } }, opened, concluded] },
      {},
      'meeting-of-another-body',
      'meeting',
    ],
    [
      'a meeting of another body that was cancelled',
      {
        table: [
          { ...scheduled, data: { ...scheduled.data, bodies: [board] } },
          { type: 'meeting-cancelled', data: { reason: { code: 'other' } } },
        ],
      },
      {},
      'meeting-of-another-body',
      'meeting',
    ],
    ['no item of the meeting', {}, { item: remark }, 'unknown-item', 'item'],
    ['no sitting of the meeting', {}, { sitting: item }, 'unknown-sitting', 'sitting'],
    ['no document', {}, { document: uuid(99) }, 'unknown-document', 'document'],
    ['no remark of the meeting', {}, { evidence: { remarks: [remark, item] } }, 'unknown-remark', 'evidence.remarks'],
    ['no evidence', {}, { evidence: {} }, 'evidence-missing', 'evidence'],
    ['no evidence but empty lists', {}, { evidence: { documents: [], remarks: [] } }, 'evidence-missing', 'evidence'],
    [
      'an addressee who is nobody',
      {},
      { paragraphs: [{ number: '1', text: en('x'), addressee: {} }] },
      'speaker-missing',
      'paragraphs[0].addressee',
    ],
  ])('%s', (_, world, change, code, field) => deciding(world, change).thenRefused(code, field));

  it('none, with the reason, is evidence', () =>
    deciding({}, { evidence: { none: en('Not minuted') } }).then([event({ evidence: { none: sealedEn('Not minuted') } })]));
});

describe('rule 3: the quorum as at the moment', () => {
  const half = { for: 'deciding', numerator: 1, denominator: 2 };
  const three = [admitted(1), admitted(2), admitted(3)];

  it.each<[string, DomainEvent[], DomainEvent[], object]>([
    ['no rule, nobody counted', [], [], { status: 'no-rule' }],
    ['no rule, some counted', [], [stated(49, 52)], { status: 'no-rule', present: 49, entitled: 52 }],
    [
      'a rule for something else',
      [rules('2024-01-01', [{ for: 'elections', count: 9 }])],
      [stated(49, 52)],
      { status: 'no-rule', present: 49, entitled: 52 },
    ],
    [
      'met, by a count',
      [rules('2024-01-01', [{ for: 'deciding', count: 49 }])],
      [stated(49)],
      { status: 'met', present: 49, needed: 49, article: 'Rule 7' },
    ],
    [
      'met, by a share of those entitled',
      [rules('2024-01-01', [half])],
      [stated(26, 52)],
      { status: 'met', present: 26, entitled: 52, needed: 26, article: 'Rule 7' },
    ],
    [
      'met, by a share of the members',
      [rules('2024-01-01', [half]), ...three, admitted(4, '2024-04-30'), admitted(5, '2020-01-01', 'observer')],
      [stated(2)],
      { status: 'met', present: 2, entitled: 3, needed: 2, article: 'Rule 7' },
    ],
    [
      'unknown: nobody counted',
      [rules('2024-01-01', [half]), ...three],
      [],
      { status: 'unknown', entitled: 3, needed: 2, article: 'Rule 7' },
    ],
    ['unknown: of how many', [rules('2024-01-01', [half])], [stated(2)], { status: 'unknown', present: 2, article: 'Rule 7' }],
    [
      'by the rules of that day',
      [rules('2024-01-01', [{ for: 'deciding', count: 1 }], 'Old'), rules('2024-04-30', [{ for: 'deciding', count: 99 }], 'New')],
      [stated(2)],
      { status: 'met', present: 2, needed: 1, article: 'Old' },
    ],
  ])('%s', (_, ofBody, counted, quorum) => deciding({ body: ofBody, table: [...atTable, ...counted] }).then([event({ quorum })]));

  const present = (party: object, number: number, more: object = {}): DomainEvent => ({
    type: 'attendance-recorded',
    data: { attendance: uuid(60 + number), party, as: 'member', ...more },
  });
  const [first, second, stranger] = [{ organisation: uuid(201) }, { organisation: uuid(202) }, { organisation: uuid(250) }];
  const [envoy, deputy, independent] = [uuid(70), uuid(71), uuid(72)];
  const registered = (organisation?: string): DomainEvent => ({
    type: 'person-registered',
    data: { name: sealedEn('Somebody'), ...(organisation && { organisation }) },
  });
  const byName = (counted: DomainEvent[], ofBody: DomainEvent[] = three) =>
    given(proposal)
      .and(body, council, established, rules('2024-01-01', [half]), ...ofBody)
      .and(meeting, conference, ...atTable, ...counted)
      .and(person, envoy, registered(uuid(201)))
      .and(person, deputy, registered(), { type: 'person-corrected', data: { organisation: uuid(201), reason: { code: 'other' } } })
      .and(person, independent, registered())
      .when(takeDecision, { ...input, outcome: 'noted' });
  const ruled = { needed: 2, entitled: 3, article: 'Rule 7' };

  it.each<[string, DomainEvent[], object]>([
    ['each member once', [present(first, 1), present(first, 2), present(second, 3)], { status: 'met', present: 2, ...ruled }],
    [
      'a member through those who work for it',
      [present({ person: envoy }, 1), present({ person: deputy }, 2), present(first, 3)],
      { status: 'not-met', present: 1, ...ruled },
    ],
    [
      'as whose delegate somebody is recorded',
      [present({ person: envoy, ...second }, 1), present({ person: envoy, ...first }, 2)],
      { status: 'met', present: 2, ...ruled },
    ],
    ['not who is no member', [present(first, 1), present(stranger, 2)], { status: 'not-met', present: 1, ...ruled }],
    [
      'not who is there for nobody',
      [present(first, 1), present({ person: independent }, 2), present({ named: sealedEn('A guest') }, 3)],
      { status: 'not-met', present: 1, ...ruled },
    ],
    [
      'not who has gone',
      [present(first, 1), present(second, 2), { type: 'attendance-ended', data: { attendance: uuid(62), left: '2024-04-29T10:00:00Z' } }],
      { status: 'not-met', present: 1, ...ruled },
    ],
    [
      'nobody any more',
      [present(first, 1), { type: 'attendance-ended', data: { attendance: uuid(61), left: '2024-04-29T10:00:00Z' } }],
      { status: 'not-met', present: 0, ...ruled },
    ],
    [
      'not who is still to come',
      [present(first, 1), present(second, 2, { arrived: '2024-04-29T12:00:01Z' })],
      { status: 'not-met', present: 1, ...ruled },
    ],
    ['a stated count above names', [present(first, 1), stated(2)], { status: 'met', present: 2, ...ruled }],
  ])('counts by name %s', (_, counted, quorum) => byName(counted).then([event({ outcome: 'noted', quorum })]));
  it('counts by name only members of that day', () =>
    byName([present(first, 1), present(second, 2)], [admitted(1), admitted(2, '2024-04-30'), admitted(3)]).then([
      event({ outcome: 'noted', quorum: { status: 'met', present: 1, entitled: 2, needed: 1, article: 'Rule 7' } }),
    ]));
  it('cannot be counted by name where no members are recorded', () =>
    byName([present(first, 1)], []).then([event({ outcome: 'noted', quorum: { status: 'unknown', article: 'Rule 7' } })]));

  it('goes by the day on which it was decided', () =>
    deciding(
      { body: [rules('2024-04-29', [{ for: 'deciding', count: 99 }])], table: [...atTable, { ...stated(2), occurredAt: '2024-04-28' }] },
      {},
      { occurredAt: '2024-04-28' as Occurred },
    ).then([event({ quorum: { status: 'no-rule', present: 2 } })]));

  it.each<[string, string, object]>([
    [
      'in the morning, when there were enough',
      '2024-04-29T09:30:00+02:00',
      { status: 'met', present: 40, entitled: 52, needed: 30, article: 'Rule 7' },
    ],
    [
      'in the afternoon, when most had gone',
      '2024-04-29T12:00:00Z',
      { status: 'not-met', present: 10, entitled: 52, needed: 30, article: 'Rule 7' },
    ],
    ['before anybody counted', '2024-04-29T06:30:00Z', { status: 'unknown', needed: 30, article: 'Rule 7' }],
  ])('is that of the time at which it was decided, whenever it is recorded: %s', (_, occurredAt, quorum) => {
    const counts: GivenEvent[] = [
      { ...stated(40, 52), occurredAt: '2024-04-29T07:00:00Z' },
      { ...stated(10, 52), data: { ...stated(10, 52).data, attendance: uuid(51) }, occurredAt: '2024-04-29T11:00:00Z' },
    ];
    return deciding(
      { body: [rules('2024-01-01', [{ for: 'deciding', count: 30 }])], table: [...atTable, ...counts] },
      { outcome: 'noted' },
      { occurredAt: occurredAt as Occurred },
    ).then([event({ outcome: 'noted', quorum })]);
  });

  it.each<[string, object[], Outcome, object]>([
    [
      'an election by its own rule',
      [
        { for: 'deciding', count: 9 },
        { for: 'elections', count: 5 },
      ],
      'elected',
      { status: 'met', present: 7, needed: 5, article: 'Rule 7' },
    ],
    [
      'an election by the rule for decisions, where it has none',
      [{ for: 'deciding', count: 5 }],
      'elected',
      { status: 'met', present: 7, needed: 5, article: 'Rule 7' },
    ],
    ['anything else never by the rule for elections', [{ for: 'elections', count: 5 }], 'approved', { status: 'no-rule', present: 7 }],
  ])('%s', (_, quorumRules, outcome, quorum) =>
    deciding({ body: [rules('2024-01-01', quorumRules)], table: [...atTable, stated(7)] }, { outcome }).then([event({ outcome, quorum })]),
  );
  it('an election is refused where the rule for decisions is not met, and elections have none', () =>
    deciding(
      { body: [rules('2024-01-01', [{ for: 'deciding', count: 9 }])], table: [...atTable, stated(7)] },
      { outcome: 'elected' },
    ).thenRefused('quorum-not-met'));

  const short: World = {
    body: [
      rules('2024-01-01', [
        { for: 'deciding', count: 50 },
        { for: 'elections', count: 50 },
      ]),
    ],
    table: [...atTable, stated(49)],
  };
  const notMet = { status: 'not-met', present: 49, needed: 50, article: 'Rule 7' };
  const free: Outcome[] = ['noted', 'deferred', 'lapsed', 'no-decision'];

  it.each(free)('not met, it may be %s', (outcome) => deciding(short, { outcome }).then([event({ outcome, quorum: notMet })]));
  it.each(OUTCOMES.filter((outcome) => !free.includes(outcome)))('not met, it is not %s', (outcome) =>
    deciding(short, { outcome }).thenRefused('quorum-not-met'),
  );
  it('not met, it is contested for ever by an override', () =>
    deciding(short, {}, { override: { reason: en('The chair ruled'), authority: en('Rule 12') } }).then([
      event({
        quorum: notMet,
        contested: true,
        exceptions: [{ rule: 'quorum-not-met', as: 'override', reason: sealedEn('The chair ruled'), authority: sealedEn('Rule 12') }],
      }),
    ]));
});

describe('rule 5: a proposal has one decision in force', () => {
  const own = (decision: string) => ({ decision, proposal: THE_STREAM });
  const superseded: DomainEvent = { type: 'decision-superseded', data: { decision: earlier, by: own(other) } };
  const rescinded: DomainEvent = { type: 'decision-rescinded', data: { decision: earlier, by: own(other) } };

  it.each<[string, DomainEvent[], object, string | undefined]>([
    ['decided', [taken(earlier)], {}, 'already-decided'],
    ['rejected', [taken(earlier, { outcome: 'rejected' })], {}, 'already-decided'],
    ['deferred', [taken(earlier, { outcome: 'deferred' })], {}, undefined],
    ['referred', [taken(earlier, { outcome: 'referred' })], {}, undefined],
    ['no decision', [taken(earlier, { outcome: 'no-decision' })], {}, undefined],
    ['decided, and superseded now', [taken(earlier)], { supersedes: [own(earlier)] }, undefined],
    ['decided, and rescinded now', [taken(earlier)], { rescinds: [own(earlier)] }, undefined],
    ['rescinded', [taken(earlier), rescinded], {}, undefined],
    ['superseded by one in force', [taken(earlier), taken(other, { supersedes: [own(earlier)] }), superseded], {}, 'already-decided'],
    ['withdrawn', [withdrawn], {}, 'proposal-withdrawn'],
    // Its own event is still on its way.
    [
      'superseded, by a second one at once',
      [taken(earlier), taken(other, { supersedes: [own(earlier)] })],
      { supersedes: [own(earlier)] },
      'already-decided',
    ],
    [
      'superseded, the later one superseded at once',
      [taken(earlier), taken(other, { supersedes: [own(earlier)] })],
      { supersedes: [own(other)] },
      undefined,
    ],
    ['deferred, and the deferral superseded too', [taken(earlier, { outcome: 'deferred' })], { supersedes: [own(earlier)] }, undefined],
    [
      'deferred, and decided since: the deferral is over',
      [taken(earlier, { outcome: 'deferred' }), taken(other, { outcome: 'no-decision' })],
      { supersedes: [own(earlier)] },
      'decision-not-in-force',
    ],
    [
      'rescinded, and decided anew at once',
      [taken(earlier), taken(other, { outcome: 'no-decision', rescinds: [own(earlier)] })],
      {},
      undefined,
    ],
  ])('%s', (_, before, change, code) => {
    const result = deciding({ own: [introduced, ...before] }, change);
    return code ? result.thenRefused(code) : result.then(something);
  });

  const [stated, live, typed] = [
    { occurredAt: '2024-04-29T10:00:00+02:00' },
    { recordedAt: '2024-04-29T08:00:00.000Z' },
    { typedAt: '2024-04-29T08:00:00Z' },
  ];
  it.each<[string, Omit<GivenEvent, keyof DomainEvent>, Sent, boolean]>([
    ['on the day of its introduction', stated, { occurredAt: '2024-04-29' as Occurred }, false],
    ['on the day that it then was elsewhere', stated, { occurredAt: '2024-04-28' as Occurred }, false],
    ['on the day that it then was elsewhere, introduced as it was recorded', live, { occurredAt: '2024-04-28' as Occurred }, false],
    [
      'on the day before midnight of another zone',
      { occurredAt: '2024-04-29T00:00:00+02:00' },
      { occurredAt: '2024-04-28' as Occurred },
      false,
    ],
    ['two days before', stated, { occurredAt: '2024-04-27' as Occurred }, true],
    ['two days before it was introduced as it was recorded', live, { occurredAt: '2024-04-27' as Occurred }, true],
    ['the moment before', stated, { occurredAt: '2024-04-29T07:59:59Z' as Occurred }, true],
    ['typed by a clock that is a little behind', stated, { typedAt: '2024-04-29T07:59:57Z' as never }, false],
    ['typed by a clock that is behind that of the server', live, { typedAt: '2024-04-29T07:59:57Z' as never }, false],
    ['the moment before it was typed, by a clock that is ahead', typed, { occurredAt: '2024-04-29T07:59:57Z' as Occurred }, false],
    ['typed two days before', stated, { typedAt: '2024-04-27T10:00:00Z' as never }, true],
    ['as is not said when, while it is still the day before elsewhere', { occurredAt: '2024-04-30' }, {}, false],
  ])('it is not decided before it was introduced: %s', (_, when, sent, refused) => {
    const result = deciding({ own: [{ ...introduced, ...when }], table: [scheduled, { ...opened, occurredAt: '2024-04-27' }] }, {}, sent);
    return refused ? result.thenRefused('before-introduced', 'occurredAt') : result.then([event()]);
  });
  it('unless by an override, which is marked', () =>
    deciding(
      { own: [{ ...introduced, occurredAt: '2024-04-29' }] },
      {},
      { occurredAt: '2024-04-27' as Occurred, override: { reason: en('Put orally'), authority: en('Ruling') } },
    ).then([
      event({ exceptions: [{ rule: 'before-introduced', as: 'override', reason: sealedEn('Put orally'), authority: sealedEn('Ruling') }] }),
    ]));
  it('there must be one to decide on', () => deciding({ own: [taken(earlier)] }).thenRefused('no-proposal'));

  const theirs = (decision: string) => ({ decision, proposal: otherStream });
  it.each<[string, DomainEvent[] | undefined, object, string, string]>([
    ['one that is not there', undefined, { supersedes: [theirs(earlier)] }, 'unknown-decision', 'supersedes[0]'],
    ['one that is not in that stream', [taken(other)], { rescinds: [theirs(other), theirs(earlier)] }, 'unknown-decision', 'rescinds[1]'],
    [
      'one of another body',
      [taken(earlier, { body: board })],
      { supersedes: [theirs(earlier)] },
      'decision-of-another-body',
      'supersedes[0]',
    ],
    [
      'one that was superseded',
      [taken(earlier), { type: 'decision-superseded', data: { decision: earlier, by: theirs(other) } }],
      { supersedes: [theirs(earlier)] },
      'decision-not-in-force',
      'supersedes[0]',
    ],
    [
      'one that was rescinded',
      [taken(earlier), { type: 'decision-rescinded', data: { decision: earlier, by: theirs(other) } }],
      { rescinds: [theirs(earlier)] },
      'decision-not-in-force',
      'rescinds[0]',
    ],
    ['one twice', [taken(earlier)], { supersedes: [theirs(earlier), theirs(earlier)] }, 'named-twice', 'supersedes[1]'],
    ['one in two ways', [taken(earlier)], { supersedes: [theirs(earlier)], rescinds: [theirs(earlier)] }, 'named-twice', 'rescinds[0]'],
  ])('it does not replace %s', (_, others, change, code, field) =>
    deciding({ ...(others && { others }) }, change).thenRefused(code, field),
  );
  it.each<[string, string, string, boolean]>([
    ['at the same moment', '2024-04-29T12:00:00+02:00', '2024-04-29T10:00:00Z', false],
    ['later', '2024-04-29T12:00:00+02:00', '2024-04-29T10:00:01Z', false],
    ['earlier', '2024-04-29T12:00:00+02:00', '2024-04-29T09:59:59Z', true],
    ['on the same day', '2024-04-29', '2024-04-29T09:00:00Z', false],
    ['on the day before, in another zone', '2024-04-29', '2024-04-28', false],
    ['on the day that it then was elsewhere', '2024-04-29T12:00:00+02:00', '2024-04-28', false],
    ['two days earlier', '2024-04-29', '2024-04-27', true],
  ])('by one that was taken %s', async (_, at, occurredAt, refused) => {
    const table = [scheduled, { ...opened, occurredAt: '2024-04-27' }];
    for (const way of ['supersedes', 'rescinds']) {
      const result = deciding(
        { table, others: [{ ...taken(earlier), occurredAt: at }] },
        { [way]: [theirs(earlier)] },
        { occurredAt: occurredAt as Occurred },
      );
      await (refused ? result.thenRefused('decision-later', `${way}[0]`) : result.then(something));
    }
  });
  it('by one of before, by override, marked so: the time of the earlier one may be wrong', () =>
    deciding(
      { table: [scheduled, { ...opened, occurredAt: '2024-04-20' }], others: [{ ...taken(earlier), occurredAt: '2024-04-29' }] },
      { supersedes: [theirs(earlier)] },
      { occurredAt: '2024-04-25' as Occurred, override: { reason: en('Typed wrongly'), authority: en('Ruling') } },
    ).then([
      event({
        supersedes: [theirs(earlier)],
        exceptions: [{ rule: 'decision-later', as: 'override', reason: sealedEn('Typed wrongly'), authority: sealedEn('Ruling') }],
      }),
    ]));
  it('nor is it said whose a decision is', async () => {
    const refused = deciding({ others: [taken(earlier, { body: board })] }, { supersedes: [theirs(earlier)] });
    await refused.thenRefused('decision-of-another-body');
    await refused.thenNeverNaming(board);
  });
  it('it replaces those of the body, wherever they lie', () =>
    deciding({ others: [taken(earlier), taken(other)] }, { supersedes: [theirs(earlier)], rescinds: [theirs(other)] }).then([
      event({ supersedes: [theirs(earlier)], rescinds: [theirs(other)] }),
    ]));
});

describe('what rests on what process managers complete', () => {
  it.each<[string, Partial<TakeDecision>, boolean]>([
    ['a decision that names no other', { supersedes: [], rescinds: [] }, false],
    ['one that supersedes', { supersedes: [{ decision: earlier, proposal: otherStream }] }, true],
    ['one that rescinds', { rescinds: [{ decision: earlier, proposal: otherStream }] }, true],
    ['one that covers seats', { allocations: [seats] }, true],
  ])('%s', (_, change, rests) =>
    expect([
      takeDecision.restsOnCompletions!({ ...input, ...change }),
      decideProposal.restsOnCompletions!({ ...input, ...change }),
    ]).toEqual([rests, true]),
  );
});

describe('rule 6: it covers allocations that await it', () => {
  it.each<[string, DomainEvent[] | undefined, string]>([
    ['one that is not there', undefined, 'allocation-not-proposed'],
    ['one that is approved', proposed('approved'), 'allocation-not-proposed'],
    [
      'one that another body nominates',
      proposed('proposed').map((each) => ({ ...each, data: { ...each.data, nominatedBy: board } })),
      'allocation-of-another-body',
    ],
    [
      'one that another body nominates, and that is approved',
      proposed('approved').map((each) => ({ ...each, data: { ...each.data, nominatedBy: board } })),
      'allocation-of-another-body',
    ],
  ])('not %s', (_, events, code) =>
    deciding({ ...(events && { allocation: events }) }, { allocations: [seats] }).thenRefused(code, 'allocations'),
  );
  it('one that is approved by a decision that it supersedes', () =>
    deciding(
      { allocation: proposed('approved'), others: [taken(earlier)] },
      { allocations: [seats], supersedes: [{ decision: earlier, proposal: otherStream }] },
    ).then([event({ allocations: [seats], supersedes: [{ decision: earlier, proposal: otherStream }] })]));
  it('not one that is approved by a decision that it takes back', () =>
    deciding(
      { allocation: proposed('approved'), others: [taken(earlier)] },
      { allocations: [seats], rescinds: [{ decision: earlier, proposal: otherStream }] },
    ).thenRefused('allocation-not-proposed', 'allocations'));

  const superseding = { allocations: [seats], supersedes: [{ decision: earlier, proposal: otherStream }] };
  it.each<[string, World, object, string | undefined]>([
    ['as many as the quota has', { on: [quota(1)] }, {}, undefined],
    ['that is beyond a quota which was lowered since', { on: [quota(1), quota(0)] }, {}, 'beyond-quota'],
    ['for which the body has no quota', { on: [] }, {}, 'no-quota'],
    ['that is beyond the quota, and is sent back', { on: [quota(0)] }, { outcome: 'rejected' }, undefined],
    ['that is beyond the quota, and is noted', { on: [quota(0)] }, { outcome: 'noted' }, undefined],
    [
      'that was returned by what it supersedes, beyond the quota',
      { on: [quota(0)], others: [taken(earlier)], allocation: returned },
      superseding,
      'beyond-quota',
    ],
    [
      'that is in force already, whatever became of the quota',
      { on: [quota(0)], others: [taken(earlier)], allocation: proposed('approved') },
      superseding,
      undefined,
    ],
  ])('one %s', (_, world, change, code) => {
    const result = deciding({ allocation: proposed('proposed'), ...world }, { allocations: [seats], ...change });
    return code ? result.thenRefused(code, 'allocations') : result.then(something);
  });
  const on = (occurredAt: string, event: DomainEvent): GivenEvent => ({ ...event, occurredAt });
  const decidedOn = (occurredAt: string): [GivenEvent[], Sent] => [
    [scheduled, on('2024-03-01', opened)],
    { occurredAt: occurredAt as Occurred },
  ];
  const lowered = [on('2024-01-01', quota(1)), on('2024-04-01', quota(0))];
  it.each<[string, GivenEvent[], string, string | undefined]>([
    ['by the quota of then, which was lowered afterwards', lowered, '2024-03-20', undefined],
    ['by the quota of then, which was lowered before', lowered, '2024-04-20', 'beyond-quota'],
    ['on the day on which it was lowered', lowered, '2024-04-01', 'beyond-quota'],
    [
      'by the quota of then, which was raised afterwards',
      [on('2024-01-01', quota(0)), on('2024-04-01', quota(1))],
      '2024-03-20',
      'beyond-quota',
    ],
    ['before the first quota was set, by that one', [on('2024-04-01', quota(1)), on('2024-04-10', quota(0))], '2024-03-20', undefined],
    ['by the last of those of then, as stated', [...lowered, on('2024-02-01', quota(0))], '2024-03-20', 'beyond-quota'],
  ])('a decision of before is judged %s', (_, quotas, day, code) => {
    const [table, sent] = decidedOn(day);
    const result = deciding(
      { table, on: quotas, allocation: proposed('proposed').map((event) => on('2024-03-01', event)) },
      { allocations: [seats] },
      sent,
    );
    return code ? result.thenRefused(code, 'allocations') : result.then(something);
  });

  const excepted = (rule: string, proposedOn = '2024-02-01'): GivenEvent[] =>
    proposed('proposed', [{ rule, as: 'override' }]).map((event) => ({ ...event, occurredAt: proposedOn }));
  it.each<[string, GivenEvent[], GivenEvent[], string | undefined]>([
    ['it was proposed by an override', excepted('beyond-quota'), [on('2024-01-01', quota(0))], undefined],
    ['the body had set no quota, and has set none since', excepted('no-quota'), [], undefined],
    ['it was proposed by an override of another rule', excepted('nominating-for-others'), [on('2024-01-01', quota(0))], 'beyond-quota'],
    [
      'the quota was lowered since',
      excepted('beyond-quota').map((event) => ({ ...event, data: { ...event.data, seats: [{ seat: 1 }, { seat: 2 }] } })),
      lowered,
      'beyond-quota',
    ],
    [
      'the quota was raised since, not enough',
      excepted('beyond-quota').map((event) => ({ ...event, data: { ...event.data, seats: [{ seat: 1 }, { seat: 2 }] } })),
      [on('2024-01-01', quota(0)), on('2024-04-01', quota(1))],
      undefined,
    ],
    ['a quota was set since', excepted('no-quota'), [on('2024-04-01', quota(0))], 'beyond-quota'],
    [
      'it was proposed again within a quota that was lowered since',
      [...excepted('beyond-quota'), ...returned.slice(1), ...proposed('proposed')],
      lowered,
      'beyond-quota',
    ],
  ])('an override is asked for once: %s', (_, proposedBefore, quotas, code) => {
    const result = deciding({ on: quotas, allocation: proposedBefore }, { allocations: [seats] });
    return code ? result.thenRefused(code, 'allocations') : result.then(something);
  });
  it('one beyond the quota by an override, marked for ever', () =>
    deciding(
      { on: [quota(0)], allocation: proposed('proposed') },
      { allocations: [seats] },
      { override: { reason: en('Agreed'), authority: en('Ruling') } },
    ).then([
      event({
        allocations: [seats],
        exceptions: [{ rule: 'beyond-quota', as: 'override', reason: sealedEn('Agreed'), authority: sealedEn('Ruling') }],
      }),
    ]));
  it('not one twice', () =>
    deciding({ allocation: proposed('proposed') }, { allocations: [seats, seats] }).thenRefused('named-twice', 'allocations'));
});

it('a quorum that is not met is told without those entitled, where nobody knows them', () =>
  deciding({ body: [rules('2020-01-01', [{ for: 'deciding', count: 3 }])], table: [...atTable, stated(2)] }).thenNeverNaming('undefined'));

describe('a decision comes after what it ends, also where it does not name it', () => {
  const table: GivenEvent[] = [scheduled, { ...opened, occurredAt: '2024-04-01' }];
  const on = (day: string): Sent => ({ occurredAt: day as Occurred });
  const override = { reason: en('Typed wrongly'), authority: en('Ruling') };
  const marked = (rule: string) => ({ rule, as: 'override', reason: sealedEn('Typed wrongly'), authority: sealedEn('Ruling') });
  const old: GivenEvent = { ...introduced, occurredAt: '2024-04-01' };
  const ended = (outcome: Outcome): GivenEvent[] => [old, { ...taken(earlier, { outcome }), occurredAt: '2024-04-20' }];

  it.each<[Outcome, string, boolean]>([
    ['deferred', '2024-04-10', true],
    ['deferred', '2024-04-19', false],
    ['deferred', '2024-04-25', false],
    ['referred', '2024-04-10', true],
    ['no-decision', '2024-04-10', true],
  ])('the body has %s on 20 April, and decides on %s', async (outcome, day, refused) => {
    const result = deciding({ own: ended(outcome), table }, {}, on(day));
    await (refused ? result.thenRefused('decision-later', 'occurredAt') : result.then([event()]));
  });
  it('by override, marked so', () =>
    deciding({ own: ended('deferred'), table }, {}, { ...on('2024-04-10'), override }).then([
      event({ exceptions: [marked('decision-later')] }),
    ]));
  it('named as well, once', () =>
    deciding(
      { own: ended('deferred'), table },
      { supersedes: [{ decision: earlier, proposal: THE_STREAM }] },
      { ...on('2024-04-10'), override },
    ).then([event({ supersedes: [{ decision: earlier, proposal: THE_STREAM }], exceptions: [marked('decision-later')] })]));

  const seatsProposed: GivenEvent[] = proposed('proposed').map((each) => ({ ...each, occurredAt: '2024-04-25' }));
  it.each<[string, boolean]>([
    ['2024-04-03', true],
    ['2024-04-24', false],
    ['2024-04-29', false],
  ])('seats that were proposed on 25 April, on %s', async (day, refused) => {
    for (const outcome of ['approved', 'rejected'] as const) {
      const result = deciding({ table, allocation: seatsProposed }, { outcome, allocations: [seats] }, on(day));
      await (refused ? result.thenRefused('before-proposed', 'occurredAt') : result.then([event({ outcome, allocations: [seats] })]));
    }
  });
  it('by override, marked so', () =>
    deciding({ table, allocation: seatsProposed }, { allocations: [seats] }, { ...on('2024-04-03'), override }).then([
      event({ allocations: [seats], exceptions: [marked('before-proposed')] }),
    ]));
});
