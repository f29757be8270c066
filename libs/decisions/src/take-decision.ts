// A decision is taken: on a proposal, or without one; it may replace or take back others, and approve seat allocations.
import { body, bodyRefusals, type BodyState } from '#bodies/contracts';
import { document } from '#documents/contracts';
import {
  command,
  commons,
  emptyEvidence,
  present,
  sealEvidence,
  sealOptional,
  sealParty,
  sealText,
  type Audience,
  type CommandDefinition,
  type DecisionContext,
  type DomainEvent,
  type Evidence,
  type LocalizedText,
  type Look,
  type PartyInput,
  type Refusal,
  type Uuid,
} from '#kernel';
import { findUnknownParty, meetingRefusals, notDuring, notOf, unknownRemark, whenLate, type MeetingState } from '#meetings/contracts';
import { beforeProposed, lookAtAllocations, notApprovable, seatsBeyondQuota, type ApprovedAllocation } from './approved-allocations.js';
import { beforeIntroduced } from './before-introduced.js';
import { decisionRefusals } from './decision-refusals.js';
import { lookAtMeeting } from './look-at-meeting.js';
import { proposal, settledBy, type ProposalState } from './proposal.js';
import type { DecisionReference, Method, Outcome } from './proposal.events.js';
import { lookAtPersons, needsQuorum, quorumTaken, type WorksFor } from './quorum.js';
import { lookAtReplaced, notReplaceable, takenLater, type ReplacedDecision } from './replaced-decisions.js';

export interface TakeDecision {
  /** Of a decision without a proposal. */
  body?: Uuid;
  meeting: Uuid;
  sitting?: Uuid;
  item?: Uuid;
  outcome: Outcome;
  title?: LocalizedText;
  wording: LocalizedText;
  paragraphs?: { number: string; text: LocalizedText; addressee?: PartyInput }[];
  symbol?: string;
  method: Method;
  evidence: Evidence;
  document?: Uuid;
  supersedes?: DecisionReference[];
  rescinds?: DecisionReference[];
  allocations?: Uuid[];
  audience?: Audience;
}

interface Seen {
  body: BodyState;
  bodyId: Uuid;
  meeting: MeetingState;
  worksFor: WorksFor;
  others: ReplacedDecision[];
  allocations: ApprovedAllocation[];
}

type Taking = Pick<CommandDefinition<ProposalState, TakeDecision, Seen>, 'on' | 'roles' | 'creates' | 'look' | 'looksByState' | 'decide'>;

const taking: Taking = {
  on: proposal,
  roles: ['secretariat'],
  creates: 'decision',
  looksByState: true,
  look: async (input, look, state) => namedTwice(input) ?? lookAround(input, look, state),
  decide(input, state, context) {
    return barred(input, state, context) ?? decided(input, state, context);
  },
};

/** On a proposal. */
export const decideProposal = command<ProposalState, TakeDecision, Seen>({
  ...taking,
  name: 'decide-proposal',
  stream: 'existing',
  restsOnCompletions: () => true,
});

/** Without a proposal: opens a stream of its own. */
export const takeDecision = command<ProposalState, TakeDecision, Seen>({
  ...taking,
  name: 'take-decision',
  stream: 'new',
  bodiesOf: (input) => (input.body ? [input.body] : []),
  restsOnCompletions: ({ supersedes = [], rescinds = [], allocations = [] }) =>
    supersedes.length + rescinds.length + allocations.length > 0,
});

/** Ends with the first that it does not find: who names many unknown things has only one of them looked up. */
async function lookAround(input: TakeDecision, look: Look, own: ProposalState): Promise<Seen | Refusal> {
  const bodyId = own.body ?? input.body;
  const deciding = bodyId && (await look.at(body, bodyId));
  if (!deciding) return bodyRefusals['unknown-body'](`There is no body ${bodyId}.`, { fields: [{ field: 'body', reason: 'is no body' }] });
  const at = await lookAtMeeting(input, look);
  if (!('meeting' in at)) return at;
  const unknown = await unknownPapers(input, look);
  if (unknown) return unknown;
  const others = await lookAtReplaced(input, look, own);
  if (!Array.isArray(others)) return others;
  const allocations = await lookAtAllocations(input.allocations ?? [], look);
  if (!Array.isArray(allocations)) return allocations;
  return { body: deciding, bodyId, meeting: at.meeting!, worksFor: await lookAtPersons(at.meeting!, look), others, allocations };
}

async function unknownPapers(input: TakeDecision, look: Look): Promise<Refusal | undefined> {
  if (input.document && !(await look.at(document, input.document)))
    return meetingRefusals['unknown-document'](`There is no document ${input.document}.`, {
      fields: [{ field: 'document', reason: 'is not registered' }],
    });
  const addressees = (input.paragraphs ?? []).flatMap(({ addressee }, index) =>
    addressee ? [{ party: addressee, field: `paragraphs[${index}].addressee` }] : [],
  );
  return findUnknownParty(addressees, look);
}

function barred(input: TakeDecision, state: ProposalState, context: DecisionContext<Seen>): Refusal | undefined {
  const { meeting, bodyId, others, allocations } = context.seen;
  if (!context.isNew && !state.introduced)
    return decisionRefusals['no-proposal']('Take a new decision, and name the one that it supersedes.');
  if (state.withdrawn) return decisionRefusals['proposal-withdrawn']('Introduce it again as a new one.');
  const settled = settledBy(state);
  if (
    settled &&
    !input.supersedes?.some(({ decision }) => decision === settled[0]) &&
    !input.rescinds?.some(({ decision }) => decision === settled[0])
  ) {
    return decisionRefusals['already-decided'](`Decision ${settled[0]} is in force: the body has ${settled[1].outcome} it.`);
  }
  return (
    notOf(meeting, bodyId) ??
    notDuring(meeting, context, input) ??
    emptyEvidence(input.evidence) ??
    unknownRemark(meeting, input.evidence) ??
    others.map((other) => notReplaceable(other, bodyId, state, context.stream)).find(Boolean) ??
    allocations.map((each) => notApprovable(each, bodyId, input.supersedes)).find(Boolean)
  );
}

function namedTwice({ supersedes = [], rescinds = [], allocations = [] }: TakeDecision): Refusal | undefined {
  const all = [
    ...named('supersedes', supersedes),
    ...named('rescinds', rescinds),
    ...allocations.map((id) => ({ id, field: 'allocations' })),
  ];
  const first = new Map(all.map((each) => [each.id, each] as const).reverse());
  const again = all.find((each) => first.get(each.id) !== each);
  return (
    again && decisionRefusals['named-twice'](`${again.id} is named before.`, { fields: [{ field: again.field, reason: 'is named twice' }] })
  );
}

const named = (field: string, references: readonly DecisionReference[]): { id: Uuid; field: string }[] =>
  references.map(({ decision }, index) => ({ id: decision, field: `${field}[${index}]` }));

function decided(input: TakeDecision, state: ProposalState, context: DecisionContext<Seen>): DomainEvent[] | Refusal {
  const { bodyId, meeting: at, others, allocations: allocationsSeen } = context.seen;
  const quorum = quorumTaken(context.seen, input.outcome, context.occurredAt);
  const contested = quorum.status === 'not-met' && needsQuorum(input.outcome);
  const withoutQuorum = contested
    ? decisionRefusals['quorum-not-met'](
        `${quorum.present} are present, ${quorum.needed} are needed${quorum.entitled === undefined ? '' : ` of ${quorum.entitled}`}.`,
      )
    : undefined;
  const stopped = context.rules.check(
    beforeIntroduced(state, context),
    ...takenLater(others, state, context),
    ...allocationsSeen.map((each) => beforeProposed(each, context)),
    withoutQuorum,
    ...seatsBeyondQuota(input.outcome, allocationsSeen, context.occurredAt),
  );
  if (stopped) return stopped;
  const {
    meeting,
    sitting,
    item,
    outcome,
    title,
    wording,
    paragraphs,
    symbol,
    method,
    evidence,
    document: paper,
    supersedes,
    rescinds,
    allocations,
    audience,
  } = input;
  const data = {
    ...commons(context),
    ...whenLate(at, context, input),
    decision: context.id('decision'),
    body: bodyId,
    meeting,
    outcome,
    wording: sealText(wording),
    method,
    evidence: sealEvidence(evidence),
    quorum,
    ...(contested && { contested: true as const }),
    ...present({
      sitting,
      item,
      title: sealOptional(title),
      symbol,
      document: paper,
      allocations,
      audience,
      supersedes: supersedes?.map(plain),
      rescinds: rescinds?.map(plain),
      paragraphs: paragraphs?.map(({ number, text, addressee }) => ({
        number,
        text: sealText(text),
        ...(addressee && { addressee: sealParty(addressee) }),
      })),
    }),
  };
  return [{ type: 'decision-taken', data }];
}

const plain = ({ decision, proposal: stream }: DecisionReference): DecisionReference => ({ decision, proposal: stream });
