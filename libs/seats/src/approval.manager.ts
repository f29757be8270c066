// A decision that covers seat allocations is completed in each of them.
import type { DecisionTaken, Outcome } from '#decisions/contracts';
import type { ProcessManager, Reaction } from '#process-managers';
import { approveAllocation, returnAllocation } from './seat-holders.js';

const APPROVING: ReadonlySet<Outcome> = new Set(['adopted', 'approved', 'endorsed', 'recommended', 'ratified', 'elected']);
const RETURNING: ReadonlySet<Outcome> = new Set(['rejected', 'referred']);

export const approvalManager: ProcessManager = {
  name: 'seat-allocation-approval',
  triggers: ['decision-taken'],
  react({ streamId, data }): Reaction[] {
    const { decision, meeting, outcome, allocations = [] } = data as unknown as DecisionTaken['data'];
    const command = APPROVING.has(outcome) ? approveAllocation : RETURNING.has(outcome) ? returnAllocation : undefined;
    return command ? allocations.map((target) => ({ command, target, input: { decision, proposal: streamId, meeting } })) : [];
  },
};
