// What stands already is recorded by no correction and by no change, in any context: it would question, restrict and date what nobody changed.
import { describe, expect, it } from '@jest/globals';
import { setDecisionAudience } from '../../libs/decisions/src/after-decision.js';
import { body } from '../../libs/bodies/src/body.js';
import { stateRules } from '../../libs/bodies/src/body-rules.js';
import { setBodyAudience } from '../../libs/bodies/src/establish-body.js';
import { endMembership } from '../../libs/bodies/src/membership.js';
import { vacateOffice } from '../../libs/bodies/src/office.js';
import { organisation } from '../../libs/bodies/src/organisation.js';
import { correctPerson, person } from '../../libs/bodies/src/person.js';
import { setSeatQuota } from '../../libs/bodies/src/seats-of-body.js';
import { proposal } from '../../libs/decisions/src/proposal.js';
import { setProposalAudience, withdrawProposal } from '../../libs/decisions/src/proposals.js';
import { document } from '../../libs/documents/src/document.js';
import { correctDocument, setDocumentAudience } from '../../libs/documents/src/register-document.js';
import { followUp } from '../../libs/follow-ups/src/follow-up.js';
import { cancelFollowUp, completeFollowUp, setFollowUpAudience } from '../../libs/follow-ups/src/settle-follow-up.js';
import { given, THE_STREAM, uuid, type GivenEvent } from '../../libs/kernel/src/testing/index.js';
import { correctAttendance, endAttendance } from '../../libs/meetings/src/attendance.js';
import { setMeetingAudience, setPartAudience } from '../../libs/meetings/src/audiences.js';
import { meeting } from '../../libs/meetings/src/meeting.js';
import { postponeMeeting } from '../../libs/meetings/src/schedule.js';
import { allocation } from '../../libs/seats/src/allocation.js';
import { setAllocationAudience } from '../../libs/seats/src/seat-holders.js';

const [one, other, part] = [uuid(31), uuid(32), uuid(33)];
const reason = { code: 'other' };
const audience = { kind: 'restricted', organisations: [one, other], roles: [] };
const spelledOtherwise = { kind: 'restricted', organisations: [other, one], roles: [] };
const wider = { kind: 'public' };
const [left, leftInUtc, leftLater] = ['2024-04-29T11:00:00+02:00', '2024-04-29T09:00:00.000Z', '2024-04-29T11:30:00+02:00'];

const of = (type: string, data: object): GivenEvent => ({ type, data });
const established = of('body-established', { kind: 'council', name: [], audience });
const atTable = [
  of('meeting-scheduled', { bodies: [one], title: [], starts: left, zone: 'Europe/Brussels', audience }),
  of('meeting-opened', {}),
];
const named = [
  ...atTable,
  of('attendance-recorded', { attendance: part, party: { organisation: one }, as: 'member', mode: 'remote', arrived: '2024-04-29' }),
  of('attendance-ended', { attendance: part, left }),
];
const counted = [...atTable, of('attendance-stated', { attendance: part, present: 30, entitled: 52, evidence: {} })];
const remarked = [...atTable, of('remark-made', { remark: part, kind: 'statement', speaker: {}, text: [], audience })];
const registered = of('document-registered', { kind: 'report', title: [], symbol: 'A/1', date: '2024-01-01', audience });
const introduced = of('proposal-introduced', { body: one, text: [], audience });
const taken = of('decision-taken', { decision: part, body: one, outcome: 'approved', audience });
const assigned = of('follow-up-assigned', { body: one, due: {}, audience });
const rule = { for: 'deciding', numerator: 1, denominator: 2 };
const elections = { for: 'elections', count: 9 };
const stated = of('body-rules-stated', { inForceFrom: '2024-01-01', article: 'Rule 8', quorum: [rule, elections] });
const quota = { region: part, regionOf: THE_STREAM, seats: 5 };

type Case = [says: string, decider: unknown, before: GivenEvent[], command: unknown, so: object, otherwise: object];
const cases: Case[] = [
  ['an attendance: when somebody left', meeting, named, correctAttendance, { attendance: part, left }, { left: leftLater }],
  ['an attendance: when, spelled otherwise', meeting, named, correctAttendance, { attendance: part, left: leftInUtc }, { left: leftLater }],
  [
    'an attendance: the day of arrival',
    meeting,
    named,
    correctAttendance,
    { attendance: part, arrived: '2024-04-29' },
    { arrived: '2024-04-28' },
  ],
  ['an attendance: as what', meeting, named, correctAttendance, { attendance: part, as: 'member' }, { as: 'observer' }],
  ['an attendance: how', meeting, named, correctAttendance, { attendance: part, mode: 'remote' }, { mode: 'in-person' }],
  [
    'an attendance: all of it',
    meeting,
    named,
    correctAttendance,
    { attendance: part, as: 'member', mode: 'remote', left },
    { as: 'observer' },
  ],
  ['a count', meeting, counted, correctAttendance, { attendance: part, present: 30, entitled: 52 }, { present: 31 }],
  ['a meeting: when it starts', meeting, atTable.slice(0, 1), postponeMeeting, { starts: leftInUtc }, { starts: leftLater }],
  ['the audience of a meeting', meeting, atTable, setMeetingAudience, { audience: spelledOtherwise }, { audience: wider }],
  ['the audience of a part', meeting, remarked, setPartAudience, { part, audience: spelledOtherwise }, { audience: wider }],
  [
    'the audience of a part, as it was set',
    meeting,
    [...remarked, of('part-audience-set', { part, kind: 'remark', audience: wider })],
    setPartAudience,
    { part, audience: wider },
    { audience },
  ],
  ['the audience of a body', body, [established], setBodyAudience, { audience: spelledOtherwise }, { audience: wider }],
  [
    'rules',
    body,
    [established, stated],
    stateRules,
    { inForceFrom: '2024-01-01', article: 'Rule 8', quorum: [elections, { ...rule, moreThan: false }] },
    { quorum: [{ ...rule, moreThan: true }, elections] },
  ],
  [
    'rules, but for their article',
    body,
    [established, stated],
    stateRules,
    { inForceFrom: '2024-01-01', article: 'Rule 8', quorum: [rule, elections] },
    { article: 'Rule 9' },
  ],
  [
    'rules, from another day',
    body,
    [established, stated],
    stateRules,
    { inForceFrom: '2024-01-01', article: 'Rule 8', quorum: [rule, elections] },
    { inForceFrom: '2024-01-02' },
  ],
  [
    'the end of a membership',
    body,
    [
      established,
      of('member-admitted', { membership: part, organisation: one, as: 'member', from: '2024-01-01' }),
      of('membership-ended', { membership: part, until: '2024-06-30' }),
    ],
    endMembership,
    { membership: part, until: '2024-06-30' },
    { until: '2024-07-31' },
  ],
  [
    'the end of a tenure',
    body,
    [
      established,
      of('office-assumed', { tenure: part, office: one, from: '2024-01-01' }),
      of('office-vacated', { tenure: part, office: one, until: '2024-06-30' }),
    ],
    vacateOffice,
    { tenure: part, until: '2024-06-30' },
    { until: '2024-07-31' },
  ],
  [
    'a quota',
    body,
    [established, of('region-defined', { region: part, name: [] }), of('seat-quota-set', quota)],
    setSeatQuota,
    quota,
    { seats: 6 },
  ],
  [
    'for whom a person works',
    person,
    [of('person-registered', { name: [], organisation: one })],
    correctPerson,
    { organisation: one },
    { organisation: other },
  ],
  ['the symbol of a document', document, [registered], correctDocument, { symbol: 'A/1' }, { symbol: 'A/2' }],
  ['the date of a document', document, [registered], correctDocument, { date: '2024-01-01' }, { date: '2024-01-02' }],
  [
    'the date of a document, as of its last version',
    document,
    [registered, of('document-version-added', { version: '2', date: '2024-02-01' })],
    correctDocument,
    { date: '2024-02-01' },
    { date: '2024-01-01' },
  ],
  ['the audience of a document', document, [registered], setDocumentAudience, { audience: spelledOtherwise }, { audience: wider }],
  ['the audience of a proposal', proposal, [introduced], setProposalAudience, { audience: spelledOtherwise }, { audience: wider }],
  [
    'the audience of a decision',
    proposal,
    [taken],
    setDecisionAudience,
    { decision: part, audience: spelledOtherwise },
    { audience: wider },
  ],
  ['the audience of a follow-up', followUp, [assigned], setFollowUpAudience, { audience: spelledOtherwise }, { audience: wider }],
  [
    'the audience of an allocation',
    allocation,
    [of('allocation-audience-set', { audience })],
    setAllocationAudience,
    { audience: spelledOtherwise },
    { audience: wider },
  ],
];

const sending = (decider: unknown, before: GivenEvent[], command: unknown, input: object) =>
  given(decider as typeof meeting, ...before)
    .and(organisation, one, of('organisation-registered', { kind: 'state-administration', name: [] }))
    .and(organisation, other, of('organisation-registered', { kind: 'state-administration', name: [] }))
    .when(command as typeof correctAttendance, { ...input, reason } as never);

describe.each(cases)('%s', (_, decider, before, command, so, otherwise) => {
  it('is so already', () => sending(decider, before, command, so).thenNothing());
  it('is otherwise', () => sending(decider, before, command, { ...so, ...otherwise }).then([expect.anything() as never]));
});

it.each<[string, unknown, GivenEvent[], unknown, object]>([
  ['a withdrawal', proposal, [introduced, of('proposal-withdrawn', {})], withdrawProposal, {}],
  ['a completion', followUp, [assigned, of('follow-up-completed', {})], completeFollowUp, { evidence: { none: [] } }],
  ['a cancellation', followUp, [assigned, of('follow-up-cancelled', {})], cancelFollowUp, {}],
  ['a departure, spelled otherwise', meeting, named, endAttendance, { attendance: part, left: leftInUtc }],
])('%s is so already', (_, decider, before, command, input) => sending(decider, before, command, input).thenNothing());
