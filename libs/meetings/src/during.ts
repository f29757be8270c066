// Rule 2: when something that happened at a meeting may be recorded, and where in it.
import {
  earliestMs,
  isBy,
  lateness,
  latestMs,
  type DecisionContext,
  type DomainEvent,
  type EventCommons,
  type Occurred,
  type Place,
  type Refusal,
  type RuleBook,
  type Uuid,
} from '#kernel';
import type { Closing, MeetingState } from './meeting.js';
import { meetingRefusals } from './meeting-refusals.js';

/** Judged before anything of the meeting is: a refusal tells nobody how a meeting stands that is not theirs. */
export const notOf = (meeting: MeetingState, bodyId: Uuid): Refusal | undefined =>
  meeting.bodies.includes(bodyId)
    ? undefined
    : meetingRefusals['meeting-of-another-body'](`The body ${bodyId} does not meet there.`, {
        fields: [{ field: 'meeting', reason: 'is not of this body' }],
      });

/** The same, where what is placed at the meeting may concern several bodies. */
export const notOfSender = (meeting: MeetingState, context: DecisionContext, field: string, instead: string): Refusal | undefined =>
  context.writesForOneOf(meeting.bodies)
    ? undefined
    : meetingRefusals['meeting-of-another-body'](`No body for which you write meets there. ${instead}`, {
        fields: [{ field, reason: 'is of another body' }],
      });

/** Refused before the meeting opened; once it is over, or the sitting is where it is to lie, refused without a reason and a time. */
export function notDuring(state: MeetingState, context: DecisionContext, place: Place = {}): Refusal | undefined {
  if (state.status === 'cancelled') return meetingRefusals['meeting-cancelled']('Nothing happened at it.');
  if (state.status === 'scheduled' || state.status === 'postponed')
    return meetingRefusals['meeting-not-open'](`The meeting is ${state.status}.`);
  const over = overBy(state, place);
  return outside(state, over, context) ?? unsaid(over, context) ?? unknownPlace(state, place);
}

/** What the event says of having come late: only where it did. */
export const whenLate = (state: MeetingState, context: DecisionContext, place: Place = {}): Pick<EventCommons, 'late'> =>
  isLate(overBy(state, place), context) ? lateness(context) : {};

/** The meeting, or the sitting in it, that is over. */
interface Over {
  what: string;
  openedAt: Occurred;
  closed: Closing;
}

function overBy({ sittings, openedAt, concluded }: MeetingState, { sitting }: Place): Over | undefined {
  const found = sitting && sittings.get(sitting);
  if (found && found.closed) return { what: `sitting ${found.number}`, openedAt: found.openedAt, closed: found.closed };
  return concluded && { what: 'the meeting', openedAt: openedAt!, closed: concluded };
}

function isLate(over: Over | undefined, { typedAt }: DecisionContext): boolean {
  if (!over) return false;
  if (typedAt === undefined) return true;
  const typedMs = Date.parse(typedAt);
  return typedMs > Date.parse(over.closed.recordedAt) || typedMs < earliestMs(over.openedAt);
}

/** What is added later would count as of today, with today's members and rules, if it did not say when it happened. */
function unsaid(over: Over | undefined, context: DecisionContext): Refusal | undefined {
  if (!over) return undefined;
  if (isLate(over, context) && !context.late) {
    return meetingRefusals['late-without-reason'](
      `The closing of ${over.what} was recorded at ${over.closed.recordedAt}. Give a reason in late, such as {"code":"omitted"}.`,
      { fields: [{ field: 'late', reason: 'is missing' }] },
    );
  }
  if (context.saysWhen) return undefined;
  return meetingRefusals['late-without-time'](`The closing of ${over.what} was on ${over.closed.at}. Say in occurredAt when it happened.`, {
    fields: [{ field: 'occurredAt', reason: 'is missing' }],
  });
}

/** Clocks, zones and an opening that was recorded a little late account for a day. */
const TOLERATED_MS = 86_400_000;

const outside = (
  { openedAt }: MeetingState,
  over: Over | undefined,
  { occurredAt, saysWhen, rules }: DecisionContext,
): Refusal | undefined =>
  before(openedAt!, occurredAt, 'occurredAt', rules) ?? (saysWhen ? after(over, occurredAt, 'occurredAt', rules) : undefined);

/** Refused where a time that is stated of something at the meeting lies outside it, as when it happened is. */
export function timeOutside(
  state: MeetingState,
  when: Occurred | undefined,
  field: string,
  { rules }: DecisionContext,
): Refusal | undefined {
  if (when === undefined || state.openedAt === undefined) return undefined;
  return before(state.openedAt, when, field, rules) ?? after(overBy(state, {}), when, field, rules);
}

function before(openedAt: Occurred, when: Occurred, field: string, rules: RuleBook): Refusal | undefined {
  if (latestMs(when) + TOLERATED_MS >= earliestMs(openedAt)) return undefined;
  return rules.broken(
    meetingRefusals['before-meeting'](`It would have happened on ${when}, and the meeting opened on ${openedAt}.`, {
      fields: [{ field, reason: 'lies before the meeting' }],
    }),
  );
}

function after(over: Over | undefined, when: Occurred, field: string, rules: RuleBook): Refusal | undefined {
  if (!over || earliestMs(when) <= latestMs(over.closed.at) + TOLERATED_MS) return undefined;
  return rules.broken(
    meetingRefusals['after-meeting'](`It would have happened on ${when}, and ${over.what} closed on ${over.closed.at}.`, {
      fields: [{ field, reason: 'lies after the closing' }],
    }),
  );
}

/** Refused where a meeting or sitting would end before it began. */
export function closesBefore(openedAt: Occurred, { occurredAt, rules }: DecisionContext): Refusal | undefined {
  if (latestMs(occurredAt) >= earliestMs(openedAt)) return undefined;
  return rules.broken(
    meetingRefusals['closed-before-opened'](`It opened on ${openedAt}, and would close on ${occurredAt}.`, {
      fields: [{ field: 'occurredAt', reason: 'lies before the opening' }],
    }),
  );
}

/** It is so already; refused where another time is stated than is recorded, which would be lost without a word. When it was typed is no such statement. */
export function soAlready(
  recorded: Occurred,
  { zone }: MeetingState,
  { occurredAt, saysWhen, typedAt }: DecisionContext,
): DomainEvent[] | Refusal {
  const isSame = isBy(occurredAt, recorded, zone) && isBy(recorded, occurredAt, zone);
  if (!saysWhen || occurredAt === typedAt || isSame) return [];
  return meetingRefusals['another-time-recorded'](`It is recorded as of ${recorded}, and ${occurredAt} is stated. Leave occurredAt out.`, {
    fields: [{ field: 'occurredAt', reason: `is not ${recorded}` }],
  });
}

function unknownPlace(state: MeetingState, { sitting, item }: Place): Refusal | undefined {
  if (sitting && !state.sittings.has(sitting))
    return meetingRefusals['unknown-sitting'](`The meeting has no sitting ${sitting}.`, {
      fields: [{ field: 'sitting', reason: 'is no sitting of this meeting' }],
    });
  return item ? unknownItem(state, item) : undefined;
}

export const unknownItem = (state: MeetingState, item: Uuid, field = 'item'): Refusal | undefined =>
  state.items.has(item)
    ? undefined
    : meetingRefusals['unknown-item'](`The agenda has no item ${item}.`, { fields: [{ field, reason: 'is no item of this meeting' }] });
