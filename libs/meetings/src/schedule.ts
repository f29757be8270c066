// The meeting in time: scheduled, postponed, cancelled, opened, concluded.
import {
  command,
  commons,
  isBy,
  isRefusal,
  isSameTime,
  present,
  sealOptional,
  sealParty,
  sealReason,
  sealText,
  type Audience,
  type LocalizedText,
  type Occurred,
  type PartyInput,
  type Reason,
  type Refusal,
  type Uuid,
} from '#kernel';
import { body, bodyRefusals } from '#bodies/contracts';
import { closesBefore, soAlready } from './during.js';
import { meeting, type MeetingState } from './meeting.js';
import type { MeetingFormat } from './meeting.events.js';
import { meetingRefusals } from './meeting-refusals.js';
import { findUnknownParty } from './parties.js';

export interface ScheduleMeeting {
  bodies: Uuid[];
  title: LocalizedText;
  session?: number;
  starts?: Occurred;
  ends?: Occurred;
  zone?: string;
  venue?: LocalizedText;
  format?: MeetingFormat;
  host?: PartyInput;
  audience?: Audience;
}

export const scheduleMeeting = command<MeetingState, ScheduleMeeting, true>({
  name: 'schedule-meeting',
  on: meeting,
  roles: ['secretariat'],
  stream: 'new',
  creates: 'stream',
  bodiesOf: (input) => input.bodies,
  concernsEach: true,
  async look(input, look) {
    for (const [index, id] of input.bodies.entries()) {
      if (!(await look.at(body, id)))
        return bodyRefusals['unknown-body'](`There is no body ${id}.`, { fields: [{ field: `bodies[${index}]`, reason: 'is no body' }] });
    }
    const unknown = input.host && (await findUnknownParty([{ party: input.host, field: 'host' }], look));
    return unknown ?? true;
  },
  decide(input, _state, context) {
    const reversed = endsBefore(input, input.zone);
    if (reversed) return reversed;
    const { bodies, title, session, starts, ends, zone, venue, format, host, audience } = input;
    const data = {
      ...commons(context),
      bodies,
      title: sealText(title),
      ...present({ session, starts, ends, zone, venue: sealOptional(venue), format, host: host && sealParty(host), audience }),
    };
    return [{ type: 'meeting-scheduled', data }];
  },
});

export interface PostponeMeeting {
  starts?: Occurred;
  ends?: Occurred;
  reason: Reason;
}

export const postponeMeeting = command<MeetingState, PostponeMeeting>({
  name: 'postpone-meeting',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  decide(input, state, context) {
    const barred = notYetOpen(state) ?? endsBefore(input, state.zone);
    if (isRefusal(barred)) return barred;
    const isSo =
      state.status === (input.starts ? 'scheduled' : 'postponed') &&
      isSameWhen(input.starts, state.starts) &&
      isSameWhen(input.ends, state.ends);
    if (isSo) return [];
    return [
      {
        type: 'meeting-postponed',
        data: { ...commons(context), ...present({ starts: input.starts, ends: input.ends }), reason: sealReason(input.reason) },
      },
    ];
  },
});

export interface CancelMeeting {
  reason: Reason;
}

export const cancelMeeting = command<MeetingState, CancelMeeting>({
  name: 'cancel-meeting',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  decide(input, state, context) {
    if (state.status === 'cancelled') return [];
    return notYetOpen(state) ?? [{ type: 'meeting-cancelled', data: { ...commons(context), reason: sealReason(input.reason) } }];
  },
});

export const openMeeting = command<MeetingState, object>({
  name: 'open-meeting',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  decide(_input, state, context) {
    if (state.status === 'open') return soAlready(state.openedAt!, state, context);
    if (state.status === 'postponed') return meetingRefusals['meeting-without-date']('Postpone it to the time at which it starts.');
    return notYetOpen(state) ?? [{ type: 'meeting-opened', data: commons(context) }];
  },
});

export const concludeMeeting = command<MeetingState, object>({
  name: 'conclude-meeting',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  decide(_input, state, context) {
    if (state.status === 'concluded') return soAlready(state.concluded!.at, state, context);
    if (state.status !== 'open') return meetingRefusals['meeting-not-open'](`The meeting is ${state.status}.`);
    for (const sitting of state.sittings.values()) {
      if (!sitting.closed) return meetingRefusals['sitting-open'](`Sitting ${sitting.number} is open: close it first.`);
    }
    return closesBefore(state.openedAt!, context) ?? [{ type: 'meeting-concluded', data: commons(context) }];
  },
});

function notYetOpen(state: MeetingState): Refusal | undefined {
  if (state.status === 'cancelled') return meetingRefusals['meeting-cancelled']('Schedule another one.');
  if (state.status === 'open' || state.status === 'concluded')
    return meetingRefusals['meeting-not-scheduled'](`The meeting is ${state.status}.`);
  return undefined;
}

const isSameWhen = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined ? one === other : isSameTime(one, other);

function endsBefore({ starts, ends }: { starts?: Occurred; ends?: Occurred }, zone: string | undefined): Refusal | undefined {
  if (!starts || !ends) return undefined;
  if (isBy(starts, ends, zone)) return undefined;
  return meetingRefusals['period-reversed-meeting'](`It would begin on ${starts} and end on ${ends}.`, {
    fields: [{ field: 'ends', reason: 'lies before starts' }],
  });
}
