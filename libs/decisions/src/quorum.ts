// Rule 3: the quorum as at the moment of the decision.
import { membersOn, neededFor, person, rulesOn, type BodyState } from '#bodies/contracts';
import { lastArrivalOn, membersByName, statedCount, type MeetingState } from '#meetings/contracts';
import { dayIn, isCivilDate, type Look, type Occurred, type Uuid } from '#kernel';
import type { Outcome, QuorumTaken } from './proposal.events.js';

/** What a body may do without quorum. */
const WITHOUT_QUORUM: ReadonlySet<Outcome> = new Set(['noted', 'deferred', 'no-decision', 'lapsed']);

export const needsQuorum = (outcome: Outcome): boolean => !WITHOUT_QUORUM.has(outcome);

/** For whom persons are present who are recorded without an organisation: the one for which they work. */
export type WorksFor = ReadonlyMap<Uuid, Uuid>;

export async function lookAtPersons(meeting: MeetingState, look: Pick<Look, 'at'>): Promise<WorksFor> {
  const worksFor = new Map<Uuid, Uuid>();
  for (const party of membersByName(meeting)) {
    const found = party.person && !party.organisation ? await look.at(person, party.person) : undefined;
    if (found?.organisation) worksFor.set(party.person!, found.organisation);
  }
  return worksFor;
}

/** @param at when the decision was taken */
export function quorumTaken(
  { body, bodyId, meeting, worksFor }: { body: BodyState; bodyId: Uuid; meeting: MeetingState; worksFor: WorksFor },
  outcome: Outcome,
  at: Occurred,
): QuorumTaken {
  // Where it was decided, the day was that of the venue; where nobody says where that was, that of the body.
  const zone = meeting.zone ?? body.zone;
  const day = dayIn(at, zone);
  const members = new Set(membersOn(body, day));
  const there = statedCount(meeting, at, bodyId, zone) ?? countedByName(meeting, { when: at, zone }, worksFor, members);
  const entitled = there?.entitled ?? (members.size > 0 ? members.size : undefined);
  const rules = rulesOn(body, day);
  const ruledFor = (purpose: 'elections' | 'deciding') => rules?.quorum.find((each) => each.for === purpose);
  // An election is a decision: where nothing else is said of elections, the rule for decisions holds.
  const rule = (outcome === 'elected' ? ruledFor('elections') : undefined) ?? ruledFor('deciding');
  const needed = rule && neededFor(rules, rule.for, entitled);
  return {
    status: !rule ? 'no-rule' : needed === undefined || !there ? 'unknown' : there.present >= needed ? 'met' : 'not-met',
    ...(there && { present: there.present }),
    ...(entitled !== undefined && { entitled }),
    ...(needed !== undefined && { needed }),
    ...(rule && rules?.article && { article: rules.article }),
  };
}

/**
 * Each member once, whoever is there for it. Nobody knows the count while nobody is named, or no member is recorded; nor by a day alone
 * on which some had left before others came.
 */
function countedByName(
  meeting: MeetingState,
  { when: at, zone }: { when: Occurred; zone: string | undefined },
  worksFor: WorksFor,
  members: ReadonlySet<Uuid>,
): { present: number; entitled: undefined } | undefined {
  if (membersByName(meeting).length === 0 || members.size === 0) return undefined;
  const countAt = (when: Occurred): number => {
    const present = new Set<Uuid>();
    for (const party of membersByName(meeting, { when, zone })) {
      const organisation = party.organisation ?? (party.person && worksFor.get(party.person));
      if (organisation && members.has(organisation)) present.add(organisation);
    }
    return present.size;
  };
  const present = countAt(at);
  const together = isCivilDate(at) ? lastArrivalOn(meeting, at, zone) : undefined;
  return together && countAt(together) < present ? undefined : { present, entitled: undefined };
}
