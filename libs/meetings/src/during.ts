// Rule 2: when something that happened at a meeting may be recorded, and where in it.
import { earliestMs, lateness, latestMs, type DecisionContext, type EventCommons, type Place, type Refusal, type Uuid } from '#kernel';
import type { MeetingState } from './meeting.js';
import { meetingRefusals } from './meeting-refusals.js';

/** Refused before the meeting opened; after it closed, refused without a reason. */
export function notDuring(state: MeetingState, context: DecisionContext, place: Place = {}): Refusal | undefined {
  if (state.status === 'cancelled') return meetingRefusals['meeting-cancelled']('Nothing happened at it.');
  if (state.status === 'scheduled' || state.status === 'postponed') return meetingRefusals['meeting-not-open'](`The meeting is ${state.status}.`);
  const tooEarly = longBefore(state, context) && context.rules.broken(meetingRefusals['before-meeting'](`It would have happened on ${context.occurredAt}, and the meeting opened on ${state.openedAt}.`, { fields: [{ field: 'occurredAt', reason: 'lies before the meeting' }] }));
  if (tooEarly) return tooEarly;
  if (needsReason(state, context) && !context.late) {
    return meetingRefusals['late-without-reason'](`Its closing was recorded at ${state.closedAt}. Give a reason in late, such as {"code":"omitted"}.`, { fields: [{ field: 'late', reason: 'is missing' }] });
  }
  return unknownPlace(state, place);
}

/** What the event says of having come late: only where it did. */
export const whenLate = (state: MeetingState, context: DecisionContext): Pick<EventCommons, 'late'> => (needsReason(state, context) ? lateness(context) : {});

function needsReason(state: MeetingState, context: DecisionContext): boolean {
  if (state.status !== 'concluded') return false;
  if (context.typedAt === undefined) return true;
  const typedMs = Date.parse(context.typedAt);
  return typedMs > Date.parse(state.closedAt!) || typedMs < earliestMs(state.openedAt!);
}

/** Clocks, zones and an opening that was recorded a little late account for a day. */
const TOLERATED_MS = 86_400_000;

const longBefore = (state: MeetingState, { occurredAt }: DecisionContext): boolean => latestMs(occurredAt) + TOLERATED_MS < earliestMs(state.openedAt!);

function unknownPlace(state: MeetingState, { sitting, item }: Place): Refusal | undefined {
  if (sitting) {
    const found = state.sittings.get(sitting);
    if (!found) return meetingRefusals['unknown-sitting'](`The meeting has no sitting ${sitting}.`, { fields: [{ field: 'sitting', reason: 'is no sitting of this meeting' }] });
    if (!found.isOpen && state.status === 'open') return meetingRefusals['sitting-not-open'](`Sitting ${found.number} is closed.`);
  }
  return item ? unknownItem(state, item) : undefined;
}

export const unknownItem = (state: MeetingState, item: Uuid, field = 'item'): Refusal | undefined =>
  state.items.has(item) ? undefined : meetingRefusals['unknown-item'](`The agenda has no item ${item}.`, { fields: [{ field, reason: 'is no item of this meeting' }] });
