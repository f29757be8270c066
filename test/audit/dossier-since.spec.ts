// What a decision, or what is owed, rested on when it was recorded stands in its dossier, with what became of it since.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ShownDossier, ShownFact } from '../../libs/report/src/dossier/present-dossier.js';
import { Server, text } from '../support/server.js';
import { makeOutside, makeWorld, type World } from '../support/world.js';
import { until } from './support/played-sample.js';
import { entriesOf, readDossier, typesOf, wrongIn } from './support/shown-dossiers.js';

const LIMIT_MS = 60_000;
const NOBODY = { kind: 'restricted', organisations: [], roles: [] };
const reason = { code: 'misheard', text: text('Why it was struck') };

let server: Server;
let world: World;
beforeAll(async () => {
  server = await Server.start();
  world = await makeWorld(server, await makeOutside(server));
}, LIMIT_MS);
afterAll(() => server.stop());

const read = (address: string, token = world.tokens.auditor): Promise<ShownDossier> => readDossier(server, address, token);
const factIn = (of: ShownDossier, link: string, pointer: string): ShownFact | undefined =>
  entriesOf(of, link)
    .flatMap(({ facts }) => facts)
    .find((fact) => fact.pointer === pointer);
/** The records of a link, by what they are about. */
const of = (dossier: ShownDossier, link: string, id: string): string[] =>
  entriesOf(dossier, link)
    .filter((entry) => entry.of.some((each) => each.id === id))
    .map(({ type }) => type);

async function makeRemark(words: string, more: object = {}): Promise<string> {
  const { meeting, person } = world.things;
  return server.make(`/meetings/${meeting}/remarks`, world.tokens.secretariat, { speaker: { person }, text: text(words), ...more });
}

async function decide(more: object): Promise<{ id: string; proposal: string }> {
  const { body, meeting } = world.things;
  const { id, stream } = await server.post('/decisions', world.tokens.secretariat, {
    body,
    meeting,
    outcome: 'approved',
    wording: text('Approved.'),
    method: 'consensus',
    evidence: { words: text('approved') },
    ...more,
  });
  return { id, proposal: stream.slice('proposal-'.length) };
}

const strike = (remark: string): Promise<unknown> =>
  server.post(`/meetings/${world.things['meeting']}/remarks/${remark}/correction`, world.tokens.secretariat, { struck: true, reason });

describe('what was struck since', () => {
  let evidence: string;
  let underItem: string;
  let undertaking: string;
  let early: string;
  let decision: string;
  let followUp: string;
  beforeAll(async () => {
    const { body, meeting, member } = world.things;
    const item = await server.make(`/meetings/${meeting}/agenda-items`, world.tokens.secretariat, {
      number: '7',
      title: text('The matter'),
      purpose: 'decision',
    });
    evidence = await makeRemark('The evidence');
    underItem = await makeRemark('Under the item', { item });
    undertaking = await makeRemark('We shall report');
    early = await makeRemark('Struck before', { item });
    await strike(early);
    decision = (await decide({ item, evidence: { remarks: [evidence, underItem] } })).id;
    followUp = await server.make('/follow-ups', world.tokens.secretariat, {
      body,
      owner: { organisation: member },
      action: text('To report'),
      due: { on: '2030-01-01' },
      from: { remark: undertaking, meeting },
    });
    for (const remark of [evidence, underItem, undertaking]) await strike(remark);
  }, LIMIT_MS);

  it('is in the dossier of the decision that rests on it, and the strike among the corrections', async () => {
    const dossier = await read(`/decisions/${decision}`);
    expect(await wrongIn(server, world.tokens.auditor, dossier)).toEqual([]);
    for (const remark of [evidence, underItem]) {
      expect(of(dossier, 'table', remark)).toEqual(['remark-made']);
      expect(of(dossier, 'corrections', remark)).toEqual(['remark-corrected']);
    }
    expect(factIn(dossier, 'corrections', '/struck')).toMatchObject({ value: true });
    const [struck] = entriesOf(dossier, 'corrections');
    expect(factIn(dossier, 'decision', '/evidence/remarks/0')?.names).toMatchObject({
      in: 'remarks',
      id: evidence,
      value: 'The evidence',
      endedBy: struck!.record,
    });
    expect(dossier.withheld).toBeUndefined();
    // Nothing rested on it any more.
    expect(JSON.stringify(dossier)).not.toContain(early);
  });

  it('is in the dossier of what is owed because of it', async () => {
    const dossier = await read(`/follow-ups/${followUp}`);
    expect(await wrongIn(server, world.tokens.auditor, dossier)).toEqual([]);
    expect(of(dossier, 'table', undertaking)).toEqual(['remark-made']);
    expect(of(dossier, 'corrections', undertaking)).toEqual(['remark-corrected']);
    expect(factIn(dossier, 'follow-ups', '/from/remark')?.names).toMatchObject({ value: 'We shall report' });
    expect(typesOf(dossier, 'meeting')).toContain('meeting-scheduled');
  });

  it('is printed where it is named, and marked as struck', async () => {
    const printed = async (address: string, language: string): Promise<string> =>
      (await server.get(`${address}/dossier`, world.tokens.auditor, { accept: 'text/markdown', 'accept-language': language })).text;
    expect(await printed(`/decisions/${decision}`, 'en')).toMatch(/The evidence \(struck by record \d+\).*`\/evidence\/remarks\/0`/);
    expect(await printed(`/follow-ups/${followUp}`, 'en')).toMatch(/We shall report \(struck by record \d+\).*`\/from\/remark`/);
    expect(await printed(`/decisions/${decision}`, 'fr')).toMatch(/The evidence \(radié par l’enregistrement \d+\)/);
  });

  it('is marked where it stands, and what struck it says what it struck', async () => {
    const address = `/decisions/${decision}`;
    const dossier = await read(address);
    for (const [remark, words] of [
      [evidence, 'The evidence'],
      [underItem, 'Under the item'],
    ] as const) {
      const [made, struck] = ['table', 'corrections'].map((link) =>
        entriesOf(dossier, link).find((entry) => entry.of.some(({ id }) => id === remark))!,
      );
      expect(made!.of).toEqual([{ in: 'remarks', id: remark, first: made!.record, struckBy: struck!.record }]);
      expect(struck!.of).toMatchObject([
        { in: 'remarks', id: remark, first: made!.record, names: { value: words }, who: { in: 'persons' } },
      ]);
      const { text: markdown } = await server.get(`${address}/dossier`, world.tokens.auditor, { accept: 'text/markdown' });
      expect(markdown).toContain(`\\[#${made!.record}\\] *(struck by record ${struck!.record})*\n`);
      expect(markdown).toContain(`- concerns: ${String(struck!.of[0]!.who!.value)}: ${words} (record ${made!.record}) (`);
      const { text: html } = await server.get(`${address}/dossier`, world.tokens.auditor, { accept: 'text/html', 'accept-language': 'fr' });
      expect(html).toContain(`#${made!.record}</span><em class="mark">radié par l’enregistrement ${struck!.record}</em></h3>`);
      expect(html).toMatch(
        new RegExp(
          `<th scope="row">concerne</th><td><bdi[^>]*>[^<]+</bdi>: <bdi[^>]*>${words}</bdi> \\(enregistrement ${made!.record}\\)</td>`,
        ),
      );
    }
  });

  it('is told in the report as what it is, and not quoted', async () => {
    const { text: report } = await server.get(`/meetings/${world.things['meeting']}/report`, world.tokens.auditor, {
      accept: 'text/markdown',
    });
    expect(report).toMatch(/owes: To report\. It comes from a remark\./);
    expect(report).toContain('The remark was struck since it was recorded.');
    expect(report).not.toContain('(not shown)');
    expect(report).not.toContain('We shall report');
  });

  it('is not there as of before the strike, and is told to whoever may read its history alone', async () => {
    const asOf = (await server.get(`/decisions/${decision}`, world.tokens.auditor)).body.firstRecord;
    const then = await readDossier(server, `/decisions/${decision}`, world.tokens.auditor, `?asOf=${asOf}`);
    expect(typesOf(then, 'corrections')).toEqual([]);
    expect(factIn(then, 'decision', '/evidence/remarks/0')?.names).not.toHaveProperty('endedBy');
    expect((await read(`/decisions/${decision}`, world.tokens.delegate)).withheld).toBeUndefined();
    for (const remark of [evidence, underItem, undertaking])
      await server.command('PUT', `/meetings/${world.things['meeting']}/parts/${remark}/audience`, world.tokens.secretariat, {
        audience: NOBODY,
        reason: { code: 'other' },
      });
    const hidden = await read(`/decisions/${decision}`, world.tokens.delegate);
    expect(hidden.withheld).toEqual(['table', 'decision']);
    expect((await read(`/follow-ups/${followUp}`, world.tokens.secretariat)).withheld).toBeUndefined();
    for (const id of [evidence, underItem]) expect(JSON.stringify(hidden)).not.toContain(id);
    const seen = await read(`/decisions/${decision}`);
    expect(of(seen, 'table', evidence)).toEqual(['remark-made', 'part-audience-set']);
    expect(of(seen, 'corrections', evidence)).toEqual(['remark-corrected']);
  });
});

describe('a seat that a later proposal left out', () => {
  it(
    'is in the dossier of the decision that approved it, with whom it named',
    async () => {
      const { allocation, body, region, allocatedTerm, council, member } = world.things;
      const { secretariat, auditor } = world.tokens;
      const settled = (status: string): Promise<true> =>
        until(async () =>
          (await server.get(`/seats?allocation=${allocation}`, auditor)).body.items.every((seat) => seat['status'] === status)
            ? true
            : undefined,
        );
      const approved = await decide({ allocations: [allocation] });
      await settled('approved');
      await server.post(`/seat-allocations/${allocation}/seats/2/vacancy`, secretariat, { reason: { code: 'typing' } });
      await server.post(`/seat-allocations/${allocation}/seats/2/holder`, secretariat, { organisation: member });
      const rescinding = await decide({ rescinds: [{ decision: approved.id, proposal: approved.proposal }] });
      await settled('returned');
      const { stream } = await server.post(`/bodies/${body}/regions/${region}/terms/${allocatedTerm}/allocation`, secretariat, {
        regionOf: council,
        seats: 1,
        nominatedBy: body,
        electedBy: council,
      });
      expect(stream).toBe(`allocation-${allocation}`);
      const dossier = await read(`/decisions/${approved.id}`);
      expect(typesOf(dossier, 'seats')).toEqual(expect.arrayContaining(['seat-vacated', 'seat-holder-named']));
      expect(await wrongIn(server, auditor, dossier)).toEqual([]);

      const [{ id: seat }] = (await server.get(`/seats?allocation=${allocation}`, auditor)).body.items as unknown as [{ id: string }];
      const ofSeat = await read(`/seats/${seat}`);
      expect(of(ofSeat, 'decision', approved.id)).toEqual(['decision-taken']);
      expect(of(ofSeat, 'quorum', approved.id)).toEqual(['decision-taken']);
      expect(of(ofSeat, 'replacement', approved.id)).toEqual(['decision-rescinded']);
      expect(of(ofSeat, 'replacement', rescinding.id)).toEqual(['decision-taken']);
      expect(of(ofSeat, 'seats', allocation!)).toEqual([
        'seat-allocation-proposed',
        'seat-allocation-approved',
        'seat-allocation-returned',
        'seat-allocation-proposed',
      ]);
      expect(await wrongIn(server, auditor, ofSeat)).toEqual([]);
      expect(of(await read(`/decisions/${rescinding.id}`), 'seats', allocation!)).toContain('seat-allocation-returned');
    },
    LIMIT_MS,
  );
});

describe('under the corrections since', () => {
  it('stands what corrects something, and nothing else', async () => {
    const {
      things: { meeting, member, seated },
      tokens: { secretariat },
    } = world;
    const at = `/meetings/${meeting}`;
    const present = await server.make(`${at}/attendance`, secretariat, { party: { organisation: member }, as: 'member' });
    const { id, proposal } = await decide({});
    await server.post(`${at}/attendance/${present}/end`, secretariat, { left: '2024-04-29' });
    const later = await server.make(`${at}/attendance`, secretariat, { party: { organisation: seated }, as: 'member' });
    await server.command('PUT', `/proposals/${proposal}/decisions/${id}/audience`, secretariat, {
      audience: { kind: 'public' },
      reason: { code: 'other' },
    });
    const before = await read(`/decisions/${id}`);
    expect(typesOf(before, 'corrections')).toEqual([]);
    expect(typesOf(before, 'decision')).toEqual(['decision-taken', 'decision-audience-set']);
    expect(of(before, 'quorum', present)).toEqual(['attendance-recorded']);
    expect(of(before, 'attendance-since', present)).toEqual(['attendance-ended']);
    expect(of(before, 'attendance-since', later)).toEqual(['attendance-recorded']);
    await server.post(`${at}/attendance/${present}/correction`, secretariat, { mode: 'remote', reason: { code: 'typing' } });
    const after = await read(`/decisions/${id}`);
    expect(of(after, 'corrections', present)).toEqual(['attendance-corrected']);
    expect(of(after, 'attendance-since', present)).toEqual(['attendance-ended']);
    const correction = entriesOf(after, 'corrections').find((entry) => entry.of.some((each) => each.id === present))!;
    expect(correction.of).toMatchObject([{ who: { in: 'organisations', id: member } }]);
    const marked = ['quorum', 'attendance-since'].map((link) => entriesOf(after, link).find((entry) => entry.of[0]!.id === present)!.of[0]);
    expect(marked).toMatchObject([{ correctedBy: [correction.record] }, { correctedBy: [correction.record], who: { id: member } }]);
    expect(await wrongIn(server, world.tokens.auditor, after)).toEqual([]);
  });
});

describe('an attendance that was struck and hidden', () => {
  it('is not named to whom it is hidden from, and the dossier says that something is withheld', async () => {
    const {
      things: { meeting, person },
      tokens: { secretariat, delegate, auditor },
    } = world;
    const at = `/meetings/${meeting}`;
    const present = await server.make(`${at}/attendance`, secretariat, { party: { person }, as: 'member' });
    const { id } = await decide({});
    await server.post(`${at}/attendance/${present}/correction`, secretariat, { struck: true, reason });
    const questioned = (dossier: ShownDossier): ShownFact[] | undefined =>
      entriesOf(dossier, 'corrections').find(({ type }) => type === 'quorum-questioned')?.facts;
    await until(async () => questioned(await read(`/decisions/${id}`)));
    await server.command('PUT', `${at}/parts/${present}/audience`, secretariat, { audience: NOBODY, reason: { code: 'other' } });
    await server.get('/records?limit=1', secretariat);
    const hidden = await read(`/decisions/${id}`, delegate);
    expect(questioned(hidden)?.map(({ pointer }) => pointer)).not.toContain('/attendance');
    expect(hidden.withheld).toContain('corrections');
    expect(JSON.stringify(hidden)).not.toContain(present);
    expect(questioned(await read(`/decisions/${id}`, auditor))).toContainEqual({ pointer: '/attendance', value: present });
  });
});
