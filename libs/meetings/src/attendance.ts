// Who was there: a stated count without names, or somebody by name, arriving and leaving.
import {
  command,
  commons,
  dayIn,
  emptyEvidence,
  isBy,
  isCivilDate,
  isOccurred,
  isSameTime,
  notYet,
  present,
  sealEvidence,
  sealOptional,
  sealParty,
  sealReason,
  type CivilDate,
  type Evidence,
  type LocalizedText,
  type Occurred,
  type Party,
  type PartyInput,
  type Reason,
  type Uuid,
} from '#kernel';
import { notDuring, timeOutside, whenLate } from './during.js';
import { meeting, type Attendance, type MeetingState } from './meeting.js';
import type { AttendanceMode } from './meeting.events.js';
import { meetingRefusals } from './meeting-refusals.js';
import { findUnknownParty } from './parties.js';
import { unknownRemark } from './remarks.js';

export interface StateAttendance {
  present: number;
  entitled?: number;
  of?: LocalizedText;
  /** The body whose members they are, at a meeting of several. */
  body?: Uuid;
  evidence: Evidence;
}

export const stateAttendance = command<MeetingState, StateAttendance>({
  name: 'state-attendance',
  on: meeting,
  roles: ['secretariat'],
  stream: 'existing',
  creates: 'attendance',
  decide(input, state, context) {
    const barred =
      notDuring(state, context) ??
      notMeeting(state, input.body) ??
      tooMany(input) ??
      emptyEvidence(input.evidence) ??
      unknownRemark(state, input.evidence);
    if (barred) return barred;
    const data = {
      ...commons(context),
      ...whenLate(state, context),
      attendance: context.id('attendance'),
      present: input.present,
      ...present({ entitled: input.entitled, of: sealOptional(input.of) }),
      ...(state.bodies.length > 1 && { bodies: input.body ? [input.body] : [...state.bodies] }),
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
    const { party, as, mode } = input;
    const left = lastLeft(state, party);
    if (left && !input.arrived && isBy(context.occurredAt, left, state.zone))
      return meetingRefusals['return-unclear'](`They left on ${left}. Say when they came back.`, {
        fields: [{ field: 'arrived', reason: 'is absent' }],
      });
    // Who was there before came back when that happened, and was away until then.
    const arrived = input.arrived ?? (left && context.occurredAt);
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
    if (attendance.left && isSameTime(attendance.left, input.left)) return [];
    if (attendance.left)
      return meetingRefusals['already-left'](`It is recorded that they left on ${attendance.left}. Correct the attendance.`, {
        fields: [{ field: 'left', reason: 'is another time' }],
      });
    return (
      notDuring(state, context) ??
      notYet(input.left, context.now, 'left') ??
      leftBefore(attendance.arrived, input.left, state) ??
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
    const { present: there, entitled, as, mode, arrived, left } = input;
    const said = present<object>(standing.kind === 'stated' ? { present: there, entitled } : { as, mode, arrived, left });
    if (!input.struck && Object.keys(said).length === 0) {
      return meetingRefusals['correction-empty'](
        standing.kind === 'stated'
          ? 'A stated attendance is corrected in present or entitled, or struck.'
          : 'An attendance by name is corrected in as, mode, arrived or left, or struck.',
      );
    }
    const changes = differing(said, standing);
    if (!input.struck && Object.keys(changes).length === 0) return [];
    const future = notYet(input.arrived, context.now, 'arrived') ?? notYet(input.left, context.now, 'left');
    if (future) return future;
    if (standing.kind === 'named' && !input.struck) {
      const reversed = leftBefore(input.arrived ?? standing.arrived, input.left ?? standing.left, state);
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
      ...(input.struck ? { struck: true as const } : changes),
      reason: sealReason(input.reason),
    };
    return [{ type: 'attendance-corrected', data }];
  },
});

/** What is said otherwise than it stands: what stands already is no correction, and puts nothing in question. */
function differing(said: object, standing: object): object {
  const before = standing as Record<string, unknown>;
  const isSo = (field: string, value: unknown): boolean =>
    value === before[field] || (isOccurred(value) && isOccurred(before[field]) && isSameTime(value, before[field]));
  return Object.fromEntries(Object.entries(said).filter(([field, value]) => !isSo(field, value)));
}

function leftBefore(arrived: Occurred | undefined, left: Occurred | undefined, { zone }: MeetingState) {
  if (!arrived || !left || isBy(arrived, left, zone)) return undefined;
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

function notMeeting(state: MeetingState, body: Uuid | undefined) {
  if (body === undefined || state.bodies.includes(body)) return undefined;
  return meetingRefusals['meeting-of-another-body'](`The body ${body} does not meet there.`, {
    fields: [{ field: 'body', reason: 'does not meet there' }],
  });
}

const isPresent = (state: MeetingState, party: PartyInput): boolean => attendancesOf(state, party).some(({ left }) => !left);

function lastLeft(state: MeetingState, party: PartyInput): Occurred | undefined {
  let last: Occurred | undefined;
  for (const { left } of attendancesOf(state, party)) if (left && (!last || isBy(last, left, state.zone))) last = left;
  return last;
}

type NamedAttendance = Extract<Attendance, { kind: 'named' }>;

function attendancesOf(state: MeetingState, party: PartyInput): NamedAttendance[] {
  const isTheirs = (named: Party): boolean =>
    party.person
      ? named.person === party.person
      : party.organisation !== undefined && named.organisation === party.organisation && !named.person;
  return [...state.attendance.values()].filter(
    (attendance): attendance is NamedAttendance => attendance.kind === 'named' && isTheirs(attendance.party),
  );
}

export interface StatedCount {
  present: number;
  entitled: number | undefined;
}

/** The latest count of the body's members by that time, whenever it was recorded; of several of one moment, or where only the day tells, the one that was recorded last. */
export function statedCount(state: MeetingState, at: Occurred, body: Uuid, zone: string | undefined): StatedCount | undefined {
  let latest: (StatedCount & { at: Occurred }) | undefined;
  for (const attendance of state.attendance.values()) {
    if (
      attendance.kind === 'stated' &&
      isCountOf(attendance.bodies, body) &&
      isBy(attendance.at, at, zone) &&
      (!latest || isBy(latest.at, attendance.at, zone))
    )
      latest = attendance;
  }
  return latest && { present: latest.present, entitled: latest.entitled };
}

/** Whether a count is one of this body's members: of several bodies together, it is of none of them; where none is named, of whichever meets. */
export const isCountOf = (bodies: readonly Uuid[] | null | undefined, body: Uuid): boolean =>
  !bodies || (bodies.length === 1 && bodies[0] === body);

/**
 * Who is recorded by name as a member; where a time is given, as present then; where a day is given, as present at some time of it.
 * @param at with the zone in which days are reckoned
 */
export function membersByName(state: MeetingState, at?: { when: Occurred; zone: string | undefined }): Party[] {
  const parties: Party[] = [];
  for (const attendance of state.attendance.values()) {
    if (attendance.kind !== 'named' || attendance.as !== 'member') continue;
    if (at === undefined || isThere(attendance, at.when, at.zone)) parties.push(attendance.party);
  }
  return parties;
}

const isThere = ({ arrived, left }: NamedAttendance, at: Occurred, zone: string | undefined): boolean =>
  (!arrived || isBy(arrived, at, zone)) && !(left && isGone(left, at, zone));

/** Where one of the two is a date alone, they were still there at some time of that day. */
const isGone = (left: Occurred, at: Occurred, zone: string | undefined): boolean =>
  isCivilDate(left) || isCivilDate(at) ? dayIn(left, zone) < dayIn(at, zone) : isBy(left, at, zone);

/** When the last member by name came on a day, as far as a time says so: by then, all of that day who had not left were there together. */
export function lastArrivalOn(state: MeetingState, day: CivilDate, zone: string | undefined): Occurred | undefined {
  let last: Occurred | undefined;
  for (const attendance of state.attendance.values()) {
    if (attendance.kind !== 'named' || attendance.as !== 'member') continue;
    const { arrived } = attendance;
    if (arrived && !isCivilDate(arrived) && dayIn(arrived, zone) === day && (!last || isBy(last, arrived, zone))) last = arrived;
  }
  return last;
}
