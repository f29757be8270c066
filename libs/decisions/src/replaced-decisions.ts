// The decisions that a new one supersedes or rescinds: which they are, and whether they may be replaced.
import { happensBefore, type DecisionContext, type Look, type Refusal, type Uuid } from '#kernel';
import { decisionRefusals } from './decision-refusals.js';
import { leavesOpen, proposal, standsInForce, type ProposalState, type StandingDecision } from './proposal.js';
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
  ownStream: Uuid,
): Refusal | undefined {
  const decision = (reference.proposal === ownStream ? own : other)?.decisions.get(reference.decision);
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
  return undefined;
}

/** Of those that it replaces, named or since they left its proposal open: which were taken later than it. */
export function takenLater(
  others: readonly ReplacedDecision[],
  own: ProposalState,
  context: DecisionContext<unknown>,
): (Refusal | undefined)[] {
  const named = new Set(others.map(({ reference }) => reference.decision));
  return [
    ...others.map(({ reference, field, state }) =>
      later((reference.proposal === context.stream ? own : state)?.decisions.get(reference.decision), field, context),
    ),
    ...leftOpenLater(own, context, named),
  ];
}

/** Of the decisions that left the proposal open, those that were taken later than what ends that. */
export const leftOpenLater = (own: ProposalState, context: DecisionContext<unknown>, but: ReadonlySet<Uuid> = new Set()): Refusal[] =>
  [...own.decisions].flatMap(([id, decision]) =>
    !but.has(id) && standsInForce(decision) && leavesOpen(decision.outcome) ? (later(decision, 'occurredAt', context) ?? []) : [],
  );

function later(decision: StandingDecision | undefined, field: string, context: DecisionContext<unknown>): Refusal | undefined {
  if (!decision || !happensBefore(decision.taken, context)) return undefined;
  const reason = field === 'occurredAt' ? 'lies before a decision that left the proposal open' : 'was taken later';
  return decisionRefusals['decision-later'](
    `The body has ${decision.outcome} on ${decision.taken.at}, and this would have happened on ${context.occurredAt}.`,
    { fields: [{ field, reason }] },
  );
}

const unknownDecision = (reference: DecisionReference, field: string): Refusal =>
  decisionRefusals['unknown-decision'](`The stream ${reference.proposal} has no decision ${reference.decision}.`, {
    fields: [{ field, reason: 'is no decision' }],
  });
