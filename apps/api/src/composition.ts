// All that the contexts contribute to reading the record, without Nest: the projector's thread loads it too.
import { accessProjection, activityProjection, auditProjection, removalsProjection } from '#audit/record';
import { bodiesProjection, bodyEventTypes, partyEventTypes } from '#bodies/record';
import { decisionsList, decisionsProjection, proposalEventTypes, replacementManager } from '#decisions/record';
import { documentEventTypes, documentsProjection } from '#documents/record';
import { logEventTypes } from '#event-store';
import { carryOverManager, followUpEventTypes, followUpsProjection } from '#follow-ups/record';
import type { EntityPlace } from '#http';
import { identityProjection, tokenEventTypes } from '#identity/record';
import { meetingEventTypes, meetingsProjection } from '#meetings/record';
import type { Category } from '#kernel';
import type { ProcessManager } from '#process-managers';
import { processManagersProjection } from '#process-managers/record';
import { compile, EventCatalogue, type Projection, type TableDefinition } from '#read-models';
import { allocationEventTypes, approvalManager, seatsProjection } from '#seats/record';

export const projections: readonly Projection[] = [
  processManagersProjection,
  identityProjection,
  bodiesProjection,
  meetingsProjection,
  documentsProjection,
  decisionsProjection,
  seatsProjection,
  followUpsProjection,
  auditProjection,
  activityProjection,
  removalsProjection,
  accessProjection,
];

export const catalogue = new EventCatalogue(
  logEventTypes,
  tokenEventTypes,
  bodyEventTypes,
  partyEventTypes,
  meetingEventTypes,
  documentEventTypes,
  proposalEventTypes,
  allocationEventTypes,
  followUpEventTypes,
);

export const schema = compile(projections);

export const managers: readonly ProcessManager[] = [replacementManager, approvalManager, carryOverManager];

const tableOf = (name: string): TableDefinition => schema.tables.get(name)!.definition;

/** Where what each kind of stream holds lies. */
export const entityPlaces: Partial<Record<Category, EntityPlace>> = {
  body: { table: tableOf('bodies') },
  organisation: { table: tableOf('organisations') },
  person: { table: tableOf('persons') },
  meeting: { table: tableOf('meetings') },
  document: { table: tableOf('documents'), mayBelongToNobody: true },
  allocation: { table: tableOf('seat_allocations') },
  followup: { table: tableOf('follow_ups') },
  token: { table: tableOf('tokens') },
  // A decision that no proposal preceded lies in such a stream by itself.
  proposal: { table: tableOf('proposals'), parts: { list: decisionsList, by: 'proposal' } },
};
