// What each event of a meeting puts into the register.
import type { Audience } from '#kernel';
import { projection, type Opened, type ProjectedEvent, type TableDefinition, type TableWriter } from '#read-models';
import type { DocumentReviewed, MeetingEvent, PartKind, PlanReviewed } from './meeting.events.js';
import {
  agendaItems,
  agendaItemsList,
  attendance,
  attendanceList,
  chairings,
  chairingsList,
  meetings,
  meetingsList,
  proceedings,
  proceedingsList,
  remarks,
  remarksList,
  reviews,
  reviewsList,
  sittings,
  sittingsList,
  views,
  viewsList,
} from './meetings.tables.js';

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
    'part-audience-set': ({ data }, t) => t.setAudience(tableOfPart[data.kind], data.part, data.audience),
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
        bodies: data.bodies ?? null,
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
