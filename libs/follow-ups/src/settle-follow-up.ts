// What becomes of a follow-up: progressed, completed, cancelled; and by the process manager carried over from meeting to meeting.
import {
  audienceKey,
  command,
  commons,
  emptyEvidence,
  happensBefore,
  present,
  sealEvidence,
  sealOptional,
  sealReason,
  sealText,
  type DecisionContext,
  type Evidence,
  type LocalizedText,
  type Reason,
  type Refusal,
  type Revision,
  type SetAudience,
  type Uuid,
} from '#kernel';
import { followUp, type FollowUpState } from './follow-up.js';
import { followUpRefusals } from './follow-up-refusals.js';

/** Why nothing more becomes of it, or not on that day. */
function barred({ status, assignedAt }: FollowUpState, context: DecisionContext): Refusal | undefined {
  if (status !== 'open') return followUpRefusals['follow-up-settled'](`It is ${status}.`);
  if (assignedAt === undefined || !happensBefore(assignedAt, context)) return undefined;
  return context.rules.broken(
    followUpRefusals['before-assigned'](`It was assigned on ${assignedAt.at}, and this would have happened on ${context.occurredAt}.`, {
      fields: [{ field: 'occurredAt', reason: 'lies before the assignment' }],
    }),
  );
}

export interface ProgressFollowUp {
  note: LocalizedText;
  evidence?: Evidence;
}

export const progressFollowUp = command<FollowUpState, ProgressFollowUp>({
  name: 'progress-follow-up',
  on: followUp,
  roles: ['secretariat'],
  stream: 'existing',
  decide: (input, state, context) =>
    barred(state, context) ??
    (input.evidence && emptyEvidence(input.evidence)) ?? [
      {
        type: 'follow-up-progressed',
        data: { ...commons(context), note: sealText(input.note), ...present({ evidence: input.evidence && sealEvidence(input.evidence) }) },
      },
    ],
});

export interface CompleteFollowUp {
  note?: LocalizedText;
  evidence: Evidence;
}

export const completeFollowUp = command<FollowUpState, CompleteFollowUp>({
  name: 'complete-follow-up',
  on: followUp,
  roles: ['secretariat'],
  stream: 'existing',
  decide(input, state, context) {
    if (state.status === 'completed') return [];
    return (
      barred(state, context) ??
      emptyEvidence(input.evidence) ?? [
        {
          type: 'follow-up-completed',
          data: { ...commons(context), ...present({ note: sealOptional(input.note) }), evidence: sealEvidence(input.evidence) },
        },
      ]
    );
  },
});

export interface CancelFollowUp {
  reason: Reason;
}

export const cancelFollowUp = command<FollowUpState, CancelFollowUp>({
  name: 'cancel-follow-up',
  on: followUp,
  roles: ['secretariat'],
  stream: 'existing',
  decide(input, state, context) {
    if (state.status === 'cancelled') return [];
    return barred(state, context) ?? [{ type: 'follow-up-cancelled', data: { ...commons(context), reason: sealReason(input.reason) } }];
  },
});

export const setFollowUpAudience = command<FollowUpState, SetAudience>({
  name: 'set-follow-up-audience',
  on: followUp,
  roles: ['secretariat'],
  stream: 'existing',
  decide(input, state, context) {
    if (state.audience === audienceKey(input.audience)) return [];
    return [{ type: 'follow-up-audience-set', data: { ...commons(context), audience: input.audience, reason: sealReason(input.reason) } }];
  },
});

/** What a process manager went by: the follow-up as it stood at the trigger. Where it has become due otherwise since, that is not its affair. */
interface Seen {
  seen: Revision;
}

const isDueAsSeen = (state: FollowUpState, { seen }: Seen): boolean => state.status === 'open' && state.dueSaidAt <= seen;

export interface MoveDue extends Seen {
  from: Uuid;
  to?: Uuid;
  waitsFor?: Uuid;
}

/** By the process manager alone: the meeting at which it was due concluded. */
export const carryOver = command<FollowUpState, MoveDue>({
  name: 'carry-over-follow-up',
  on: followUp,
  roles: ['system'],
  stream: 'existing',
  decide({ from, to, waitsFor, seen }, state) {
    if (!isDueAsSeen(state, { seen }) || state.dueAt !== from) return [];
    return [{ type: 'follow-up-carried-over', data: { from, ...present({ to, waitsFor }), count: state.carriedOver + 1 } }];
  },
});

/** By the process manager alone: the meeting at which it was due was cancelled. */
export const moveDue = command<FollowUpState, MoveDue>({
  name: 'move-follow-up',
  on: followUp,
  roles: ['system'],
  stream: 'existing',
  decide({ from, to, waitsFor, seen }, state) {
    if (!isDueAsSeen(state, { seen }) || state.dueAt !== from) return [];
    return [{ type: 'follow-up-due-moved', data: { from, ...present({ to, waitsFor }) } }];
  },
});

/** By the process manager alone: the meeting that it waited for is scheduled. */
export const setDue = command<FollowUpState, { meeting: Uuid; waitsFor: Uuid } & Seen>({
  name: 'set-follow-up-due',
  on: followUp,
  roles: ['system'],
  stream: 'existing',
  decide({ meeting, waitsFor, seen }, state) {
    if (!isDueAsSeen(state, { seen }) || state.dueAt !== undefined || state.waitsFor !== waitsFor) return [];
    return [{ type: 'follow-up-due-set', data: { meeting } }];
  },
});
