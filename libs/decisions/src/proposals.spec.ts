import { describe, expect, it } from '@jest/globals';
import { body, organisation } from '#bodies/contracts';
import { document } from '#documents/contracts';
import { sealed, type DomainEvent, type Occurred } from '#kernel';
import { meeting } from '#meetings/contracts';
import { given, recordedAt, THE_STREAM, uuid, type GivenEvent, type Sent } from '../../kernel/src/testing/index.js';
import {
  correctWording,
  endOpenDecisions,
  questionQuorum,
  rescindDecisions,
  setDecisionAudience,
  supersedeDecisions,
} from './after-decision.js';
import { proposal, settledBy } from './proposal.js';
import { introduceProposal, setProposalAudience, withdrawProposal, type IntroduceProposal } from './proposals.js';

const en = (text: string) => [{ lang: 'en', text }];
const sealedEn = (text: string) => [{ lang: 'en', text: sealed(text) }];
const [council, table, item, report, norway, decision, old] = [uuid(1), uuid(2), uuid(3), uuid(4), uuid(5), uuid(6), uuid(7)];
const reason = { code: 'other' as const };
const established: DomainEvent = {
  type: 'body-established',
  data: { kind: 'council', name: sealedEn('Council'), audience: { kind: 'members' } },
};
const scheduled: DomainEvent = {
  type: 'meeting-scheduled',
  data: { bodies: [council], title: sealedEn('Conference'), zone: 'UTC', format: 'hybrid' },
};
const opened: DomainEvent = { type: 'meeting-opened', data: {} };
const sitting = uuid(8);
const sittingOpened: DomainEvent = { type: 'sitting-opened', data: { sitting, number: 1, class: 'open' } };
const itemAdded: DomainEvent = { type: 'agenda-item-added', data: { item, number: '4', title: sealedEn('Item'), purpose: 'decision' } };
const concluded = recordedAt('2024-04-29T10:00:00.000Z', { type: 'meeting-concluded', data: {} });
const introduced = (more: object = {}): DomainEvent => ({
  type: 'proposal-introduced',
  data: { body: council, text: sealedEn('Text'), ...more },
});
const withdrawn: DomainEvent = { type: 'proposal-withdrawn', data: { reason } };
const taken = (more: object = {}): DomainEvent => ({
  type: 'decision-taken',
  data: {
    decision,
    body: council,
    meeting: table,
    outcome: 'approved',
    wording: sealedEn('Approved.'),
    method: 'not-stated',
    evidence: {},
    quorum: { status: 'no-rule' },
    ...more,
  },
});

describe('a proposal is introduced', () => {
  const introducing = (
    change: Partial<IntroduceProposal>,
    sent: Sent = {},
    meetingEvents: GivenEvent[] = [scheduled, opened, sittingOpened, itemAdded],
    oldEvents: DomainEvent[] = [introduced(), withdrawn],
  ) =>
    given(proposal)
      .and(body, council, established)
      .and(organisation, norway, { type: 'organisation-registered', data: { kind: 'other', name: sealedEn('Norway') } })
      .and(document, report, { type: 'document-registered', data: { kind: 'report', title: sealedEn('Report') } })
      .and(meeting, table, ...meetingEvents)
      .and(proposal, old, ...oldEvents)
      .when(introduceProposal, { body: council, text: en('Text'), ...change }, sent);

  it('before any meeting, by nobody named', () => introducing({}).then([introduced()]));
  it('with all that is known of it', () => {
    const open = {
      meeting: table,
      sitting,
      item,
      fromTheFloor: true,
      document: report,
      takesUp: old,
      audience: { kind: 'public' as const },
    };
    return introducing({ ...open, title: en('Title'), proponents: [{ organisation: norway }, { named: en('Others') }] }).then([
      introduced({ ...open, title: sealedEn('Title'), proponents: [{ organisation: norway }, { named: sealedEn('Others') }] }),
    ]);
  });
  it('late, with a reason', () =>
    introducing({ meeting: table }, { late: { code: 'omitted' }, occurredAt: '2024-04-29' as never }, [scheduled, opened, concluded]).then([
      introduced({ meeting: table, late: { code: 'omitted' } }),
    ]));

  it.each<[string, Partial<IntroduceProposal>, GivenEvent[] | undefined, string]>([
    ['to no body', { body: uuid(99) }, undefined, 'unknown-body'],
    ['by a proponent who is nobody', { proponents: [{}] }, undefined, 'speaker-missing'],
    ['by a proponent who is not registered', { proponents: [{ organisation: uuid(99) }] }, undefined, 'unknown-organisation'],
    ['with no document', { document: uuid(99) }, undefined, 'unknown-document'],
    ['in place of none', { takesUp: uuid(99) }, undefined, 'not-withdrawn'],
    ['at no meeting', { meeting: uuid(99) }, undefined, 'unknown-meeting'],
    ['at a meeting that is not open', { meeting: table }, [scheduled], 'meeting-not-open'],
    ['after it closed', { meeting: table }, [scheduled, opened, concluded], 'late-without-reason'],
    ['in a sitting of no meeting', { sitting }, undefined, 'unknown-sitting'],
    ['under an item of no meeting', { item }, undefined, 'unknown-item'],
    ['in no sitting', { meeting: table, sitting: uuid(99) }, undefined, 'unknown-sitting'],
    [
      'in a sitting that is over',
      { meeting: table, sitting },
      [scheduled, opened, sittingOpened, { type: 'sitting-closed', data: { sitting } }],
      'late-without-reason',
    ],
    ['under no item', { meeting: table, item: uuid(99) }, undefined, 'unknown-item'],
    [
      'at a meeting of another body',
      { meeting: table },
      [{ ...scheduled, data: { ...scheduled.data, bodies: [uuid(98)] } }, opened],
      'meeting-of-another-body',
    ],
    [
      'at a meeting of another body that is not open',
      { meeting: table },
      [{ ...scheduled, data: { ...scheduled.data, bodies: [uuid(98)] } }],
      'meeting-of-another-body',
    ],
  ])('not %s', (_, change, meetingEvents, code) => introducing(change, {}, meetingEvents).thenRefused(code));
  it('not in place of one that stands', () =>
    introducing({ takesUp: old }, {}, undefined, [introduced()]).thenRefused('not-withdrawn', 'takesUp'));

  it('not in place of one of a body for which the sender does not write', () =>
    introducing({ takesUp: old, body: council }, { bodies: [council] }, undefined, [introduced({ body: uuid(98) }), withdrawn]).thenRefused(
      'not-withdrawn',
      'takesUp',
    ));

  it('by the secretariat of the body', () => {
    expect(introduceProposal.bodiesOf!({ body: council, text: en('Text') })).toEqual([council]);
    expect(proposal.bodies(given(proposal, introduced()).state(), THE_STREAM)).toEqual([council]);
    expect(proposal.bodies(given(proposal, taken()).state(), THE_STREAM)).toEqual([council]);
  });
});

describe('a proposal is withdrawn', () => {
  it.each<[string, DomainEvent[], string]>([
    ['while it stands', [introduced()], 'withdrawn'],
    ['once it was deferred', [introduced(), taken({ outcome: 'deferred' })], 'withdrawn'],
    ['twice', [introduced(), withdrawn], 'nothing'],
    ['once it was decided', [introduced(), taken()], 'already-decided'],
    ['where there was none', [taken()], 'no-proposal'],
  ])('%s', (_, before, becomes) => {
    const result = given(proposal, ...before).when(withdrawProposal, { reason });
    return becomes === 'withdrawn' ? result.then([withdrawn]) : becomes === 'nothing' ? result.thenNothing() : result.thenRefused(becomes);
  });
});

describe('a proposal is not withdrawn before it was introduced', () => {
  const withdrawing = (occurredAt: string, more: Sent = {}) =>
    given(proposal, { ...introduced(), occurredAt: '2024-04-29' }).when(
      withdrawProposal,
      { reason },
      { occurredAt: occurredAt as Occurred, ...more },
    );

  it.each(['2024-04-29T00:30:00+02:00', '2024-04-28'])('but on that day, wherever that was so: %s', (occurredAt) =>
    withdrawing(occurredAt).then([withdrawn]),
  );
  it('not two days before', () => withdrawing('2024-04-27').thenRefused('before-introduced', 'occurredAt'));
  it('unless by an override, which is marked', () =>
    withdrawing('2024-04-27', { override: { reason: en('x'), authority: en('y') } }).then([
      {
        type: 'proposal-withdrawn',
        data: { reason, exceptions: [{ rule: 'before-introduced', as: 'override', reason: sealedEn('x'), authority: sealedEn('y') }] },
      },
    ]));
});

describe('a proposal that a decision left open is withdrawn', () => {
  const withdrawing = (occurredAt: string, sent: Sent = {}) =>
    given(proposal, { ...introduced(), occurredAt: '2024-04-01' }, { ...taken({ outcome: 'deferred' }), occurredAt: '2024-04-20' }).when(
      withdrawProposal,
      { reason },
      { occurredAt: occurredAt as Occurred, ...sent },
    );
  it('after that', () => withdrawing('2024-04-20').then([withdrawn]));
  it('not before', () => withdrawing('2024-04-10').thenRefused('decision-later', 'occurredAt'));
  it('unless by an override, which is marked', () =>
    withdrawing('2024-04-10', { override: { reason: en('x'), authority: en('y') } }).then([
      {
        type: 'proposal-withdrawn',
        data: { reason, exceptions: [{ rule: 'decision-later', as: 'override', reason: sealedEn('x'), authority: sealedEn('y') }] },
      },
    ]));
});

describe('the wording of a decision is corrected', () => {
  const correcting = (id: typeof decision) =>
    given(proposal, taken()).when(correctWording, { decision: id, wording: en('Took note.'), reason });
  it('with a reason', () =>
    correcting(decision).then([{ type: 'decision-wording-corrected', data: { decision, wording: sealedEn('Took note.'), reason } }]));
  it('not where there is none', () => correcting(uuid(99)).thenRefused('unknown-decision'));
});

describe.each([
  ['superseded', supersedeDecisions, 'decision-superseded'],
  ['rescinded', rescindDecisions, 'decision-rescinded'],
] as const)('a decision is %s, once a later one was taken', (_, command, type) => {
  const by = { decision: uuid(20), proposal: uuid(21) };
  const event: DomainEvent = { type, data: { decision, by } };
  const replacing = { decisions: [decision], by, meeting: table };
  it('once', () => given(proposal, taken()).when(command, replacing).then([event]));
  it('also by a later one of its own stream', () =>
    given(proposal, introduced(), taken(), taken({ decision: uuid(20), supersedes: [{ decision, proposal: THE_STREAM }] }))
      .when(command, replacing)
      .then([event]));
  it('beside others of its stream', () =>
    given(proposal, taken(), taken({ decision: uuid(23) }))
      .when(command, { ...replacing, decisions: [decision, uuid(23)] })
      .then([event, { type, data: { decision: uuid(23), by } }]));
  it('is so already', () => given(proposal, taken(), event).when(command, replacing).thenNothing());
  it('not where there is none', () =>
    given(proposal, taken())
      .when(command, { ...replacing, decisions: [uuid(99)] })
      .thenRefused('unknown-decision'));
  it('not by two: the second one stands out', () => {
    const second = { ...by, decision: uuid(22) };
    const failed: DomainEvent = {
      type: 'decision-replacement-failed',
      data: { decision, by: second, body: council, meeting: table, exceptions: [{ rule: 'decision-not-in-force', as: 'discrepancy' }] },
    };
    return given(proposal, taken(), event)
      .when(command, { ...replacing, by: second })
      .then([failed]);
  });
  it('by the system alone', () => expect(command.roles).toEqual(['system']));
});

describe('a proposal whose decision is taken back', () => {
  const by = { decision: uuid(20), proposal: uuid(21) };
  const rescinded: DomainEvent = { type: 'decision-rescinded', data: { decision, by } };
  const reopened: DomainEvent = { type: 'proposal-reopened', data: { by } };
  const rescinding = (...events: DomainEvent[]) =>
    given(proposal, ...events).when(rescindDecisions, { decisions: [decision], by, meeting: table });

  it('is to be decided again', () => rescinding(introduced(), taken()).then([rescinded, reopened]));
  it('was to be decided anyway, where it was deferred', () => rescinding(introduced(), taken({ outcome: 'deferred' })).then([rescinded]));
  it('is there only where one was introduced', () => rescinding(taken()).then([rescinded]));
  it('is decided by the one that takes it back, where that lies with it', () =>
    rescinding(introduced(), taken(), taken({ decision: uuid(20), rescinds: [{ decision, proposal: THE_STREAM }] })).then([rescinded]));
  it('is not to be decided again where it is superseded: that decides it', () =>
    given(proposal, introduced(), taken())
      .when(supersedeDecisions, { decisions: [decision], by, meeting: table })
      .then([{ ...rescinded, type: 'decision-superseded' }]));
  it('is taken anew', () => expect(settledBy(given(proposal, introduced(), taken(), rescinded, reopened).state())).toBeUndefined());
});

describe('a deferred proposal is taken up', () => {
  const [approving, again] = [uuid(20), uuid(22)];
  const by = { decision: approving, proposal: THE_STREAM };
  const deferred = taken({ outcome: 'deferred' });
  const superseded: DomainEvent = { type: 'decision-superseded', data: { decision, by } };
  const ending = (...events: DomainEvent[]) => given(proposal, introduced(), ...events).when(endOpenDecisions, { by });

  it('and the deferral is over', () => ending(deferred, taken({ decision: approving })).then([superseded]));
  it('and the deferral is over, also where it is deferred again', () =>
    ending(deferred, taken({ decision: approving, outcome: 'deferred' })).then([superseded]));
  it('by that decision alone, however many followed by now', () =>
    ending(deferred, taken({ decision: approving, outcome: 'deferred' }), taken({ decision: again })).then([superseded]));
  it('so already', () => ending(deferred, taken({ decision: approving }), superseded).thenNothing());
  it('while nothing was deferred', () => ending(taken({ decision: approving })).thenNothing());
  it('leaves alone what it names itself', () =>
    ending(taken(), taken({ decision: approving, supersedes: [{ decision, proposal: THE_STREAM }] })).thenNothing());
  it('by the system alone', () => expect(endOpenDecisions.roles).toEqual(['system']));
});

describe('the quorum of a decision is in question', () => {
  const attendance = uuid(30);
  const questioned = (id = decision): DomainEvent => ({
    type: 'quorum-questioned',
    data: { decision: id, body: council, meeting: table, attendance, exceptions: [{ rule: 'attendance-corrected', as: 'discrepancy' }] },
  });
  const questioning = (...decisions: (typeof decision)[]) =>
    given(proposal, introduced(), taken(), taken({ decision: uuid(20) })).when(questionQuorum, { decisions, meeting: table, attendance });

  it('once the attendance is corrected', () => questioning(decision).then([questioned()]));
  it('like that of the others in the stream', () => questioning(decision, uuid(20)).then([questioned(), questioned(uuid(20))]));
  it('not where there is none', () => questioning(uuid(99)).thenRefused('unknown-decision'));
  it('by the system alone', () => expect(questionQuorum.roles).toEqual(['system']));
});

describe('audiences', () => {
  const audience = { kind: 'public' as const };
  const ofProposal: DomainEvent = { type: 'proposal-audience-set', data: { audience, reason } };
  const ofDecision: DomainEvent = { type: 'decision-audience-set', data: { decision, audience, reason } };

  it('of a proposal', () => given(proposal, introduced()).when(setProposalAudience, { audience, reason }).then([ofProposal]));
  it('of a proposal, so already', () =>
    given(proposal, introduced(), ofProposal).when(setProposalAudience, { audience, reason }).thenNothing());
  it('not of a proposal that there was not', () =>
    given(proposal, taken()).when(setProposalAudience, { audience, reason }).thenRefused('no-proposal'));
  it('of a decision', () => given(proposal, taken()).when(setDecisionAudience, { decision, audience, reason }).then([ofDecision]));
  it('of a decision, so already since it was taken', () =>
    given(proposal, taken({ audience })).when(setDecisionAudience, { decision, audience, reason }).thenNothing());
  it('of a decision, so already', () =>
    given(proposal, taken(), ofDecision).when(setDecisionAudience, { decision, audience, reason }).thenNothing());
  it('not of a decision that is none', () =>
    given(proposal, taken())
      .when(setDecisionAudience, { decision: uuid(99), audience, reason })
      .thenRefused('unknown-decision'));
});
