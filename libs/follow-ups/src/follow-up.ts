// What somebody owes, as commands need it.
import { audienceKey, timingOf, type Decider, type Revision, type Timing, type Uuid } from '#kernel';
import type { FollowUpEvent } from './follow-up.events.js';

export interface FollowUpState {
  exists: boolean;
  body: Uuid | undefined;
  /** When it was assigned, as stated. */
  assignedAt: Timing | undefined;
  status: 'open' | 'completed' | 'cancelled';
  /** The meeting at which it is due, where there is one. */
  dueAt: Uuid | undefined;
  /** The body for whose next meeting it waits. */
  waitsFor: Uuid | undefined;
  /** Of the last event that said when it is due, or what it waits for. */
  dueSaidAt: Revision;
  carriedOver: number;
  audience: string;
}

const SAYS_WHEN_DUE: ReadonlySet<FollowUpEvent['type']> = new Set([
  'follow-up-assigned',
  'follow-up-carried-over',
  'follow-up-due-moved',
  'follow-up-due-set',
]);

export const followUp: Decider<FollowUpState, FollowUpEvent> = {
  category: 'followup',
  initial: () => ({
    exists: false,
    body: undefined,
    assignedAt: undefined,
    status: 'open',
    dueAt: undefined,
    waitsFor: undefined,
    dueSaidAt: 0 as Revision,
    carriedOver: 0,
    audience: '',
  }),
  evolve(state, event) {
    if (SAYS_WHEN_DUE.has(event.type)) state.dueSaidAt = event.revision;
    switch (event.type) {
      case 'follow-up-assigned':
        Object.assign(state, {
          exists: true,
          body: event.data.body,
          assignedAt: timingOf(event),
          dueAt: event.data.due.meeting,
          waitsFor: event.data.due.nextMeetingOf,
          audience: audienceKey(event.data.audience),
        });
        break;
      case 'follow-up-completed':
        state.status = 'completed';
        break;
      case 'follow-up-cancelled':
        state.status = 'cancelled';
        break;
      case 'follow-up-carried-over':
        state.dueAt = event.data.to;
        state.waitsFor = event.data.to ? undefined : event.data.waitsFor;
        state.carriedOver = event.data.count;
        break;
      case 'follow-up-due-moved':
        state.dueAt = event.data.to;
        state.waitsFor = event.data.to ? undefined : event.data.waitsFor;
        break;
      case 'follow-up-due-set':
        state.dueAt = event.data.meeting;
        state.waitsFor = undefined;
        break;
      case 'follow-up-audience-set':
        state.audience = audienceKey(event.data.audience);
        break;
      case 'follow-up-progressed':
        break;
    }
    return state;
  },
  bodies: (state) => (state.body ? [state.body] : []),
  touches: (_event, stream) => [stream],
};
