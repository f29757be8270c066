import { describe, expect, it } from '@jest/globals';
import { body, organisation } from '#bodies/contracts';
import type { DomainEvent, Occurred } from '#kernel';
import { given, THE_STREAM, uuid, type Sent } from '../../kernel/src/testing/index.js';
import { meeting } from './meeting.js';
import { cancelMeeting, concludeMeeting, openMeeting, postponeMeeting, scheduleMeeting, type ScheduleMeeting } from './schedule.js';
import { closeSitting } from './sittings.js';
import {
  bodyEstablished,
  cancelled,
  concluded,
  en,
  ids,
  opened,
  organisationRegistered,
  postponed,
  scheduled,
  sealedEn,
  sittingClosed,
  sittingOpened,
} from './testing/at-the-table.js';

const when = (text: string) => text as Occurred;
const reason = { code: 'other' as const };
const least: ScheduleMeeting = { bodies: [ids.council], title: en('Conference') };

describe('a meeting is scheduled', () => {
  const scheduling = (input: Partial<ScheduleMeeting>) =>
    given(meeting)
      .and(body, ids.council, bodyEstablished)
      .and(organisation, ids.norway, organisationRegistered)
      .when(scheduleMeeting, { ...least, ...input });

  it('at a time that is not known yet', () =>
    scheduling({}).then([{ type: 'meeting-scheduled', data: { bodies: [ids.council], title: sealedEn('Conference') } }]));

  it('with all that is known of it', () =>
    scheduling({
      session: 12,
      starts: when('2024-04-29T09:30:00+02:00'),
      ends: when('2024-04-29'),
      venue: en('Headquarters'),
      host: { organisation: ids.norway, named: en('The host') },
      format: 'hybrid',
      zone: 'Europe/Brussels',
      audience: { kind: 'public' },
    }).then([
      {
        type: 'meeting-scheduled',
        data: {
          bodies: [ids.council],
          title: sealedEn('Conference'),
          zone: 'Europe/Brussels',
          session: 12,
          starts: '2024-04-29T09:30:00+02:00',
          ends: '2024-04-29',
          venue: sealedEn('Headquarters'),
          host: { organisation: ids.norway, named: sealedEn('The host') },
          format: 'hybrid',
          audience: { kind: 'public' },
        },
      },
    ]));

  it('of several bodies, each of which is one', () =>
    scheduling({ bodies: [ids.council, uuid(99)] }).thenRefused('unknown-body', 'bodies[1]'));
  it('with a host who is nobody', () => scheduling({ host: {} }).thenRefused('speaker-missing', 'host'));
  it('with a host who is not registered', () =>
    scheduling({ host: { organisation: uuid(99) } }).thenRefused('unknown-organisation', 'host.organisation'));

  it.each([
    ['2024-04-29', '2024-04-28', true],
    ['2024-04-29', '2024-04-29', false],
    ['2024-04-29T10:00:00+02:00', '2024-04-29T10:00:00+02:00', false],
    ['2024-04-29T10:00:00+02:00', '2024-04-29T09:59:59+02:00', true],
    ['2024-04-29T10:00:00+02:00', '2024-04-29T08:30:00Z', false],
    ['2024-04-29T10:00:00+02:00', '2024-04-29', false],
    ['2024-04-29T10:00:00+02:00', '2024-04-28', true],
    ['2024-04-29', '2024-04-28T23:59:59+02:00', true],
  ])('from %s until %s: refused %s', (starts, ends, refused) => {
    const result = scheduling({ starts: when(starts), ends: when(ends) });
    return refused
      ? result.thenRefused('period-reversed-meeting', 'ends')
      : result.then([expect.objectContaining({ type: 'meeting-scheduled' }) as never]);
  });

  it('by the secretariats of the bodies that meet', () => {
    expect(scheduleMeeting.bodiesOf!({ ...least, bodies: [ids.council, uuid(99)] })).toEqual([ids.council, uuid(99)]);
    expect(meeting.bodies(given(meeting, scheduled).state(), THE_STREAM)).toEqual([ids.council]);
  });
});

describe('a meeting is postponed', () => {
  const to = (starts?: string, ends?: string) => ({ reason, ...(starts && { starts: when(starts) }), ...(ends && { ends: when(ends) }) });
  const moved = (starts?: string, ends?: string): DomainEvent => ({
    type: 'meeting-postponed',
    data: { reason, ...(starts && { starts }), ...(ends && { ends }) },
  });

  it.each([
    ['to another day', [scheduled], to('2024-05-06', '2024-05-07'), moved('2024-05-06', '2024-05-07')],
    ['to a day that is not known', [scheduled], to(), moved()],
    ['to a day, once that is known', [scheduled, postponed], to('2024-05-06'), moved('2024-05-06')],
    ['to the same day, once it was open', [scheduled, postponed], to('2024-04-29', '2024-04-30'), moved('2024-04-29', '2024-04-30')],
    ['in its end alone', [scheduled], to('2024-04-29', '2024-05-01'), moved('2024-04-29', '2024-05-01')],
  ] as const)('%s', (_, before, input, event) =>
    given(meeting, ...before)
      .when(postponeMeeting, input)
      .then([event]),
  );

  it.each([
    ['to when it is', [scheduled], to('2024-04-29', '2024-04-30')],
    ['to a day that is not known, again', [scheduled, postponed], to()],
    ['to where it was moved', [scheduled, moved('2024-05-06')], to('2024-05-06')],
  ] as const)('%s: it is so already', (_, before, input) =>
    given(meeting, ...before)
      .when(postponeMeeting, input)
      .thenNothing(),
  );

  it.each([
    ['after it was cancelled', [scheduled, cancelled], 'meeting-cancelled'],
    ['while it is open', [scheduled, opened], 'meeting-not-scheduled'],
    ['after it was concluded', [scheduled, opened, concluded], 'meeting-not-scheduled'],
  ] as const)('not %s', (_, before, code) =>
    given(meeting, ...before)
      .when(postponeMeeting, to('2024-05-06'))
      .thenRefused(code),
  );

  it('not to end before it begins', () =>
    given(meeting, scheduled).when(postponeMeeting, to('2024-05-06', '2024-05-05')).thenRefused('period-reversed-meeting', 'ends'));
});

describe.each([
  ['cancelled', cancelMeeting, { reason }, { type: 'meeting-cancelled', data: { reason } }],
  ['opened', openMeeting, {}, opened],
] as const)('a meeting is %s', (is, command, input, event) => {
  const sending = (...before: DomainEvent[]) => given(meeting, ...before).when(command, input);

  it('while it is scheduled', () => sending(scheduled).then([event]));
  it('while it is postponed to a date that is not known', () =>
    is === 'opened' ? sending(scheduled, postponed).thenRefused('meeting-without-date') : sending(scheduled, postponed).then([event]));
  it('after it was cancelled', () =>
    is === 'cancelled' ? sending(scheduled, cancelled).thenNothing() : sending(scheduled, cancelled).thenRefused('meeting-cancelled'));
  it('while it is open', () =>
    is === 'opened' ? sending(scheduled, opened).thenNothing() : sending(scheduled, opened).thenRefused('meeting-not-scheduled'));
  it('not after it was concluded', () => sending(scheduled, opened, concluded).thenRefused('meeting-not-scheduled'));
});

describe('a meeting is concluded', () => {
  const concluding = (...before: DomainEvent[]) => given(meeting, ...before).when(concludeMeeting, {});

  it('while it is open', () => concluding(scheduled, opened).then([{ type: 'meeting-concluded', data: {} }]));
  it('when its sittings are closed', () =>
    concluding(scheduled, opened, sittingOpened(), sittingClosed()).then([{ type: 'meeting-concluded', data: {} }]));
  it('not while a sitting is open', () => concluding(scheduled, opened, sittingOpened()).thenRefused('sitting-open'));
  it('is so already', () => concluding(scheduled, opened, concluded).thenNothing());
  it.each([
    ['scheduled', [scheduled]],
    ['postponed', [scheduled, postponed]],
    ['cancelled', [scheduled, cancelled]],
  ] as const)('not while it is %s', (_, before) => concluding(...before).thenRefused('meeting-not-open'));
});

it.each([
  ['2024-04-30', false],
  ['2024-04-29', true],
])('what was opened late in the evening, in UTC, is so already by the day of the venue: %s', (day, refused) => {
  const result = given(meeting, scheduled, { ...opened, occurredAt: '2024-04-29T22:30:00Z' }).when(
    openMeeting,
    {},
    { occurredAt: when(day), now: '2024-05-01T00:00:00.000Z' },
  );
  return refused ? result.thenRefused('another-time-recorded', 'occurredAt') : result.thenNothing();
});

it.each([
  ['2024-04-30', false],
  ['2024-04-29', true],
])('a meeting that starts late in the evening, in UTC, ends on a day of the venue: %s', (ends, refused) => {
  const result = given(meeting, scheduled).when(postponeMeeting, { starts: when('2024-04-29T22:30:00Z'), ends: when(ends), reason });
  return refused
    ? result.thenRefused('period-reversed-meeting', 'ends')
    : result.then([{ type: 'meeting-postponed', data: { starts: '2024-04-29T22:30:00Z', ends, reason } }]);
});

describe.each([
  ['opened', openMeeting, {}, [scheduled, { ...opened, occurredAt: '2024-04-29T08:00:00Z' }]],
  ['concluded', concludeMeeting, {}, [scheduled, opened, { ...concluded, occurredAt: '2024-04-29T08:00:00Z' }]],
  [
    'closed',
    closeSitting,
    { sitting: ids.sitting },
    [scheduled, opened, sittingOpened(), { ...sittingClosed(), occurredAt: '2024-04-29T08:00:00Z' }],
  ],
] as const)('what is %s already', (_, command, input, before) => {
  it.each<[string, Sent, boolean]>([
    ['without a time', {}, false],
    ['at the same time, by another clock', { occurredAt: when('2024-04-29T10:00:00+02:00') }, false],
    ['on the same day', { occurredAt: when('2024-04-29') }, false],
    ['typed at another time', { typedAt: '2024-04-29T11:00:00Z' as never }, false],
    ['at another time', { occurredAt: when('2024-04-29T09:00:00Z') }, true],
    ['on another day', { occurredAt: when('2024-04-28') }, true],
  ])('%s', (_when, sent, refused) => {
    const result = given(meeting, ...before).when(command, input, sent);
    return refused ? result.thenRefused('another-time-recorded', 'occurredAt') : result.thenNothing();
  });
});
