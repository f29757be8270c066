// A decision that covers seat allocations is completed in each of them.
import type { DecisionTaken, Outcome } from '#decisions/contracts';
import { streamName } from '#kernel';
import type { ProcessManager, Reaction } from '#process-managers';
import { approveAllocation, returnAllocation } from './seat-holders.js';

const APPROVING: ReadonlySet<Outcome> = new Set(['adopted', 'approved', 'endorsed', 'recommended', 'ratified', 'elected']);
const RETURNING: ReadonlySet<Outcome> = new Set(['rejected', 'referred']);

export const approvalManager: ProcessManager = {
  name: 'seat-allocation-approval',
  triggers: ['decision-taken'],
  react({ streamId, data, meta }): Reaction[] {
    const { decision, meeting, outcome, allocations = [] } = data as unknown as DecisionTaken['data'];
    const command = APPROVING.has(outcome) ? approveAllocation : RETURNING.has(outcome) ? returnAllocation : undefined;
    if (!command) return [];
    return allocations.map((target) => {
      // The decision was taken on it, so it looked at it.
      const { revision } = meta.decidedOn!.find(({ stream }) => stream === streamName('allocation', target))!;
      return { command, target, input: { decision, proposal: streamId, meeting, seen: revision } };
    });
  },
};
