// Proposals, decisions and what becomes of them, seats and their holders, follow-ups.
import { correctWording, setDecisionAudience } from '../../../libs/decisions/src/after-decision.js';
import { introduceProposal, setProposalAudience, withdrawProposal } from '../../../libs/decisions/src/proposals.js';
import { decideProposal, takeDecision, type TakeDecision } from '../../../libs/decisions/src/take-decision.js';
import { assignFollowUp, type AssignFollowUp } from '../../../libs/follow-ups/src/assign-follow-up.js';
import { cancelFollowUp, completeFollowUp, progressFollowUp, setFollowUpAudience } from '../../../libs/follow-ups/src/settle-follow-up.js';
import { proposeAllocation } from '../../../libs/seats/src/propose-allocation.js';
import { nameHolder, setAllocationAudience, vacateSeat } from '../../../libs/seats/src/seat-holders.js';
import { derivedId, present, type Uuid } from '#kernel';
import type { KnownAllocation, KnownMeeting } from '../known.js';
import type { Happening, Happenings, Scene } from './scene.js';

const OUTCOMES = ['adopted', 'approved', 'approved', 'rejected', 'noted', 'deferred', 'referred', 'elected'] as const;

/** A decision of the body that convenes the meeting; now and then it replaces, takes back, or approves allocations. */
function decision(scene: Scene, meeting: KnownMeeting, body: Uuid): TakeDecision {
  const { draw, known } = scene;
  const others = known.decisions.filter((each) => each.body === body);
  const other = draw.chance(1, 3) ? draw.recent(others, 4) : undefined;
  const reference = other && { decision: other.decision, proposal: other.proposal };
  const allocations = draw
    .some(
      known.allocations.filter(({ nominatedBy }) => nominatedBy === body),
      2,
    )
    .map(({ id }) => id);
  return present({
    meeting: meeting.id,
    ...scene.place(meeting),
    outcome: draw.from(OUTCOMES),
    title: draw.maybe(() => draw.text()),
    wording: draw.text(),
    method: draw.from(['consensus', 'not-stated', 'acclamation'] as const),
    evidence: draw.chance(1, 4) && meeting.remarks.length > 0 ? { remarks: [draw.from(meeting.remarks)] } : { words: draw.text() },
    audience: scene.audience(),
    paragraphs: draw.maybe(() => [{ number: '1', text: draw.text(), addressee: scene.party() }]),
    ...(draw.chance(1, 2) ? { supersedes: reference && [reference] } : { rescinds: reference && [reference] }),
    allocations: draw.chance(2, 3) && allocations.length > 0 ? allocations : undefined,
  });
}

const withoutProposal: Happening = (scene) => {
  const meeting = scene.meeting();
  return meeting && scene.send(takeDecision, scene.fresh(), { ...decision(scene, meeting, meeting.bodies[0]!), body: meeting.bodies[0]! });
};

const onProposal: Happening = (scene) => {
  const { draw, known } = scene;
  const proposal = draw.recent(known.proposals, 5);
  const meeting =
    proposal && draw.recent(known.meetings.filter(({ bodies, status }) => status === 'open' && bodies.includes(proposal.body)));
  return meeting && scene.send(decideProposal, proposal.id, decision(scene, meeting, proposal.body));
};

const introduced: Happening = (scene) => {
  const { draw, known } = scene;
  const meeting = scene.meeting();
  return (
    meeting &&
    scene.send(introduceProposal, scene.fresh(), {
      body: meeting.bodies[0]!,
      ...(draw.chance(3, 4) && { meeting: meeting.id, ...scene.place(meeting) }),
      text: draw.text(),
      title: draw.maybe(() => draw.text())!,
      proponents: draw.maybe(() => scene.parties())!,
      fromTheFloor: draw.maybe(() => true)!,
      document: draw.maybe(() => draw.any(known.documents))!,
      takesUp: draw.chance(1, 3) ? draw.any(known.withdrawn)! : undefined!,
      audience: scene.audience()!,
    })
  );
};

const allocationOf = (body: Uuid, region: Uuid, term: Uuid): Uuid => derivedId('history', `allocation ${body} ${region} ${term}`);

/** Addressed by body, region and term, so that a second proposal of the same meets the first one. */
const proposedAllocation: Happening = (scene) => {
  const { draw, known } = scene;
  const again = draw.chance(1, 2) ? draw.any(known.allocations) : undefined;
  const on = draw.any(known.bodies.filter(({ terms }) => terms.length > 0));
  const divided = draw.any(known.bodies.filter(({ regions }) => regions.length > 0));
  const chosen =
    again ?? (on && divided && { body: on.id, term: draw.from(on.terms), regionOf: divided.id, region: draw.from(divided.regions) });
  if (!chosen) return undefined;
  const seats = 1 + draw.number(4);
  const organisations = [
    ...new Set(known.regionMembers.filter(({ region }) => region === chosen.region).map(({ organisation }) => organisation)),
  ];
  const holders = draw.some(organisations, seats).map((organisation, index) => ({ seat: index + 1, organisation }));
  return scene.send(proposeAllocation, allocationOf(chosen.body, chosen.region, chosen.term), {
    allocationOf,
    body: chosen.body,
    region: chosen.region,
    term: chosen.term,
    regionOf: chosen.regionOf,
    seats,
    holders: draw.chance(1, 2) ? holders : undefined!,
    nominatedBy: chosen.regionOf,
    ...(draw.chance(1, 2) ? { electedBy: chosen.body } : { noElectionBy: 'Art. 7' }),
    presentedBy: draw.maybe(() => scene.party())!,
    audience: scene.audience()!,
  });
};

const ofAllocation =
  (happen: (scene: Scene, allocation: KnownAllocation) => Promise<unknown> | undefined): Happening =>
  (scene) => {
    const allocation = scene.draw.any(scene.known.allocations);
    return allocation && happen(scene, allocation);
  };

function assigned(scene: Scene): Promise<unknown> | undefined {
  const { draw, known } = scene;
  const body = draw.any(known.bodies);
  const from = origin(scene);
  if (!body || !from) return undefined;
  const meeting = draw.any(known.meetings.filter(({ status }) => status !== 'over'))?.id;
  const due: AssignFollowUp['due'] = draw.from([
    { on: draw.date(2026, 2) },
    { nextMeetingOf: draw.from(known.bodies).id },
    { nextMeetingOf: body.id },
    { unspecified: draw.text() },
    ...(meeting ? [{ meeting }, { meeting }, { meeting }] : []),
  ]);
  const [person, office] = [draw.any(known.persons), draw.any(body.offices)];
  const owner = draw.from<AssignFollowUp['owner']>([
    { body: body.id },
    ...(person ? [{ person }] : []),
    ...(office ? [{ office }] : []),
    { organisation: draw.from(known.organisations) },
  ]);
  return scene.send(assignFollowUp, scene.fresh(), { body: body.id, owner, action: draw.text(), due, from, audience: scene.audience()! });
}

function origin({ draw, known }: Scene): AssignFollowUp['from'] | undefined {
  const taken = draw.any(known.decisions);
  const meeting = draw.any(known.meetings.filter(({ requests, remarks }) => requests.length + remarks.length > 0));
  if (taken && (!meeting || draw.chance(1, 2))) return { decision: taken.decision, proposal: taken.proposal };
  if (!meeting) return undefined;
  return meeting.requests.length > 0
    ? { view: draw.from(meeting.requests), meeting: meeting.id }
    : { remark: draw.from(meeting.remarks), meeting: meeting.id };
}

const ofFollowUp =
  (happen: (scene: Scene, id: Uuid) => Promise<unknown>): Happening =>
  (scene) => {
    const id = scene.draw.recent(scene.known.followUps, 4);
    return id && happen(scene, id);
  };

export const decisions: Happenings = {
  'a proposal is introduced': [3, introduced],
  'a proposal is withdrawn': [
    2,
    (scene) => {
      const proposal = scene.draw.recent(scene.known.proposals);
      return proposal && scene.send(withdrawProposal, proposal.id, { reason: scene.draw.reason() });
    },
  ],
  'the audience of a proposal is set': [
    2,
    (scene) => {
      const proposal = scene.draw.any(scene.known.proposals);
      return (
        proposal &&
        scene.send(setProposalAudience, proposal.id, {
          audience: scene.draw.audience(scene.known.organisations),
          reason: scene.draw.reason(),
        })
      );
    },
  ],
  'a proposal is decided': [4, onProposal],
  'a decision is taken': [4, withoutProposal],
  'a wording is corrected': [
    4,
    (scene) => {
      const taken = scene.draw.any(scene.known.decisions);
      return (
        taken &&
        scene.send(correctWording, taken.proposal, { decision: taken.decision, wording: scene.draw.text(), reason: scene.draw.reason() })
      );
    },
  ],
  'the audience of a decision is set': [
    2,
    (scene) => {
      const taken = scene.draw.any(scene.known.decisions);
      return (
        taken &&
        scene.send(setDecisionAudience, taken.proposal, {
          decision: taken.decision,
          audience: scene.draw.audience(scene.known.organisations),
          reason: scene.draw.reason(),
        })
      );
    },
  ],
  'seats are proposed': [5, proposedAllocation],
  'a holder is named': [
    5,
    ofAllocation((scene, { id, region, seats }) => {
      const member =
        scene.draw.any(scene.known.regionMembers.filter((each) => each.region === region))?.organisation ??
        scene.draw.any(scene.known.organisations);
      return (
        member &&
        scene.send(nameHolder, id, {
          allocationOf,
          seat: 1 + scene.draw.number(seats),
          organisation: member,
          from: scene.draw.maybe(() => scene.draw.date(2026, 2))!,
        })
      );
    }),
  ],
  'a seat is vacated': [
    4,
    ofAllocation((scene, { id, seats }) =>
      scene.send(vacateSeat, id, {
        seat: 1 + scene.draw.number(seats),
        until: scene.draw.maybe(() => scene.draw.date(2026, 2))!,
        reason: scene.draw.reason(),
      }),
    ),
  ],
  'the audience of an allocation is set': [
    1,
    ofAllocation((scene, { id }) =>
      scene.send(setAllocationAudience, id, { audience: scene.draw.audience(scene.known.organisations), reason: scene.draw.reason() }),
    ),
  ],
  'a follow-up is assigned': [10, assigned],
  'a follow-up progresses': [
    3,
    ofFollowUp((scene, id) =>
      scene.send(progressFollowUp, id, { note: scene.draw.text(), evidence: scene.draw.maybe(() => ({ words: scene.draw.text() }))! }),
    ),
  ],
  'a follow-up is completed': [
    1,
    ofFollowUp((scene, id) =>
      scene.send(completeFollowUp, id, { note: scene.draw.maybe(() => scene.draw.text())!, evidence: { words: scene.draw.text() } }),
    ),
  ],
  'a follow-up is cancelled': [1, ofFollowUp((scene, id) => scene.send(cancelFollowUp, id, { reason: scene.draw.reason() }))],
  'the audience of a follow-up is set': [
    1,
    ofFollowUp((scene, id) =>
      scene.send(setFollowUpAudience, id, { audience: scene.draw.audience(scene.known.organisations), reason: scene.draw.reason() }),
    ),
  ],
};
