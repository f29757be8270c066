// The register of meetings and of what happened at them.
import type { Audience } from '#kernel';
import { list, projection, table, type Opened, type ProjectedEvent, type TableDefinition, type TableWriter } from '#read-models';
import {
  ATTENDANCE_MODES,
  ITEM_PURPOSES,
  MEETING_FORMATS,
  REMARK_KINDS,
  REVIEW_OUTCOMES,
  STANCES,
  type DocumentReviewed,
  type MeetingEvent,
  type PartKind,
  type PlanReviewed,
} from './meeting.events.js';

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
    bodies: { type: 'json', says: 'All bodies that meet.' },
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
  audience: { within: [{ column: 'body', table: 'bodies' }], bodies: ['bodies'], otherwise: { kind: 'members' } },
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

/** Where an event of a meeting happened, as columns. */
const place = ({ streamId, occurredAt, data }: ProjectedEvent<string, { sitting?: string; item?: string }>) => ({
  meeting: streamId,
  sitting: data.sitting ?? null,
  item: data.item ?? null,
  occurredAt,
});

function reviewed(event: ProjectedEvent<string, Opened<(PlanReviewed | DocumentReviewed)['data']>>, t: TableWriter): void {
  const { data } = event;
  t.put(reviews, data.review, {
    ...place(event),
    document: data.document,
    version: data.version ?? null,
    outcome: data.outcome,
    points: data.points ?? null,
    audience: data.audience ?? null,
  });
}

/** Of a closed sitting that states no audience: nobody knows who may attend it, so its secretariat and auditors read it until one is set. */
const BEHIND_CLOSED_DOORS: Audience = { kind: 'restricted', organisations: [], roles: [] };

/** Where the parts of a meeting lie. */
const tableOfPart: Record<PartKind, TableDefinition> = {
  sitting: sittings,
  chairing: chairings,
  item: agendaItems,
  attendance,
  remark: remarks,
  view: views,
  presentation: proceedings,
  panel: proceedings,
  discussion: proceedings,
  review: reviews,
};

export const meetingsProjection = projection<MeetingEvent>({
  name: 'meetings',
  version: 2,
  tables: [meetings, sittings, chairings, agendaItems, attendance, remarks, views, proceedings, reviews],
  lists: [meetingsList, sittingsList, chairingsList, agendaItemsList, attendanceList, remarksList, viewsList, proceedingsList, reviewsList],
  apply: {
    'meeting-scheduled': ({ streamId, data }, t) =>
      t.put(meetings, streamId, {
        body: data.bodies[0]!,
        bodies: data.bodies,
        title: data.title,
        session: data.session ?? null,
        status: 'scheduled',
        starts: data.starts ?? null,
        ends: data.ends ?? null,
        zone: data.zone ?? null,
        venue: data.venue ?? null,
        format: data.format ?? null,
        host: data.host ?? null,
        agendaAdopted: false,
        audience: data.audience ?? null,
      }),
    'meeting-postponed': ({ streamId, data }, t) =>
      t.put(meetings, streamId, { status: data.starts ? 'scheduled' : 'postponed', starts: data.starts ?? null, ends: data.ends ?? null }),
    'meeting-cancelled': ({ streamId }, t) => t.put(meetings, streamId, { status: 'cancelled' }),
    'meeting-opened': ({ streamId, occurredAt }, t) => t.put(meetings, streamId, { status: 'open', opened: occurredAt }),
    'meeting-concluded': ({ streamId, occurredAt }, t) => t.put(meetings, streamId, { status: 'concluded', concluded: occurredAt }),
    'meeting-audience-set': ({ streamId, data }, t) => t.put(meetings, streamId, { audience: data.audience }),
    'part-audience-set': ({ data }, t) => t.put(tableOfPart[data.kind], data.part, { audience: data.audience }),
    'agenda-adopted': ({ streamId }, t) => t.put(meetings, streamId, { agendaAdopted: true }),
    'sitting-opened': ({ streamId, occurredAt, data }, t) =>
      t.put(sittings, data.sitting, {
        meeting: streamId,
        number: data.number,
        class: data.class,
        opened: occurredAt,
        audience: data.audience ?? (data.class === 'closed' ? BEHIND_CLOSED_DOORS : null),
      }),
    'sitting-closed': ({ occurredAt, data }, t) => t.put(sittings, data.sitting, { closed: occurredAt }),
    'chair-taken': ({ streamId, occurredAt, data }, t) =>
      t.put(chairings, data.chairing, {
        meeting: streamId,
        sitting: data.sitting ?? null,
        chair: data.chair,
        capacity: data.capacity ?? null,
        acting: data.acting ?? false,
        occurredAt,
      }),
    'agenda-item-added': ({ streamId, data }, t) =>
      t.put(agendaItems, data.item, {
        meeting: streamId,
        number: data.number,
        title: data.title,
        parent: data.parent ?? null,
        purpose: data.purpose,
        audience: data.audience ?? null,
      }),
    'attendance-stated': ({ streamId, occurredAt, data }, t) =>
      t.put(attendance, data.attendance, {
        meeting: streamId,
        kind: 'stated',
        present: data.present,
        entitled: data.entitled ?? null,
        of: data.of ?? null,
        evidence: data.evidence,
        occurredAt,
      }),
    'attendance-recorded': ({ streamId, occurredAt, data }, t) =>
      t.put(attendance, data.attendance, {
        meeting: streamId,
        kind: 'named',
        party: data.party,
        as: data.as,
        mode: data.mode ?? null,
        arrived: data.arrived ?? null,
        occurredAt,
      }),
    'attendance-ended': ({ data }, t) => t.put(attendance, data.attendance, { left: data.left }),
    'attendance-corrected': ({ data: { attendance: id, struck, present, entitled, as, mode, arrived, left } }, t) => {
      if (struck) return t.end(attendance, id);
      t.put(attendance, id, {
        ...(present !== undefined && { present }),
        ...(entitled !== undefined && { entitled }),
        ...(as && { as }),
        ...(mode && { mode }),
        ...(arrived && { arrived }),
        ...(left && { left }),
      });
    },
    'remark-made': (event, t) =>
      t.put(remarks, event.data.remark, {
        ...place(event),
        kind: event.data.kind,
        speaker: event.data.speaker,
        capacity: event.data.capacity ?? null,
        onBehalfOf: event.data.onBehalfOf ?? null,
        text: event.data.text,
        corrected: false,
        audience: event.data.audience ?? null,
      }),
    'remark-corrected': ({ data: { remark, struck, text, speaker, capacity } }, t) => {
      if (struck) return t.end(remarks, remark);
      t.put(remarks, remark, {
        ...(text && { text }),
        ...(speaker && { speaker: speaker }),
        ...(capacity && { capacity }),
        corrected: true,
      });
    },
    'view-expressed': (event, t) =>
      t.put(views, event.data.view, {
        ...place(event),
        stance: event.data.stance,
        on: event.data.on ?? null,
        by: event.data.by,
        text: event.data.text,
        audience: event.data.audience ?? null,
      }),
    'presentation-made': (event, t) =>
      t.put(proceedings, event.data.presentation, {
        ...place(event),
        kind: 'presentation',
        title: event.data.title,
        parties: event.data.presenters,
        points: event.data.points,
        askedFor: event.data.askedFor ?? null,
        audience: event.data.audience ?? null,
      }),
    'plan-presented': (event, t) =>
      t.put(proceedings, event.data.presentation, {
        ...place(event),
        kind: 'plan-presentation',
        document: event.data.document,
        parties: event.data.presenters,
        points: event.data.points,
        audience: event.data.audience ?? null,
      }),
    'panel-held': (event, t) =>
      t.put(proceedings, event.data.panel, {
        ...place(event),
        kind: 'panel',
        title: event.data.title,
        parties: event.data.panellists,
        points: event.data.points,
        audience: event.data.audience ?? null,
      }),
    'discussion-held': (event, t) =>
      t.put(proceedings, event.data.discussion, {
        ...place(event),
        kind: 'discussion',
        title: event.data.title,
        points: event.data.points,
        audience: event.data.audience ?? null,
      }),
    'plan-reviewed': reviewed,
    'document-reviewed': reviewed,
  },
});
