// What an auditor asks for first: rules that were departed from, and what was recorded after its meeting had closed.
import { derivedId, type Audience, type EventCommons, type Uuid } from '#kernel';
import { list, table, type Opened, type ProjectedEvent, type Projection, type TableWriter } from '#read-models';

const where = {
  type: { type: 'code', says: 'What was recorded: the type of the event.' },
  stream: { type: 'code', says: 'The stream in which it lies.' },
  body: { type: 'id', says: 'The body that it concerns: of a meeting of several, the first of them.', of: 'bodies' },
  bodies: { type: 'json', says: 'All bodies that it concerns.', of: 'bodies' },
  keptBy: { type: 'id', says: 'The body whose secretariat reads it, where it is not that of the meeting or the allocation.', of: 'bodies' },
  allocation: { type: 'id', says: 'The seat allocation that it concerns.', of: 'seat_allocations' },
  meeting: { type: 'id', says: 'The meeting at which it happened.', of: 'meetings' },
} as const;

/**
 * The lists gather what departed from the rules: auditors read them whole, the secretariat those of its bodies, nobody else. Each
 * exception stands in its event and with its decision besides: whoever sees these reads there why, and on what authority.
 */
const audience = {
  within: [
    // Whoever nominates departs from the rules of seats as well as who elects.
    { column: 'allocation', table: 'seat_allocations' },
    { column: 'meeting', table: 'meetings' },
  ],
  bodies: ['keptBy'],
  otherwise: { kind: 'restricted', organisations: [], roles: [] },
} as const;
const own: Audience = { kind: 'restricted', organisations: [], roles: [] };

export const exceptions = table({
  name: 'exceptions',
  singular: 'exception',
  says: 'A rule that was departed from, and why.',
  columns: {
    rule: { type: 'code', says: 'The refusal that was overridden, as docs/errors.md lists it, or what was found.' },
    as: { type: 'code', says: 'Whether it was overridden, or found to be so.', oneOf: ['override', 'discrepancy'] },
    ...where,
    reason: { type: 'texts', says: 'Why.' },
    authority: { type: 'texts', says: 'On what authority.' },
    evidence: { type: 'json', says: 'What shows it.' },
  },
  audience,
  repeats: true,
});

export const lateRecordings = table({
  name: 'late_recordings',
  singular: 'late-recording',
  says: 'Something that was recorded after its meeting had closed.',
  columns: {
    ...where,
    code: { type: 'code', says: 'The reason, coded.' },
    reason: { type: 'texts', says: 'The reason in words.' },
    occurredAt: { type: 'date', says: 'When it happened, as stated.' },
    typedAt: { type: 'date', says: 'When it was typed, by the clock of the client.' },
  },
  audience,
  repeats: true,
});

export const exceptionsList = list({
  name: 'exceptions',
  table: exceptions,
  says: 'Rules that were departed from.',
  scopes: ['body'],
  underEach: { scope: 'body', of: 'bodies' },
  filters: ['rule'],
});
export const lateRecordingsList = list({
  name: 'late-recordings',
  table: lateRecordings,
  says: 'What was recorded late.',
  scopes: ['body', 'meeting'],
  underEach: { scope: 'body', of: 'bodies' },
});

/** Another node moved a stream between the look at it and the append of what was decided on it. */
const MOVED_MEANWHILE = 'decided-on-moved';

type AnyData = Opened<EventCommons> & { body?: Uuid; meeting?: Uuid; nominatedBy?: Uuid };

/** Where the bodies of each kind of stream stand. */
const BODIES_IN: Readonly<Record<string, [table: string, column: string]>> = {
  meeting: ['meetings', 'bodies'],
  proposal: ['proposals', 'body'],
  allocation: ['seat_allocations', 'body'],
  followup: ['follow_ups', 'body'],
};

/** The body that the event names, or those of its stream. */
function bodiesOf({ stream, streamId, data }: ProjectedEvent, t: TableWriter): readonly string[] {
  const named = (data as AnyData).body;
  if (named) return [named];
  const kind = stream.slice(0, -streamId.length - 1);
  if (kind === 'body') return [streamId];
  const [table, column] = BODIES_IN[kind] ?? [];
  const found = table && t.scopeOf(table, streamId, column!);
  return found ? [found].flat() : [];
}

export const auditProjection: Projection = {
  name: 'audit',
  version: 4,
  tables: [exceptions, lateRecordings],
  lists: [exceptionsList, lateRecordingsList],
  apply: {},
  applyAny(event: ProjectedEvent, t: TableWriter) {
    const data = event.data as AnyData;
    if (!data.exceptions && !data.late && !event.slipped) return;
    const isOfMeeting = event.stream.startsWith('meeting-');
    const allocation =
      event.stream.startsWith('allocation-') && t.scopeOf('seat_allocations', event.streamId, 'body') ? event.streamId : null;
    const found = bodiesOf(event, t);
    // The body that nominates may be another one when seats are proposed anew: it is the one that this was recorded for.
    const nominating = allocation ? [data.nominatedBy, event.meta.actor.body].filter((each) => each !== undefined) : [];
    const bodies = [...new Set([...found, ...nominating])];
    const body = bodies[0] ?? null;
    const at = {
      type: event.type,
      stream: event.stream,
      body,
      bodies,
      keptBy: allocation || (isOfMeeting && !data.body) ? null : body,
      allocation,
      meeting: data.meeting ?? (isOfMeeting ? event.streamId : null),
    };
    for (const [index, { rule, as, reason, authority, evidence }] of (data.exceptions ?? []).entries()) {
      t.put(exceptions, derivedId(event.id, `exception/${index}`), {
        ...at,
        rule,
        as,
        reason: reason ?? null,
        authority: authority ?? null,
        evidence: evidence ?? null,
        audience: own,
      });
    }
    for (const [index, { stream, expected, actual }] of (event.slipped ?? []).entries()) {
      t.put(exceptions, derivedId(event.id, `slipped/${index}`), {
        ...at,
        rule: MOVED_MEANWHILE,
        as: 'discrepancy',
        reason: null,
        authority: null,
        evidence: { stream, expected, actual },
        audience: own,
      });
    }
    if (!data.late) return;
    t.put(lateRecordings, derivedId(event.id, 'late'), {
      ...at,
      code: data.late.code,
      reason: data.late.text ?? null,
      occurredAt: event.occurredAt,
      typedAt: event.meta.typedAt ?? null,
      audience: own,
    });
  },
};
