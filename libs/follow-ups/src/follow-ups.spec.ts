import { describe, expect, it } from '@jest/globals';
import { body, organisation, person } from '#bodies/contracts';
import { proposal } from '#decisions/contracts';
import { sealed, type CivilDate, type CommandOf, type DomainEvent, type Occurred, type OffsetTime, type Revision } from '#kernel';
import { meeting } from '#meetings/contracts';
import { given, THE_STREAM, uuid, type Sent } from '../../kernel/src/testing/index.js';
import { assignFollowUp, type AssignFollowUp } from './assign-follow-up.js';
import { followUp } from './follow-up.js';
import { cancelFollowUp, carryOver, completeFollowUp, moveDue, progressFollowUp, setDue, setFollowUpAudience } from './settle-follow-up.js';

const en = (text: string) => [{ lang: 'en', text }];
const sealedEn = (text: string) => [{ lang: 'en', text: sealed(text) }];
const [council, board, office, norway, speaker, table, next, text, decision, request, support, remark] = [
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
  uuid(11),
  uuid(12),
] as const;
const day = (date: string) => date as CivilDate;
const reason = { code: 'other' as const };

const established: DomainEvent = {
  type: 'body-established',
  data: { kind: 'council', name: sealedEn('Body'), audience: { kind: 'members' } },
};
const scheduled: DomainEvent = {
  type: 'meeting-scheduled',
  data: { bodies: [council], title: sealedEn('Meeting'), zone: 'UTC', format: 'hybrid' },
};
const opened: DomainEvent = { type: 'meeting-opened', data: {} };
const view = (id: string, stance: string): DomainEvent => ({
  type: 'view-expressed',
  data: { view: id, stance, by: { kind: 'delegates' }, text: sealedEn('x') },
});
const remarkMade: DomainEvent = {
  type: 'remark-made',
  data: { remark, kind: 'statement', speaker: { person: speaker }, text: sealedEn('We shall.') },
};

const input: AssignFollowUp = {
  body: council,
  owner: { office },
  action: en('Report'),
  due: { on: day('2024-12-31') },
  from: { decision, proposal: text },
};
const assigned = (more: object = {}): DomainEvent => ({
  type: 'follow-up-assigned',
  data: {
    body: council,
    owner: { office },
    action: sealedEn('Report'),
    due: { on: '2024-12-31' },
    from: { decision, proposal: text },
    ...more,
  },
});

const assigning = (
  change: object,
  tableEvents: DomainEvent[] = [scheduled, opened, view(request, 'request'), view(support, 'support'), remarkMade],
  sent: Sent = {},
) =>
  given(followUp)
    .and(body, council, established, { type: 'office-established', data: { office, kind: 'secretary', name: sealedEn('Secretary') } })
    .and(body, board, established)
    .and(organisation, norway, { type: 'organisation-registered', data: { kind: 'other', name: sealedEn('Norway') } })
    .and(person, speaker, { type: 'person-registered', data: { name: sealedEn('Somebody') } })
    .and(meeting, table, ...tableEvents)
    .and(meeting, next, scheduled)
    .and(proposal, text, {
      type: 'decision-taken',
      data: {
        decision,
        body: council,
        meeting: table,
        outcome: 'approved',
        wording: sealedEn('x'),
        method: 'not-stated',
        evidence: {},
        quorum: { status: 'no-rule' },
      },
    })
    .when(assignFollowUp, { ...input, ...change }, sent);

describe('rule 7: a follow-up has an owner, something it is due at, and an origin', () => {
  it.each<[string, object]>([
    ['an office, by a date, from a decision', {}],
    ['an organisation', { owner: { organisation: norway } }],
    ['the body itself', { owner: { body: council } }],
    ['another body', { owner: { body: board } }],
    ['a person', { owner: { person: speaker } }],
    ['at a meeting', { due: { meeting: next } }],
    ['at the next meeting of a body', { due: { nextMeetingOf: board } }],
    ['from a request', { from: { view: request, meeting: table } }],
    ['from an undertaking', { from: { remark, meeting: table } }],
    ['to be read by whom', { audience: { kind: 'public' } }],
  ])('%s', (_, change) => assigning(change).then([assigned(change)]));
  it('at no time that is said, with the reason', () =>
    assigning({ due: { unspecified: en('Not stated') } }).then([assigned({ due: { unspecified: sealedEn('Not stated') } })]));

  it.each<[string, object, string]>([
    ['of no body', { body: uuid(99) }, 'unknown-body'],
    ['owed by nobody', { owner: {} }, 'owner-unclear'],
    ['owed by two', { owner: { office, person: speaker } }, 'owner-unclear'],
    ['owed by no office of the body', { owner: { office: uuid(99) } }, 'unknown-owner'],
    ['owed by no organisation', { owner: { organisation: uuid(99) } }, 'unknown-owner'],
    ['owed by no other body', { owner: { body: uuid(99) } }, 'unknown-owner'],
    ['owed by no person', { owner: { person: uuid(99) } }, 'unknown-owner'],
    ['due at nothing', { due: {} }, 'due-unclear'],
    ['due at two', { due: { on: day('2024-12-31'), unspecified: en('x') } }, 'due-unclear'],
    ['due at no meeting', { due: { meeting: uuid(99) } }, 'unknown-meeting'],
    ['due at the next meeting of no body', { due: { nextMeetingOf: uuid(99) } }, 'unknown-body'],
    ['from nothing', { from: {} }, 'origin-unclear'],
    ['from two', { from: { decision, proposal: text, remark, meeting: table } }, 'origin-unclear'],
    ['from a decision that lies nowhere', { from: { decision } }, 'origin-unclear'],
    ['from a request that lies nowhere', { from: { view: request } }, 'origin-unclear'],
    ['from a meeting alone', { from: { meeting: table } }, 'origin-unclear'],
    ['from no decision', { from: { decision: uuid(99), proposal: text } }, 'origin-unclear'],
    ['from a decision of no stream', { from: { decision, proposal: uuid(99) } }, 'origin-unclear'],
    ['from a view that is no request', { from: { view: support, meeting: table } }, 'origin-unclear'],
    ['from no remark', { from: { remark: request, meeting: table } }, 'origin-unclear'],
    ['from a remark of no meeting', { from: { remark, meeting: uuid(99) } }, 'origin-unclear'],
  ])('not %s', (_, change, code) => assigning(change).thenRefused(code));
  it('not from a remark that was struck', () =>
    assigning({ from: { remark, meeting: table } }, [
      scheduled,
      opened,
      remarkMade,
      { type: 'remark-corrected', data: { remark, struck: true, reason } },
    ]).thenRefused('origin-unclear'));

  it.each<[string, string, Sent, boolean]>([
    ['on that day', '2024-04-29', { occurredAt: '2024-04-29T23:30:00+02:00' as Occurred }, false],
    ['on the day that it then was elsewhere', '2024-04-28', { occurredAt: '2024-04-29T00:30:00+02:00' as Occurred }, false],
    ['on the day that it is elsewhere, as it is typed', '2024-04-28', { typedAt: '2024-04-29T07:35:00Z' as OffsetTime }, false],
    ['two days before', '2024-04-27', { occurredAt: '2024-04-29T00:30:00+02:00' as Occurred }, true],
    ['by now, and was assigned in time', '2024-04-28', { occurredAt: '2024-04-20' as Occurred }, false],
    ['yesterday, where it is not said when it was assigned', '2024-04-28', {}, true],
    ['yesterday, while it is still so elsewhere', '2024-04-28', { now: '2024-04-29T11:59:00.000Z' }, false],
  ])('not due before it was assigned: %s', (_, on, sent, refused) => {
    const result = assigning({ due: { on: day(on) } }, undefined, sent);
    return refused ? result.thenRefused('due-before-assigned', 'due.on') : result.then([assigned({ due: { on } })]);
  });
  it('due before it was assigned by an override, which is marked', () =>
    assigning({ due: { on: day('2024-04-01') } }, undefined, { override: { reason: en('x'), authority: en('y') } }).then([
      assigned({
        due: { on: '2024-04-01' },
        exceptions: [{ rule: 'due-before-assigned', as: 'override', reason: sealedEn('x'), authority: sealedEn('y') }],
      }),
    ]));

  it.each([
    ['concluded', [scheduled, opened, { type: 'meeting-concluded', data: {} }]],
    ['cancelled', [scheduled, { type: 'meeting-cancelled', data: { reason } }]],
  ])('not due at a meeting that is %s', (_, events) =>
    assigning({ due: { meeting: table } }, events).thenRefused('due-meeting-over', 'due.meeting'),
  );
  it.each<[string, DomainEvent[]]>([
    ['scheduled', [scheduled]],
    ['concluded', [scheduled, opened, { type: 'meeting-concluded', data: {} }]],
    ['cancelled', [scheduled, { type: 'meeting-cancelled', data: { reason } }]],
  ])('not due at a meeting of another body, be it %s: whoever writes for none that meets there does not learn which', (_, events) =>
    assigning({ body: board, owner: { person: speaker }, due: { meeting: table } }, events, { bodies: [board] }).thenRefused(
      'meeting-of-another-body',
      'due.meeting',
    ),
  );
});

describe('what becomes of it', () => {
  const evidence = { words: en('Done') };
  const progressed: DomainEvent = { type: 'follow-up-progressed', data: { note: sealedEn('Half') } };
  const completed: DomainEvent = { type: 'follow-up-completed', data: { note: sealedEn('All'), evidence: { words: sealedEn('Done') } } };
  const cancelled: DomainEvent = { type: 'follow-up-cancelled', data: { reason } };
  const progressing = [progressFollowUp, { note: en('Half') }] as const;
  const completing = [completeFollowUp, { note: en('All'), evidence }] as const;
  const cancelling = [cancelFollowUp, { reason }] as const;

  it.each([
    ['progressed', [assigned()], progressing, progressed],
    ['progressed again', [assigned(), progressed], progressing, progressed],
    ['completed', [assigned()], completing, completed],
    ['cancelled', [assigned()], cancelling, cancelled],
    ['progressed once it is completed', [assigned(), completed], progressing, 'follow-up-settled'],
    ['progressed once it is cancelled', [assigned(), cancelled], progressing, 'follow-up-settled'],
    ['completed once it is cancelled', [assigned(), cancelled], completing, 'follow-up-settled'],
    ['cancelled once it is completed', [assigned(), completed], cancelling, 'follow-up-settled'],
    ['completed twice', [assigned(), completed], completing, undefined],
    ['cancelled twice', [assigned(), cancelled], cancelling, undefined],
  ] as const)('%s', (_, before, [command, sent], becomes) => {
    const result = given(followUp, ...before).when(command as CommandOf<never>, sent);
    return becomes === undefined
      ? result.thenNothing()
      : typeof becomes === 'string'
        ? result.thenRefused(becomes)
        : result.then([becomes]);
  });

  describe.each([
    ['progressed', ...progressing, progressed],
    ['completed', ...completing, completed],
    ['cancelled', ...cancelling, cancelled],
  ] as const)('it is not %s before it was assigned', (_, command, sent, becomes) => {
    const settling = (occurredAt: string, more: Sent = {}) =>
      given(followUp, { ...assigned(), occurredAt: '2024-04-29' }).when(command as CommandOf<never>, sent, {
        occurredAt: occurredAt as Occurred,
        ...more,
      });

    it.each(['2024-04-29T00:30:00+02:00', '2024-04-28'])('but on that day, wherever that was so: %s', (occurredAt) =>
      settling(occurredAt).then([becomes]),
    );
    it('not two days before', () => settling('2024-04-27').thenRefused('before-assigned', 'occurredAt'));
    it('unless by an override, which is marked', () =>
      settling('2024-04-27', { override: { reason: en('x'), authority: en('y') } }).then([
        {
          ...becomes,
          data: {
            ...becomes.data,
            exceptions: [{ rule: 'before-assigned', as: 'override', reason: sealedEn('x'), authority: sealedEn('y') }],
          },
        },
      ]));
  });

  it('not on evidence that names nothing', async () => {
    await given(followUp, assigned()).when(completeFollowUp, { evidence: {} }).thenRefused('evidence-missing', 'evidence');
    await given(followUp, assigned())
      .when(progressFollowUp, { note: en('Half'), evidence: { remarks: [] } })
      .thenRefused('evidence-missing', 'evidence');
  });
  it('progress may have evidence', () =>
    given(followUp, assigned())
      .when(progressFollowUp, { note: en('Half'), evidence })
      .then([{ type: 'follow-up-progressed', data: { note: sealedEn('Half'), evidence: { words: sealedEn('Done') } } }]));
});

describe('it goes from meeting to meeting', () => {
  const due = assigned({ due: { meeting: table } });
  const carried = (from: string, to: object, count: number): DomainEvent => ({
    type: 'follow-up-carried-over',
    data: { from, ...to, count },
  });
  const moved = (from: string, to: object): DomainEvent => ({ type: 'follow-up-due-moved', data: { from, ...to } });
  const completed: DomainEvent = { type: 'follow-up-completed', data: { evidence: {} } };
  const waiting = { waitsFor: council };
  const seen = (revision: number) => ({ seen: revision as Revision });
  /** Nothing happened since the trigger. */
  const now = seen(9);
  const progressed: DomainEvent = { type: 'follow-up-progressed', data: { note: sealedEn('Half') } };
  const set: DomainEvent = { type: 'follow-up-due-set', data: { meeting: next } };

  it.each<[string, DomainEvent[], object, DomainEvent | undefined]>([
    ['to the next, once', [due], { from: table, to: next }, carried(table, { to: next }, 1)],
    ['counted each time', [due, carried(table, { to: next }, 1)], { from: next, to: uuid(30) }, carried(next, { to: uuid(30) }, 2)],
    ['to wait for one', [due], { from: table, ...waiting }, carried(table, waiting, 1)],
    ['not when it was due elsewhere', [due], { from: next, to: table }, undefined],
    ['not twice', [due, carried(table, { to: next }, 1)], { from: table, to: next }, undefined],
    ['not while it waits', [due, carried(table, waiting, 1)], { from: table, to: next }, undefined],
    ['not when it is completed', [due, completed], { from: table, to: next }, undefined],
    [
      'when only something else happened to it since',
      [due, progressed],
      { from: table, to: next, ...seen(0) },
      carried(table, { to: next }, 1),
    ],
    [
      'not when it came back there since',
      [due, carried(table, waiting, 1), { type: 'follow-up-due-set', data: { meeting: table } }],
      { from: table, to: next, ...seen(1) },
      undefined,
    ],
  ])('carried over %s', (_, before, sent, event) => {
    const result = given(followUp, ...before).when(carryOver, { ...now, ...sent } as never);
    return event ? result.then([event]) : result.thenNothing();
  });

  it('moved, where its meeting was cancelled: that does not count', async () => {
    await given(followUp, due)
      .when(moveDue, { from: table, to: next, ...now })
      .then([moved(table, { to: next })]);
    await given(followUp, due, moved(table, { to: next }))
      .when(carryOver, { from: next, ...waiting, ...now })
      .then([carried(next, waiting, 1)]);
    await given(followUp, due, moved(table, { to: next }))
      .when(moveDue, { from: table, to: next, ...now })
      .thenNothing();
    await given(followUp, due, moved(table, waiting), { type: 'follow-up-due-set', data: { meeting: table } })
      .when(moveDue, { from: table, to: next, ...seen(0) })
      .thenNothing();
    await given(followUp, due, completed)
      .when(moveDue, { from: table, to: next, ...now })
      .thenNothing();
  });

  it.each<[string, DomainEvent[], boolean]>([
    ['from the beginning', [assigned({ due: { nextMeetingOf: council } })], true],
    ['since it was carried over', [due, carried(table, waiting, 1)], true],
    ['since its meeting was cancelled', [due, moved(table, waiting)], true],
    ['for another body', [assigned({ due: { nextMeetingOf: board } })], false],
    ['no longer', [due, carried(table, waiting, 1), { type: 'follow-up-due-set', data: { meeting: next } }], false],
    ['not at all', [due], false],
    ['but is completed', [due, carried(table, waiting, 1), completed], false],
  ])('the meeting is set, where it waits for one: %s', (_, before, waits) => {
    const result = given(followUp, ...before).when(setDue, { meeting: next, ...waiting, ...now });
    return waits ? result.then([{ type: 'follow-up-due-set', data: { meeting: next } }]) : result.thenNothing();
  });

  it('the meeting is set only where it waited for one at the trigger, and has waited since: whoever looks again later changes nothing', async () => {
    const waitsAnew = [assigned({ due: { nextMeetingOf: council } }), set, carried(next, waiting, 1)];
    await given(followUp, ...waitsAnew)
      .when(setDue, { meeting: table, ...waiting, ...seen(0) })
      .thenNothing();
    await given(followUp, ...waitsAnew, progressed)
      .when(setDue, { meeting: table, ...waiting, ...seen(2) })
      .then([{ type: 'follow-up-due-set', data: { meeting: table } }]);
  });

  it('by the system alone', () =>
    expect([carryOver, moveDue, setDue].map(({ roles }) => roles)).toEqual([['system'], ['system'], ['system']]));
});

it('the audience is set, and is so already', async () => {
  const set: DomainEvent = { type: 'follow-up-audience-set', data: { audience: { kind: 'public' }, reason } };
  await given(followUp, assigned())
    .when(setFollowUpAudience, { audience: { kind: 'public' }, reason })
    .then([set]);
  await given(followUp, assigned(), set)
    .when(setFollowUpAudience, { audience: { kind: 'public' }, reason })
    .thenNothing();
});

it('is written by the secretariat of its body', () => {
  expect(followUp.bodies(given(followUp, assigned()).state(), THE_STREAM)).toEqual([council]);
  expect(assignFollowUp.bodiesOf!(input)).toEqual([council]);
});
