import { describe, expect, it } from '@jest/globals';
import { organisation, person } from '#bodies/contracts';
import type { DomainEvent, Occurred, Uuid } from '#kernel';
import { given, made, uuid, type GivenEvent, type Sent } from '../../kernel/src/testing/index.js';
import { correctAttendance, endAttendance, membersByName, recordAttendance, stateAttendance, statedCount } from './attendance.js';
import { meeting } from './meeting.js';
import { concluded, en, ids, opened, organisationRegistered, personRegistered, scheduled, sealedEn } from './testing/at-the-table.js';

const open = [scheduled, opened];
const { attendance } = ids;
const evidence = { words: en('49 of the 52 Member States') };
const when = '2024-04-29T11:00:00+02:00' as Occurred;
const reason = { code: 'typing' as const };
const stated = (present: number, entitled?: number, id: Uuid = attendance): DomainEvent => ({
  type: 'attendance-stated',
  data: { attendance: id, present, ...(entitled !== undefined && { entitled }), evidence: {} },
});
const named = (party: object, as: 'member' | 'observer' = 'member', id: Uuid = attendance): DomainEvent => ({
  type: 'attendance-recorded',
  data: { attendance: id, party, as },
});
const left = (id: Uuid = attendance): DomainEvent => ({ type: 'attendance-ended', data: { attendance: id, left: when } });
const corrected = (change: object, id: Uuid = attendance): DomainEvent => ({
  type: 'attendance-corrected',
  data: { attendance: id, ...change, reason },
});
const [speaker, norway] = [{ person: ids.speaker }, { organisation: ids.norway }];

const remarkMade: DomainEvent = {
  type: 'remark-made',
  data: { remark: ids.remark, kind: 'statement', speaker: { person: ids.speaker }, text: sealedEn('49 are here.') },
};
const remarkStruck: DomainEvent = { type: 'remark-corrected', data: { remark: ids.remark, struck: true, reason } };

describe('attendance is stated', () => {
  it('as a count of whom, with its evidence', () =>
    given(meeting, ...open, remarkMade)
      .when(stateAttendance, {
        present: 49,
        entitled: 52,
        of: en('Member States'),
        evidence: { ...evidence, documents: [ids.report], remarks: [ids.remark] },
      })
      .then([
        {
          type: 'attendance-stated',
          data: {
            attendance: made('attendance'),
            present: 49,
            entitled: 52,
            of: sealedEn('Member States'),
            evidence: { documents: [ids.report], remarks: [ids.remark], words: sealedEn('49 of the 52 Member States') },
          },
        },
      ]));
  it('of all that are entitled', () =>
    given(meeting, ...open)
      .when(stateAttendance, { present: 52, entitled: 52, evidence })
      .then([
        {
          type: 'attendance-stated',
          data: { attendance: made('attendance'), present: 52, entitled: 52, evidence: { words: sealedEn('49 of the 52 Member States') } },
        },
      ]));
  it('not on evidence that names nothing', () =>
    given(meeting, ...open)
      .when(stateAttendance, { present: 52, evidence: { documents: [] } })
      .thenRefused('evidence-missing', 'evidence'));
  it.each<[string, DomainEvent[]]>([
    ['was never made', []],
    ['was struck', [remarkMade, remarkStruck]],
  ])('not on a remark that %s', (_, before) =>
    given(meeting, ...open, ...before)
      .when(stateAttendance, { present: 49, evidence: { remarks: [ids.remark] } })
      .thenRefused('unknown-remark', 'evidence.remarks'),
  );
  it('not of more than are entitled', () =>
    given(meeting, ...open)
      .when(stateAttendance, { present: 53, entitled: 52, evidence })
      .thenRefused('more-present-than-entitled', 'present'));
});

describe('attendance is recorded', () => {
  const recording = (party: object, ...before: DomainEvent[]) =>
    given(meeting, ...open, ...before)
      .and(person, ids.speaker, personRegistered)
      .and(organisation, ids.norway, organisationRegistered)
      .when(recordAttendance, { party, as: 'member', mode: 'remote', arrived: when });
  const recorded = (party: object) => [
    { type: 'attendance-recorded', data: { attendance: made('attendance'), party, as: 'member', mode: 'remote', arrived: when } },
  ];

  it.each([
    ['a person', speaker, speaker],
    ['an organisation', norway, norway],
    ['a person of an organisation', { ...speaker, ...norway }, { ...speaker, ...norway }],
    ['somebody in words', { named: en('An expert') }, { named: sealedEn('An expert') }],
  ])('by name: %s', (_, party, sealedParty) => recording(party).then(recorded(sealedParty)));

  it.each([
    ['nobody', {}, 'speaker-missing', 'party'],
    ['a person who is not registered', { person: uuid(99) }, 'unknown-person', 'party.person'],
    ['an organisation that is not registered', { ...speaker, organisation: uuid(99) }, 'unknown-organisation', 'party.organisation'],
  ])('not of %s', (_, party, code, field) => recording(party).thenRefused(code, field));

  it.each<[string, object, DomainEvent[], boolean]>([
    ['the same person', speaker, [named(speaker)], true],
    ['the same person, now of an organisation', { ...speaker, ...norway }, [named(speaker)], true],
    ['the same delegation', norway, [named(norway)], true],
    ['a delegation, of which a person is there', norway, [named({ ...speaker, ...norway })], false],
    ['a person of a delegation that is there', { ...speaker, ...norway }, [named(norway)], false],
    ['two in words', { named: en('An expert') }, [named({ named: sealedEn('An expert') })], false],
    ['the same person, who left', speaker, [named(speaker), left()], false],
    ['the same person, who was struck', speaker, [named(speaker), corrected({ struck: true })], false],
  ])('once: %s', (_, party, before, refused) => {
    const result = recording(party, ...before);
    return refused
      ? result.thenRefused('already-present')
      : result.then([expect.objectContaining({ type: 'attendance-recorded' }) as never]);
  });
});

describe('who left is recorded as present again', () => {
  const recording = (sent: Sent, arrived?: string) =>
    given(meeting, ...open, named(speaker), left())
      .and(person, ids.speaker, personRegistered)
      .when(recordAttendance, { party: speaker, as: 'member', ...(arrived && { arrived: arrived as Occurred }) }, sent);
  const back = (arrived: string): DomainEvent => ({
    type: 'attendance-recorded',
    data: { attendance: made('attendance'), party: speaker, as: 'member', arrived },
  });
  it('from the time that is stated', () => recording({}, '2024-04-29T11:30:00Z').then([back('2024-04-29T11:30:00Z')]));
  it('from when that happened, where no other time is stated', () =>
    recording({ occurredAt: '2024-04-29T12:00:00+02:00' as Occurred }).then([back('2024-04-29T12:00:00+02:00')]));
  it('from now, where nothing is stated', () => recording({}).then([back('2024-04-29T12:00:00.000Z')]));
  it.each(['2024-04-29', '2024-04-29T08:00:00Z'])('not where that was not after they left: on %s', (day) =>
    recording({ occurredAt: day as Occurred }).thenRefused('return-unclear', 'arrived'),
  );
});

describe('the members of several bodies are counted at their meeting', () => {
  const board = uuid(30);
  const joint: DomainEvent[] = [{ ...open[0]!, data: { ...open[0]!.data, bodies: [ids.council, board] } }, ...open.slice(1)];
  const counting = (body?: Uuid, at = joint) =>
    given(meeting, ...at).when(stateAttendance, { present: 12, evidence, ...(body && { body }) });
  const counted = (bodies?: Uuid[]): DomainEvent => ({
    type: 'attendance-stated',
    data: {
      attendance: made('attendance'),
      present: 12,
      ...(bodies && { bodies }),
      evidence: { words: sealedEn('49 of the 52 Member States') },
    },
  });
  it('those of one of them', () => counting(board).then([counted([board])]));
  it('those of all of them together', () => counting().then([counted([ids.council, board])]));
  it('not those of a body that does not meet there', () => counting(uuid(31)).thenRefused('meeting-of-another-body', 'body'));
  it('which need not be said where one meets', () => counting(ids.council, open).then([counted()]));
  it.each<[string, Uuid[] | undefined, number | undefined]>([
    ['its own', [ids.council], 12],
    ['another’s', [board], undefined],
    ['all of them together', [ids.council, board], undefined],
    ['nobody said whose, before that was asked', undefined, 12],
  ])('for the quorum of a body: %s', (_, bodies, present) =>
    expect(statedCount(given(meeting, ...joint, counted(bodies)).state(), when, ids.council, undefined)?.present).toBe(present),
  );
});

describe('attendance ends', () => {
  it('of somebody who is there', () =>
    given(meeting, ...open, named(speaker))
      .when(endAttendance, { attendance, left: when })
      .then([left()]));
  it('is so already', () =>
    given(meeting, ...open, named(speaker), left())
      .when(endAttendance, { attendance, left: when })
      .thenNothing());
  it('not at another time than is recorded', () =>
    given(meeting, ...open, named(speaker), left())
      .when(endAttendance, { attendance, left: '2024-04-29T11:30:00+02:00' as Occurred })
      .thenRefused('already-left', 'left'));
  const arrivedAt = (arrived: string): DomainEvent => ({
    type: 'attendance-recorded',
    data: { attendance, party: speaker, as: 'member', arrived },
  });
  it.each<[string, string, boolean]>([
    ['2024-04-30', '2024-04-29T22:30:00Z', false],
    ['2024-04-29T22:30:00Z', '2024-04-29', true],
    ['2024-04-30T00:30:00+14:00', '2024-04-29', false],
  ])('by the day that it is at the venue: arrived %s, left %s', (arrived, leaves, refused) => {
    const result = given(meeting, ...open, arrivedAt(arrived)).when(
      endAttendance,
      { attendance, left: leaves as Occurred },
      { now: '2024-04-30T12:00:00.000Z' },
    );
    return refused
      ? result.thenRefused('left-before-arrived', 'left')
      : result.then([{ type: 'attendance-ended', data: { attendance, left: leaves } }]);
  });

  it.each([
    ['2024-04-29T10:59:59+02:00', false],
    ['2024-04-29T11:00:00+02:00', false],
    ['2024-04-29T11:00:01+02:00', true],
    ['2024-04-29', false],
    ['2024-04-30', true],
  ])('not before they arrived: %s', (arrived, refused) => {
    const result = given(meeting, ...open, arrivedAt(arrived)).when(endAttendance, { attendance, left: when });
    return refused ? result.thenRefused('left-before-arrived', 'left') : result.then([left()]);
  });
  it.each([
    ['nobody', []],
    ['a count', [stated(49)]],
    ['somebody who was struck', [named(speaker), corrected({ struck: true })]],
  ])('not of %s', (_, before) =>
    given(meeting, ...open, ...before)
      .when(endAttendance, { attendance, left: when })
      .thenRefused('unknown-attendance'),
  );
});

describe('attendance is corrected', () => {
  const correcting = (input: object, ...before: DomainEvent[]) =>
    given(meeting, ...open, ...before).when(correctAttendance, { attendance, reason, ...input });

  it.each([
    ['the count', stated(49, 52), { present: 48 }, { present: 48 }],
    ['who are entitled', stated(49, 52), { entitled: 53 }, { entitled: 53 }],
    ['the capacity of somebody', named(speaker), { as: 'observer' }, { as: 'observer' }],
    ['how somebody took part', named(speaker), { mode: 'remote' }, { mode: 'remote' }],
    ['a count that was not so at all', stated(49), { struck: true }, { struck: true }],
    ['somebody who was not there; nothing else is said then', named(speaker), { struck: true, as: 'observer' }, { struck: true }],
    ['a count, by what belongs to a count alone', stated(49), { present: 48, as: 'observer' }, { present: 48 }],
  ] as const)('%s', (_, before, input, change) => correcting(input, before).then([corrected(change)]));

  it('after the closing, by its reason', () =>
    given(meeting, ...open, stated(49), concluded)
      .when(correctAttendance, { attendance, present: 48, reason })
      .then([corrected({ present: 48 })]));

  it.each([
    ['nothing of a count', stated(49), {}],
    ['nothing of a count, but of somebody', stated(49), { as: 'observer' }],
    ['nothing of somebody, but of a count', named(speaker), { present: 3 }],
    ['nothing, with a strike that is none', named(speaker), { struck: false }],
  ])('not in %s', (_, before, input) => correcting(input, before).thenRefused('correction-empty'));

  it.each([
    ['more than were entitled', { present: 53 }],
    ['fewer entitled than are present', { entitled: 48 }],
  ])('not to %s', (_, input) => correcting(input, stated(49, 52)).thenRefused('more-present-than-entitled', 'present'));

  it('in when somebody left', () =>
    correcting({ left: '2024-04-29T10:30:00+02:00' }, named(speaker), left()).then([corrected({ left: '2024-04-29T10:30:00+02:00' })]));
  it('in what stood otherwise alone, of what is said', () =>
    correcting({ as: 'member', left: when, mode: 'remote' }, named(speaker), left()).then([corrected({ mode: 'remote' })]));
  it('not to before somebody arrived, or after they left', async () => {
    await correcting({ arrived: '2024-04-29T11:00:01+02:00' }, named(speaker), left()).thenRefused('left-before-arrived', 'left');
    await correcting({ arrived: '2024-04-29T11:00:01+02:00', left: '2024-04-29T11:30:00+02:00' }, named(speaker), left()).then([
      corrected({ arrived: '2024-04-29T11:00:01+02:00', left: '2024-04-29T11:30:00+02:00' }),
    ]);
  });
  it('not to a time that has not come', () =>
    correcting({ left: '2024-05-29T12:00:00Z' }, named(speaker)).thenRefused('occurred-in-future', 'left'));

  it('not where there is none', () => correcting({ present: 1 }).thenRefused('unknown-attendance'));
  it('not once it is struck', () => correcting({ present: 1 }, stated(49), corrected({ struck: true })).thenRefused('unknown-attendance'));
});

describe('who was there came and left while the meeting lasted', () => {
  const now = '2024-12-24T00:00:00Z';
  const late = { late: { code: 'omitted' as const }, occurredAt: '2024-04-29' as Occurred, now };
  const override = { reason: en('Travelled early'), authority: en('Ruling') };
  const over = given(meeting, ...open, named(speaker), concluded)
    .and(person, ids.speaker, personRegistered)
    .and(organisation, ids.norway, organisationRegistered);

  it.each([
    ['2000-01-01', 'before-meeting'],
    ['2024-04-28', undefined],
    ['2024-04-29T09:30:00+02:00', undefined],
    ['2024-04-30', undefined],
    ['2024-05-03T08:00:00Z', 'after-meeting'],
  ])('%s', async (text, code) => {
    const time = text as Occurred;
    const arriving = over.when(recordAttendance, { party: norway, as: 'member', arrived: time }, late);
    const leaving = over.when(endAttendance, { attendance, left: time }, late);
    const [cameThen, leftThen] = [
      over.when(correctAttendance, { attendance, arrived: time, reason }, { now }),
      over.when(correctAttendance, { attendance, left: time, reason }, { now }),
    ];
    if (code) {
      await arriving.thenRefused(code, 'arrived');
      await leaving.thenRefused(code, 'left');
      await cameThen.thenRefused(code, 'arrived');
      await leftThen.thenRefused(code, 'left');
    } else {
      await arriving.then([
        {
          type: 'attendance-recorded',
          data: { attendance: made('attendance'), party: norway, as: 'member', arrived: time, late: { code: 'omitted' } },
        },
      ]);
      await leaving.then([{ type: 'attendance-ended', data: { attendance, left: time, late: { code: 'omitted' } } }]);
      await cameThen.then([corrected({ arrived: time })]);
      await leftThen.then([corrected({ left: time })]);
    }
  });
  it('not so by an override, marked so', () =>
    over.when(correctAttendance, { attendance, arrived: '2024-04-20' as Occurred, reason }, { now, override }).then([
      corrected({
        arrived: '2024-04-20',
        exceptions: [{ rule: 'before-meeting', as: 'override', reason: sealedEn('Travelled early'), authority: sealedEn('Ruling') }],
      }),
    ]));
});

describe('the count that was stated', () => {
  const second = uuid(21);
  const at = (time: string, event: DomainEvent): GivenEvent => ({ ...event, occurredAt: time });
  it.each<[string, GivenEvent[], ReturnType<typeof statedCount>]>([
    ['nobody knows', [], undefined],
    ['names are none', [named(speaker)], undefined],
    ['beside names', [stated(49, 52), named(speaker, 'member', second)], { present: 49, entitled: 52 }],
    ['the latest', [stated(49, 52), stated(40, undefined, second)], { present: 40, entitled: undefined }],
    ['corrected', [stated(49, 52), corrected({ present: 48, entitled: 51 })], { present: 48, entitled: 51 }],
    [
      'the one before, where the latest was struck',
      [stated(49, 52), stated(40, undefined, second), corrected({ struck: true }, second)],
      { present: 49, entitled: 52 },
    ],
    [
      'the one by then, where another was made since',
      [at('2024-04-29T07:00:00Z', stated(49)), at('2024-04-29T14:00:00Z', stated(10, 52, second))],
      { present: 49, entitled: undefined },
    ],
    [
      'the latest by then, whichever was recorded first',
      [at('2024-04-29T08:30:00Z', stated(49)), at('2024-04-29T07:00:00Z', stated(40, 52, second))],
      { present: 49, entitled: undefined },
    ],
    [
      'the one that was recorded last, where only the day tells',
      [at('2024-04-29T08:30:00Z', stated(49)), at('2024-04-29', stated(40, 52, second))],
      { present: 40, entitled: 52 },
    ],
    ['none by then', [at('2024-04-30', stated(49))], undefined],
  ])('%s', (_, events, expected) =>
    expect(
      statedCount(given(meeting, ...open, ...events).state(), '2024-04-29T11:00:00+02:00' as Occurred, ids.council, undefined),
    ).toEqual(expected),
  );
});

describe('members who are present by name', () => {
  const [second, third] = [uuid(21), uuid(22)];
  const both = [named(speaker), named(norway, 'member', second)];
  const from = (arrived: string): DomainEvent => ({
    type: 'attendance-recorded',
    data: { attendance, party: speaker, as: 'member', arrived },
  });
  it.each<[string, DomainEvent[], string | undefined, object[]]>([
    ['nobody', [], undefined, []],
    ['no observers', [named(speaker, 'observer')], undefined, []],
    ['all who were recorded', [...both, named({}, 'observer', third)], undefined, [speaker, norway]],
    ['not who was struck', [...both, corrected({ struck: true })], undefined, [norway]],
    ['not who turned out to be an observer', [...both, corrected({ as: 'observer' })], undefined, [norway]],
    ['also who left, at any time', [...both, left()], undefined, [speaker, norway]],
    ['not who left, from then on', [...both, left()], '2024-04-29T09:00:00Z', [norway]],
    ['who left later', [...both, left()], '2024-04-29T08:59:59Z', [speaker, norway]],
    ['who left on that day, at some time of it', [...both, left()], '2024-04-29', [speaker, norway]],
    ['not who left on a day before', [...both, left()], '2024-04-30', [norway]],
    ['who left on a later day', [...both, left()], '2024-04-28', [speaker, norway]],
    ['who arrived by then', [from(when)], '2024-04-29T09:00:00Z', [speaker]],
    ['not who arrived later', [from(when)], '2024-04-29T08:59:59Z', []],
    ['who arrived on that day', [from('2024-04-29')], '2024-04-29T01:00:00+02:00', [speaker]],
    ['not who arrived later, as corrected', [...both, corrected({ arrived: when })], '2024-04-29T08:00:00Z', [norway]],
    ['not who left before, as corrected', [...both, corrected({ left: when })], '2024-04-29T10:00:00Z', [norway]],
  ])('%s', (_, events, at, expected) =>
    expect(
      membersByName(given(meeting, ...open, ...events).state(), at === undefined ? at : { when: at as Occurred, zone: undefined }),
    ).toEqual(expected),
  );
});
