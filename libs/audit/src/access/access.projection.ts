// The days of the nodes' access logs, each with the hash that the record keeps of it.
import type { LogEvent } from '#event-store';
import { list, projection, table } from '#read-models';

export const accessDays = table({
  name: 'access_days',
  singular: 'day of an access log',
  says: 'A day of a node’s access log, as it was when it was over.',
  columns: {
    node: { type: 'id', says: 'Whose log: the id in its directory.' },
    day: { type: 'date', says: 'The day, in UTC.' },
    entries: { type: 'integer', says: 'How many lines the file has.' },
    hash: { type: 'code', says: 'Hex SHA-256 of the file’s bytes.' },
  },
  audience: { otherwise: { kind: 'restricted', organisations: [], roles: ['admin'] }, ofInstallation: true },
});

export const accessDaysList = list({
  name: 'access-days',
  table: accessDays,
  says: 'Days of the nodes’ access logs, with their hashes.',
  filters: ['node', 'day'],
});

export const accessProjection = projection<LogEvent>({
  name: 'access',
  tables: [accessDays],
  lists: [accessDaysList],
  apply: { 'access-day-closed': ({ id, data }, t) => t.put(accessDays, id, data) },
});
