// Meetings as specs find them: scheduled, open, concluded; and what lies in them.
import { sealed, type CivilDate, type DomainEvent, type LocalizedText, type OffsetTime, type Reason } from '#kernel';
import { recordedAt, uuid, type GivenEvent, type Sent } from '../../../kernel/src/testing/index.js';

export const en = (text: string): LocalizedText => [{ lang: 'en', text }];
export const sealedEn = (text: string) => [{ lang: 'en', text: sealed(text) }];

export const ids = {
  council: uuid(1),
  speaker: uuid(2),
  norway: uuid(3),
  plan: uuid(4),
  report: uuid(5),
  sitting: uuid(11),
  item: uuid(12),
  remark: uuid(13),
  attendance: uuid(14),
  panel: uuid(15),
};

export const bodyEstablished: DomainEvent = {
  type: 'body-established',
  data: { kind: 'council', name: sealedEn('Council'), audience: { kind: 'members' } },
};
export const personRegistered: DomainEvent = { type: 'person-registered', data: { name: sealedEn('Øystein Børmer') } };
export const organisationRegistered: DomainEvent = {
  type: 'organisation-registered',
  data: { kind: 'state-administration', name: sealedEn('Norwegian Customs') },
};
export const documentRegistered = (kind: 'plan' | 'report'): DomainEvent => ({
  type: 'document-registered',
  data: { kind, title: sealedEn('Document') },
});

export const scheduled: DomainEvent = {
  type: 'meeting-scheduled',
  data: {
    bodies: [ids.council],
    title: sealedEn('Conference'),
    starts: '2024-04-29',
    ends: '2024-04-30',
    zone: 'Europe/Brussels',
    format: 'hybrid',
  },
};
export const postponed: DomainEvent = { type: 'meeting-postponed', data: { reason: { code: 'other' } } };
export const cancelled: DomainEvent = { type: 'meeting-cancelled', data: { reason: { code: 'other' } } };
export const opened: DomainEvent = { type: 'meeting-opened', data: {} };
/** The closing is recorded at ten in the morning, UTC. */
export const concluded: GivenEvent = recordedAt('2024-04-29T10:00:00.000Z', { type: 'meeting-concluded', data: {} });

export const sittingOpened = (sitting = ids.sitting, number = 1): DomainEvent => ({
  type: 'sitting-opened',
  data: { sitting, number, class: 'open' },
});
/** Its closing is recorded at nine in the morning, UTC. */
export const sittingClosed = (sitting = ids.sitting): GivenEvent =>
  recordedAt('2024-04-29T09:00:00.000Z', { type: 'sitting-closed', data: { sitting } });
export const itemAdded = (item = ids.item, number = '1', parent?: string): DomainEvent => ({
  type: 'agenda-item-added',
  data: { item, number, title: sealedEn('Item'), purpose: 'discussion', ...(parent && { parent }) },
});
export const remarkMade: DomainEvent = {
  type: 'remark-made',
  data: { remark: ids.remark, kind: 'statement', speaker: { person: ids.speaker }, text: sealedEn('Welcome.') },
};
export const remarkStruck: DomainEvent = {
  type: 'remark-corrected',
  data: { remark: ids.remark, struck: true, reason: { code: 'misheard' } },
};

export const omitted: Reason = { code: 'omitted', text: en('The clerk was called away') };
export const sealedOmitted = { code: 'omitted', text: sealedEn('The clerk was called away') };
const typedAt = (time: string): Sent => ({ typedAt: time as OffsetTime });

/**
 * Rule 2, for every command that records what happened at a meeting: how it is sent, after which events, and what becomes of
 * it: `recorded`, `recorded late`, or the code of a refusal. `late` in the event says that it was late, and why.
 */
export const whenItMayBeRecorded: readonly [when: string, before: readonly GivenEvent[], sent: Sent, becomes: string][] = [
  ['before the meeting is scheduled to open', [scheduled], {}, 'meeting-not-open'],
  ['before it opens, whatever the reason', [scheduled], { late: omitted }, 'meeting-not-open'],
  ['while it is postponed', [scheduled, postponed], {}, 'meeting-not-open'],
  ['after it was cancelled', [scheduled, cancelled], { late: omitted }, 'meeting-cancelled'],
  ['while it is open', [scheduled, opened], {}, 'recorded'],
  ['while it is open, a reason says nothing', [scheduled, opened], { late: omitted }, 'recorded'],
  ['after the closing, and nothing is said', [scheduled, opened, concluded], {}, 'late-without-reason'],
  ['typed before the closing, by another clock', [scheduled, opened, concluded], typedAt('2024-04-29T11:59:59+02:00'), 'recorded'],
  ['typed at the moment of the closing', [scheduled, opened, concluded], typedAt('2024-04-29T10:00:00Z'), 'recorded'],
  ['typed before the opening', [scheduled, opened, concluded], typedAt('2024-04-29T07:59:59Z'), 'late-without-reason'],
  ['typed at the moment of the opening', [scheduled, opened, concluded], typedAt('2024-04-29T08:00:00Z'), 'recorded'],
  [
    'typed before the opening, with a reason',
    [scheduled, opened, concluded],
    { ...typedAt('2024-04-29T07:59:59Z'), occurredAt: '2024-04-29' as CivilDate, late: omitted },
    'recorded late',
  ],
  ['of days before it opened', [scheduled, opened], { occurredAt: '2024-04-26' as CivilDate }, 'before-meeting'],
  ['of the day before it opened, in another zone', [scheduled, opened], { occurredAt: '2024-04-28' as CivilDate }, 'recorded'],
  ['typed after the closing', [scheduled, opened, concluded], typedAt('2024-04-29T12:00:01+02:00'), 'late-without-reason'],
  [
    'typed before the closing, a reason says nothing',
    [scheduled, opened, concluded],
    { ...typedAt('2024-04-29T09:59:59Z'), late: omitted },
    'recorded',
  ],
  [
    'typed after the closing, with a reason',
    [scheduled, opened, concluded],
    { ...typedAt('2024-04-29T10:00:01Z'), late: omitted },
    'recorded late',
  ],
  [
    'after the closing, with a reason',
    [scheduled, opened, concluded],
    { late: omitted, occurredAt: '2024-04-29' as CivilDate },
    'recorded late',
  ],
  [
    'after the closing, with a reason, and it is not said when it happened',
    [scheduled, opened, concluded],
    { late: omitted },
    'late-without-time',
  ],
  [
    'of the day after it closed, in another zone',
    [scheduled, opened, concluded],
    { late: omitted, occurredAt: '2024-04-30' as CivilDate, now: '2024-12-24T00:00:00Z' },
    'recorded late',
  ],
  [
    'of months after it closed',
    [scheduled, opened, concluded],
    { late: omitted, occurredAt: '2024-12-24' as CivilDate, now: '2024-12-24T00:00:00Z' },
    'after-meeting',
  ],
  [
    'typed months after it closed, where nothing else says when it happened',
    [scheduled, opened, concluded],
    { late: omitted, ...typedAt('2024-12-24T00:00:00Z'), now: '2024-12-24T00:00:00Z' },
    'after-meeting',
  ],
];

/** The event that is expected: with `late` where it was. */
export const lateIf = (becomes: string, event: DomainEvent): DomainEvent =>
  becomes === 'recorded late' ? { ...event, data: { ...event.data, late: sealedOmitted } } : event;
