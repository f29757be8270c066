// Who may read the meeting, or something in it, is set and released.
import { audienceKey, command, commons, sealReason, type SetAudience, type Uuid } from '#kernel';
import { meeting, type MeetingState } from './meeting.js';
import { meetingRefusals } from './meeting-refusals.js';

export const setMeetingAudience = command<MeetingState, SetAudience>({
  name: 'set-meeting-audience',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  decide(input, state, context) {
    if (state.audience === audienceKey(input.audience)) return [];
    return [{ type: 'meeting-audience-set', data: { ...commons(context), audience: input.audience, reason: sealReason(input.reason) } }];
  },
});

export interface SetPartAudience extends SetAudience {
  part: Uuid;
}

export const setPartAudience = command<MeetingState, SetPartAudience>({
  name: 'set-part-audience',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  resource: (input) => input.part,
  decide(input, state, context) {
    const kind = state.parts.get(input.part) ?? state.struck.get(input.part);
    if (!kind) return meetingRefusals['unknown-part'](`The meeting has nothing of the id ${input.part}.`);
    if (state.audiences.get(input.part) === audienceKey(input.audience)) return [];
    return [
      {
        type: 'part-audience-set',
        data: { ...commons(context), part: input.part, kind, audience: input.audience, reason: sealReason(input.reason) },
      },
    ];
  },
});
