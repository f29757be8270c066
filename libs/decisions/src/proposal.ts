// The proposal as commands need it: whether it stands, and which decision on it is in force; no texts.
import { audienceKey, timingOf, type Decider, type Timing, type Uuid } from '#kernel';
import type { Outcome, ProposalEvent } from './proposal.events.js';

export interface StandingDecision {
  outcome: Outcome;
  body: Uuid;
  /** When it was taken, as stated. */
  taken: Timing;
  status: 'in-force' | 'superseded' | 'rescinded';
  /** The decision that replaced it or took it back. Where that lies in this stream, so it is before its own event says so. */
  replacedBy: Uuid | undefined;
  audience: string;
}

export interface ProposalState {
  exists: boolean;
  body: Uuid | undefined;
  /** Whether a proposal was introduced; a decision without one opens its stream itself. */
  introduced: boolean;
  /** When it was introduced, as stated. */
  introducedAt: Timing | undefined;
  withdrawn: boolean;
  decisions: Map<Uuid, StandingDecision>;
  audience: string;
}

export const proposal: Decider<ProposalState, ProposalEvent> = {
  category: 'proposal',
  initial: () => ({
    exists: false,
    body: undefined,
    introduced: false,
    introducedAt: undefined,
    withdrawn: false,
    decisions: new Map(),
    audience: '',
  }),
  evolve(state, event) {
    state.exists = true;
    switch (event.type) {
      case 'proposal-introduced':
        state.introduced = true;
        state.introducedAt = timingOf(event);
        state.body = event.data.body;
        state.audience = audienceKey(event.data.audience);
        break;
      case 'proposal-withdrawn':
        state.withdrawn = true;
        break;
      case 'decision-taken': {
        const { decision, outcome, body, audience, supersedes = [], rescinds = [] } = event.data;
        state.body ??= body;
        const named = new Set([...supersedes, ...rescinds].map((earlier) => earlier.decision));
        for (const [id, earlier] of state.decisions) {
          // Rule 5: one decision is in force. What left the proposal open ends with the next decision on it, named or not.
          if (standsInForce(earlier) && (named.has(id) || leavesOpen(earlier.outcome))) earlier.replacedBy = decision;
        }
        state.decisions.set(decision, {
          outcome,
          body,
          taken: timingOf(event),
          status: 'in-force',
          replacedBy: undefined,
          audience: audienceKey(audience),
        });
        break;
      }
      case 'decision-superseded':
      case 'decision-rescinded':
        change(state, event.data.decision, {
          status: event.type === 'decision-superseded' ? 'superseded' : 'rescinded',
          replacedBy: event.data.by.decision,
        });
        break;
      case 'proposal-audience-set':
        state.audience = audienceKey(event.data.audience);
        break;
      case 'decision-audience-set':
        change(state, event.data.decision, { audience: audienceKey(event.data.audience) });
        break;
      case 'decision-wording-corrected':
      case 'decision-replacement-failed':
      case 'proposal-reopened':
      case 'quorum-questioned':
        break;
    }
    return state;
  },
  bodies: (state) => (state.body ? [state.body] : []),
  touches: (event, stream) => {
    // A decision changes its proposal too, where there is one: it does not open the stream then.
    if (event.type === 'decision-taken') return event.revision > 0 ? [event.data.decision, stream] : [event.data.decision];
    return 'decision' in event.data ? [event.data.decision] : [stream];
  },
};

/** The decision itself may be lost, where the stream is incomplete: then what became of it is passed over. */
function change(state: ProposalState, decision: Uuid, to: Partial<StandingDecision>): void {
  const standing = state.decisions.get(decision);
  if (standing) Object.assign(standing, to);
}

/** Outcomes after which the proposal is still to be decided. */
const LEAVES_OPEN: ReadonlySet<Outcome> = new Set(['deferred', 'referred', 'no-decision']);

export const leavesOpen = (outcome: Outcome): boolean => LEAVES_OPEN.has(outcome);

export const standsInForce = ({ status, replacedBy }: StandingDecision): boolean => status === 'in-force' && replacedBy === undefined;

/** The decision by which the proposal is settled, if one is in force. */
export function settledBy(state: ProposalState): [Uuid, StandingDecision] | undefined {
  for (const entry of state.decisions) {
    if (standsInForce(entry[1]) && !leavesOpen(entry[1].outcome)) return entry;
  }
  return undefined;
}
