// What a foreign secretariat names in its own commands: what is hidden from it is refused as what does not exist, to the letter.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomId } from '#kernel';
import { Server, text, type Answer } from '../support/server.js';
import { makeOutside, makeWorld, OCCURRED, type Things, type World } from '../support/world.js';

const LIMIT_MS = 120_000;
const PUBLIC = { kind: 'public' };
const NOBODY = { kind: 'restricted', organisations: [], roles: [] };
const evidence = { words: text('approved') };

let server: Server;
let world: World;
let foreign: string;
/** Of the foreign secretariat. */
let own: { body: string; meeting: string; followUp: string };
/** Of the other body: what is open, and in it what is hidden. */
let open: { meeting: string; remark: string; proposal: string; decision: string; streamOfDecision: string };
let hidden: Things;

beforeAll(async () => {
  server = await Server.start();
  const outside = await makeOutside(server);
  world = await makeWorld(server, outside);
  foreign = outside.foreignSecretariat;
  const {
    things,
    tokens: { secretariat },
  } = world;
  const { body, person, member } = things;
  const meetingOf = async (of: string, token: string, audience?: object): Promise<string> => {
    const meeting = await server.make('/meetings', token, {
      bodies: [of],
      title: text('A meeting'),
      starts: OCCURRED,
      zone: 'UTC',
      format: 'remote',
      ...(audience && { audience }),
    });
    await server.post(`/meetings/${meeting}/opening`, token, { occurredAt: OCCURRED });
    return meeting;
  };
  const meeting = await meetingOf(outside.foreignBody, foreign);
  own = {
    body: outside.foreignBody,
    meeting,
    followUp: await server.make('/follow-ups', foreign, {
      body: outside.foreignBody,
      owner: { organisation: member },
      action: text('To report'),
      due: { on: '2030-01-01' },
      from: { meeting, remark: await server.make(`/meetings/${meeting}/remarks`, foreign, { speaker: { person }, text: text('We will') }) },
    }),
  };
  const openMeeting = await meetingOf(body!, secretariat, PUBLIC);
  const hiddenMeeting = await meetingOf(body!, secretariat, NOBODY);
  const said = { speaker: { person }, text: text('We will') };
  const decided = { meeting: openMeeting, outcome: 'rejected', wording: text('No.'), method: 'consensus', evidence };
  const openProposal = await server.make('/proposals', secretariat, { body, text: text('Put forward'), audience: PUBLIC });
  const hiddenProposal = await server.make('/proposals', secretariat, { body, text: text('Put forward in secret'), audience: NOBODY });
  open = {
    meeting: openMeeting,
    remark: await server.make(`/meetings/${openMeeting}/remarks`, secretariat, said),
    proposal: openProposal,
    streamOfDecision: hiddenProposal,
    decision: (await server.post(`/proposals/${hiddenProposal}/decisions`, secretariat, { ...decided, audience: PUBLIC })).id,
  };
  hidden = {
    document: things['document']!,
    plan: things['plan']!,
    meeting: hiddenMeeting,
    proposal: things['proposal']!,
    decision: things['decision']!,
    decisionStream: things['decisionStream']!,
    allocation: things['allocation']!,
    remark: await server.make(`/meetings/${hiddenMeeting}/remarks`, secretariat, said),
    view: await server.make(`/meetings/${hiddenMeeting}/views`, secretariat, { stance: 'request', text: text('Asked for') }),
    remarkInOpen: await server.make(`/meetings/${openMeeting}/remarks`, secretariat, { ...said, audience: NOBODY }),
    viewInOpen: await server.make(`/meetings/${openMeeting}/views`, secretariat, {
      stance: 'request',
      text: text('Asked for'),
      audience: NOBODY,
    }),
    decisionInOpen: (await server.post(`/proposals/${openProposal}/decisions`, secretariat, { ...decided, audience: NOBODY })).id,
  };
  await server.get('/records?limit=1', foreign);
}, LIMIT_MS);
afterAll(() => server.stop());

/** A command of the foreign secretariat, by the things that it names of the other body. */
type Command = (things: Things) => { path: string; body: object };
const followUp = (more: object) => ({
  path: '/follow-ups',
  body: {
    body: own.body,
    owner: { organisation: world.things['member'] },
    action: text('To see to it'),
    due: { on: '2030-01-01' },
    ...more,
  },
});
const document = (more: object) => ({ path: '/documents', body: { kind: 'plan', title: text('A plan'), issuer: own.body, ...more } });
const proposal = (more: object) => ({ path: '/proposals', body: { body: own.body, text: text('Put forward'), ...more } });
const decision = (more: object) => ({
  path: '/decisions',
  body: { body: own.body, meeting: own.meeting, outcome: 'noted', wording: text('Noted.'), method: 'consensus', evidence, ...more },
});
const allocation = (more: object) => {
  const { body, region, term, council } = world.things;
  return {
    path: `/bodies/${body}/regions/${region}/terms/${term}/allocation`,
    body: { regionOf: council, seats: 1, nominatedBy: own.body, electedBy: council, ...more },
  };
};

const COMMANDS: Readonly<Record<string, Command>> = {
  'a follow-up from a decision': (of) => followUp({ from: { decision: of['decision'], proposal: of['decisionStream'] } }),
  'a follow-up from a hidden decision on an open proposal': (of) =>
    followUp({ from: { decision: of['decisionInOpen'], proposal: open.proposal } }),
  'a follow-up from a request': (of) => followUp({ from: { view: of['view'], meeting: of['meeting'] } }),
  'a follow-up from a hidden request of an open meeting': (of) => followUp({ from: { view: of['viewInOpen'], meeting: open.meeting } }),
  'a follow-up from a remark': (of) => followUp({ from: { remark: of['remark'], meeting: of['meeting'] } }),
  'a follow-up from a hidden remark of an open meeting': (of) => followUp({ from: { remark: of['remarkInOpen'], meeting: open.meeting } }),
  'a follow-up due at a meeting': (of) =>
    followUp({ from: { remark: open.remark, meeting: open.meeting }, due: { meeting: of['meeting'] } }),
  'a document as what shows it': (of) => ({
    path: `/follow-ups/${own.followUp}/progress`,
    body: { note: text('Something'), evidence: { documents: [of['document']] } },
  }),
  'a review': (of) => ({ path: `/meetings/${own.meeting}/reviews`, body: { document: of['document'], outcome: 'noted' } }),
  'a review of a plan': (of) => ({ path: `/meetings/${own.meeting}/reviews`, body: { document: of['plan'], outcome: 'noted' } }),
  'a presentation of a plan': (of) => ({
    path: `/meetings/${own.meeting}/plan-presentations`,
    body: { document: of['document'], presenters: [{ person: world.things['person'] }], points: [text('A point')] },
  }),
  'a document under a plan': (of) => document({ parent: of['plan'] }),
  'a document for a meeting': (of) => document({ meeting: of['meeting'] }),
  'a proposal in a document': (of) => proposal({ document: of['document'] }),
  'a proposal at a meeting': (of) => proposal({ meeting: of['meeting'] }),
  'a proposal that takes up another': (of) => proposal({ takesUp: of['proposal'] }),
  'a decision at a meeting': (of) => decision({ meeting: of['meeting'] }),
  'a decision on a document': (of) => decision({ document: of['document'] }),
  'a decision that supersedes another': (of) => decision({ supersedes: [{ decision: of['decision'], proposal: of['decisionStream'] }] }),
  'a decision that rescinds a hidden one on an open proposal': (of) =>
    decision({ rescinds: [{ decision: of['decisionInOpen'], proposal: open.proposal }] }),
  'a decision on an allocation': (of) => decision({ allocations: [of['allocation']] }),
  'an allocation at a meeting': (of) => allocation({ meeting: of['meeting'] }),
};

/** All that a refusal tells, with the ids that were named as their names. */
function told({ status, text: answered }: Answer, named: Things): string {
  const plain = answered.replace(/"correlation":"[0-9a-f-]{36}"/, '');
  return `${status} ${Object.entries(named).reduce((shown, [name, id]) => shown.replaceAll(id, name), plain)}`;
}

describe('what a foreign secretariat names', () => {
  it.each(Object.keys(COMMANDS))('is refused as if it did not exist where it is hidden: %s', async (name) => {
    const unknown = Object.fromEntries(Object.keys(hidden).map((each) => [each, randomId()]));
    const send = async (things: Things): Promise<string> => {
      const { path, body } = COMMANDS[name]!(things);
      return told(await server.api('POST', path, { token: foreign, body }), things);
    };
    const refused = await send(unknown);
    expect(refused).toMatch(/^4.*(unknown-|origin-unclear|not-withdrawn|allocation-not-proposed)/);
    expect(await send(hidden)).toBe(refused);
  });

  it('is taken where it may be read: a decision also where its proposal is hidden', async () => {
    for (const from of [
      { decision: open.decision, proposal: open.streamOfDecision },
      { remark: open.remark, meeting: open.meeting },
    ]) {
      const { path, body } = followUp({ from });
      await server.make(path, foreign, body);
    }
  });

  it('is taken where it is a meeting for its members, and what was asked for there: papers are put before it, and others may owe', async () => {
    const { meeting, view } = world.things;
    for (const { path, body } of [document({ meeting }), followUp({ from: { meeting, view } })]) await server.make(path, foreign, body);
  });

  it('does not get round a rule: a second seat is refused also where the first is hidden', async () => {
    const {
      things: { body, regionOfBody, allocatedTerm, seated, council },
    } = world;
    const proposed = { regionOf: body, seats: 1, holders: [{ seat: 1, organisation: seated }], nominatedBy: own.body, electedBy: council };
    const refused = await server.api('POST', `/bodies/${body}/regions/${regionOfBody}/terms/${allocatedTerm}/allocation`, {
      token: foreign,
      body: proposed,
    });
    expect(refused.text).toContain('/double-seat"');
  });

  it('an allocation is not there where it is hidden or unknown, whatever is named for its seats, and whoever names it', async () => {
    const delegate = await server.token('delegate', { organisation: world.things['member']! });
    const [unknown, body] = [randomId(), { organisation: world.things['member'] }];
    for (const [token, status] of [
      [foreign, '404'],
      [delegate, '403'],
      [world.tokens.auditor, '403'],
    ] as const) {
      const naming = async (allocation: string): Promise<string> =>
        told(await server.api('POST', `/seat-allocations/${allocation}/seats/1/holder`, { token, body }), { allocation });
      const refused = await naming(unknown);
      expect(refused.slice(0, 3)).toBe(status);
      expect(await naming(hidden['allocation']!)).toBe(refused);
    }
  });

  it('is taken as soon as it is recorded, before the register has it', async () => {
    for (let count = 0; count < 10; count++) {
      const paper = await server.make('/documents', foreign, { kind: 'plan', title: text('A plan'), issuer: own.body });
      const { path, body } = document({ parent: paper });
      await server.make(path, foreign, body);
    }
  });

  it('is taken from whoever reads the body whole, and from the secretariat of all bodies', async () => {
    const {
      tokens: { secretariat },
      things,
    } = world;
    const all = await server.token('secretariat');
    for (const token of [secretariat, all])
      await server.post(`/meetings/${things['meeting']}/reviews`, token, { document: things['document'], outcome: 'noted' });
  });
});
