// A decision that supersedes or rescinds others is completed in the history of each of them; what left its proposal open ends with it.
// And a correction of the attendance puts the quorums in question that rest on it.
import type { Uuid } from '#kernel';
import type { ProcessManager, Reaction } from '#process-managers';
import type { ProjectedEvent } from '#read-models';
import { endOpenDecisions, rescindDecisions, supersedeDecisions } from './after-decision.js';
import { questionQuorums } from './quorum-review.js';
import type { DecisionReference, DecisionTaken } from './proposal.events.js';

/** Its name is that of what it did first: a new one would write its start into every log that is there. */
export const replacementManager: ProcessManager = {
  name: 'decision-replacement',
  triggers: ['decision-taken', 'attendance-corrected'],
  react: (trigger, register) => (trigger.type === 'decision-taken' ? replacements(trigger) : questionQuorums(trigger, register)),
};

function replacements({ streamId, revision, data }: ProjectedEvent): Reaction[] {
  const { decision, meeting, supersedes = [], rescinds = [] } = data as unknown as DecisionTaken['data'];
  const by = { decision, proposal: streamId };
  const replacing = (command: typeof supersedeDecisions, references: readonly DecisionReference[]): Reaction[] =>
    byStream(references).map(([target, decisions]) => ({ command, target, input: { decisions, by, meeting } }));
  return [
    ...replacing(supersedeDecisions, supersedes),
    ...replacing(rescindDecisions, rescinds),
    // A decision that opens its stream has no proposal. What it names is dealt with by now.
    ...(revision > 0 ? [{ command: endOpenDecisions, target: streamId, input: { by } }] : []),
  ];
}

/** One command a stream: its id derives from the stream, not from the decisions in it. */
function byStream(references: readonly DecisionReference[]): [Uuid, Uuid[]][] {
  const streams = new Map<Uuid, Uuid[]>();
  for (const { proposal, decision } of references) streams.set(proposal, [...(streams.get(proposal) ?? []), decision]);
  return [...streams];
}
