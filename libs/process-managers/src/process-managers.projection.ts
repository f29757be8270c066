// The register of process managers: since when each acts.
import { list, projection, table } from '#read-models';
import type { ProcessManagerStarted } from '#event-store';

export const startedManagers = table({
  name: 'process_managers',
  singular: 'process-manager',
  says: 'What completes, after an event in one stream, what concerns another; since the record that it began with.',
  columns: { name: { type: 'code', says: 'Its name.' } },
  audience: { otherwise: { kind: 'restricted', organisations: [], roles: ['admin'] }, ofInstallation: true },
});

export const startedManagersList = list({ name: 'process-managers', table: startedManagers, says: 'Process managers.' });

export const processManagersProjection = projection<ProcessManagerStarted>({
  name: 'process-managers',
  tables: [startedManagers],
  lists: [startedManagersList],
  apply: { 'process-manager-started': ({ id, data }, t) => t.put(startedManagers, id, { name: data.name }) },
});
