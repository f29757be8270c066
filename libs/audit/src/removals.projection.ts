// The register of removals: what the law made go, when, by whom, why and on what authority. Of the texts themselves, only where they were.
import type { LogEvent } from '#event-store';
import { list, projection, table } from '#read-models';

export const removals = table({
  name: 'removals',
  singular: 'removal',
  says: 'A removal of typed texts that the law demanded.',
  columns: {
    records: { type: 'json', says: 'The records that held the texts.' },
    texts: { type: 'integer', says: 'How many texts were removed.' },
    by: { type: 'id', says: 'Who removed them: the subject.' },
    name: { type: 'json', says: 'The name of whoever removed them, as the record has it.' },
    occurredAt: { type: 'date', says: 'When it happened, as stated.' },
    recordedAt: { type: 'date', says: 'When it was recorded.' },
    reason: { type: 'texts', says: 'Why.' },
    authority: { type: 'texts', says: 'On what authority.' },
  },
  audience: { otherwise: { kind: 'restricted', organisations: [], roles: ['admin'] }, ofInstallation: true },
});

export const removalsList = list({
  name: 'removals',
  table: removals,
  says: 'Removals of typed texts that the law demanded.',
  filters: ['by'],
});

export const removalsProjection = projection<LogEvent>({
  name: 'removals',
  tables: [removals],
  lists: [removalsList],
  apply: {
    'value-removed': ({ id, data: { values, reason, authority }, meta: { actor }, occurredAt, recordedAt }, t) =>
      t.put(removals, id, {
        records: [...new Set(values.map(({ record }) => record))].sort((a, b) => a - b),
        texts: values.length,
        by: actor.subject,
        name: actor.name ?? null,
        occurredAt,
        recordedAt,
        reason,
        authority,
      }),
  },
});
