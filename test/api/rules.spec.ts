// What the record promises, seen from outside: commands that arrive twice, people who are as fast as each other, languages,
// and what becomes of anything recorded, with the register before and after.
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomId } from '#kernel';
import { Server, text, type Answer, type Answered, type ShownRow } from '../support/server.js';
import { makeOutside, makeWorld, OCCURRED, tokenId, type Things, type Tokens } from '../support/world.js';

const LIMIT_MS = 60_000;

let server: Server;
let things: Things;
let tokens: Tokens;
let secretariat: string;

beforeAll(async () => {
  server = await Server.start();
  ({ things, tokens } = await makeWorld(server, await makeOutside(server)));
  ({ secretariat } = tokens);
}, LIMIT_MS);
afterAll(() => server.stop());

const post = (path: string, body: object, headers: Record<string, string> = {}, token = secretariat): Promise<Answer> =>
  server.api('POST', path, { token, body, headers });
const read = async (path: string, headers?: Record<string, string>): Promise<Answered> =>
  (await server.get(path, secretariat, headers)).body;
const remark = (words: string): object => ({ speaker: { person: things['person'] }, text: text(words) });
const code = { code: 'other' } as const;
const typeOf = ({ body }: Answer): string => body.type.split('/').at(-1)!;

/** Asks again until it is so: what spans streams follows after the answer. Fails by the test's own time limit. */
async function until(path: string, isSo: (body: Answered) => boolean): Promise<Answered> {
  for (;;) {
    const body = await read(path);
    if (isSo(body)) return body;
    await setImmediate();
  }
}

async function openMeeting(bodies = [things['body']!]): Promise<string> {
  const meeting = await server.make('/meetings', secretariat, {
    bodies,
    title: text('A meeting'),
    starts: OCCURRED,
    zone: 'Europe/Brussels',
    format: 'hybrid',
  });
  await server.post(`/meetings/${meeting}/opening`, secretariat, { occurredAt: OCCURRED });
  return meeting;
}

const schedule = (starts: string, body: string): Promise<string> =>
  server.make('/meetings', secretariat, { bodies: [body], title: text('To come'), starts, zone: 'UTC', format: 'remote' });

async function decide(more: object, meeting = things['meeting']!): Promise<{ id: string; proposal: string; record: number }> {
  const { id, stream } = await server.post('/decisions', secretariat, {
    body: things['body'],
    meeting,
    outcome: 'approved',
    wording: text('It is approved.'),
    method: 'consensus',
    evidence: { words: text('approved') },
    ...more,
  });
  return { id, proposal: stream.slice('proposal-'.length), record: (await read(`/decisions/${id}`)).record };
}

describe('a command that arrives twice under one Idempotency-Key', () => {
  it('takes effect once, and is answered from what it recorded', async () => {
    const meeting = await openMeeting();
    const [first, again] = [
      await post(`/meetings/${meeting}/remarks`, remark('Once'), { 'idempotency-key': 'k1' }),
      await post(`/meetings/${meeting}/remarks`, remark('Once'), { 'idempotency-key': 'k1' }),
    ];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual({ ...first.body, repeated: true });
    expect(again.headers.get('plenary-position')).toBeTruthy();
    expect((await read(`/meetings/${meeting}/remarks`)).items).toHaveLength(1);
  });

  it('is answered by what its sender may do today: to a delegate of the same subject it is refused', async () => {
    const meeting = await openMeeting();
    const [path, key] = [`/meetings/${meeting}/remarks`, { 'idempotency-key': 'k-role' }];
    const subject = randomId();
    const [clerk, delegate] = [
      await server.token('secretariat', { subject }),
      await server.token('delegate', { subject, organisation: things['organisation']! }),
    ];
    const first = await server.api('POST', path, { token: clerk, body: remark('In confidence'), headers: key });
    expect(first.status).toBe(201);
    expect(await server.api('POST', path, { token: delegate, body: remark('In confidence'), headers: key })).toMatchObject({ status: 403 });
    await post(`/meetings/${meeting}/conclusion`, {});
    const again = await server.api('POST', path, { token: clerk, body: remark('In confidence'), headers: key });
    expect(again.body).toEqual({ ...first.body, repeated: true });
  });

  it('is the same however its address is written', async () => {
    const meeting = await openMeeting();
    const ids = await Promise.all(
      ['remarks', '%72emarks'].map(
        async (name) => (await post(`/meetings/${meeting}/${name}`, remark('Once'), { 'idempotency-key': 'k-written' })).body.id,
      ),
    );
    expect(new Set(ids).size).toBe(1);
  });

  it('at once, from several connections', async () => {
    const meeting = await openMeeting();
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => post(`/meetings/${meeting}/remarks`, remark('Once'), { 'idempotency-key': 'k2' })),
    );
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body.events)}`)).size).toBe(1);
    expect(answers.filter(({ body }) => body.repeated).length).toBe(15);
    expect((await read(`/meetings/${meeting}/remarks`)).items).toHaveLength(1);
  });

  it('makes one stream, where it makes one', async () => {
    const body = { kind: 'state-administration', name: text('One of its kind') };
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/organisations', body, { 'idempotency-key': 'k3' })));
    expect(new Set(answers.map(({ body: { id } }) => id)).size).toBe(1);
  });

  it('with another body is refused; by another subject, or to another address, it is another command', async () => {
    const [meeting, other] = [await openMeeting(), await openMeeting()];
    const key = { 'idempotency-key': 'k4' };
    const { body: first } = await post(`/meetings/${meeting}/remarks`, remark('One'), key);
    const reused = await post(`/meetings/${meeting}/remarks`, remark('Two'), key);
    expect([reused.status, typeOf(reused)]).toEqual([422, 'idempotency-key-reused']);
    const colleague = await server.token('secretariat', { bodies: [things['body']!] });
    const { body: second } = await post(`/meetings/${meeting}/remarks`, remark('Two'), key, colleague);
    const { body: third } = await post(`/meetings/${other}/remarks`, remark('Two'), key);
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);
    expect((await read(`/meetings/${meeting}/remarks`)).items).toHaveLength(2);
  });

  it('is decided anew where it was refused before', async () => {
    const meeting = await schedule(OCCURRED, things['body']!);
    const key = { 'idempotency-key': 'k5' };
    expect((await post(`/meetings/${meeting}/remarks`, remark('Early'), key)).status).toBe(409);
    await server.post(`/meetings/${meeting}/opening`, secretariat, { occurredAt: OCCURRED });
    expect((await post(`/meetings/${meeting}/remarks`, remark('Early'), key)).status).toBe(201);
  });

  it('tells the secret of a token once', async () => {
    const body = { role: 'auditor', name: text('Once') };
    const [first, again] = [
      await post('/tokens', body, { 'idempotency-key': 'k6' }, tokens.admin),
      await post('/tokens', body, { 'idempotency-key': 'k6' }, tokens.admin),
    ];
    expect(first.body.token).toMatch(/^plenary_/);
    expect([again.body.id, again.body.token]).toEqual([first.body.id, undefined]);
  });
});

describe('a command that is satisfied already', () => {
  it('records nothing, and says so', async () => {
    const meeting = await schedule('2030-04-29', things['body']!);
    const cancelled = await server.post(`/meetings/${meeting}/cancellation`, secretariat, { reason: code });
    const again = await post(`/meetings/${meeting}/cancellation`, { reason: code });
    expect([again.status, again.body]).toEqual([
      200,
      { id: meeting, stream: `meeting-${meeting}`, revision: cancelled.revision, unchanged: true, events: [] },
    ]);
  });
});

describe('If-Match', () => {
  it('takes the ETag of an answer that recorded nothing', async () => {
    const meeting = await openMeeting();
    const { id } = await server.post(`/meetings/${meeting}/attendance`, secretariat, {
      party: { organisation: things['member'] },
      as: 'member',
    });
    const leave = (headers = {}) => post(`/meetings/${meeting}/attendance/${id}/end`, { left: OCCURRED }, headers);
    expect((await leave()).status).toBe(200);
    await server.post(`/meetings/${meeting}/remarks`, secretariat, remark('Meanwhile'));
    const again = await leave();
    expect([again.body['unchanged'], (await leave({ 'if-match': again.headers.get('etag')! })).status]).toEqual([true, 200]);
  });

  it('compares the resource, not the stream that it lies in', async () => {
    const meeting = await openMeeting();
    const { id } = await server.post(`/meetings/${meeting}/remarks`, secretariat, remark('First'));
    const seen = (await server.get(`/remarks/${id}`, secretariat)).headers.get('etag')!;
    for (let count = 0; count < 3; count++) await server.post(`/meetings/${meeting}/remarks`, secretariat, remark('Another'));
    const correct = (words: string) =>
      post(`/meetings/${meeting}/remarks/${id}/correction`, { text: text(words), reason: { code: 'misheard' } }, { 'if-match': seen });
    const corrected = await correct('Second');
    expect(corrected.status).toBe(200);
    expect((await server.get(`/remarks/${id}`, secretariat)).headers.get('etag')).toBe(corrected.headers.get('etag'));
    const late = await correct('Third');
    expect([late.status, typeOf(late)]).toEqual([412, 'revision-changed']);
    expect(await read(`/remarks/${id}`)).toMatchObject({ text: { text: 'Second' } });
  });

  it('takes the ETag with which a quota was answered, and none of another quota of the body', async () => {
    const { council, region } = things;
    const other = await server.make(`/bodies/${council}/regions`, server.admin, { name: text('Another region') });
    const body = await server.make('/bodies', server.admin, { kind: 'council', name: text('Has seats') });
    const set = (of: string, seats: number, headers = {}) =>
      server.api('PUT', `/bodies/${body}/regions/${of}/seats`, { token: server.admin, body: { regionOf: council, seats }, headers });
    const seen = { 'if-match': (await set(region!, 3)).headers.get('etag')! };
    await set(other, 1);
    expect([(await set(region!, 3, seen)).body['unchanged'], (await set(region!, 4, seen)).status]).toEqual([true, 200]);
    const late = await set(region!, 5, seen);
    expect([late.status, typeOf(late)]).toEqual([412, 'revision-changed']);
  });

  it('lets one of two win who change the same thing at once', async () => {
    const meeting = await openMeeting();
    const { id } = await server.post(`/meetings/${meeting}/remarks`, secretariat, remark('First'));
    const etag = (await server.get(`/remarks/${id}`, secretariat)).headers.get('etag')!;
    const answers = await Promise.all(
      ['A', 'B', 'C'].map((words) =>
        post(`/meetings/${meeting}/remarks/${id}/correction`, { text: text(words), reason: { code: 'misheard' } }, { 'if-match': etag }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });
});

describe('who wrote', () => {
  it('reads it at once, in details and lists, with any of their tokens', async () => {
    const subject = (await server.get(`/tokens/${tokenId(secretariat)}`, tokens.auditor)).body['subject'] as string;
    const second = await server.token('secretariat', { bodies: [things['body']!], subject });
    const meeting = await openMeeting();
    for (let count = 1; count <= 40; count++) {
      const { id } = await server.post(`/meetings/${meeting}/remarks`, secretariat, remark(`Remark ${count}`));
      const reader = count % 2 === 0 ? secretariat : second;
      if (count % 3 === 0) expect((await server.get(`/meetings/${meeting}/remarks`, reader)).body.items).toHaveLength(count);
      else expect((await server.get(`/remarks/${id}`, reader)).status).toBe(200);
    }
  });

  it('gives others a position, with which they read it too', async () => {
    const meeting = await openMeeting();
    for (let count = 0; count < 20; count++) {
      const {
        body: { id },
        headers,
      } = await post(`/meetings/${meeting}/remarks`, remark('For all'));
      const position = headers.get('plenary-position')!;
      expect((await server.get(`/remarks/${id}`, tokens.auditor, { 'plenary-position': position })).status).toBe(200);
    }
  });

  it('acts under a name that the record keeps', async () => {
    const { record } = await decide({});
    expect(await read(`/records/${record}`)).toMatchObject({
      type: 'decision-taken',
      actor: { role: 'secretariat', body: things['body'], name: 'Test secretariat' },
    });
    expect((await server.get(`/records/${record}`, tokens.delegate)).body['actor']).toEqual({ role: 'secretariat' });
  });

  it('rests on nobody and on nothing that is not registered', async () => {
    const meeting = await openMeeting();
    const nobody = '00000000-0000-4000-8000-000000000000';
    const override = (documents: string[]): object => ({
      override: { reason: text('As the chair ruled'), authority: text('The chair'), evidence: { documents } },
    });
    const cases: [string, object, string, string][] = [
      [`/meetings/${meeting}/remarks`, { ...remark('Said'), instruction: { person: nobody } }, 'unknown-person', 'instruction.person'],
      [
        `/meetings/${meeting}/remarks`,
        { ...remark('Said'), ...override([things['document']!, nobody]) },
        'unknown-document',
        'override.evidence.documents[1]',
      ],
      [
        `/meetings/${meeting}/attendance/stated`,
        { present: 3, evidence: { documents: [nobody] } },
        'unknown-document',
        'evidence.documents[0]',
      ],
      [
        '/decisions',
        {
          body: things['body'],
          meeting,
          outcome: 'approved',
          wording: text('Approved'),
          method: 'consensus',
          evidence: { documents: [things['document'], nobody] },
        },
        'unknown-document',
        'evidence.documents[1]',
      ],
    ];
    for (const [path, body, type, field] of cases) {
      const answer = await post(path, body);
      expect([answer.status, typeOf(answer), answer.body['fields']]).toEqual([422, type, [{ field, reason: 'is not registered' }]]);
    }
    expect(
      (await post(`/meetings/${meeting}/attendance/stated`, { present: 3, evidence: { documents: [things['document']] } })).status,
    ).toBe(201);
    // Whom a command is sent to need not be looked up.
    expect(
      (
        await post(`/persons/${things['person']}/correction`, {
          name: text('A. Person'),
          reason: code,
          instruction: { person: things['person'] },
        })
      ).status,
    ).toBeLessThan(300);
  });

  it('tells who recorded it, on whose instruction and on what it was decided, to its secretariat and to auditors', async () => {
    const meeting = await openMeeting();
    const instruction = { person: things['person'] };
    const { id } = await server.post(`/meetings/${meeting}/remarks`, tokens.secretariat, {
      ...remark('For all to read'),
      audience: { kind: 'public' },
      instruction,
    });
    const { record } = (await server.get(`/remarks/${id}`, tokens.secretariat)).body;
    const shown = async (token: string) => (await server.get(`/records/${record}`, token)).body as unknown as Record<string, unknown>;
    for (const token of [tokens.secretariat, tokens.auditor])
      expect(await shown(token)).toMatchObject({
        actor: { name: 'Test secretariat' },
        instruction,
        decidedOn: [{ stream: `person-${things['person']}` }],
      });
    for (const token of [tokens.foreignSecretariat, tokens.delegate, tokens.admin]) {
      expect(await shown(token)).toMatchObject({ record, actor: { role: 'secretariat' }, data: { remark: id } });
      const told = await shown(token);
      expect([told['actor'], told['instruction'], told['decidedOn'], told['bodyDigest']]).toEqual([
        { role: 'secretariat' },
        undefined,
        undefined,
        undefined,
      ]);
    }
    expect((await shown(tokens.foreignSecretariat))['data']).toEqual((await shown(tokens.secretariat))['data']);
    const person = (await server.get(`/persons/${things['person']}`, tokens.foreignSecretariat)).body.record;
    expect((await server.get(`/records/${person}`, tokens.foreignSecretariat)).body['actor']).toMatchObject({ name: 'Test secretariat' });
  });
});

describe('languages', () => {
  it.each<[string | undefined, string, string, object]>([
    [undefined, 'en', 'The plan', {}],
    ['fr', 'fr', 'Le plan', {}],
    ['fr-CH', 'fr', 'Le plan', {}],
    ['FR;q=0.5, en;q=0.4', 'fr', 'Le plan', {}],
    ['de, fr;q=0.5', 'fr', 'Le plan', {}],
    ['de', 'en', 'The plan', { fallbackFrom: 'de' }],
    ['*', 'en', 'The plan', {}],
  ])('Accept-Language %s is answered in %s', async (accepted, lang, words, more) => {
    const id = await server.make('/documents', secretariat, {
      kind: 'plan',
      title: [...text('The plan'), ...text('Le plan', 'fr')],
      issuer: things['body'],
    });
    const answer = await server.get(
      `/documents/${id}`,
      secretariat,
      accepted === undefined ? { 'accept-language': '' } : { 'accept-language': accepted },
    );
    expect(answer.body['title']).toEqual({ lang, text: words, ...more });
    expect(answer.headers.get('content-language')).toBe(lang);
    expect(answer.headers.get('vary')).toContain('Accept-Language');
  });
});

describe('what is recorded is never changed: a correction is shown from its record on, and not before', () => {
  it('of a remark: corrected, and struck', async () => {
    const { id, recordedAt } = await server.post(`/meetings/${things['meeting']}/remarks`, secretariat, remark('As heard'));
    const first = await read(`/remarks/${id}`);
    await server.post(`/meetings/${things['meeting']}/remarks/${id}/correction`, secretariat, {
      text: text('As said'),
      reason: { code: 'misheard' },
    });
    const second = await read(`/remarks/${id}`);
    expect(second).toMatchObject({ text: { text: 'As said' }, corrected: true, firstRecord: first.record });
    await server.post(`/meetings/${things['meeting']}/remarks/${id}/correction`, secretariat, { struck: true, reason: code });
    expect((await server.get(`/remarks/${id}`, secretariat)).status).toBe(404);
    for (const moment of [String(first.record), recordedAt])
      expect(await read(`/remarks/${id}?asOf=${encodeURIComponent(moment)}`)).toEqual(first);
    expect(await read(`/remarks/${id}?asOf=${second.record}`)).toEqual(second);
    expect((await server.get(`/remarks/${id}?asOf=${first.record - 1}`, secretariat)).status).toBe(404);
  });

  it('of an attendance; the quorum of a decision stays as it was', async () => {
    const meeting = await openMeeting();
    const attendance = await server.make(`/meetings/${meeting}/attendance/stated`, secretariat, {
      present: 30,
      entitled: 52,
      evidence: { none: text('Counted') },
    });
    const decision = await decide({}, meeting);
    await server.post(`/meetings/${meeting}/attendance/${attendance}/correction`, secretariat, { present: 20, reason: { code: 'typing' } });
    expect(await read(`/attendance/${attendance}`)).toMatchObject({ present: 20, entitled: 52 });
    expect(await read(`/attendance/${attendance}?asOf=${decision.record}`)).toMatchObject({ present: 30 });
    const flagged = await until(`/decisions/${decision.id}`, ({ quorumQuestioned }) => quorumQuestioned === true);
    expect(flagged).toMatchObject({ quorumStatus: 'met', quorum: { present: 30, entitled: 52, needed: 26 }, contested: false });
    expect(await read(`/decisions/${decision.id}?asOf=${decision.record}`)).toMatchObject({ quorumQuestioned: false });
    expect(
      (await server.get(`/exceptions?body=${things['body']}&rule=attendance-corrected&sort=-recorded`, tokens.auditor)).body.items,
    ).toMatchObject([{ meeting, as: 'discrepancy', type: 'quorum-questioned' }]);
  });

  it('of an attendance by name: only the quorums that rest on names are in question', async () => {
    const meeting = await openMeeting();
    const attendance = await server.make(`/meetings/${meeting}/attendance`, secretariat, {
      party: { organisation: things['member'] },
      as: 'member',
    });
    const correct = (change: object) =>
      server.post(`/meetings/${meeting}/attendance/${attendance}/correction`, secretariat, { ...change, reason: code });
    const byName = await decide({}, meeting);
    expect(await read(`/decisions/${byName.id}`)).toMatchObject({ quorum: { status: 'met', present: 1, entitled: 1 } });
    await correct({ mode: 'remote' });
    await server.make(`/meetings/${meeting}/attendance/stated`, secretariat, {
      present: 30,
      entitled: 52,
      evidence: { none: text('Counted') },
    });
    const counted = await decide({}, meeting);
    // A decision that takes back another one waits for all reactions.
    const completed = async () =>
      decide({ rescinds: [await decide({}, meeting)].map(({ id, proposal }) => ({ decision: id, proposal })) }, meeting);
    await completed();
    expect(await read(`/decisions/${byName.id}`)).toMatchObject({ quorumQuestioned: false });
    await correct({ as: 'observer' });
    await completed();
    expect(await read(`/decisions/${byName.id}`)).toMatchObject({ quorumQuestioned: true });
    expect(await read(`/decisions/${counted.id}`)).toMatchObject({ quorumQuestioned: false });
  });

  it('of the wording of a decision', async () => {
    const { id, proposal, record } = await decide({});
    await server.post(`/proposals/${proposal}/decisions/${id}/correction`, secretariat, {
      wording: text('It is approved with no further comments.'),
      reason: { code: 'typing' },
    });
    expect(await read(`/decisions/${id}`)).toMatchObject({
      wording: { text: 'It is approved with no further comments.' },
      corrected: true,
      status: 'in-force',
    });
    expect(await read(`/decisions/${id}?asOf=${record}`)).toMatchObject({ wording: { text: 'It is approved.' }, corrected: false });
  });
});

describe('proposals and decisions', () => {
  it('a proposal is withdrawn, and introduced again as a new one', async () => {
    const proposal = await server.make('/proposals', secretariat, { body: things['body'], text: text('Withdrawn') });
    const { record } = await read(`/proposals/${proposal}`);
    await server.post(`/proposals/${proposal}/withdrawal`, secretariat, { reason: code });
    expect(await read(`/proposals/${proposal}`)).toMatchObject({ status: 'withdrawn' });
    expect(await read(`/proposals/${proposal}?asOf=${record}`)).toMatchObject({ status: 'pending' });
    const barred = await post(`/proposals/${proposal}/decisions`, {
      meeting: things['meeting'],
      outcome: 'approved',
      wording: text('x'),
      method: 'consensus',
      evidence: { words: text('x') },
    });
    expect([barred.status, typeOf(barred)]).toEqual([409, 'proposal-withdrawn']);
    const again = await server.make('/proposals', secretariat, { body: things['body'], text: text('Again'), takesUp: proposal });
    expect(await read(`/proposals/${again}`)).toMatchObject({ takesUp: proposal, status: 'pending' });
  });

  it('a proposal has one decision in force', async () => {
    const proposal = await server.make('/proposals', secretariat, { body: things['body'], text: text('Once') });
    const ruling = {
      meeting: things['meeting'],
      outcome: 'approved',
      wording: text('x'),
      method: 'consensus',
      evidence: { words: text('x') },
    };
    const answers = await Promise.all([1, 2, 3].map(() => post(`/proposals/${proposal}/decisions`, ruling)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect((await read(`/decisions?proposal=${proposal}&status=in-force`)).items).toHaveLength(1);
  });

  it.each([
    ['supersedes', 'superseded'],
    ['rescinds', 'rescinded'],
  ])('a later decision %s an earlier one, in the history of both', async (how, status) => {
    const earlier = await decide({});
    const later = await decide({ [how]: [{ decision: earlier.id, proposal: earlier.proposal }] });
    const replaced = await until(`/decisions/${earlier.id}`, (row) => row.status === status);
    expect(replaced['replacedBy']).toEqual({ decision: later.id, proposal: later.proposal });
    expect(await read(`/decisions/${later.id}`)).toMatchObject({
      status: 'in-force',
      [how]: [{ decision: earlier.id, proposal: earlier.proposal }],
    });
    expect(await read(`/decisions/${earlier.id}?asOf=${later.record}`)).toMatchObject({ status: 'in-force' });
    const again = await post('/decisions', {
      body: things['body'],
      meeting: things['meeting'],
      outcome: 'approved',
      wording: text('x'),
      method: 'consensus',
      evidence: { words: text('x') },
      [how]: [{ decision: earlier.id, proposal: earlier.proposal }],
    });
    expect([again.status, typeOf(again)]).toEqual([409, 'decision-not-in-force']);
  });

  it('a proposal is neither decided nor withdrawn before it was introduced', async () => {
    const proposal = await server.make('/proposals', secretariat, { body: things['body'], text: text('Of today') });
    const ruling = {
      meeting: things['meeting'],
      outcome: 'approved',
      wording: text('x'),
      method: 'consensus',
      evidence: { words: text('x') },
      occurredAt: OCCURRED,
    };
    for (const [what, body] of [
      ['decisions', ruling],
      ['withdrawal', { reason: code, occurredAt: OCCURRED }],
    ] as const) {
      const refused = await post(`/proposals/${proposal}/${what}`, body);
      expect([refused.status, typeOf(refused), refused.body.fields?.[0]?.field]).toEqual([422, 'before-introduced', 'occurredAt']);
    }
  });

  it('nor before it was deferred, nor are seats approved before they were proposed, unless by override, which is listed', async () => {
    const meeting = await openMeeting();
    const ruling = { meeting, outcome: 'deferred', wording: text('x'), method: 'consensus', evidence: { words: text('x') } };
    const proposal = await server.make('/proposals', secretariat, { body: things['body'], text: text('Deferred'), occurredAt: OCCURRED });
    const deferral = await server.post(`/proposals/${proposal}/decisions`, secretariat, ruling);
    const earlier = { ...ruling, outcome: 'approved', occurredAt: OCCURRED };
    const override = { reason: text('The deferral was dated wrongly'), authority: text('The chair') };
    for (const [path, body, rule, field] of [
      [`/proposals/${proposal}/withdrawal`, { reason: code, occurredAt: OCCURRED }, 'decision-later', 'occurredAt'],
      [
        `/proposals/${proposal}/decisions`,
        { ...earlier, supersedes: [{ decision: deferral.id, proposal }] },
        'decision-later',
        'supersedes[0]',
      ],
      [`/proposals/${proposal}/decisions`, earlier, 'decision-later', 'occurredAt'],
      ['/decisions', { ...earlier, body: things['body'], allocations: [things['allocation']] }, 'before-proposed', 'occurredAt'],
    ] as const) {
      const refused = await post(path, body);
      expect([refused.status, typeOf(refused), refused.body.fields?.[0]?.field]).toEqual([422, rule, field]);
    }
    const { id } = await server.post(`/proposals/${proposal}/decisions`, secretariat, { ...earlier, override });
    expect(await until(`/decisions/${deferral.id}`, ({ status }) => status === 'superseded')).toMatchObject({
      replacedBy: { decision: id },
    });
    expect((await read(`/exceptions?body=${things['body']}&rule=decision-later`)).items).toMatchObject([
      { stream: `proposal-${proposal}`, type: 'decision-taken', meeting },
    ]);
  });

  it('but on the day that it is elsewhere, and by a clock that is a little behind', async () => {
    const [now, ruling] = [
      Date.now(),
      { meeting: await openMeeting(), outcome: 'approved', wording: text('x'), method: 'consensus', evidence: { words: text('x') } },
    ];
    const [elsewhere, behind, typedAt] = [
      new Date(now - 43_200_000).toISOString().slice(0, 10),
      new Date(now - 3000).toISOString(),
      new Date(now).toISOString(),
    ];
    for (const [introduced, decided] of [
      [{}, { occurredAt: elsewhere }],
      [{}, { typedAt: behind }],
      [{ typedAt }, { occurredAt: behind }],
    ]) {
      const proposal = await server.make('/proposals', secretariat, { body: things['body'], text: text('Of today'), ...introduced });
      expect((await post(`/proposals/${proposal}/decisions`, { ...ruling, ...decided })).status).toBe(201);
    }
  });

  it('without quorum a body notes; it approves by override alone, marked for ever and listed', async () => {
    const meeting = await openMeeting();
    await server.post(`/meetings/${meeting}/attendance/stated`, secretariat, {
      present: 10,
      entitled: 52,
      evidence: { none: text('Counted') },
    });
    const ruling = {
      body: things['body'],
      meeting,
      outcome: 'approved',
      wording: text('x'),
      method: 'consensus',
      evidence: { words: text('x') },
    };
    const refused = await post('/decisions', ruling);
    expect([refused.status, typeOf(refused), refused.body.detail]).toEqual([409, 'quorum-not-met', '10 are present, 26 are needed of 52.']);
    expect(await read(`/decisions/${(await decide({ outcome: 'noted' }, meeting)).id}`)).toMatchObject({
      quorumStatus: 'not-met',
      contested: false,
    });
    const { id } = await decide({ override: { reason: text('Urgent'), authority: text('Ruling of the chair') } }, meeting);
    expect(await read(`/decisions/${id}`)).toMatchObject({
      contested: true,
      quorumStatus: 'not-met',
      exceptions: [{ rule: 'quorum-not-met', as: 'override', reason: { text: 'Urgent' }, authority: { text: 'Ruling of the chair' } }],
    });
    expect((await read(`/exceptions?body=${things['body']}&rule=quorum-not-met&sort=-recorded`)).items[0]).toMatchObject({
      reason: { text: 'Urgent' },
      meeting,
    });
  });

  it('an override lets nothing through that cannot be overridden', async () => {
    const answer = await post('/decisions', {
      body: things['body'],
      meeting: things['scheduledMeeting'],
      outcome: 'noted',
      wording: text('x'),
      method: 'consensus',
      evidence: { words: text('x') },
      override: { reason: text('x'), authority: text('x') },
    });
    expect([answer.status, typeOf(answer)]).toEqual([409, 'meeting-not-open']);
  });
});

describe('meetings', () => {
  it('are postponed, and cancelled', async () => {
    const meeting = await schedule('2030-04-29', things['body']!);
    const { record: scheduled } = await read(`/meetings/${meeting}`);
    await server.post(`/meetings/${meeting}/postponement`, secretariat, { reason: code });
    const { record: postponed } = await read(`/meetings/${meeting}`);
    await server.post(`/meetings/${meeting}/postponement`, secretariat, { starts: '2030-06-01', reason: code });
    await server.post(`/meetings/${meeting}/cancellation`, secretariat, { reason: code });
    expect(await read(`/meetings/${meeting}`)).toMatchObject({ status: 'cancelled', starts: '2030-06-01' });
    expect(await read(`/meetings/${meeting}?asOf=${scheduled}`)).toMatchObject({ status: 'scheduled', starts: '2030-04-29' });
    expect(await read(`/meetings/${meeting}?asOf=${postponed}`)).not.toHaveProperty('starts');
    const opened = await post(`/meetings/${meeting}/opening`, {});
    expect([opened.status, typeOf(opened)]).toEqual([409, 'meeting-cancelled']);
  });

  it('what comes after the conclusion needs a reason, unless it was typed before', async () => {
    const meeting = await openMeeting();
    const typedAt = new Date().toISOString();
    await server.post(`/meetings/${meeting}/conclusion`, secretariat, { occurredAt: OCCURRED });
    const bare = await post(`/meetings/${meeting}/remarks`, remark('Late'));
    expect([bare.status, typeOf(bare), bare.body.fields]).toEqual([409, 'late-without-reason', [{ field: 'late', reason: 'is missing' }]]);
    await server.post(`/meetings/${meeting}/remarks`, secretariat, { ...remark('Typed in time'), typedAt, occurredAt: OCCURRED });
    await server.post(`/meetings/${meeting}/remarks`, secretariat, { ...remark('Late'), late: { code: 'omitted' }, occurredAt: OCCURRED });
    const undated = await post(`/meetings/${meeting}/remarks`, { ...remark('Some time'), late: { code: 'omitted' } });
    expect([undated.status, typeOf(undated), undated.body.fields]).toEqual([
      422,
      'late-without-time',
      [{ field: 'occurredAt', reason: 'is missing' }],
    ]);
    expect((await read(`/late-recordings?meeting=${meeting}`)).items).toMatchObject([{ code: 'omitted', type: 'remark-made' }]);
  });
});

describe('follow-ups', () => {
  const assign = async (body: string, due: object): Promise<string> => {
    const view = { view: things['view'], meeting: things['meeting'] };
    return server.make('/follow-ups', secretariat, {
      body,
      owner: { organisation: things['member'] },
      action: text('To report'),
      due,
      from: view,
    });
  };

  it('are progressed, completed and cancelled, once', async () => {
    const [done, dropped] = [await assign(things['body']!, { on: '2030-01-01' }), await assign(things['body']!, { on: '2030-01-01' })];
    await server.post(`/follow-ups/${done}/progress`, secretariat, { note: text('Half of it') });
    const { record } = await read(`/follow-ups/${done}`);
    await server.post(`/follow-ups/${done}/completion`, secretariat, { note: text('All of it'), evidence: { none: text('Seen') } });
    await server.post(`/follow-ups/${dropped}/cancellation`, secretariat, { reason: code });
    expect(await read(`/follow-ups/${done}`)).toMatchObject({ status: 'completed', note: { text: 'All of it' } });
    expect(await read(`/follow-ups/${done}?asOf=${record}`)).toMatchObject({ status: 'open', note: { text: 'Half of it' } });
    expect(await read(`/follow-ups/${dropped}`)).toMatchObject({ status: 'cancelled' });
    expect(typeOf(await post(`/follow-ups/${dropped}/progress`, { note: text('x') }))).toBe('follow-up-settled');
  });

  it('come before what becomes of them, and before they are due', async () => {
    const late = await assign(things['body']!, { on: '2030-01-01' });
    const early = await post(`/follow-ups/${late}/progress`, { note: text('Begun'), occurredAt: '2024-04-28' });
    expect([early.status, typeOf(early), early.body.fields?.[0]?.field]).toEqual([422, 'before-assigned', 'occurredAt']);
    const assigning = {
      body: things['body'],
      owner: { organisation: things['member'] },
      action: text('To report'),
      due: { on: '2024-05-01' },
      from: { view: things['view'], meeting: things['meeting'] },
    };
    const overdue = await post('/follow-ups', assigning);
    expect([overdue.status, typeOf(overdue), overdue.body.fields?.[0]?.field]).toEqual([422, 'due-before-assigned', 'due.on']);
    expect((await post('/follow-ups', { ...assigning, occurredAt: OCCURRED })).status).toBe(201);
    const override = { reason: text('Begun before it was asked for'), authority: text('The chair') };
    await server.post(`/follow-ups/${late}/progress`, secretariat, { note: text('Begun'), occurredAt: '2024-04-28', override });
    expect((await read(`/exceptions?body=${things['body']}&rule=before-assigned`)).items).toMatchObject([
      { as: 'override', type: 'follow-up-progressed' },
    ]);
  });

  it('carry over with a count when their meeting concludes, wait where none is scheduled, and move without one when it is cancelled', async () => {
    const body = await server.make('/bodies', server.admin, { kind: 'committee', name: text('Committee of its own') });
    const token = await server.token('secretariat', { bodies: [body, things['body']!] });
    secretariat = token;
    try {
      const [first, second] = [await openMeeting([body]), await schedule('2030-01-01', body)];
      const followUp = await assign(body, { meeting: first });
      const settled = await assign(body, { meeting: first });
      await server.post(`/follow-ups/${settled}/completion`, secretariat, { evidence: { none: text('Seen') } });
      await server.post(`/meetings/${first}/conclusion`, secretariat, { occurredAt: OCCURRED });
      const carried = await until(`/follow-ups/${followUp}`, (row) => row['dueAt'] === second);
      expect(carried).toMatchObject({ carriedOver: 1, status: 'open' });
      await server.post(`/meetings/${second}/cancellation`, secretariat, { reason: code });
      expect(await until(`/follow-ups/${followUp}`, (row) => row['waitsFor'] === body)).toMatchObject({ carriedOver: 1 });
      const third = await schedule('2031-01-01', body);
      expect(await until(`/follow-ups/${followUp}`, (row) => row['dueAt'] === third)).toMatchObject({ carriedOver: 1 });
      expect(await read(`/follow-ups/${followUp}?asOf=${carried.record - 1}`)).toMatchObject({ dueAt: first, carriedOver: 0 });
      expect(await read(`/follow-ups/${settled}`)).toMatchObject({ status: 'completed', dueAt: first, carriedOver: 0 });
    } finally {
      ({ secretariat } = tokens);
    }
  });
});

describe('who may not read it', () => {
  it('reads nothing of a closed sitting, until somebody says who does', async () => {
    const meeting = await openMeeting();
    const recorded = async (sitting: object): Promise<string[]> => {
      const id = await server.make(`/meetings/${meeting}/sittings`, secretariat, sitting);
      const made = await server.make(`/meetings/${meeting}/remarks`, secretariat, { ...remark('In the sitting'), sitting: id });
      const proposal = await server.make('/proposals', secretariat, {
        body: things['body'],
        meeting,
        sitting: id,
        text: text('Put in the sitting'),
      });
      const { id: decision } = await decide({ sitting: id }, meeting);
      await server.post(`/meetings/${meeting}/sittings/${id}/closing`, secretariat);
      return [id, `remarks/${made}`, `proposals/${proposal}`, `decisions/${decision}`];
    };
    const [, ...heard] = await recorded({ class: 'open' });
    const [sitting, ...kept] = await recorded({ class: 'closed' });
    const [, ...shared] = await recorded({ class: 'closed', audience: { kind: 'members' } });
    const seen = async (): Promise<number[][]> =>
      Promise.all(
        [heard, kept, shared].map((paths) =>
          Promise.all(paths.map(async (path) => (await server.get(`/${path}`, tokens.delegate)).status)),
        ),
      );
    const [all, none] = [
      [200, 200, 200],
      [404, 404, 404],
    ];
    for (const path of kept) expect(path).toContain((await read(`/${path}`)).id);
    expect(await seen()).toEqual([all, none, all]);
    const listed = async (token: string | undefined): Promise<string[]> =>
      (await server.get(`/decisions?meeting=${meeting}`, token)).body.items.map(({ id }) => `decisions/${String(id)}`);
    expect((await listed(tokens.delegate)).sort()).toEqual([heard[2], shared[2]].sort());
    expect(await listed(secretariat)).toContain(kept[2]);
    await server.command('PUT', `/meetings/${meeting}/parts/${sitting}/audience`, secretariat, {
      audience: { kind: 'members' },
      reason: code,
    });
    for (const path of kept) expect(path).toContain((await read(`/${path}`)).id);
    expect(await seen()).toEqual([all, all, all]);
  });

  it('is judged by the body that states it: members of the meeting read a paper of another body, and that body’s members do not', async () => {
    const member = async (name: string): Promise<{ body: string; delegate: string; writer: string }> => {
      const body = await server.make('/bodies', server.admin, { kind: 'committee', name: text(name), audience: { kind: 'members' } });
      const organisation = await server.make('/organisations', secretariat, {
        kind: 'state-administration',
        name: text(`Customs of ${name}`),
      });
      const writer = await server.token('secretariat', { bodies: [body] });
      await server.post(`/bodies/${body}/memberships`, writer, { organisation, as: 'member', from: '2020-01-01' });
      return { body, delegate: await server.token('delegate', { organisation }), writer };
    };
    const [host, issuer] = [await member('Host'), await member('Issuer')];
    const meeting = await server.make('/meetings', host.writer, { bodies: [host.body], title: text('Of the host'), starts: OCCURRED });
    const paper = await server.make('/documents', issuer.writer, {
      kind: 'report',
      title: text('For the meeting'),
      issuer: issuer.body,
      meeting,
    });
    const statuses = (path: string) =>
      Promise.all(
        [host.delegate, issuer.delegate, host.writer, issuer.writer].map(async (token) => (await server.get(path, token)).status),
      );
    expect(await statuses(`/documents/${paper}`)).toEqual([200, 404, 200, 200]);
    // Of the issuer's own it is read by the issuer's members, once the paper says so itself.
    await server.command('PUT', `/documents/${paper}/audience`, issuer.writer, { audience: { kind: 'members' }, reason: code });
    expect(await statuses(`/documents/${paper}`)).toEqual([404, 200, 404, 200]);
    await server.post(`/meetings/${meeting}/opening`, host.writer, { occurredAt: OCCURRED });
    const view = await server.make(`/meetings/${meeting}/views`, host.writer, { stance: 'request', text: text('A report') });
    const owed = await server.make('/follow-ups', issuer.writer, {
      body: issuer.body,
      owner: { body: issuer.body },
      action: text('To report'),
      due: { on: '2030-01-01' },
      from: { view, meeting },
    });
    expect(await statuses(`/follow-ups/${owed}`)).toEqual([200, 404, 200, 200]);
  });

  it('writes no document that belongs to nobody', async () => {
    const paper = await server.make('/documents', secretariat, { kind: 'report', title: text('Of nobody') });
    const correct = () =>
      post(`/documents/${paper}/correction`, { title: text('Of somebody'), reason: code }, {}, tokens.foreignSecretariat);
    expect((await read(`/documents/${paper}`)).id).toBe(paper);
    expect((await correct()).status).toBe(200);
    await server.command('PUT', `/documents/${paper}/audience`, secretariat, {
      audience: { kind: 'restricted', organisations: [], roles: [] },
      reason: code,
    });
    expect((await server.get(`/documents/${paper}`, secretariat)).status).toBe(404);
    const refused = await correct();
    expect([refused.status, typeOf(refused)]).toEqual([404, 'not-found']);
  });
});

describe('a meeting of several bodies', () => {
  it('is found under each of them, as it stood', async () => {
    const [first, second] = [
      await server.make('/bodies', server.admin, { kind: 'committee', name: text('First') }),
      await server.make('/bodies', server.admin, { kind: 'committee', name: text('Second') }),
    ];
    const writer = await server.token('secretariat', { bodies: [first, second] });
    const convene = (bodies: string[], starts: string) =>
      server.make('/meetings', writer, { bodies, title: text('A meeting'), starts, zone: 'UTC', format: 'remote' });
    const joint = await convene([first, second], '2030-03-01');
    const own = await convene([second], '2030-02-01');
    const { record } = (await server.get(`/meetings/${own}`, writer)).body;
    await server.post(`/meetings/${joint}/postponement`, writer, { starts: '2030-01-01', reason: code });
    const found = async (query: string): Promise<string[]> =>
      (await server.get(`/meetings?${query}`, tokens.auditor)).body.items.map(({ id }) => id);
    expect(await found(`body=${first}`)).toEqual([joint]);
    expect(await found(`body=${second}`)).toEqual([joint, own]);
    expect(await found(`body=${second}&sort=starts`)).toEqual([joint, own]);
    expect(await found(`body=${second}&sort=starts&asOf=${record}`)).toEqual([own, joint]);
    expect(await found(`body=${second}&status=scheduled&sort=-recorded&asOf=${record}`)).toEqual([own, joint]);
    expect(await found(`body=${second}&asOf=${record - 1}`)).toEqual([joint]);
    const difference = (await server.get(`/lists/meetings/difference?body=${second}&from=${record}`, tokens.auditor)).body;
    expect(difference.items).toMatchObject([{ kind: 'changed', id: joint }]);
    for (const body of [first, second]) {
      const replayed = (await server.get(`/replay?in=bodies&id=${body}`, tokens.auditor)).text;
      expect(['body-established', 'meeting-scheduled', 'meeting-postponed'].filter((type) => !replayed.includes(type))).toEqual([]);
      expect(replayed).toContain(joint);
    }
    await server.post(`/meetings/${joint}/opening`, writer, { occurredAt: OCCURRED });
    await server.post(`/meetings/${joint}/conclusion`, writer, { occurredAt: OCCURRED });
    await server.post(`/meetings/${joint}/remarks`, writer, {
      ...remark('Late'),
      late: { code: 'omitted' },
      occurredAt: '2024-05-29',
      override: { reason: text('Said in the corridor'), authority: text('The chair') },
    });
    for (const body of [first, second]) {
      expect((await server.get(`/exceptions?body=${body}`, tokens.auditor)).body.items).toMatchObject([
        { rule: 'after-meeting', body: first, bodies: [first, second] },
      ]);
      expect((await server.get(`/late-recordings?body=${body}`, tokens.auditor)).body.items).toMatchObject([
        { code: 'omitted', meeting: joint },
      ]);
    }
  });

  it('has a count of the members of each, and a decision rests on that of its own body alone', async () => {
    const all = await server.token('secretariat');
    const { body, member } = things;
    const other = await server.make('/bodies', server.admin, { kind: 'board', name: text('Meets with it'), audience: { kind: 'public' } });
    const joint = { bodies: [other, body], title: text('Joint'), starts: OCCURRED, zone: 'UTC', format: 'remote' };
    const meeting = await server.make('/meetings', all, joint);
    await server.post(`/meetings/${meeting}/opening`, all, { occurredAt: OCCURRED });
    const attendance = await server.make(`/meetings/${meeting}/attendance`, all, { party: { organisation: member }, as: 'member' });
    const state = (present: number, more = {}) =>
      server.make(`/meetings/${meeting}/attendance/stated`, all, { present, evidence: { none: text('Counted') }, ...more });
    expect(await read(`/attendance/${await state(12, { body: other })}`)).toMatchObject({ bodies: [other] });
    expect(await read(`/attendance/${await state(13)}`)).toMatchObject({ bodies: [other, body] });
    const byName = await decide({}, meeting);
    expect(await read(`/decisions/${byName.id}`)).toMatchObject({ quorum: { present: 1, entitled: 1 } });
    await server.post(`/meetings/${meeting}/attendance/${attendance}/correction`, all, { as: 'observer', reason: code });
    await until(`/decisions/${byName.id}`, ({ quorumQuestioned }) => quorumQuestioned === true);
    await state(9, { body });
    const counted = await decide({}, meeting);
    expect(await read(`/decisions/${counted.id}`)).toMatchObject({ quorum: { present: 9 } });
  });

  it('is scheduled by who writes for each, and what is owed to one of them goes to its own next meeting', async () => {
    const [first, second] = [
      await server.make('/bodies', server.admin, { kind: 'committee', name: text('First') }),
      await server.make('/bodies', server.admin, { kind: 'committee', name: text('Second') }),
    ];
    const joint = { bodies: [first, second], title: text('Joint'), starts: OCCURRED };
    for (const bodies of [[first], [second]]) {
      const refused = await post('/meetings', joint, {}, await server.token('secretariat', { bodies }));
      expect([refused.status, typeOf(refused)]).toEqual([403, 'not-your-body']);
    }
    secretariat = await server.token('secretariat', { bodies: [first, second, things['body']!] });
    try {
      const [meeting, following] = [await openMeeting([first, second]), await schedule('2030-01-01', second)];
      const assign = (body: string, due: object) =>
        server.make('/follow-ups', secretariat, {
          body,
          owner: { organisation: things['member'] },
          action: text('To report'),
          due,
          from: { view: things['view'], meeting: things['meeting'] },
        });
      const [own, others] = [await assign(second, { meeting }), await assign(first, { meeting })];
      await server.post(`/meetings/${meeting}/conclusion`, secretariat, { occurredAt: OCCURRED });
      expect(await until(`/follow-ups/${own}`, (row) => row['dueAt'] === following)).toMatchObject({ carriedOver: 1 });
      expect(await until(`/follow-ups/${others}`, (row) => row['waitsFor'] === first)).toMatchObject({ carriedOver: 1 });
      const again = await server.make('/meetings', secretariat, { ...joint, bodies: [second, first], starts: '2029-01-01' });
      expect(await until(`/follow-ups/${others}`, (row) => row['dueAt'] === again)).toMatchObject({ carriedOver: 1 });
    } finally {
      ({ secretariat } = tokens);
    }
  });
});

describe('seats', () => {
  it('are approved by the decision that covers them, held from a date, vacated and filled again', async () => {
    const { allocation, body, member, seated } = things;
    const before = (await read(`/seat-allocations/${allocation}`)).record;
    const named = async (asOf = ''): Promise<unknown> =>
      (await read(`/seat-holdings?allocation=${allocation}${asOf}`)).items.map(({ organisation, status }) => [organisation, status]);
    const inForce = async (asOf = ''): Promise<number> =>
      (await read(`/seat-holdings?allocation=${allocation}&inForceOn=2024-10-01&count=true${asOf}`)).items.length;
    expect([await named(), await inForce()]).toEqual([[[seated, 'proposed']], 0]);
    const decision = await decide({ allocations: [allocation] });
    await until(`/seat-allocations/${allocation}`, (row) => row.status === 'approved');
    expect(await read(`/seat-allocations/${allocation}`)).toMatchObject({ decision: decision.id });
    expect(await read(`/seat-allocations/${allocation}?asOf=${before}`)).toMatchObject({ status: 'proposed' });
    expect([await named(), await inForce()]).toEqual([[[seated, 'approved']], 1]);
    expect([await named(`&asOf=${before}`), await inForce(`&asOf=${before}`)]).toEqual([[[seated, 'proposed']], 0]);
    const {
      items: [holding],
    } = await read(`/seat-holdings?allocation=${allocation}`);
    expect([
      (await read(`/seat-holdings/${holding!.id}`)).status,
      (await read(`/seat-holdings/${holding!.id}?asOf=${before}`)).status,
    ]).toEqual(['approved', 'proposed']);
    await server.post(`/seat-allocations/${allocation}/seats/2/vacancy`, secretariat, { until: '2024-12-31', reason: code });
    for (const [written, command] of [
      ['2.0', 'holder'],
      ['x', 'holder'],
      ['0x2', 'vacancy'],
    ] as const) {
      const nowhere = await post(
        `/seat-allocations/${allocation}/seats/${written}/${command}`,
        command === 'holder' ? { organisation: member } : { reason: code },
      );
      expect([nowhere.status, typeOf(nowhere), nowhere.body.detail]).toEqual([404, 'not-found', expect.stringContaining(`"${written}"`)]);
    }
    const double = await post(`/seat-allocations/${allocation}/seats/2/holder`, { organisation: things['present'], from: '2025-01-01' });
    expect([double.status, typeOf(double)]).toEqual([422, 'not-of-region']);
    const overlapping = await post(`/seat-allocations/${allocation}/seats/1/holder`, { organisation: seated, from: '2024-12-31' });
    expect([overlapping.status, typeOf(overlapping)]).toEqual([409, 'double-seat']);
    await server.post(`/seat-allocations/${allocation}/seats/2/holder`, secretariat, { organisation: member, from: '2025-01-01' });
    const holders = async (day: string): Promise<unknown[]> =>
      (await read(`/seat-holdings?allocation=${allocation}&inForceOn=${day}`)).items.map((row: ShownRow) => row['organisation']);
    expect([await holders('2024-10-01'), await holders('2025-02-01')]).toEqual([[seated], [member]]);
    const heldBy = async (narrowed: string): Promise<unknown[]> =>
      (await read(`/seats?${narrowed}`)).items.map(({ seat, organisation, heldFrom, heldUntil }) => [
        seat,
        organisation,
        heldFrom,
        heldUntil,
      ]);
    const second = [2, seated, '2024-07-01', '2024-12-31'];
    const third = [2, member, '2025-01-01', '2025-06-30'];
    expect(await heldBy(`allocation=${allocation}`)).toContainEqual(third);
    expect(await heldBy(`allocation=${allocation}&inForceOn=2024-10-01`)).toContainEqual(second);
    expect(await heldBy(`allocation=${allocation}&inForceOn=2025-02-01`)).toContainEqual(third);
    expect([await heldBy(`organisation=${seated}&inForceOn=2024-10-01`), await heldBy(`organisation=${seated}`)]).toEqual([[second], []]);
    expect([
      await heldBy(`organisation=${seated}&inForceOn=2025-02-01`),
      await heldBy(`organisation=${member}&inForceOn=2024-10-01`),
      await heldBy(`allocation=${allocation}&inForceOn=2024-10-01&asOf=${before}`),
    ]).toEqual([[], [], []]);
    // A vacancy that lies ahead: who leaves holds it until then.
    await server.post(`/seat-allocations/${allocation}/seats/2/vacancy`, secretariat, { until: '2025-03-31', reason: code });
    expect([
      await heldBy(`organisation=${member}`),
      await heldBy(`organisation=${member}&inForceOn=2025-02-01`),
      await heldBy(`organisation=${member}&inForceOn=2025-04-01`),
    ]).toEqual([[[2, member, '2025-01-01', '2025-03-31']], [[2, member, '2025-01-01', '2025-03-31']], []]);
    expect(await heldBy(`allocation=${allocation}&inForceOn=2025-04-01`)).toContainEqual([2, undefined, undefined, undefined]);
    const beyond = await post(`/bodies/${body}/regions/${things['region']}/terms/${things['term']}/allocation`, {
      regionOf: things['council'],
      seats: 6,
      nominatedBy: body,
      electedBy: things['council'],
    });
    expect([beyond.status, typeOf(beyond), beyond.body.detail]).toEqual([
      409,
      'beyond-quota',
      '6 seats are proposed, and the region has 5.',
    ]);
    const unlimited = await post(`/bodies/${body}/regions/${things['regionOfBody']}/terms/${things['term']}/allocation`, {
      regionOf: body,
      seats: 1,
      nominatedBy: body,
      electedBy: things['council'],
    });
    expect([unlimited.status, typeOf(unlimited)]).toEqual([409, 'no-quota']);

    // The decision is replaced by one that approves the seats in its turn; that one is taken back, and they are returned with it.
    const inItsTurn = await decide({ allocations: [allocation], supersedes: [{ decision: decision.id, proposal: decision.proposal }] });
    await until(`/seat-allocations/${allocation}`, (row) => row['decision'] === inItsTurn.id);
    expect(await read(`/seat-allocations/${allocation}`)).toMatchObject({ status: 'approved' });
    const takenBack = await decide({ rescinds: [{ decision: inItsTurn.id, proposal: inItsTurn.proposal }] });
    const anew = await post(`/bodies/${body}/regions/${things['region']}/terms/${things['allocatedTerm']}/allocation`, {
      regionOf: things['council'],
      seats: 1,
      nominatedBy: body,
      electedBy: things['council'],
    });
    expect([anew.status, anew.body.id]).toEqual([201, allocation]);
    expect(await read(`/seat-allocations/${allocation}?asOf=${(await read(`/seat-allocations/${allocation}`)).record - 1}`)).toMatchObject({
      status: 'returned',
      decision: takenBack.id,
    });
    expect(await inForce()).toBe(0);
  });

  it('stand by the quota that was set last, as stated, also where an earlier one is recorded after it', async () => {
    const { council, region } = things;
    const body = await server.make('/bodies', server.admin, { kind: 'council', name: text('Has seats'), audience: { kind: 'public' } });
    const set = (seats: number, occurredAt: string, headers = {}) =>
      server.command('PUT', `/bodies/${body}/regions/${region}/seats`, server.admin, { regionOf: council, seats, occurredAt }, headers);
    const shown = async (): Promise<ShownRow> => (await read(`/bodies/${body}/seat-quotas`)).items.find((row) => row['region'] === region)!;
    await set(8, '2024-06-01');
    const { revision } = await set(5, '2019-06-01');
    expect(await shown()).toMatchObject({ seats: 8, revision });
    expect((await set(5, '2025-06-01', { 'if-match': `"${revision}"` }))['unchanged']).toBeUndefined();
    expect(await shown()).toMatchObject({ seats: 5 });
  });

  it('are approved within the quota as it is by then, or by override, which is listed', async () => {
    const { body, council } = things;
    const term = await server.make(`/bodies/${body}/terms`, secretariat, {
      name: text('A term of fewer seats'),
      from: '2033-07-01',
      until: '2034-06-30',
    });
    const north = await server.make(`/bodies/${body}/regions`, secretariat, { name: text('North') });
    const setQuota = (seats: number) =>
      server.command('PUT', `/bodies/${body}/regions/${north}/seats`, secretariat, { regionOf: body, seats });
    await setQuota(2);
    const allocation = await server.make(`/bodies/${body}/regions/${north}/terms/${term}/allocation`, secretariat, {
      regionOf: body,
      seats: 2,
      nominatedBy: body,
      electedBy: council,
    });
    await setQuota(1);
    const ruling = {
      body,
      meeting: things['meeting'],
      outcome: 'approved',
      wording: text('x'),
      method: 'consensus',
      evidence: { words: text('x') },
      allocations: [allocation],
    };
    const refused = await post('/decisions', ruling);
    expect([refused.status, typeOf(refused), refused.body.detail]).toEqual([
      409,
      'beyond-quota',
      '2 seats are proposed, and the region has 1.',
    ]);
    const { id, record } = await decide({
      allocations: [allocation],
      override: { reason: text('Agreed'), authority: text('Ruling of the chair') },
    });
    expect(await until(`/seat-allocations/${allocation}`, (row) => row.status === 'approved')).toMatchObject({ decision: id });
    expect((await read(`/exceptions?body=${body}&rule=beyond-quota`)).items).toMatchObject([
      { as: 'override', type: 'decision-taken', reason: { text: 'Agreed' } },
    ]);
    // A quota that changes between the look and the append makes it be decided again.
    expect(await read(`/records/${record}`)).toMatchObject({
      decidedOn: expect.arrayContaining([
        expect.objectContaining({ stream: `body-${body}` }),
        expect.objectContaining({ stream: `allocation-${allocation}` }),
      ]) as unknown,
    });
  });

  it('a member has one of them on a body in a term, also where it is named for two regions at once', async () => {
    const { body, council, region, member } = things;
    const term = await server.make(`/bodies/${body}/terms`, secretariat, {
      name: text('A later term'),
      from: '2031-07-01',
      until: '2032-06-30',
    });
    const south = await server.make(`/bodies/${council}/regions`, secretariat, { name: text('South') });
    await server.command('PUT', `/bodies/${body}/regions/${south}/seats`, secretariat, { regionOf: council, seats: 1 });
    const allocations = await Promise.all(
      [region, south].map((of) =>
        server.make(`/bodies/${body}/regions/${of}/terms/${term}/allocation`, secretariat, {
          regionOf: council,
          seats: 1,
          nominatedBy: council,
          noElectionBy: 'Art. 7',
        }),
      ),
    );
    // The override is of the region to which it belongs: none lets a second seat through.
    const override = { reason: text('Agreed'), authority: text('Ruling of the chair') };
    const named = await Promise.all(
      allocations.map((allocation) => post(`/seat-allocations/${allocation}/seats/1/holder`, { organisation: member, override })),
    );
    expect(named.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(typeOf(named.find(({ status }) => status === 409)!)).toBe('double-seat');
  });
});
