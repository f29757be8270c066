import { describe, it } from '@jest/globals';
import type { DomainEvent } from '#kernel';
import { given, uuid } from '../../kernel/src/testing/index.js';
import { setMeetingAudience, setPartAudience } from './audiences.js';
import { meeting } from './meeting.js';
import { cancelled, concluded, ids, itemAdded, opened, remarkMade, remarkStruck, scheduled } from './testing/at-the-table.js';

const reason = { code: 'other' as const };
const restricted = { kind: 'restricted' as const, organisations: [uuid(2), uuid(3)], roles: [] };
const set = (audience: object): DomainEvent => ({ type: 'meeting-audience-set', data: { audience, reason } });

describe('the audience of a meeting', () => {
  it.each([
    ['scheduled', [scheduled]],
    ['open', [scheduled, opened]],
    ['concluded', [scheduled, opened, concluded]],
    ['cancelled', [scheduled, cancelled]],
  ])('is set while it is %s', (_, before) =>
    given(meeting, ...before)
      .when(setMeetingAudience, { audience: restricted, reason })
      .then([set(restricted)]),
  );

  it('is released', () =>
    given(meeting, scheduled, set(restricted))
      .when(setMeetingAudience, { audience: { kind: 'public' }, reason })
      .then([set({ kind: 'public' })]));
  it('is so already', () =>
    given(meeting, scheduled, set({ kind: 'public' }))
      .when(setMeetingAudience, { audience: { kind: 'public' }, reason })
      .thenNothing());
  it('is so already, in whatever order it is written', () =>
    given(meeting, scheduled, set(restricted))
      .when(setMeetingAudience, { audience: { roles: [], organisations: [uuid(3), uuid(2)], kind: 'restricted' }, reason })
      .thenNothing());
});

const attendanceStated: DomainEvent = {
  type: 'attendance-stated',
  data: { attendance: ids.attendance, present: 3, evidence: { none: 'not-stated' } },
};
const attendanceStruck: DomainEvent = { type: 'attendance-corrected', data: { attendance: ids.attendance, struck: true, reason } };

describe('the audience of a part', () => {
  const before = [scheduled, opened, itemAdded(), remarkMade];

  it.each([
    ['item', ids.item],
    ['remark', ids.remark],
  ])('is set for an %s, also after the closing', (kind, part) =>
    given(meeting, ...before, concluded)
      .when(setPartAudience, { part, audience: restricted, reason })
      .then([{ type: 'part-audience-set', data: { part, kind, audience: restricted, reason } }]),
  );
  it.each([
    ['remark', ids.remark, remarkStruck],
    ['attendance', ids.attendance, attendanceStruck],
  ])('is set for a %s that was struck', (kind, part, struck) =>
    given(meeting, ...before, attendanceStated, struck)
      .when(setPartAudience, { part, audience: restricted, reason })
      .then([{ type: 'part-audience-set', data: { part, kind, audience: restricted, reason } }]),
  );
  it('not for what is no part', () =>
    given(meeting, ...before)
      .when(setPartAudience, { part: uuid(99), audience: restricted, reason })
      .thenRefused('unknown-part'));
});
