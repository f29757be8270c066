// A decision is taken: on a proposal, or without one; it may replace or take back others, and approve seat allocations.
import { body, bodyRefusals, type BodyState } from '#bodies/contracts';
import { document } from '#documents/contracts';
import {
  command,
  commons,
  emptyEvidence,
  liesBefore,
  present,
  sealEvidence,
  sealOptional,
  sealParty,
  sealText,
  timingOf,
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
import { allocation, approvedBeyondQuota, type AllocationState } from '#seats/contracts';
import { beforeIntroduced } from './before-introduced.js';
import { decisionRefusals } from './decision-refusals.js';
import { lookAtMeeting } from './look-at-meeting.js';
import { approvesSeats } from './outcome-for-seats.js';
import { proposal, settledBy, standsInForce, type ProposalState } from './proposal.js';
import type { DecisionReference, Method, Outcome } from './proposal.events.js';
import { lookAtPersons, needsQuorum, quorumTaken, type WorksFor } from './quorum.js';

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
  others: { reference: DecisionReference; field: string; state: ProposalState | undefined }[];
  /** `on`: the body that has the seats. */
  allocations: { id: Uuid; state: AllocationState; on: BodyState | undefined }[];
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
  const others: Seen['others'] = [];
  for (const [name, references] of [
    ['supersedes', input.supersedes],
    ['rescinds', input.rescinds],
  ] as const) {
    for (const [index, reference] of (references ?? []).entries()) {
      const field = `${name}[${index}]`;
      const state = await look.at(proposal, reference.proposal);
      const isShown = state?.decisions.has(reference.decision) && (await look.shows('decisions', reference.decision));
      if (!isShown && !own.decisions.has(reference.decision)) return unknownDecision(reference, field);
      others.push({ reference, field, state: isShown ? state : undefined });
    }
  }
  const allocations: Seen['allocations'] = [];
  for (const id of input.allocations ?? []) {
    const state = await look.at(allocation, id);
    if (!state) return notProposed(id, 'not there');
    allocations.push({ id, state, on: state.body && (await look.at(body, state.body)) });
  }
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
    others.map((other) => notReplaceable(other, bodyId, state, context)).find(Boolean) ??
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

function notReplaceable(
  { reference, field, state: other }: Seen['others'][number],
  bodyId: Uuid,
  own: ProposalState,
  context: DecisionContext<Seen>,
): Refusal | undefined {
  const decision = (reference.proposal === context.stream ? own : other)?.decisions.get(reference.decision);
  if (!decision) return unknownDecision(reference, field);
  if (decision.body !== bodyId)
    return decisionRefusals['decision-of-another-body'](`The body ${bodyId} did not take it.`, {
      fields: [{ field, reason: 'is of another body' }],
    });
  if (!standsInForce(decision))
    return decisionRefusals['decision-not-in-force'](
      `It was ${decision.status === 'in-force' ? 'replaced' : decision.status} by ${decision.replacedBy}.`,
      { fields: [{ field, reason: 'is not in force' }] },
    );
  if (liesBefore(timingOf(context), decision.taken))
    return decisionRefusals['decision-later'](`It was taken on ${decision.taken.at}, and this one on ${context.occurredAt}.`, {
      fields: [{ field, reason: 'was taken later' }],
    });
  return undefined;
}

const unknownDecision = (reference: DecisionReference, field: string): Refusal =>
  decisionRefusals['unknown-decision'](`The stream ${reference.proposal} has no decision ${reference.decision}.`, {
    fields: [{ field, reason: 'is no decision' }],
  });

/** One that an earlier decision settled is open to the decision that supersedes that one. */
function notApprovable(
  { id, state }: Seen['allocations'][number],
  bodyId: Uuid,
  supersedes: readonly DecisionReference[] = [],
): Refusal | undefined {
  if (state.nominatedBy !== bodyId)
    return decisionRefusals['allocation-of-another-body'](`The body ${bodyId} does not nominate for it.`, {
      fields: [{ field: 'allocations', reason: `${id} is nominated by another body` }],
    });
  const isReplaced = supersedes.some(({ decision }) => decision === state.settledBy);
  return state.status === 'proposed' || isReplaced ? undefined : notProposed(id, state.status);
}

const notProposed = (id: Uuid, status: string): Refusal =>
  decisionRefusals['allocation-not-proposed'](`The allocation ${id} is ${status}.`, {
    fields: [{ field: 'allocations', reason: `${id} is not proposed` }],
  });

function decided(input: TakeDecision, state: ProposalState, context: DecisionContext<Seen>): DomainEvent[] | Refusal {
  const { body: deciding, bodyId, meeting: at, worksFor } = context.seen;
  const quorum = quorumTaken(deciding, at, worksFor, input.outcome, context.occurredAt);
  const contested = quorum.status === 'not-met' && needsQuorum(input.outcome);
  const withoutQuorum = contested
    ? decisionRefusals['quorum-not-met'](`${quorum.present} are present, ${quorum.needed} are needed of ${quorum.entitled}.`)
    : undefined;
  const stopped = context.rules.check(beforeIntroduced(state, context), withoutQuorum, ...seatsBeyondQuota(input, context));
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

/** The quota may have been lowered since the seats were proposed. Seats that are approved already come into force no second time. */
const seatsBeyondQuota = ({ outcome }: TakeDecision, { seen, occurredAt }: DecisionContext<Seen>): (Refusal | undefined)[] =>
  approvesSeats(outcome)
    ? seen.allocations.map(({ state, on }) =>
        on && state.status !== 'approved' ? approvedBeyondQuota(state, on, occurredAt, 'allocations') : undefined,
      )
    : [];

const plain = ({ decision, proposal: stream }: DecisionReference): DecisionReference => ({ decision, proposal: stream });
