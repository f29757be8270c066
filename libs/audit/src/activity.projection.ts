// Who recorded what: each subject with what it recorded last. Its versions, newest first, are all that it ever recorded.
import { table, type ProjectedEvent, type Projection } from '#read-models';

export const activities = table({
  name: 'activities',
  singular: 'activity',
  says: 'What a subject recorded: a version a record.',
  columns: {
    type: { type: 'code', says: 'What was recorded: the type of the event.' },
    occurredAt: { type: 'date', says: 'When it happened, as stated.' },
    recordedAt: { type: 'date', says: 'When it was recorded.' },
    token: { type: 'id', says: 'The token that was used.' },
  },
  // Auditors see all, and each subject its own by itself; nobody else any.
  audience: { otherwise: { kind: 'restricted', organisations: [], roles: [] }, ofInstallation: true },
  repeats: true,
});

export const activityProjection: Projection = {
  name: 'activity',
  tables: [activities],
  apply: {},
  applyAny({ type, occurredAt, recordedAt, meta: { actor } }: ProjectedEvent, t) {
    // What follows from another's act was nobody's own.
    if (actor.role === 'system') return;
    t.put(activities, actor.subject, { type, occurredAt, recordedAt, token: actor.token ?? null });
  },
};
