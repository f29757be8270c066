// Dossiers: every value stands where its pointer says, the chain is whole, and rights decide what is in it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ShownDossier } from '../../libs/report/src/dossier/present-dossier.js';
import { Server, text } from '../support/server.js';
import { makeOutside, makeWorld, type World } from '../support/world.js';
import { playSample, until } from './support/played-sample.js';
import { entriesOf, linksOf, readDossier, typesOf, wrongIn } from './support/shown-dossiers.js';

const LIMIT_MS = 120_000;

let server: Server;
let auditor: string;
let seats: { id: string; allocation: string }[];

beforeAll(async () => {
  server = await Server.start({ env: { PLENARY_PUBLIC_READ: 'true' } });
  auditor = await server.token('auditor');
  await playSample(server, await server.token('secretariat'));
  seats = await until(async () => {
    const { items } = (await server.get('/seats', auditor)).body;
    return items.length > 0 && items.every(({ status }) => status === 'approved') ? (items as unknown as typeof seats) : undefined;
  });
}, LIMIT_MS);
afterAll(() => server.stop());

const dossier = (address: string, token: string | undefined = auditor, query = ''): Promise<ShownDossier> =>
  readDossier(server, address, token, query);
const places = async (list: string): Promise<string[]> =>
  (await server.get(`/${list}?limit=500`, auditor)).body.items.map(({ id }) => `/${list}/${id}`);

describe('the dossiers of the sample', () => {
  it.each(['decisions', 'follow-ups', 'documents'])(
    'give every value of %s as it stands in its event, where the pointer says',
    async (list) => {
      const addresses = await places(list);
      expect(addresses.length).toBeGreaterThan(0);
      for (const address of addresses) expect(await wrongIn(server, auditor, await dossier(address))).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'give every value of the seats likewise',
    async () => {
      for (const { id } of [seats[0]!, seats.at(-1)!]) expect(await wrongIn(server, auditor, await dossier(`/seats/${id}`))).toEqual([]);
    },
    LIMIT_MS,
  );

  it('lead from the decision on the seats to both allocations and their approval', async () => {
    const [address] = await places('decisions');
    const of = await dossier(address!);
    expect(linksOf(of)).toEqual(['meeting', 'agenda', 'table', 'quorum', 'decision', 'seats', 'follow-ups', 'mentions']);
    expect(typesOf(of, 'seats').filter((type) => type.startsWith('seat-allocation'))).toEqual([
      'seat-allocation-proposed',
      'seat-allocation-proposed',
      'seat-allocation-approved',
      'seat-allocation-approved',
    ]);
    const quorum = entriesOf(of, 'quorum').find(({ type }) => type === 'decision-taken')!;
    expect(quorum.facts.map(({ pointer, value }) => [pointer, value])).toEqual([
      ['/quorum/entitled', 52],
      ['/quorum/present', 49],
      ['/quorum/status', 'no-rule'],
    ]);
  });

  it('lead from a seat to its own allocation alone, and to the decision', async () => {
    const { id, allocation } = seats[0]!;
    const of = await dossier(`/seats/${id}`);
    expect(
      new Set(
        entriesOf(of, 'seats')
          .filter(({ type }) => type.startsWith('seat-allocation'))
          .map(({ stream }) => stream),
      ),
    ).toEqual(new Set([`allocation-${allocation}`]));
    expect(typesOf(of, 'decision')).toEqual(['decision-taken']);
  });

  it('are as the register stood', async () => {
    const [address] = await places('decisions');
    const [taken] = entriesOf(await dossier(address!), 'decision');
    const then = await dossier(address!, auditor, `?asOf=${taken!.record}`);
    expect(Math.max(...entriesOf(then).map(({ record }) => record))).toBe(taken!.record);
    expect(typesOf(then, 'seats')).not.toContain('seat-allocation-approved');
    expect((await server.get(`${address}/dossier?asOf=${taken!.record - 1}`, auditor)).status).toBe(404);
  });

  it('are Markdown and HTML that runs and loads nothing, where that is asked for, in the wanted language', async () => {
    const [address] = await places('decisions');
    const markdown = await server.get(`${address}/dossier`, auditor, { accept: 'text/markdown', 'accept-language': 'fr' });
    expect(markdown.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(markdown.headers.get('content-language')).toBe('fr, en');
    expect(markdown.text).toContain('## La décision');
    expect(markdown.text).toContain('`/wording/0/text`');
    const html = await server.get(`${address}/dossier`, auditor, { accept: 'text/html' });
    expect(html.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html.text).toContain('approved with no further comments');
    expect(html.text).not.toMatch(/<script|<img|<link|src=|href=/);
  });
});

describe('a long history', () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld(server, await makeOutside(server));
  }, LIMIT_MS);

  it(
    'is in the dossier: remarks, the withdrawn proposal, corrections, what was struck, what replaced what, and what is owed',
    async () => {
      const {
        things,
        tokens: { secretariat },
      } = world;
      const { body, meeting, item, person, document, attendance } = things as Record<string, string>;
      const reason = { code: 'typing' };
      const remark = await server.make(`/meetings/${meeting}/remarks`, secretariat, {
        item,
        speaker: { person },
        text: text('On the matter'),
      });
      const withdrawn = await server.make('/proposals', secretariat, { body, meeting, item, text: text('A first text') });
      await server.post(`/proposals/${withdrawn}/withdrawal`, secretariat, { reason: { code: 'other' } });
      const proposal = await server.make('/proposals', secretariat, {
        body,
        meeting,
        item,
        text: text('A second text'),
        takesUp: withdrawn,
        document,
      });
      const taken = {
        outcome: 'approved',
        wording: text('Aproved.'),
        method: 'consensus',
        evidence: { words: text('approved') },
        meeting,
        item,
      };
      const decision = (await server.post(`/proposals/${proposal}/decisions`, secretariat, taken)).id;
      await server.post(`/proposals/${proposal}/decisions/${decision}/correction`, secretariat, { wording: text('Approved.'), reason });
      await server.post(`/meetings/${meeting}/attendance/${attendance}/correction`, secretariat, { struck: true, reason });
      const later = (await server.post('/decisions', secretariat, { ...taken, body, supersedes: [{ decision, proposal }] })).id;
      const followUp = await server.make('/follow-ups', secretariat, {
        body,
        owner: { person },
        action: text('To report'),
        due: { on: '2030-01-01' },
        from: { decision, proposal },
      });
      await server.post(`/follow-ups/${followUp}/completion`, secretariat, { evidence: { words: text('reported') } });
      const replaced = await until(async () =>
        (await server.get(`/decisions/${decision}`, auditor)).body['status'] === 'superseded' ? true : undefined,
      );
      expect(replaced).toBe(true);

      const of = await dossier(`/decisions/${decision}`);
      expect(await wrongIn(server, auditor, of)).toEqual([]);
      expect(typesOf(of, 'table')).toContain('remark-made');
      expect(typesOf(of, 'proposal')).toEqual(['proposal-introduced', 'proposal-withdrawn', 'proposal-introduced']);
      expect(typesOf(of, 'quorum')).toContain('attendance-recorded');
      expect(typesOf(of, 'corrections').sort()).toEqual(['attendance-corrected', 'decision-wording-corrected', 'quorum-questioned']);
      expect(typesOf(of, 'replacement')).toEqual(['decision-taken', 'decision-superseded']);
      expect(typesOf(of, 'follow-ups')).toEqual(['follow-up-assigned', 'follow-up-completed']);
      expect(
        entriesOf(await dossier(`/decisions/${later}`), 'replacement').flatMap(({ of: touched }) => touched.map(({ id }) => id)),
      ).toContain(decision);
      expect(typesOf(await dossier(`/documents/${document}`))).toEqual(
        expect.arrayContaining(['document-registered', 'document-reviewed', 'decision-taken']),
      );

      // Whoever loses the right to a part loses it from the dossier, at every moment.
      const seen = (token: string): Promise<ShownDossier> => dossier(`/decisions/${decision}`, token);
      const holds = (shown: ShownDossier, id: string): boolean => JSON.stringify(shown).includes(id);
      expect(holds(await seen(world.tokens.delegate), remark)).toBe(true);
      await server.command('PUT', `/meetings/${meeting}/parts/${remark}/audience`, secretariat, {
        audience: { kind: 'restricted', organisations: [], roles: [] },
        reason: { code: 'other' },
      });
      await server.command('PUT', `/documents/${document}/audience`, secretariat, {
        audience: { kind: 'restricted', organisations: [], roles: [] },
        reason: { code: 'other' },
      });
      await server.get('/records?limit=1', secretariat);
      const less = await seen(world.tokens.delegate);
      expect(holds(less, remark)).toBe(false);
      expect(typesOf(less, 'documents')).toEqual([]);
      expect(typesOf(less, 'decision')).toEqual(['decision-taken']);
      expect(holds(await seen(auditor), remark)).toBe(true);
      const roles = entriesOf(less).map(({ recordedBy }) => Object.keys(recordedBy as object));
      expect(roles.every((keys) => keys.join() === 'role')).toBe(true);
      for (const token of [undefined, world.tokens.foreignDelegate, world.tokens.foreignSecretariat])
        expect((await server.get(`/decisions/${decision}/dossier`, token)).status).toBe(404);
    },
    LIMIT_MS,
  );
});

describe('a dossier of something that names what its reader may not see', () => {
  const NOBODY = { kind: 'restricted', organisations: [], roles: [] };
  const OPEN = { kind: 'members' };
  const hidden = { proposal: '', decision: '', stream: '', plan: '' };
  const open = { decision: '', followUp: '', document: '', seat: '' };
  let world: World;
  beforeAll(async () => {
    world = await makeWorld(server, await makeOutside(server));
    const { body, meeting, allocation } = world.things;
    const taken = { meeting, outcome: 'approved', wording: text('Approved.'), method: 'consensus', evidence: { words: text('approved') } };
    const { secretariat } = world.tokens;
    hidden.proposal = await server.make('/proposals', secretariat, {
      body,
      meeting,
      title: text('The secret title'),
      text: text('The secret text'),
      audience: NOBODY,
    });
    open.decision = (await server.post(`/proposals/${hidden.proposal}/decisions`, secretariat, { ...taken, audience: OPEN })).id;
    const decided = await server.post('/decisions', secretariat, { ...taken, body, allocations: [allocation], audience: NOBODY });
    hidden.decision = decided.id;
    hidden.stream = decided.stream.slice('proposal-'.length);
    open.followUp = await server.make('/follow-ups', secretariat, {
      body,
      owner: { person: world.things['person'] },
      action: text('To report'),
      due: { on: '2030-01-01' },
      from: { decision: hidden.decision, proposal: hidden.stream },
      audience: OPEN,
    });
    hidden.plan = await server.make('/documents', secretariat, {
      kind: 'plan',
      title: text('The secret plan'),
      issuer: body,
      audience: NOBODY,
    });
    open.document = await server.make('/documents', secretariat, {
      kind: 'plan',
      title: text('Carried out'),
      issuer: body,
      parent: hidden.plan,
      audience: OPEN,
    });
    open.seat = await until(async () => {
      const { items } = (await server.get(`/seats?allocation=${allocation}`, secretariat)).body as unknown as {
        items: { id: string; status: string }[];
      };
      return items.find(({ status }) => status === 'approved')?.id;
    });
  }, LIMIT_MS);
  const seen = (address: string): Promise<ShownDossier> => dossier(address, world.tokens.delegate);

  it('has the decision that was taken on a hidden proposal, with its record and the proof of it', async () => {
    const address = `/decisions/${open.decision}`;
    const of = await seen(address);
    expect(typesOf(of, 'decision')).toEqual(['decision-taken']);
    expect(linksOf(of)).not.toContain('proposal');
    expect(of.withheld).toEqual(['proposal']);
    expect(JSON.stringify(of)).not.toContain('The secret');
    const { firstRecord } = (await server.get(address, world.tokens.delegate)).body;
    const [entry] = entriesOf(of, 'decision');
    expect((await server.get(`/records/${firstRecord}`, world.tokens.delegate)).body).toMatchObject({
      record: entry!.record,
      leaf: entry!.proof.leaf,
      actor: { role: 'secretariat' },
    });
    expect((await server.get(`/proposals/${hidden.proposal}`, world.tokens.delegate)).status).toBe(404);
  });

  it.each([
    ['a follow-up from a hidden decision', () => `/follow-ups/${open.followUp}`, 'follow-ups', ['decision', 'follow-ups']],
    ['a seat that a hidden decision approved', () => `/seats/${open.seat}`, 'seats', ['decision', 'seats']],
    ['a document of a hidden plan', () => `/documents/${open.document}`, 'documents', ['documents']],
  ])('has %s, and says where something is withheld', async (_, address, link, withheld) => {
    const of = await seen(address());
    expect(entriesOf(of, link).length).toBeGreaterThan(0);
    expect(of.withheld).toEqual(withheld);
    for (const id of [hidden.decision, hidden.stream, hidden.plan]) expect(JSON.stringify(of)).not.toContain(id);
    expect((await dossier(address())).withheld).toBeUndefined();
  });

  it('says so in Markdown and in HTML', async () => {
    for (const [accept, says] of [
      ['text/markdown', 'is withheld; it belongs under: The proposal.'],
      ['text/html', '<p class="about">Something is named here that you may not see, and is withheld; it belongs under: The proposal.</p>'],
    ] as const) {
      expect((await server.get(`/decisions/${open.decision}/dossier`, world.tokens.delegate, { accept })).text).toContain(says);
      expect((await server.get(`/decisions/${open.decision}/dossier`, auditor, { accept })).text).not.toContain('withheld');
    }
  });
});
