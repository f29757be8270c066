// What becomes of a decision: its wording is corrected, a later one replaces it or takes it back, its audience is set.
import { audienceKey, command, commons, sealReason, sealText, type LocalizedText, type Reason, type Refusal, type SetAudience, type Uuid } from '#kernel';
import { decisionRefusals } from './decision-refusals.js';
import { proposal, type ProposalState } from './proposal.js';
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
      { type: 'decision-wording-corrected', data: { ...commons(context), decision: input.decision, wording: sealText(input.wording), reason: sealReason(input.reason) } },
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
    return [{ type: 'decision-audience-set', data: { ...commons(context), decision: input.decision, audience: input.audience, reason: sealReason(input.reason) } }];
  },
});

export interface ReplaceDecision {
  decision: Uuid;
  by: DecisionReference;
}

/** By the process manager alone: the later decision is taken already. */
const replaceDecision = (name: string, status: 'superseded' | 'rescinded') =>
  command<ProposalState, ReplaceDecision>({
    name,
    on: proposal,
    roles: ['system'],
    stream: 'existing',
    decide: (input, state) =>
      unknown(state, input.decision) ??
      (state.decisions.get(input.decision)!.status === status ? [] : [{ type: `decision-${status}`, data: { decision: input.decision, by: input.by } }]),
  });

export const supersedeDecision = replaceDecision('supersede-decision', 'superseded');
export const rescindDecision = replaceDecision('rescind-decision', 'rescinded');
