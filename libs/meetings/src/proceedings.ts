// What else happened at the table: presentations, panels, discussions.
import {
  command,
  commons,
  present,
  sealAll,
  sealParty,
  sealText,
  type Audience,
  type LocalizedText,
  type Look,
  type PartyInput,
  type Refusal,
  type Uuid,
} from '#kernel';
import { notDuring, whenLate } from './during.js';
import { meeting, type MeetingState } from './meeting.js';
import { findUnknownParty } from './parties.js';

interface Placed {
  sitting?: Uuid;
  item?: Uuid;
  audience?: Audience;
}

export interface MakePresentation extends Placed {
  title: LocalizedText;
  presenters: PartyInput[];
  points: LocalizedText[];
  askedFor?: LocalizedText[];
}

const findUnknownAmong = async (parties: readonly PartyInput[], field: string, look: Look): Promise<Refusal | true> =>
  (await findUnknownParty(
    parties.map((party, index) => ({ party, field: `${field}[${index}]` })),
    look,
  )) ?? true;

export const makePresentation = command<MeetingState, MakePresentation, true>({
  name: 'make-presentation',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'presentation',
  look: (input, look) => findUnknownAmong(input.presenters, 'presenters', look),
  decide(input, state, context) {
    const barred = notDuring(state, context, input);
    if (barred) return barred;
    const { title, presenters, points, askedFor, sitting, item, audience } = input;
    const data = {
      ...commons(context),
      ...whenLate(state, context, input),
      presentation: context.id('presentation'),
      title: sealText(title),
      presenters: presenters.map(sealParty),
      points: sealAll(points),
      ...present({ askedFor: askedFor && sealAll(askedFor), sitting, item, audience }),
    };
    return [{ type: 'presentation-made', data }];
  },
});

export interface HoldPanel extends Placed {
  title: LocalizedText;
  panellists: PartyInput[];
  points: LocalizedText[];
}

export const holdPanel = command<MeetingState, HoldPanel, true>({
  name: 'hold-panel',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'panel',
  look: (input, look) => findUnknownAmong(input.panellists, 'panellists', look),
  decide(input, state, context) {
    const barred = notDuring(state, context, input);
    if (barred) return barred;
    const { title, panellists, points, sitting, item, audience } = input;
    const data = {
      ...commons(context),
      ...whenLate(state, context, input),
      panel: context.id('panel'),
      title: sealText(title),
      panellists: panellists.map(sealParty),
      points: sealAll(points),
      ...present({ sitting, item, audience }),
    };
    return [{ type: 'panel-held', data }];
  },
});

export interface HoldDiscussion extends Placed {
  title: LocalizedText;
  points: LocalizedText[];
}

export const holdDiscussion = command<MeetingState, HoldDiscussion>({
  name: 'hold-discussion',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'discussion',
  decide(input, state, context) {
    const barred = notDuring(state, context, input);
    if (barred) return barred;
    const { title, points, sitting, item, audience } = input;
    const data = {
      ...commons(context),
      ...whenLate(state, context, input),
      discussion: context.id('discussion'),
      title: sealText(title),
      points: sealAll(points),
      ...present({ sitting, item, audience }),
    };
    return [{ type: 'discussion-held', data }];
  },
});
