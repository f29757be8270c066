// A decision that covers seat allocations is completed in each of them; where it is no longer in force, what it approved is returned.
import { approvesSeats, decisions, returnsSeats, type DecisionReference, type DecisionTaken } from '#decisions/contracts';
import { streamName, type Uuid } from '#kernel';
import type { ProcessManager, Reaction, RegisterThen } from '#process-managers';
import type { ProjectedEvent } from '#read-models';
import { approveAllocation, returnAllocation, withdrawApproval } from './settle-allocation.js';
import { allocationsList } from './seats.projection.js';

/** Its name is that of what it did first: a new one would write its start into every log that is there. */
export const approvalManager: ProcessManager = {
  name: 'seat-allocation-approval',
  triggers: ['decision-taken', 'decision-superseded', 'decision-rescinded'],
  react: (trigger, register) => (trigger.type === 'decision-taken' ? settled(trigger) : unapproved(trigger, register)),
};

function settled({ streamId, data, meta }: ProjectedEvent): Reaction[] {
  const { decision, meeting, outcome, allocations = [], supersedes = [] } = data as unknown as DecisionTaken['data'];
  const command = approvesSeats(outcome) ? approveAllocation : returnsSeats(outcome) ? returnAllocation : undefined;
  if (!command) return [];
  return allocations.map((target) => {
    // The decision was taken on it, so it looked at it.
    const { revision } = meta.decidedOn!.find(({ stream }) => stream === streamName('allocation', target))!;
    return {
      command,
      target,
      input: { decision, proposal: streamId, meeting, seen: revision, replaces: supersedes.map((earlier) => earlier.decision) },
    };
  });
}

/** What the later decision approves in its turn is settled by that one by now, and is left alone. */
async function unapproved({ data }: ProjectedEvent, register: RegisterThen): Promise<Reaction[]> {
  const { decision: approvedBy, by } = data as unknown as { decision: Uuid; by: DecisionReference };
  const meeting = register.detail(decisions, by.decision)?.['meeting'];
  // Where the later decision is lost, nobody knows at which meeting it was.
  if (!meeting) return [];
  const approved = await register.list(allocationsList, { decision: approvedBy, status: 'approved' });
  return approved.map(({ id }) => ({ command: withdrawApproval, target: id, input: { approvedBy, ...by, meeting } }));
}
