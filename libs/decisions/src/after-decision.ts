// What becomes of a decision: its wording is corrected, a later one replaces it or takes it back, its audience is set.
import {
  audienceKey,
  command,
  commons,
  isRefusal,
  sealReason,
  sealText,
  type DomainEvent,
  type LocalizedText,
  type Reason,
  type RecordedException,
  type Refusal,
  type SetAudience,
  type Uuid,
} from '#kernel';
import { decisionRefusals } from './decision-refusals.js';
import { leavesOpen, proposal, settledBy, type ProposalState } from './proposal.js';
import type { DecisionReference } from './proposal.events.js';

const unknown = (state: ProposalState, decision: Uuid): Refusal | undefined =>
  state.decisions.has(decision) ? undefined : decisionRefusals['unknown-decision'](`The stream has no decision ${decision}.`);

export interface CorrectWording {
  decision: Uuid;
  wording: LocalizedText;
  reason: Reason;
}

export const correctWording = command<ProposalState, CorrectWording>({
  name: 'correct-decision-wording',
  on: proposal,
  roles: ['secretariat'],
  stream: 'existing',
  resource: (input) => input.decision,
  decide: (input, state, context) =>
    unknown(state, input.decision) ?? [
      {
        type: 'decision-wording-corrected',
        data: { ...commons(context), decision: input.decision, wording: sealText(input.wording), reason: sealReason(input.reason) },
      },
    ],
});

export interface SetDecisionAudience extends SetAudience {
  decision: Uuid;
}

export const setDecisionAudience = command<ProposalState, SetDecisionAudience>({
  name: 'set-decision-audience',
  on: proposal,
  roles: ['secretariat'],
  stream: 'existing',
  resource: (input) => input.decision,
  decide(input, state, context) {
    const missing = unknown(state, input.decision);
    if (missing) return missing;
    if (state.decisions.get(input.decision)!.audience === audienceKey(input.audience)) return [];
    return [
      {
        type: 'decision-audience-set',
        data: { ...commons(context), decision: input.decision, audience: input.audience, reason: sealReason(input.reason) },
      },
    ];
  },
});

export interface ReplaceDecisions {
  /** Of the target's stream, those that the later one names. */
  decisions: Uuid[];
  by: DecisionReference;
  /** At which the later one was taken. */
  meeting: Uuid;
}

const REPLACED = { superseded: 'decision-superseded', rescinded: 'decision-rescinded' } as const;

/** By the process manager alone: the later decision is taken already. What another one had replaced before is an exception. */
const replaceDecisions = (name: string, status: keyof typeof REPLACED) =>
  command<ProposalState, ReplaceDecisions>({
    name,
    on: proposal,
    roles: ['system'],
    stream: 'existing',
    decide({ decisions, by, meeting }, state) {
      const missing = decisions.map((decision) => unknown(state, decision)).find(isRefusal);
      if (missing) return missing;
      const events: DomainEvent[] = decisions.flatMap((decision): DomainEvent[] => {
        const earlier = state.decisions.get(decision)!;
        if (earlier.status === 'in-force') return [{ type: REPLACED[status], data: { decision, by } }];
        return earlier.replacedBy === by.decision
          ? []
          : [{ type: 'decision-replacement-failed', data: { decision, by, body: earlier.body, meeting, exceptions: [NOT_IN_FORCE] } }];
      });
      return status === 'rescinded' && decisions.some((decision) => leavesUndecided(state, decision))
        ? [...events, { type: 'proposal-reopened', data: { by } }]
        : events;
    },
  });

const NOT_IN_FORCE: RecordedException = { rule: 'decision-not-in-force', as: 'discrepancy' };

/** Whether the proposal is to be decided again once this decision is taken back: by one that lies elsewhere, which does not decide it. */
const leavesUndecided = (state: ProposalState, decision: Uuid): boolean =>
  state.introduced && !state.withdrawn && settledBy(state)?.[0] === decision;

export const supersedeDecisions = replaceDecisions('supersede-decision', 'superseded');
export const rescindDecisions = replaceDecisions('rescind-decision', 'rescinded');

/** By the process manager alone: the proposal is taken up again, and what had left it open is over. */
export const endOpenDecisions = command<ProposalState, { by: DecisionReference }>({
  name: 'end-open-decisions',
  on: proposal,
  roles: ['system'],
  stream: 'existing',
  decide: ({ by }, state) =>
    [...state.decisions]
      .filter(([, { status, replacedBy, outcome }]) => status === 'in-force' && replacedBy === by.decision && leavesOpen(outcome))
      .map(([decision]) => ({ type: 'decision-superseded', data: { decision, by } })),
});

export interface QuestionQuorum {
  decisions: Uuid[];
  meeting: Uuid;
  /** The attendance that was corrected. */
  attendance: Uuid;
}

/** By the process manager alone: rule 3, a stored quorum is never rewritten; a correction of the attendance raises a flag. */
export const questionQuorum = command<ProposalState, QuestionQuorum>({
  name: 'question-quorum',
  on: proposal,
  roles: ['system'],
  stream: 'existing',
  decide: ({ decisions, meeting, attendance }, state) =>
    decisions.map((decision) => unknown(state, decision)).find(isRefusal) ??
    decisions.map((decision) => ({
      type: 'quorum-questioned',
      data: {
        decision,
        body: state.decisions.get(decision)!.body,
        meeting,
        attendance,
        exceptions: [{ rule: 'attendance-corrected', as: 'discrepancy' }],
      },
    })),
});
