// The decisions that a new one supersedes or rescinds: which they are, and whether they may be replaced.
import { liesBefore, timingOf, type DecisionContext, type Look, type Refusal, type Uuid } from '#kernel';
import { decisionRefusals } from './decision-refusals.js';
import { proposal, standsInForce, type ProposalState } from './proposal.js';
import type { DecisionReference } from './proposal.events.js';

export interface ReplacedDecision {
  reference: DecisionReference;
  field: string;
  /** Of its stream, where that is shown to the sender. */
  state: ProposalState | undefined;
}

/** Ends with the first that it does not find. */
export async function lookAtReplaced(
  input: { supersedes?: readonly DecisionReference[]; rescinds?: readonly DecisionReference[] },
  look: Look,
  own: ProposalState,
): Promise<ReplacedDecision[] | Refusal> {
  const others: ReplacedDecision[] = [];
  for (const [name, references] of [
    ['supersedes', input.supersedes],
    ['rescinds', input.rescinds],
  ] as const) {
    for (const [index, reference] of (references ?? []).entries()) {
      const field = `${name}[${index}]`;
      const state = await look.at(proposal, reference.proposal);
      const isShown = state?.decisions.has(reference.decision) && (await look.shows('decisions', reference.decision));
      if (!isShown && !own.decisions.has(reference.decision)) return unknownDecision(reference, field);
      others.push({ reference, field, state: isShown ? state : undefined });
    }
  }
  return others;
}

export function notReplaceable(
  { reference, field, state: other }: ReplacedDecision,
  bodyId: Uuid,
  own: ProposalState,
  context: DecisionContext<unknown>,
): Refusal | undefined {
  const decision = (reference.proposal === context.stream ? own : other)?.decisions.get(reference.decision);
  if (!decision) return unknownDecision(reference, field);
  if (decision.body !== bodyId)
    return decisionRefusals['decision-of-another-body'](`The body ${bodyId} did not take it.`, {
      fields: [{ field, reason: 'is of another body' }],
    });
  if (!standsInForce(decision))
    return decisionRefusals['decision-not-in-force'](
      `It was ${decision.status === 'in-force' ? 'replaced' : decision.status} by ${decision.replacedBy}.`,
      { fields: [{ field, reason: 'is not in force' }] },
    );
  if (liesBefore(timingOf(context), decision.taken))
    return decisionRefusals['decision-later'](`It was taken on ${decision.taken.at}, and this one on ${context.occurredAt}.`, {
      fields: [{ field, reason: 'was taken later' }],
    });
  return undefined;
}

const unknownDecision = (reference: DecisionReference, field: string): Refusal =>
  decisionRefusals['unknown-decision'](`The stream ${reference.proposal} has no decision ${reference.decision}.`, {
    fields: [{ field, reason: 'is no decision' }],
  });
