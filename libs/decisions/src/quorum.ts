// Rule 3: the quorum as at the moment of the decision.
import { neededFor, rulesOn, type BodyState } from '#bodies/contracts';
import { presentForQuorum, type MeetingState } from '#meetings/contracts';
import type { Outcome, QuorumTaken } from './proposal.events.js';

/** What a body may do without quorum. */
const WITHOUT_QUORUM: ReadonlySet<Outcome> = new Set(['noted', 'deferred', 'no-decision', 'lapsed']);

export const needsQuorum = (outcome: Outcome): boolean => !WITHOUT_QUORUM.has(outcome);

/** @param day the civil date on which the decision was taken */
export function quorumTaken(body: BodyState, meeting: MeetingState, outcome: Outcome, day: string): QuorumTaken {
  const there = presentForQuorum(meeting);
  const entitled = there?.entitled ?? membersOn(body, day);
  const rules = rulesOn(body, day);
  const purpose = outcome === 'elected' ? 'elections' : 'deciding';
  const rule = rules?.quorum.find((each) => each.for === purpose);
  const needed = neededFor(rules, purpose, entitled);
  return {
    status: !rule ? 'no-rule' : needed === undefined || !there ? 'unknown' : there.present >= needed ? 'met' : 'not-met',
    ...(there && { present: there.present }),
    ...(entitled !== undefined && { entitled }),
    ...(needed !== undefined && { needed }),
    ...(rule && rules?.article && { article: rules.article }),
  };
}

/** How many members the body has on a day; undefined where none is recorded. */
function membersOn(body: BodyState, day: string): number | undefined {
  let count = 0;
  for (const { as, from, until } of body.memberships.values()) {
    if (as === 'member' && from <= day && (until === undefined || day <= until)) count += 1;
  }
  return count > 0 ? count : undefined;
}
