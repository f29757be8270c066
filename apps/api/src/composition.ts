// All that the contexts contribute to reading the record, without Nest: the projector's thread loads it too.
import { bodiesProjection, bodyEventTypes, partyEventTypes } from '#bodies/record';
import { documentEventTypes, documentsProjection } from '#documents/record';
import { logEventTypes } from '#event-store';
import { identityProjection, tokenEventTypes } from '#identity/record';
import { meetingEventTypes, meetingsProjection } from '#meetings/record';
import { compile, EventCatalogue, type Projection } from '#read-models';

export const projections: readonly Projection[] = [identityProjection, bodiesProjection, meetingsProjection, documentsProjection];

export const catalogue = new EventCatalogue(logEventTypes, tokenEventTypes, bodyEventTypes, partyEventTypes, meetingEventTypes, documentEventTypes);

export const schema = compile(projections);
