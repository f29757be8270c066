// A decision that supersedes or rescinds others is completed in the history of each of them.
import type { ProcessManager, Reaction } from '#process-managers';
import { rescindDecision, supersedeDecision } from './after-decision.js';
import type { DecisionTaken } from './proposal.events.js';

export const replacementManager: ProcessManager = {
  name: 'decision-replacement',
  triggers: ['decision-taken'],
  react({ streamId, data }): Reaction[] {
    const { decision, supersedes = [], rescinds = [] } = data as unknown as DecisionTaken['data'];
    const by = { decision, proposal: streamId };
    return [
      ...supersedes.map((replaced) => ({ command: supersedeDecision, target: replaced.proposal, input: { decision: replaced.decision, by } })),
      ...rescinds.map((takenBack) => ({ command: rescindDecision, target: takenBack.proposal, input: { decision: takenBack.decision, by } })),
    ];
  },
};
