// Who was there: a stated count without names, or somebody by name, arriving and leaving.
import {
  command,
  commons,
  emptyEvidence,
  isBy,
  notYet,
  present,
  sealEvidence,
  sealOptional,
  sealParty,
  sealReason,
  type Evidence,
  type LocalizedText,
  type Occurred,
  type Party,
  type PartyInput,
  type Reason,
  type Uuid,
} from '#kernel';
import { notDuring, timeOutside, whenLate } from './during.js';
import { meeting, type MeetingState } from './meeting.js';
import type { AttendanceMode } from './meeting.events.js';
import { meetingRefusals } from './meeting-refusals.js';
import { findUnknownParty } from './parties.js';
import { unknownRemark } from './remarks.js';

export interface StateAttendance {
  present: number;
  entitled?: number;
  of?: LocalizedText;
  evidence: Evidence;
}

export const stateAttendance = command<MeetingState, StateAttendance>({
  name: 'state-attendance',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'attendance',
  decide(input, state, context) {
    const barred = notDuring(state, context) ?? tooMany(input) ?? emptyEvidence(input.evidence) ?? unknownRemark(state, input.evidence);
    if (barred) return barred;
    const data = {
      ...commons(context),
      ...whenLate(state, context),
      attendance: context.id('attendance'),
      present: input.present,
      ...present({ entitled: input.entitled, of: sealOptional(input.of) }),
      evidence: sealEvidence(input.evidence),
    };
    return [{ type: 'attendance-stated', data }];
  },
});

export interface RecordAttendance {
  party: PartyInput;
  as: 'member' | 'observer';
  mode?: AttendanceMode;
  arrived?: Occurred;
}

export const recordAttendance = command<MeetingState, RecordAttendance, true>({
  name: 'record-attendance',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'attendance',
  look: async (input, look) => (await findUnknownParty([{ party: input.party, field: 'party' }], look)) ?? true,
  decide(input, state, context) {
    const barred =
      notDuring(state, context) ?? notYet(input.arrived, context.now, 'arrived') ?? timeOutside(state, input.arrived, 'arrived', context);
    if (barred) return barred;
    if (isPresent(state, input.party)) return meetingRefusals['already-present']('Record that they left, or correct the attendance.');
    const { party, as, mode, arrived } = input;
    const data = {
      ...commons(context),
      ...whenLate(state, context),
      attendance: context.id('attendance'),
      party: sealParty(party),
      as,
      ...present({ mode, arrived }),
    };
    return [{ type: 'attendance-recorded', data }];
  },
});

export interface EndAttendance {
  attendance: Uuid;
  left: Occurred;
}

export const endAttendance = command<MeetingState, EndAttendance>({
  name: 'end-attendance',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  resource: (input) => input.attendance,
  decide(input, state, context) {
    const attendance = state.attendance.get(input.attendance);
    if (attendance?.kind !== 'named')
      return meetingRefusals['unknown-attendance'](`Nobody is recorded as present under ${input.attendance}.`);
    if (attendance.left === input.left) return [];
    if (attendance.left)
      return meetingRefusals['already-left'](`It is recorded that they left on ${attendance.left}. Correct the attendance.`, {
        fields: [{ field: 'left', reason: 'is another time' }],
      });
    return (
      notDuring(state, context) ??
      notYet(input.left, context.now, 'left') ??
      leftBefore(attendance.arrived, input.left) ??
      timeOutside(state, input.left, 'left', context) ?? [
        {
          type: 'attendance-ended',
          data: { ...commons(context), ...whenLate(state, context), attendance: input.attendance, left: input.left },
        },
      ]
    );
  },
});

export interface CorrectAttendance {
  attendance: Uuid;
  present?: number;
  entitled?: number;
  as?: 'member' | 'observer';
  mode?: AttendanceMode;
  arrived?: Occurred;
  left?: Occurred;
  struck?: boolean;
  reason: Reason;
}

export const correctAttendance = command<MeetingState, CorrectAttendance>({
  name: 'correct-attendance',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  resource: (input) => input.attendance,
  decide(input, state, context) {
    const standing = state.attendance.get(input.attendance);
    if (!standing) return meetingRefusals['unknown-attendance'](`The meeting has no attendance ${input.attendance}, or it was struck.`);
    const changes =
      standing.kind === 'stated'
        ? { present: input.present, entitled: input.entitled }
        : { as: input.as, mode: input.mode, arrived: input.arrived, left: input.left };
    if (!input.struck && Object.values(changes).every((value) => value === undefined)) {
      return meetingRefusals['correction-empty'](
        standing.kind === 'stated'
          ? 'A stated attendance is corrected in present or entitled, or struck.'
          : 'An attendance by name is corrected in as, mode, arrived or left, or struck.',
      );
    }
    const future = notYet(input.arrived, context.now, 'arrived') ?? notYet(input.left, context.now, 'left');
    if (future) return future;
    if (standing.kind === 'named' && !input.struck) {
      const reversed = leftBefore(input.arrived ?? standing.arrived, input.left ?? standing.left);
      if (reversed) return reversed;
      const outside = timeOutside(state, input.arrived, 'arrived', context) ?? timeOutside(state, input.left, 'left', context);
      if (outside) return outside;
    }
    if (standing.kind === 'stated') {
      const impossible = tooMany({ present: input.present ?? standing.present, entitled: input.entitled ?? standing.entitled });
      if (impossible) return impossible;
    }
    const data = {
      ...commons(context),
      attendance: input.attendance,
      ...(input.struck ? { struck: true as const } : present(changes)),
      reason: sealReason(input.reason),
    };
    return [{ type: 'attendance-corrected', data }];
  },
});

function leftBefore(arrived: Occurred | undefined, left: Occurred | undefined) {
  if (!arrived || !left || isBy(arrived, left)) return undefined;
  return meetingRefusals['left-before-arrived'](`They arrived on ${arrived}, and would have left on ${left}.`, {
    fields: [{ field: 'left', reason: 'lies before the arrival' }],
  });
}

function tooMany({ present: there, entitled }: { present: number; entitled?: number | undefined }) {
  if (entitled === undefined || there <= entitled) return undefined;
  return meetingRefusals['more-present-than-entitled'](`${there} are present of ${entitled} entitled.`, {
    fields: [{ field: 'present', reason: `is more than ${entitled}` }],
  });
}

function isPresent(state: MeetingState, party: PartyInput): boolean {
  for (const attendance of state.attendance.values()) {
    if (attendance.kind !== 'named' || attendance.left) continue;
    if (
      party.person
        ? attendance.party.person === party.person
        : party.organisation !== undefined && attendance.party.organisation === party.organisation && !attendance.party.person
    )
      return true;
  }
  return false;
}

export interface StatedCount {
  present: number;
  entitled: number | undefined;
}

/** The latest count by that time, whenever it was recorded; of several of one moment, or where only the day tells, the one that was recorded last. */
export function statedCount(state: MeetingState, at: Occurred): StatedCount | undefined {
  let latest: (StatedCount & { at: Occurred }) | undefined;
  for (const attendance of state.attendance.values()) {
    if (attendance.kind === 'stated' && isBy(attendance.at, at) && (!latest || isBy(latest.at, attendance.at))) latest = attendance;
  }
  return latest && { present: latest.present, entitled: latest.entitled };
}

/** Who is recorded by name as a member; where a time is given, as present then. */
export function membersByName(state: MeetingState, at?: Occurred): Party[] {
  const parties: Party[] = [];
  for (const attendance of state.attendance.values()) {
    if (attendance.kind !== 'named' || attendance.as !== 'member') continue;
    if (at === undefined || ((!attendance.arrived || isBy(attendance.arrived, at)) && !(attendance.left && isBy(attendance.left, at))))
      parties.push(attendance.party);
  }
  return parties;
}
