// The register of what is still owed.
import { list, projection, table } from '#read-models';
import type { FollowUpDueMoved, FollowUpEvent } from './follow-up.events.js';

export const followUps = table({
  name: 'follow_ups',
  singular: 'follow-up',
  says: 'What somebody owes.',
  columns: {
    body: { type: 'id', says: 'The body to which it is owed.', of: 'bodies' },
    owner: { type: 'json', says: 'Who owes it: an office, an organisation, a body or a person.' },
    action: { type: 'texts', says: 'What is owed.', searched: true },
    status: { type: 'code', says: 'Whether it is still owed.', oneOf: ['open', 'completed', 'cancelled'] },
    due: { type: 'json', says: 'When it is due, as assigned.' },
    dueOn: { type: 'date', says: 'The date on which it is due, where that is one.' },
    dueAt: { type: 'id', says: 'The meeting at which it is due by now.', of: 'meetings' },
    waitsFor: { type: 'id', says: 'The body for whose next meeting it waits.', of: 'bodies' },
    waitsAfter: {
      type: 'id',
      says: 'The meeting after which it is due: from which it was carried over, or at which it was asked for.',
      of: 'meetings',
    },
    carriedOver: { type: 'integer', says: 'How often it was carried over from one meeting to the next.' },
    from: { type: 'json', says: 'The decision, request or undertaking that it comes from.' },
    decision: { type: 'id', says: 'The decision that it comes from, where that is one.', of: 'decisions' },
    view: { type: 'id', says: 'The request that it comes from, where that is one.', of: 'views' },
    remark: { type: 'id', says: 'The remark that undertakes it, where that is one.', of: 'remarks' },
    note: { type: 'texts', says: 'What was done last towards it.' },
    evidence: { type: 'json', says: 'What shows it.' },
  },
  audience: {
    within: [
      { column: 'decision', table: 'decisions' },
      { column: 'view', table: 'views' },
      { column: 'remark', table: 'remarks' },
      { column: 'body', table: 'bodies' },
    ],
    bodies: ['body'],
    otherwise: { kind: 'members' },
  },
});

export const followUpsList = list({
  name: 'follow-ups',
  table: followUps,
  says: 'Follow-ups.',
  scopes: ['body', 'decision'],
  filters: ['status', 'dueAt', 'waitsFor'],
  sorts: ['dueOn'],
});

const dueThen = ({ to, waitsFor }: Pick<FollowUpDueMoved['data'], 'to' | 'waitsFor'>) => ({
  dueAt: to ?? null,
  waitsFor: to ? null : (waitsFor ?? null),
});

export const followUpsProjection = projection<FollowUpEvent>({
  name: 'follow-ups',
  version: 3,
  tables: [followUps],
  lists: [followUpsList],
  apply: {
    'follow-up-assigned': ({ streamId, data: { body, owner, action, due, from, audience } }, t) =>
      t.put(followUps, streamId, {
        body,
        owner: owner,
        action,
        status: 'open',
        due: due,
        dueOn: due.on ?? null,
        dueAt: due.meeting ?? null,
        waitsFor: due.nextMeetingOf ?? null,
        waitsAfter: from.meeting ?? null,
        carriedOver: 0,
        from: from,
        decision: from.decision ?? null,
        view: from.view ?? null,
        remark: from.remark ?? null,
        audience: audience ?? null,
      }),
    'follow-up-progressed': ({ streamId, data: { note, evidence } }, t) =>
      t.put(followUps, streamId, { note, ...(evidence && { evidence: evidence }) }),
    'follow-up-completed': ({ streamId, data: { note, evidence } }, t) =>
      t.put(followUps, streamId, { status: 'completed', ...(note && { note }), evidence: evidence }),
    'follow-up-cancelled': ({ streamId }, t) => t.put(followUps, streamId, { status: 'cancelled' }),
    'follow-up-carried-over': ({ streamId, data }, t) =>
      t.put(followUps, streamId, { ...dueThen(data), waitsAfter: data.from, carriedOver: data.count }),
    'follow-up-due-set': ({ streamId, data }, t) => t.put(followUps, streamId, { dueAt: data.meeting, waitsFor: null }),
    // The one that was cancelled comes before nothing.
    'follow-up-due-moved': ({ streamId, data }, t) => t.put(followUps, streamId, dueThen(data)),
    'follow-up-audience-set': ({ streamId, data }, t) => t.put(followUps, streamId, { audience: data.audience }),
  },
});
