// What one stream's event completes in another, seen from outside: in order, at once, and by one alone.
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Server, text, type Answer, type Answered } from '../support/server.js';
import { makeOutside, makeWorld, type Things } from '../support/world.js';

const LIMIT_MS = 60_000;

let server: Server;
let things: Things;
let secretariat: string;

beforeAll(async () => {
  server = await Server.start();
  const world = await makeWorld(server, await makeOutside(server));
  things = world.things;
  ({ secretariat } = world.tokens);
}, LIMIT_MS);
afterAll(() => server.stop());

const read = async (path: string): Promise<Answered> => (await server.get(path, secretariat)).body;
const typeOf = ({ body }: Answer): string => body.type.split('/').at(-1)!;
const post = (path: string, body: object): Promise<Answer> => server.api('POST', path, { token: secretariat, body });

/** Asks again until it is so. Fails by the test's own time limit. */
async function until(path: string, isSo: (body: Answered) => boolean): Promise<Answered> {
  for (;;) {
    const body = await read(path);
    if (isSo(body)) return body;
    await setImmediate();
  }
}

const ruling = (more: object = {}): object => ({
  meeting: things['meeting'],
  outcome: 'approved',
  wording: text('It is approved.'),
  method: 'consensus',
  evidence: { words: text('approved') },
  ...more,
});
const decide = (more: object): Promise<Answer> => post('/decisions', { body: things['body'], ...ruling(more) });

interface Decided {
  decision: string;
  proposal: string;
}

const referenceTo = ({ status, body }: Answer): Decided => {
  expect(status).toBe(201);
  return { decision: body.id, proposal: body.stream.slice('proposal-'.length) };
};
const decided = async (more: object = {}): Promise<Decided> => referenceTo(await decide(more));
const propose = (): Promise<string> => server.make('/proposals', secretariat, { body: things['body'], text: text('To be decided') });
const decideOn = async (proposal: string, more: object = {}): Promise<Decided> =>
  referenceTo(await post(`/proposals/${proposal}/decisions`, ruling(more)));

describe('rule 5: a decision is replaced by one', () => {
  it.each(['supersedes', 'rescinds'])('which %s it: the next that does is refused at once', async (how) => {
    const earlier = await decided();
    for (const again of [false, true, true]) {
      const answer = await decide({ [how]: [earlier] });
      expect([answer.status, again && typeOf(answer)]).toEqual(again ? [409, 'decision-not-in-force'] : [201, false]);
    }
  });

  it('also where several say so at the same moment: the others stand in the list of exceptions', async () => {
    const earlier = await decided();
    const answers = await Promise.all(Array.from({ length: 8 }, () => decide({ supersedes: [earlier] })));
    const taken = answers.filter(({ status }) => status === 201).map(referenceTo);
    expect(
      answers
        .filter(({ status }) => status !== 201)
        .map(typeOf)
        .every((code) => code === 'decision-not-in-force'),
    ).toBe(true);
    const found = await until(
      `/exceptions?body=${things['body']}&rule=decision-not-in-force`,
      ({ items }) => items.length === taken.length - 1,
    );
    for (const row of found.items)
      expect(row).toMatchObject({
        rule: 'decision-not-in-force',
        as: 'discrepancy',
        type: 'decision-replacement-failed',
        meeting: things['meeting'],
      });
    const row = await until(`/decisions/${earlier.decision}`, ({ status }) => status === 'superseded');
    const replacedBy = row['replacedBy'] as Decided;
    expect(taken).toContainEqual(replacedBy);
    if (taken.length > 1) expect(taken).toContainEqual((await read(`/decisions/${earlier.decision}`))['alsoNamedBy']);
    const records = await Promise.all(found.items.map(({ record }) => read(`/records/${record}`)));
    const failed = records.map(({ data }) => (data as never as { by: Decided }).by.decision);
    expect([...failed, replacedBy.decision].sort()).toEqual(taken.map(({ decision }) => decision).sort());
  });

  it('which replaces several of one stream together', async () => {
    const proposal = await propose();
    const [deferred, decision] = [await decideOn(proposal, { outcome: 'deferred' }), await decideOn(proposal)];
    await until(`/decisions/${deferred.decision}`, ({ status }) => status === 'superseded');
    const [one, other] = [await decided(), await decided()];
    const later = await decided({ supersedes: [one, decision, other] });
    for (const each of [one, decision, other])
      expect(await until(`/decisions/${each.decision}`, ({ status }) => status === 'superseded')).toMatchObject({ replacedBy: later });
  });
});

describe('rule 5: a proposal has one decision in force', () => {
  it('a deferral is over once the proposal is taken up', async () => {
    const proposal = await propose();
    const deferred = await decideOn(proposal, { outcome: 'deferred' });
    const approved = await decideOn(proposal);
    expect(await until(`/decisions/${deferred.decision}`, ({ status }) => status === 'superseded')).toMatchObject({ replacedBy: approved });
    expect((await read(`/decisions?proposal=${proposal}&status=in-force`)).items).toMatchObject([{ id: approved.decision }]);
  });

  it('it is to be decided again once its decision is taken back, at once', async () => {
    const proposal = await propose();
    const first = await decideOn(proposal);
    expect(await read(`/proposals/${proposal}`)).toMatchObject({ status: 'decided' });
    await decided({ rescinds: [first] });
    const second = await decideOn(proposal, { outcome: 'deferred' });
    expect(await until(`/proposals/${proposal}`, ({ status }) => status === 'pending')).toBeDefined();
    expect((await read(`/decisions?proposal=${proposal}&status=in-force`)).items).toMatchObject([{ id: second.decision }]);
  });
});

describe('rule 6: an allocation is settled by one decision', () => {
  it('the next that covers it is refused at once, and one that is returned is proposed anew at once', async () => {
    const at = `/bodies/${things['body']}/regions/${things['region']}/terms/${things['term']}/allocation`;
    const proposal = { regionOf: things['council'], seats: 1, nominatedBy: things['body'], electedBy: things['council'] };
    const allocation = await server.make(at, secretariat, proposal);
    await decided({ allocations: [allocation], outcome: 'rejected' });
    expect([(await decide({ allocations: [allocation] })).status, (await post(at, proposal)).status]).toEqual([409, 201]);
    const answers = await Promise.all(Array.from({ length: 6 }, () => decide({ allocations: [allocation] })));
    const taken = answers.filter(({ status }) => status === 201).map(referenceTo);
    await until(`/exceptions?body=${things['body']}&rule=allocation-not-proposed`, ({ items }) => items.length === taken.length - 1);
    if (taken.length > 1) expect(await read(`/seat-allocations/${allocation}`)).toHaveProperty('alsoDecidedBy');
    const approved = await until(`/seat-allocations/${allocation}`, ({ status }) => status === 'approved');
    expect(taken.map(({ decision }) => decision)).toContain(approved['decision']);
  });
});
