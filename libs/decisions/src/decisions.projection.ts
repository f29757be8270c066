// The register of proposals and decisions.
import { list, projection, table } from '#read-models';
import { METHODS, OUTCOMES, QUORUM_STATUSES, type ProposalEvent } from './proposal.events.js';
import { leavesOpen } from './proposal.js';

const where = {
  body: { type: 'id', says: 'The body.', of: 'bodies' },
  meeting: { type: 'id', says: 'The meeting.', of: 'meetings' },
  sitting: { type: 'id', says: 'The sitting in which it happened.', of: 'sittings' },
  item: { type: 'id', says: 'The agenda item.', of: 'agenda_items' },
} as const;
const audience = {
  within: [
    { column: 'item', table: 'agenda_items' },
    { column: 'sitting', table: 'sittings' },
    { column: 'meeting', table: 'meetings' },
    { column: 'body', table: 'bodies' },
  ],
  // As of what happened at the table: who may not read the sitting reads nothing that happened in it.
  also: [{ column: 'sitting', table: 'sittings' }],
  bodies: ['body'],
  otherwise: { kind: 'members' },
} as const;

export const proposals = table({
  name: 'proposals',
  singular: 'proposal',
  says: 'A text put to a body for decision.',
  columns: {
    ...where,
    title: { type: 'texts', says: 'Its title.', searched: true },
    text: { type: 'texts', says: 'What is proposed.', searched: true },
    proponents: { type: 'json', says: 'By whom; none where they are unnamed.' },
    fromTheFloor: { type: 'boolean', says: 'Whether it was put forward in the course of the meeting.' },
    document: { type: 'id', says: 'The document that holds it.', of: 'documents' },
    takesUp: { type: 'id', says: 'The withdrawn proposal that it takes up again.', of: 'proposals' },
    status: { type: 'code', says: 'Whether it is still to be decided.', oneOf: ['pending', 'decided', 'withdrawn'] },
    occurredAt: { type: 'date', says: 'When it was introduced, as stated.' },
  },
  audience,
  // That it is decided says nothing of what was proposed.
  toldBy: 'decisions',
});

export const decisions = table({
  name: 'decisions',
  singular: 'decision',
  says: 'What a body ruled.',
  columns: {
    proposal: { type: 'id', says: 'The stream in which it lies: that of the proposal, where there was one.', of: 'proposals' },
    ...where,
    outcome: { type: 'code', says: 'What it ruled.', oneOf: OUTCOMES },
    title: { type: 'texts', says: 'Its title.', searched: true },
    wording: { type: 'texts', says: 'Its wording.', searched: true },
    paragraphs: { type: 'json', says: 'Its numbered paragraphs, with addressees.' },
    symbol: { type: 'code', says: 'Its symbol.' },
    method: { type: 'code', says: 'How it was taken.', oneOf: METHODS },
    evidence: { type: 'json', says: 'What the record of it rests on.' },
    quorum: { type: 'json', says: 'The quorum as at the moment when it was taken.' },
    quorumStatus: { type: 'code', says: 'Whether the quorum was met.', oneOf: QUORUM_STATUSES },
    quorumQuestioned: { type: 'boolean', says: 'Whether the attendance by which the quorum was reckoned was corrected since.' },
    contested: { type: 'boolean', says: 'Whether it was taken without quorum, by override.' },
    document: { type: 'id', says: 'The document that it concerns.', of: 'documents' },
    allocations: { type: 'json', says: 'The seat allocations that it covers.' },
    supersedes: { type: 'json', says: 'The decisions that it replaces.' },
    rescinds: { type: 'json', says: 'The decisions that it takes back.' },
    status: { type: 'code', says: 'Whether it is in force.', oneOf: ['in-force', 'superseded', 'rescinded'] },
    replacedBy: { type: 'json', says: 'The decision that replaced it or took it back.' },
    alsoNamedBy: {
      type: 'json',
      says: 'A decision that would have replaced it or taken it back as well, when another one had: an exception.',
    },
    corrected: { type: 'boolean', says: 'Whether its wording was corrected since it was recorded.' },
    exceptions: { type: 'json', says: 'Rules that were departed from, with the reason and the authority.' },
    takenOn: { type: 'date', says: 'When it was taken, as stated.' },
  },
  // It repeats what was proposed. One without a proposal has a stream of its own, and no such row.
  audience: { ...audience, also: [...audience.also, { column: 'proposal', table: 'proposals' }] },
});

export const proposalsList = list({
  name: 'proposals',
  table: proposals,
  says: 'Proposals.',
  scopes: ['body', 'meeting'],
  filters: ['status'],
});
export const decisionsList = list({
  name: 'decisions',
  table: decisions,
  says: 'Decisions.',
  scopes: ['body', 'meeting', 'item', 'proposal'],
  filters: ['outcome', 'status', 'quorumStatus'],
  sorts: ['takenOn'],
});

export const decisionsProjection = projection<ProposalEvent>({
  name: 'decisions',
  tables: [proposals, decisions],
  lists: [proposalsList, decisionsList],
  apply: {
    'proposal-introduced': ({ streamId, occurredAt, data }, t) =>
      t.put(proposals, streamId, {
        body: data.body,
        meeting: data.meeting ?? null,
        sitting: data.sitting ?? null,
        item: data.item ?? null,
        title: data.title ?? null,
        text: data.text,
        proponents: data.proponents ?? null,
        fromTheFloor: data.fromTheFloor ?? false,
        document: data.document ?? null,
        takesUp: data.takesUp ?? null,
        status: 'pending',
        occurredAt,
        audience: data.audience ?? null,
      }),
    'proposal-withdrawn': ({ streamId }, t) => t.put(proposals, streamId, { status: 'withdrawn' }),
    'decision-taken': ({ streamId, revision, occurredAt, data }, t) => {
      t.put(decisions, data.decision, {
        proposal: streamId,
        body: data.body,
        meeting: data.meeting,
        sitting: data.sitting ?? null,
        item: data.item ?? null,
        outcome: data.outcome,
        title: data.title ?? null,
        wording: data.wording,
        paragraphs: data.paragraphs ?? null,
        symbol: data.symbol ?? null,
        method: data.method,
        evidence: data.evidence,
        quorum: data.quorum,
        quorumStatus: data.quorum.status,
        quorumQuestioned: false,
        contested: data.contested ?? false,
        document: data.document ?? null,
        allocations: data.allocations ?? null,
        supersedes: data.supersedes ?? null,
        rescinds: data.rescinds ?? null,
        status: 'in-force',
        corrected: false,
        exceptions: data.exceptions ?? null,
        takenOn: occurredAt,
        audience: data.audience ?? null,
      });
      // A decision that opens its stream had no proposal.
      if (revision > 0) t.put(proposals, streamId, { status: leavesOpen(data.outcome) ? 'pending' : 'decided' });
    },
    'decision-wording-corrected': ({ data }, t) => t.put(decisions, data.decision, { wording: data.wording, corrected: true }),
    'decision-superseded': ({ data }, t) => t.put(decisions, data.decision, { status: 'superseded', replacedBy: data.by }),
    'decision-rescinded': ({ data }, t) => t.put(decisions, data.decision, { status: 'rescinded', replacedBy: data.by }),
    'decision-replacement-failed': ({ data }, t) => t.put(decisions, data.decision, { alsoNamedBy: data.by }),
    'quorum-questioned': ({ data }, t) => t.put(decisions, data.decision, { quorumQuestioned: true }),
    'proposal-reopened': ({ streamId }, t) => t.put(proposals, streamId, { status: 'pending' }),
    'proposal-audience-set': ({ streamId, data }, t) => t.put(proposals, streamId, { audience: data.audience }),
    'decision-audience-set': ({ data }, t) => t.put(decisions, data.decision, { audience: data.audience }),
  },
});
