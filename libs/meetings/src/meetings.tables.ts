// The tables of the register of meetings, who may read their rows, and the lists over them.
import { list, table } from '#read-models';
import { ATTENDANCE_MODES, ITEM_PURPOSES, MEETING_FORMATS, REMARK_KINDS, REVIEW_OUTCOMES, STANCES } from './meeting.events.js';

const meetingColumn = { type: 'id', says: 'The meeting.', of: 'meetings' } as const;
const placed = {
  meeting: meetingColumn,
  sitting: { type: 'id', says: 'The sitting in which it happened.', of: 'sittings' },
  item: { type: 'id', says: 'The agenda item under which it happened.', of: 'agenda_items' },
  occurredAt: { type: 'date', says: 'When it happened, as stated.' },
} as const;

const ofMeeting = { within: [{ column: 'meeting', table: 'meetings' }], otherwise: { kind: 'members' } } as const;
const atTheTable = {
  within: [
    { column: 'item', table: 'agenda_items' },
    { column: 'sitting', table: 'sittings' },
    { column: 'meeting', table: 'meetings' },
  ],
  // An item may be dealt with in several sittings: who may not read one of them reads nothing of the item that happened in it.
  also: [{ column: 'sitting', table: 'sittings' }],
  otherwise: { kind: 'members' },
} as const;

export const meetings = table({
  name: 'meetings',
  singular: 'meeting',
  says: 'A meeting of one body or several.',
  columns: {
    body: { type: 'id', says: 'The body that convenes it.', of: 'bodies' },
    bodies: { type: 'json', says: 'All bodies that meet.', of: 'bodies' },
    title: { type: 'texts', says: 'Its title.', searched: true },
    session: { type: 'integer', says: 'Its session number.' },
    status: { type: 'code', says: 'Where it stands.', oneOf: ['scheduled', 'postponed', 'cancelled', 'open', 'concluded'] },
    starts: { type: 'date', says: 'When it starts: a date, or a time with its offset.' },
    ends: { type: 'date', says: 'When it ends.' },
    zone: { type: 'code', says: 'The IANA zone of the venue.' },
    venue: { type: 'texts', says: 'Where it is held.' },
    format: { type: 'code', says: 'How its participants meet.', oneOf: MEETING_FORMATS },
    host: { type: 'json', says: 'Who hosts it.' },
    agendaAdopted: { type: 'boolean', says: 'Whether the agenda is adopted, or provisional.' },
    opened: { type: 'date', says: 'When it opened.' },
    concluded: { type: 'date', says: 'When it was over.' },
  },
  audience: { within: [{ column: 'bodies', table: 'bodies' }], bodies: ['bodies'], otherwise: { kind: 'members' } },
});

export const sittings = table({
  name: 'sittings',
  singular: 'sitting',
  says: 'A sitting of a meeting.',
  columns: {
    meeting: meetingColumn,
    number: { type: 'integer', says: 'Its number in the meeting.' },
    class: { type: 'code', says: 'Whether outsiders may attend.', oneOf: ['open', 'closed'] },
    opened: { type: 'date', says: 'When it opened.' },
    closed: { type: 'date', says: 'When it closed.' },
  },
  audience: ofMeeting,
});

export const chairings = table({
  name: 'chairings',
  singular: 'chairing',
  says: 'Somebody in the chair.',
  columns: {
    meeting: meetingColumn,
    sitting: placed.sitting,
    chair: { type: 'json', says: 'Who.' },
    capacity: { type: 'texts', says: 'In what capacity.' },
    acting: { type: 'boolean', says: 'Whether in place of the chair.' },
    occurredAt: placed.occurredAt,
  },
  audience: {
    within: [
      { column: 'sitting', table: 'sittings' },
      { column: 'meeting', table: 'meetings' },
    ],
    otherwise: { kind: 'members' },
  },
});

export const agendaItems = table({
  name: 'agenda_items',
  singular: 'agenda-item',
  says: 'An item of an agenda.',
  columns: {
    meeting: meetingColumn,
    number: { type: 'code', says: 'Its number as printed.' },
    title: { type: 'texts', says: 'Its title.', searched: true },
    parent: { type: 'id', says: 'The item that it belongs to.', of: 'agenda_items' },
    purpose: { type: 'code', says: 'What it is for.', oneOf: ITEM_PURPOSES },
  },
  audience: {
    within: [
      { column: 'parent', table: 'agenda_items' },
      { column: 'meeting', table: 'meetings' },
    ],
    otherwise: { kind: 'members' },
  },
});

export const attendance = table({
  name: 'attendance',
  singular: 'attendance',
  says: 'A stated count of those present, or somebody present by name.',
  columns: {
    meeting: meetingColumn,
    kind: { type: 'code', says: 'A count, or by name.', oneOf: ['stated', 'named'] },
    present: { type: 'integer', says: 'How many were present.' },
    entitled: { type: 'integer', says: 'Of how many that may be.' },
    of: { type: 'texts', says: 'Of whom.' },
    bodies: {
      type: 'json',
      says: 'Of the members of which body, at a meeting of several; of all of them, where they were counted together.',
    },
    evidence: { type: 'json', says: 'What it rests on.' },
    party: { type: 'json', says: 'Who was present.' },
    as: { type: 'code', says: 'Whether they count for the quorum.', oneOf: ['member', 'observer'] },
    mode: { type: 'code', says: 'How they took part.', oneOf: ATTENDANCE_MODES },
    arrived: { type: 'date', says: 'From when, where not from the opening.' },
    left: { type: 'date', says: 'Until when, where not to the end.' },
    occurredAt: placed.occurredAt,
  },
  audience: ofMeeting,
});

export const remarks = table({
  name: 'remarks',
  singular: 'remark',
  says: 'An intervention or statement.',
  columns: {
    ...placed,
    kind: { type: 'code', says: 'What kind of remark it is.', oneOf: REMARK_KINDS },
    speaker: { type: 'json', says: 'Who spoke.' },
    capacity: { type: 'texts', says: 'In what capacity.' },
    onBehalfOf: { type: 'id', says: 'On whose behalf.', of: 'organisations' },
    text: { type: 'texts', says: 'What was said.', searched: true },
    corrected: { type: 'boolean', says: 'Whether it was corrected since it was recorded.' },
  },
  audience: atTheTable,
});

export const views = table({
  name: 'views',
  singular: 'view',
  says: 'A view expressed: support, reservation, objection or request.',
  columns: {
    ...placed,
    stance: { type: 'code', says: 'For or against, or what was asked for.', oneOf: STANCES },
    on: { type: 'json', says: 'On what.' },
    by: { type: 'json', says: 'By whom: one, several, or delegates.' },
    text: { type: 'texts', says: 'The view.', searched: true },
  },
  audience: atTheTable,
});

export const proceedings = table({
  name: 'proceedings',
  singular: 'proceeding',
  says: 'A presentation, a plan presented, a panel or a discussion.',
  columns: {
    ...placed,
    kind: { type: 'code', says: 'What it was.', oneOf: ['presentation', 'plan-presentation', 'panel', 'discussion'] },
    title: { type: 'texts', says: 'Its title.', searched: true },
    document: { type: 'id', says: 'The plan that was presented.', of: 'documents' },
    parties: { type: 'json', says: 'Presenters or panellists.' },
    points: { type: 'json', says: 'The points made.' },
    askedFor: { type: 'json', says: 'What was asked for.' },
  },
  audience: atTheTable,
});

export const reviews = table({
  name: 'reviews',
  singular: 'review',
  says: 'The meeting considered a document.',
  columns: {
    ...placed,
    document: { type: 'id', says: 'The document.', of: 'documents' },
    version: { type: 'code', says: 'Its version.' },
    outcome: { type: 'code', says: 'What became of it.', oneOf: REVIEW_OUTCOMES },
    points: { type: 'json', says: 'What was highlighted.' },
  },
  audience: atTheTable,
});

export const meetingsList = list({
  name: 'meetings',
  table: meetings,
  says: 'Meetings.',
  scopes: ['body'],
  underEach: { scope: 'body', of: 'bodies' },
  filters: ['status'],
  sorts: ['starts'],
});
export const sittingsList = list({ name: 'sittings', table: sittings, says: 'Sittings of a meeting.', scopes: ['meeting'] });
export const chairingsList = list({ name: 'chairings', table: chairings, says: 'Who chaired a meeting.', scopes: ['meeting'] });
export const agendaItemsList = list({ name: 'agenda-items', table: agendaItems, says: 'The agenda of a meeting.', scopes: ['meeting'] });
export const attendanceList = list({
  name: 'attendance',
  table: attendance,
  says: 'Who attended a meeting.',
  scopes: ['meeting'],
  filters: ['kind', 'as'],
});
export const remarksList = list({
  name: 'remarks',
  table: remarks,
  says: 'Remarks made at a meeting.',
  scopes: ['meeting', 'item'],
  filters: ['kind'],
});
export const viewsList = list({
  name: 'views',
  table: views,
  says: 'Views expressed at a meeting.',
  scopes: ['meeting', 'item'],
  filters: ['stance'],
});
export const proceedingsList = list({
  name: 'proceedings',
  table: proceedings,
  says: 'Presentations, panels and discussions of a meeting.',
  scopes: ['meeting', 'item'],
  filters: ['kind'],
});
export const reviewsList = list({
  name: 'reviews',
  table: reviews,
  says: 'Documents that were reviewed.',
  scopes: ['meeting', 'document'],
});
