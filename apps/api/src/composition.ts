// All that the contexts contribute to reading the record, without Nest: the projector's thread loads it too.
import { auditProjection } from '#audit/record';
import { bodiesProjection, bodyEventTypes, partyEventTypes } from '#bodies/record';
import { decisionsProjection, proposalEventTypes, replacementManager } from '#decisions/record';
import { documentEventTypes, documentsProjection } from '#documents/record';
import { logEventTypes } from '#event-store';
import { carryOverManager, followUpEventTypes, followUpsProjection } from '#follow-ups/record';
import { identityProjection, tokenEventTypes } from '#identity/record';
import { meetingEventTypes, meetingsProjection } from '#meetings/record';
import type { ProcessManager } from '#process-managers';
import { processManagersProjection } from '#process-managers/record';
import { compile, EventCatalogue, type Projection } from '#read-models';
import { allocationEventTypes, approvalManager, seatsProjection } from '#seats/record';

export const projections: readonly Projection[] = [
  processManagersProjection, identityProjection, bodiesProjection, meetingsProjection, documentsProjection, decisionsProjection, seatsProjection, followUpsProjection, auditProjection,
];

export const catalogue = new EventCatalogue(
  logEventTypes, tokenEventTypes, bodyEventTypes, partyEventTypes, meetingEventTypes, documentEventTypes, proposalEventTypes, allocationEventTypes, followUpEventTypes,
);

export const schema = compile(projections);

export const managers: readonly ProcessManager[] = [replacementManager, approvalManager, carryOverManager];
