// Remarks: who said what, in what capacity, under which item; and their corrections.
import {
  command,
  commons,
  present,
  sealOptional,
  sealParty,
  sealReason,
  sealText,
  type Audience,
  type Evidence,
  type LocalizedText,
  type PartyInput,
  type Reason,
  type Refusal,
  type Uuid,
} from '#kernel';
import { notDuring, whenLate } from './during.js';
import { meeting, type MeetingState } from './meeting.js';
import type { RemarkKind } from './meeting.events.js';
import { meetingRefusals } from './meeting-refusals.js';
import { findUnknownOrganisation, findUnknownParty } from './parties.js';

export interface MakeRemark {
  kind?: RemarkKind;
  speaker: PartyInput;
  capacity?: LocalizedText;
  onBehalfOf?: Uuid;
  sitting?: Uuid;
  item?: Uuid;
  text: LocalizedText;
  audience?: Audience;
}

export const makeRemark = command<MeetingState, MakeRemark, true>({
  name: 'make-remark',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'remark',
  look: async (input, look) =>
    (await findUnknownParty([{ party: input.speaker, field: 'speaker' }], look)) ??
    (await findUnknownOrganisation(input.onBehalfOf, 'onBehalfOf', look)) ??
    true,
  decide(input, state, context) {
    const barred = notDuring(state, context, input);
    if (barred) return barred;
    const { kind, speaker, capacity, onBehalfOf, sitting, item, text, audience } = input;
    const data = {
      ...commons(context),
      ...whenLate(state, context, input),
      remark: context.id('remark'),
      kind: kind ?? 'statement',
      speaker: sealParty(speaker),
      ...present({ capacity: sealOptional(capacity), onBehalfOf, sitting, item, audience }),
      text: sealText(text),
    };
    return [{ type: 'remark-made', data }];
  },
});

/** Refused where evidence names a remark that the meeting does not have, or that was struck. */
export function unknownRemark({ parts }: MeetingState, { remarks = [] }: Evidence): Refusal | undefined {
  const foreign = remarks.find((id) => parts.get(id) !== 'remark');
  return (
    foreign &&
    meetingRefusals['unknown-remark'](`The meeting has no remark ${foreign}.`, {
      fields: [{ field: 'evidence.remarks', reason: `${foreign} is no remark of this meeting` }],
    })
  );
}

export interface CorrectRemark {
  remark: Uuid;
  text?: LocalizedText;
  speaker?: PartyInput;
  capacity?: LocalizedText;
  struck?: boolean;
  reason: Reason;
}

export const correctRemark = command<MeetingState, CorrectRemark, true>({
  name: 'correct-remark',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  resource: (input) => input.remark,
  look: async (input, look) => (input.speaker && (await findUnknownParty([{ party: input.speaker, field: 'speaker' }], look))) ?? true,
  decide(input, state, context) {
    if (state.parts.get(input.remark) !== 'remark')
      return meetingRefusals['unknown-remark'](`The meeting has no remark ${input.remark}, or it was struck.`);
    if (!input.struck && !input.text && !input.speaker && !input.capacity)
      return meetingRefusals['correction-empty']('A remark is corrected in text, speaker or capacity, or struck.');
    const changes = {
      text: sealOptional(input.text),
      speaker: input.speaker && sealParty(input.speaker),
      capacity: sealOptional(input.capacity),
    };
    const data = {
      ...commons(context),
      remark: input.remark,
      ...(input.struck ? { struck: true as const } : present(changes)),
      reason: sealReason(input.reason),
    };
    return [{ type: 'remark-corrected', data }];
  },
});
