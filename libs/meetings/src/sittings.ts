// Sittings, and who is in the chair.
import { command, commons, present, sealOptional, sealParty, type Audience, type LocalizedText, type PartyInput, type Uuid } from '#kernel';
import { closesBefore, notDuring, soAlready, whenLate } from './during.js';
import { meeting, type MeetingState } from './meeting.js';
import { meetingRefusals } from './meeting-refusals.js';
import { findUnknownParty } from './parties.js';

export interface OpenSitting {
  class: 'open' | 'closed';
  audience?: Audience;
}

export const openSitting = command<MeetingState, OpenSitting>({
  name: 'open-sitting',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'sitting',
  decide(input, state, context) {
    const barred = notDuring(state, context);
    if (barred) return barred;
    for (const sitting of state.sittings.values()) {
      if (!sitting.closed) return meetingRefusals['sitting-open'](`Sitting ${sitting.number} is open.`);
    }
    const data = {
      ...commons(context),
      ...whenLate(state, context),
      sitting: context.id('sitting'),
      number: state.sittings.size + 1,
      class: input.class,
      ...present({ audience: input.audience }),
    };
    return [{ type: 'sitting-opened', data }];
  },
});

export interface CloseSitting {
  sitting: Uuid;
}

export const closeSitting = command<MeetingState, CloseSitting>({
  name: 'close-sitting',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  resource: (input) => input.sitting,
  decide(input, state, context) {
    const sitting = state.sittings.get(input.sitting);
    if (!sitting) return meetingRefusals['unknown-sitting'](`The meeting has no sitting ${input.sitting}.`);
    if (sitting.closed) return soAlready(sitting.closed.at, state, context);
    return (
      notDuring(state, context) ??
      closesBefore(sitting.openedAt, context) ?? [
        { type: 'sitting-closed', data: { ...commons(context), ...whenLate(state, context), sitting: input.sitting } },
      ]
    );
  },
});

export interface TakeChair {
  chair: PartyInput;
  sitting?: Uuid;
  capacity?: LocalizedText;
  acting?: boolean;
}

export const takeChair = command<MeetingState, TakeChair, true>({
  name: 'take-chair',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'chairing',
  look: async (input, look) => (await findUnknownParty([{ party: input.chair, field: 'chair' }], look)) ?? true,
  decide(input, state, context) {
    const barred = notDuring(state, context, input);
    if (barred) return barred;
    const data = {
      ...commons(context),
      ...whenLate(state, context, input),
      chairing: context.id('chairing'),
      chair: sealParty(input.chair),
      ...present({ sitting: input.sitting, capacity: sealOptional(input.capacity), acting: input.acting }),
    };
    return [{ type: 'chair-taken', data }];
  },
});
