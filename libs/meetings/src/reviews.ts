// Documents before the meeting: a plan is presented, a plan or another document is reviewed.
import { document } from '#documents/contracts';
import {
  command,
  commons,
  present,
  sealAll,
  sealParty,
  type Audience,
  type LocalizedText,
  type Look,
  type PartyInput,
  type Refusal,
  type Uuid,
} from '#kernel';
import { notDuring, whenLate } from './during.js';
import { meeting, type MeetingState } from './meeting.js';
import type { ReviewOutcome } from './meeting.events.js';
import { meetingRefusals } from './meeting-refusals.js';
import { findUnknownParty } from './parties.js';

export interface PresentPlan {
  document: Uuid;
  presenters: PartyInput[];
  points: LocalizedText[];
  sitting?: Uuid;
  item?: Uuid;
  audience?: Audience;
}

interface DocumentSeen {
  isPlan: boolean;
}

async function lookAtDocument(id: Uuid, look: Look): Promise<DocumentSeen | Refusal> {
  const found = await look.at(document, id);
  if (!found)
    return meetingRefusals['unknown-document'](`There is no document ${id}.`, {
      fields: [{ field: 'document', reason: 'is not registered' }],
    });
  return { isPlan: found.kind === 'plan' };
}

export const presentPlan = command<MeetingState, PresentPlan, DocumentSeen>({
  name: 'present-plan',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'presentation',
  look: async (input, look) =>
    (await findUnknownParty(
      input.presenters.map((party, index) => ({ party, field: `presenters[${index}]` })),
      look,
    )) ?? lookAtDocument(input.document, look),
  decide(input, state, context) {
    const barred = notDuring(state, context, input);
    if (barred) return barred;
    if (!context.seen.isPlan) return meetingRefusals['not-a-plan']('Record a presentation instead.');
    const { document: plan, presenters, points, sitting, item, audience } = input;
    const data = {
      ...commons(context),
      ...whenLate(state, context, input),
      presentation: context.id('presentation'),
      document: plan,
      presenters: presenters.map(sealParty),
      points: sealAll(points),
      ...present({ sitting, item, audience }),
    };
    return [{ type: 'plan-presented', data }];
  },
});

export interface ReviewDocument {
  document: Uuid;
  version?: string;
  outcome: ReviewOutcome;
  points?: LocalizedText[];
  sitting?: Uuid;
  item?: Uuid;
  audience?: Audience;
}

/** Recorded as `plan-reviewed` for a plan, `document-reviewed` for any other. */
export const reviewDocument = command<MeetingState, ReviewDocument, DocumentSeen>({
  name: 'review-document',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'review',
  look: (input, look) => lookAtDocument(input.document, look),
  decide(input, state, context) {
    const barred = notDuring(state, context, input);
    if (barred) return barred;
    const { document: reviewed, version, outcome, points, sitting, item, audience } = input;
    const data = {
      ...commons(context),
      ...whenLate(state, context, input),
      review: context.id('review'),
      document: reviewed,
      outcome,
      ...present({ version, points: points && sealAll(points), sitting, item, audience }),
    };
    return [{ type: context.seen.isPlan ? 'plan-reviewed' : 'document-reviewed', data }];
  },
});
