// Rule 2, for every command that records what happened at a meeting.
import { describe, it } from '@jest/globals';
import { organisation, person } from '#bodies/contracts';
import { document } from '#documents/contracts';
import type { CivilDate, CommandOf, DomainEvent, OffsetTime } from '#kernel';
import { given, made, type GivenEvent, type Sent } from '../../kernel/src/testing/index.js';
import { addAgendaItem, adoptAgenda } from './agenda.js';
import { endAttendance, recordAttendance, stateAttendance } from './attendance.js';
import { meeting } from './meeting.js';
import { holdDiscussion, holdPanel, makePresentation } from './proceedings.js';
import { makeRemark } from './remarks.js';
import { presentPlan, reviewDocument } from './reviews.js';
import { concludeMeeting } from './schedule.js';
import { closeSitting, openSitting, takeChair } from './sittings.js';
import {
  cancelled,
  concluded,
  documentRegistered,
  en,
  ids,
  itemAdded,
  lateIf,
  omitted,
  opened,
  organisationRegistered,
  personRegistered,
  scheduled,
  sealedEn,
  sittingClosed,
  sittingOpened,
  whenItMayBeRecorded,
} from './testing/at-the-table.js';
import { expressView } from './views.js';

interface Feature {
  command: CommandOf<never>;
  input: object;
  event: DomainEvent;
  /** What must have been recorded in the meeting before. */
  needs?: GivenEvent[];
}

const speaker = { person: ids.speaker };
const feature = <Input extends object>(command: CommandOf<Input>, input: Input, event: DomainEvent, needs: GivenEvent[] = []): Feature => ({
  command: command,
  input,
  event,
  needs,
});
const attendanceRecorded: DomainEvent = { type: 'attendance-recorded', data: { attendance: ids.attendance, party: speaker, as: 'member' } };

const features: Feature[] = [
  feature(openSitting, { class: 'closed' }, { type: 'sitting-opened', data: { sitting: made('sitting'), number: 1, class: 'closed' } }),
  feature(
    takeChair,
    { chair: speaker, acting: true },
    { type: 'chair-taken', data: { chairing: made('chairing'), chair: speaker, acting: true } },
  ),
  feature(adoptAgenda, {}, { type: 'agenda-adopted', data: {} }),
  feature(
    stateAttendance,
    { present: 49, evidence: { none: en('Not counted') } },
    { type: 'attendance-stated', data: { attendance: made('attendance'), present: 49, evidence: { none: sealedEn('Not counted') } } },
  ),
  feature(
    recordAttendance,
    { party: speaker, as: 'member' },
    { type: 'attendance-recorded', data: { attendance: made('attendance'), party: speaker, as: 'member' } },
  ),
  feature(
    makeRemark,
    { speaker, text: en('Welcome.') },
    { type: 'remark-made', data: { remark: made('remark'), kind: 'statement', speaker, text: sealedEn('Welcome.') } },
  ),
  feature(
    expressView,
    { stance: 'support', text: en('Broad support') },
    { type: 'view-expressed', data: { view: made('view'), stance: 'support', by: { kind: 'delegates' }, text: sealedEn('Broad support') } },
  ),
  feature(
    makePresentation,
    { title: en('RILOs'), presenters: [speaker], points: [] },
    {
      type: 'presentation-made',
      data: { presentation: made('presentation'), title: sealedEn('RILOs'), presenters: [speaker], points: [] },
    },
  ),
  feature(
    holdPanel,
    { title: en('Dialogue'), panellists: [], points: [en('Closer')] },
    { type: 'panel-held', data: { panel: made('panel'), title: sealedEn('Dialogue'), panellists: [], points: [sealedEn('Closer')] } },
  ),
  feature(
    holdDiscussion,
    { title: en('Borders'), points: [] },
    { type: 'discussion-held', data: { discussion: made('discussion'), title: sealedEn('Borders'), points: [] } },
  ),
  feature(
    presentPlan,
    { document: ids.plan, presenters: [], points: [] },
    { type: 'plan-presented', data: { presentation: made('presentation'), document: ids.plan, presenters: [], points: [] } },
  ),
  feature(
    reviewDocument,
    { document: ids.report, outcome: 'noted' },
    { type: 'document-reviewed', data: { review: made('review'), document: ids.report, outcome: 'noted' } },
  ),
];

const sending = ({ command, input }: Feature, before: readonly GivenEvent[], sent: Sent) =>
  given(meeting, ...before)
    .and(person, ids.speaker, personRegistered)
    .and(organisation, ids.norway, organisationRegistered)
    .and(document, ids.plan, documentRegistered('plan'))
    .and(document, ids.report, documentRegistered('report'))
    .when(command, input as never, sent);

describe.each(features.map((each) => [each.command.name, each] as const))('%s', (_, each) => {
  it.each(whenItMayBeRecorded)('%s', (_when, before, sent, becomes) => {
    const result = sending(each, before, sent);
    return becomes.startsWith('recorded') ? result.then([lateIf(becomes, each.event)]) : result.thenRefused(becomes);
  });
});

describe.each(
  [makeRemark, expressView, makePresentation, holdPanel, holdDiscussion, presentPlan, reviewDocument, takeChair].map(
    (command) => [command.name, features.find((each) => each.command.name === command.name)!] as const,
  ),
)('where in the meeting: %s', (_, each) => {
  const at = (place: object): Feature => ({
    ...each,
    input: { ...each.input, ...place },
    event: { ...each.event, data: { ...each.event.data, ...place } },
  });
  const open = [scheduled, opened, itemAdded(), sittingOpened()];

  it('in a sitting that is open', () => sending(at({ sitting: ids.sitting }), open, {}).then([at({ sitting: ids.sitting }).event]));
  it('in no sitting of this meeting', () => sending(at({ sitting: ids.item }), open, {}).thenRefused('unknown-sitting', 'sitting'));
  describe.each<[string, GivenEvent[]]>([
    ['while the meeting goes on', []],
    ['after the meeting', [concluded]],
  ])('in a sitting that is closed, %s', (_while, then) => {
    const occurredAt = '2024-04-29' as CivilDate;
    it.each<[string, Sent, string]>([
      ['and nothing is said', {}, 'late-without-reason'],
      ['typed while it sat', { typedAt: '2024-04-29T09:00:00Z' as OffsetTime }, 'recorded'],
      ['typed after it closed', { typedAt: '2024-04-29T09:00:01Z' as OffsetTime }, 'late-without-reason'],
      ['typed before it opened', { typedAt: '2024-04-29T07:59:59Z' as OffsetTime }, 'late-without-reason'],
      ['with a reason', { late: omitted, occurredAt }, 'recorded late'],
      ['with a reason, and it is not said when it happened', { late: omitted }, 'late-without-time'],
      ['of days after it closed', { late: omitted, occurredAt: '2024-05-02' as CivilDate, now: '2024-05-02T12:00:00Z' }, 'after-meeting'],
    ])('%s', (_when, sent, becomes) => {
      const filed = at({ sitting: ids.sitting });
      const result = sending(filed, [...open, sittingClosed(), ...then], sent);
      return becomes.startsWith('recorded') ? result.then([lateIf(becomes, filed.event)]) : result.thenRefused(becomes);
    });
  });
  // Who is in the chair is so for the sitting, not for an item.
  if (each.command.name === takeChair.name) return;
  it('under an item', () =>
    sending(at({ sitting: ids.sitting, item: ids.item }), open, {}).then([at({ sitting: ids.sitting, item: ids.item }).event]));
  it('under no item of this meeting', () => sending(at({ item: ids.sitting }), open, {}).thenRefused('unknown-item', 'item'));
});

describe.each([
  [
    'close-sitting',
    feature(closeSitting, { sitting: ids.sitting }, { type: 'sitting-closed', data: { sitting: ids.sitting } }, [sittingOpened()]),
  ],
  [
    'end-attendance',
    feature(
      endAttendance,
      { attendance: ids.attendance, left: '2024-04-29' as never },
      { type: 'attendance-ended', data: { attendance: ids.attendance, left: '2024-04-29' } },
      [attendanceRecorded],
    ),
  ],
] as const)('%s, of what began in the meeting', (_, each) => {
  it.each(whenItMayBeRecorded.filter(([, before]) => before.includes(opened)))('%s', (_when, before, sent, becomes) => {
    const result = sending(each, [...before.slice(0, 2), ...each.needs!, ...before.slice(2)], sent);
    return becomes.startsWith('recorded') ? result.then([lateIf(becomes, each.event)]) : result.thenRefused(becomes);
  });
});

describe('what happened before the meeting opened, or after it closed', () => {
  const override = { reason: en('As recorded elsewhere'), authority: en('Ruling of the chair') };
  it('is taken by an override, and marked', () =>
    sending(features[3]!, [scheduled, opened], { occurredAt: '2024-04-01' as never, override }).then([
      {
        ...features[3]!.event,
        data: {
          exceptions: [
            {
              rule: 'before-meeting',
              as: 'override',
              reason: sealedEn('As recorded elsewhere'),
              authority: sealedEn('Ruling of the chair'),
            },
          ],
          ...features[3]!.event.data,
        },
      },
    ]));
  it('is taken by an override, after it closed', () =>
    sending(features[3]!, [scheduled, opened, concluded], {
      occurredAt: '2024-06-01' as never,
      now: '2024-06-02T00:00:00Z',
      late: omitted,
      override,
    }).then([
      {
        ...features[3]!.event,
        data: {
          exceptions: [
            {
              rule: 'after-meeting',
              as: 'override',
              reason: sealedEn('As recorded elsewhere'),
              authority: sealedEn('Ruling of the chair'),
            },
          ],
          ...lateIf('recorded late', features[3]!.event).data,
        },
      },
    ]));
});

describe('a closing before the opening', () => {
  const override = { reason: en('As the minutes say'), authority: en('Ruling of the chair') };
  const exceptions = [
    { rule: 'closed-before-opened', as: 'override', reason: sealedEn('As the minutes say'), authority: sealedEn('Ruling of the chair') },
  ];
  it.each<[string, Sent, string | undefined]>([
    ['of years before', { occurredAt: '2023-01-01' as CivilDate }, 'closed-before-opened'],
    ['of the hour before', { occurredAt: '2024-04-29T07:59:59Z' as OffsetTime }, 'closed-before-opened'],
    ['of the same day', { occurredAt: '2024-04-29' as CivilDate }, undefined],
  ])('of a meeting, %s', (_, sent, code) => {
    const result = given(meeting, scheduled, opened).when(concludeMeeting, {}, sent);
    return code ? result.thenRefused(code, 'occurredAt') : result.then([{ type: 'meeting-concluded', data: {} }]);
  });
  it('of a meeting, by an override', () =>
    given(meeting, scheduled, opened)
      .when(concludeMeeting, {}, { occurredAt: '2023-01-01' as CivilDate, override })
      .then([{ type: 'meeting-concluded', data: { exceptions } }]));
  it('of a sitting', () =>
    given(meeting, scheduled, opened, sittingOpened())
      .when(closeSitting, { sitting: ids.sitting }, { occurredAt: '2024-04-29T07:59:59Z' as OffsetTime })
      .thenRefused('closed-before-opened', 'occurredAt'));
});

describe('add-agenda-item, which is prepared before', () => {
  const item = { number: '1', title: en('Item'), purpose: 'discussion' as const };
  const added: DomainEvent = {
    type: 'agenda-item-added',
    data: { item: made('item'), number: '1', title: sealedEn('Item'), purpose: 'discussion' },
  };

  it.each([
    ['scheduled', [scheduled], {}, 'recorded'],
    ['open', [scheduled, opened], {}, 'recorded'],
    ['cancelled', [scheduled, cancelled], { late: omitted }, 'meeting-cancelled'],
    ['concluded', [scheduled, opened, concluded], {}, 'late-without-reason'],
    ['concluded, with a reason', [scheduled, opened, concluded], { late: omitted, occurredAt: '2024-04-29' as CivilDate }, 'recorded late'],
    ['concluded, with a reason alone', [scheduled, opened, concluded], { late: omitted }, 'late-without-time'],
  ] as const)('%s', (_, before, sent, becomes) => {
    const result = given(meeting, ...before).when(addAgendaItem, item, sent);
    return becomes.startsWith('recorded') ? result.then([lateIf(becomes, added)]) : result.thenRefused(becomes);
  });
});
