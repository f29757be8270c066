// A proposal is introduced, and only then decided or withdrawn.
import { happensBefore, type DecisionContext, type Refusal } from '#kernel';
import { decisionRefusals } from './decision-refusals.js';
import type { ProposalState } from './proposal.js';

export function beforeIntroduced({ introducedAt }: ProposalState, context: DecisionContext): Refusal | undefined {
  if (introducedAt === undefined || !happensBefore(introducedAt, context)) return undefined;
  return decisionRefusals['before-introduced'](
    `The proposal was introduced on ${introducedAt.at}, and this would have happened on ${context.occurredAt}.`,
    { fields: [{ field: 'occurredAt', reason: 'lies before the introduction' }] },
  );
}
