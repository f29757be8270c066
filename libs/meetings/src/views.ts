// Views expressed: support, reservation, objection or request, by one, several or "delegates".
import {
  command,
  commons,
  present,
  sealParty,
  sealText,
  type Audience,
  type LocalizedText,
  type PartyInput,
  type Refusal,
  type Uuid,
} from '#kernel';
import { notDuring, whenLate } from './during.js';
import { meeting, type MeetingState } from './meeting.js';
import type { Stance, ViewExpressed, ViewSubject } from './meeting.events.js';
import { meetingRefusals } from './meeting-refusals.js';
import { findUnknownParty } from './parties.js';

export interface ExpressView {
  stance: Stance;
  on?: { kind: ViewSubject; id: Uuid };
  /** Nobody named: "delegates". One, or several. */
  by?: PartyInput[];
  /** Several, of whom not all are named. */
  several?: boolean;
  sitting?: Uuid;
  item?: Uuid;
  text: LocalizedText;
  audience?: Audience;
}

export const expressView = command<MeetingState, ExpressView, true>({
  name: 'express-view',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'view',
  look: async (input, look) =>
    (await findUnknownParty(
      (input.by ?? []).map((party, index) => ({ party, field: `by[${index}]` })),
      look,
    )) ?? true,
  decide(input, state, context) {
    const barred = notDuring(state, context, input) ?? unknownSubject(state, input.on);
    if (barred) return barred;
    const { stance, on, sitting, item, text, audience } = input;
    const data = {
      ...commons(context),
      ...whenLate(state, context, input),
      view: context.id('view'),
      stance,
      ...present({ on, sitting, item, audience }),
      by: whose(input),
      text: sealText(text),
    };
    return [{ type: 'view-expressed', data }];
  },
});

function whose({ by = [], several }: ExpressView): ViewExpressed['data']['by'] {
  const parties = by.map(sealParty);
  if (parties.length === 1 && !several) return { kind: 'one', party: parties[0]! };
  if (parties.length > 0 || several) return { kind: 'several', ...(parties.length > 0 && { parties }) };
  return { kind: 'delegates' };
}

/** What lies in this meeting must be there; documents and proposals lie in streams of their own, and the view keeps their ids. */
function unknownSubject(state: MeetingState, on: ExpressView['on']): Refusal | undefined {
  if (!on || on.kind === 'document' || on.kind === 'proposal' || state.parts.get(on.id) === on.kind) return undefined;
  return meetingRefusals['unknown-part'](`The meeting has no ${on.kind} ${on.id}.`, {
    fields: [{ field: 'on.id', reason: `is no ${on.kind} of this meeting` }],
  });
}
