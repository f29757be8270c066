// The auditor's desk over HTTP: samples that anyone draws again, one's own activity, and a replay that is resumed. Each to whom it may concern.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Server, text } from '../support/server.js';
import { makeOutside, makeWorld, type World } from '../support/world.js';

const LIMIT_MS = 120_000;
const REASON = { code: 'other' };
const NOBODY = { kind: 'restricted', organisations: [], roles: [] };

let server: Server;
let world: World;
let remarks: string[];

beforeAll(async () => {
  server = await Server.start({ env: { PLENARY_PUBLIC_READ: 'true' } });
  world = await makeWorld(server, await makeOutside(server));
  const {
    things,
    tokens: { secretariat },
  } = world;
  for (let number = 1; number <= 20; number++) {
    await server.make(`/meetings/${things['meeting']}/remarks`, secretariat, {
      speaker: { person: things['person'] },
      text: text(`Remark ${number}`),
      ...(number % 4 === 0 && { kind: 'point-of-order' }),
    });
  }
  remarks = (await server.get(`/meetings/${things['meeting']}/remarks?limit=500`, secretariat)).body.items.map(({ id }) => id);
}, LIMIT_MS);
afterAll(() => server.stop());

/** What its secretariat wrote is read by everybody once it reads it itself. */
const settled = async (): Promise<void> => void (await server.get('/records?limit=1', world.tokens.secretariat));

interface Sample {
  population: number;
  asOf: number;
  seed: string;
  size: number;
  items: { id: string; hash: string }[];
}

async function draw(query: string, token: string | undefined = world.tokens.auditor): Promise<Sample> {
  const answer = await server.get(`/samples?in=remarks&size=5&seed=audit%202025&${query}`, token);
  if (answer.status !== 200) throw new Error(`${query}: ${answer.status} ${answer.text}`);
  return answer.body as unknown as Sample;
}

const hashOf = (id: string, seed = 'audit 2025'): string => createHash('sha256').update(`${seed}\n${id}`).digest('hex');
const lowest = (ids: readonly string[], size = 5, seed?: string): string[] =>
  [...ids].sort((a, b) => (hashOf(a, seed) < hashOf(b, seed) ? -1 : 1)).slice(0, size);

it('what changed in a body is also what happened in its meetings', async () => {
  const { things, tokens } = world;
  const changed = async (query: string): Promise<string[]> => {
    const ids: string[] = [];
    for (let cursor = ''; ;) {
      const { body } = await server.get(`/changes?limit=500&${query}${cursor}`, tokens.auditor);
      ids.push(...body.items.map(({ id }) => id));
      if (body.next === undefined) return ids;
      cursor = `&cursor=${body.next}`;
    }
  };
  const inBody = await changed(`body=${things['body']}`);
  for (const name of ['body', 'meeting', 'sitting', 'item', 'attendance', 'remark', 'view', 'decision'])
    expect([name, inBody.includes(things[name]!)]).toEqual([name, true]);
  for (const name of ['person', 'organisation', 'council', 'region']) expect([name, inBody.includes(things[name]!)]).toEqual([name, false]);
  const inCouncil = await changed(`body=${things['council']}`);
  for (const name of ['council', 'region']) expect([name, inCouncil.includes(things[name]!)]).toEqual([name, true]);
  expect(inCouncil).not.toContain(things['remark']);
});

describe('a sample', () => {
  const ofMeeting = (): string => `meeting=${world.things['meeting']}`;

  it('is what anyone draws by hand from the list with the same seed', async () => {
    const sample = await draw(ofMeeting());
    expect(sample).toMatchObject({
      in: 'remarks',
      where: { meeting: world.things['meeting'] },
      seed: 'audit 2025',
      size: 5,
      population: remarks.length,
    });
    expect(sample.items.map(({ id }) => id)).toEqual(lowest(remarks));
    expect(sample.items.map(({ hash }) => hash)).toEqual(lowest(remarks).map((id) => hashOf(id)));
    expect(await draw(ofMeeting())).toEqual(sample);
  });

  it('is another one by another seed, and larger ones hold smaller ones', async () => {
    const at = (query: string) =>
      server
        .get(`/samples?in=remarks&${ofMeeting()}&${query}`, world.tokens.auditor)
        .then(({ body }) => (body as unknown as Sample).items.map(({ id }) => id));
    expect(await at('size=5&seed=other')).toEqual(lowest(remarks, 5, 'other'));
    expect((await at('size=8&seed=other')).slice(0, 5)).toEqual(await at('size=5&seed=other'));
    expect(await at('size=500&seed=other')).toHaveLength(remarks.length);
  });

  it('is narrowed by what narrows the list, and drawn as the register stood', async () => {
    expect((await draw(`${ofMeeting()}&kind=point-of-order`)).population).toBe(5);
    const then = await draw(ofMeeting());
    await server.make(`/meetings/${world.things['meeting']}/remarks`, world.tokens.secretariat, {
      speaker: { person: world.things['person'] },
      text: text('Too late'),
    });
    await settled();
    expect((await draw(ofMeeting())).population).toBe(then.population + 1);
    expect(await draw(`${ofMeeting()}&asOf=${then.asOf}`)).toEqual(then);
  });

  it('is drawn from what the reader may see', async () => {
    const { tokens, things } = world;
    const [hidden] = lowest(remarks);
    await server.command('PUT', `/meetings/${things['meeting']}/parts/${hidden}/audience`, tokens.secretariat, {
      audience: NOBODY,
      reason: REASON,
    });
    await settled();
    const whole = await draw(ofMeeting());
    const sample = await draw(ofMeeting(), tokens.delegate);
    expect(sample.population).toBe(whole.population - 1);
    expect(sample.items.map(({ id }) => id)).not.toContain(hidden);
    expect((await draw(ofMeeting())).items.map(({ id }) => id)).toContain(hidden);
    for (const token of [tokens.foreignDelegate, tokens.foreignSecretariat, tokens.admin])
      expect(await draw(ofMeeting(), token)).toMatchObject({ population: 0, items: [] });
    expect((await server.get(`/samples?in=remarks&size=5&seed=s&${ofMeeting()}`)).body).toMatchObject({ population: 0, items: [] });
  });

  it.each([
    ['size=5&seed=s', 'in must be one of'],
    ['in=nothing&size=5&seed=s', 'in must be one of'],
    ['in=remarks&seed=s', 'size is missing'],
    ['in=remarks&size=0&seed=s', 'size must be'],
    ['in=remarks&size=501&seed=s', 'size must be'],
    ['in=remarks&size=5', 'seed must be'],
    [`in=remarks&size=5&seed=${'s'.repeat(201)}`, 'seed must be'],
    ['in=remarks&size=5&seed=s&outcome=x', 'outcome is not known here'],
    ['in=activities&size=5&seed=s', 'in must be one of'],
  ])('is refused for %s', async (query, says) => {
    const { status, body } = await server.get(`/samples?${query}`, world.tokens.auditor);
    expect([status, body.detail]).toEqual([400, expect.stringContaining(says)]);
  });
});

interface Activity {
  asOf: number;
  items: { record: number; type: string; occurredAt: string; recordedAt: string; token: string }[];
  next?: string;
}

describe('one’s own activity', () => {
  const activity = async (token: string, query = ''): Promise<Activity> =>
    (await server.get(`/me/activity${query}`, token)).body as unknown as Activity;

  it('is every record of the subject with both its times, newest first, page by page', async () => {
    const {
      tokens: { secretariat, auditor },
    } = world;
    const whole = await activity(secretariat, '?limit=500');
    expect(whole.items.map(({ record }) => record)).toEqual([...whole.items].map(({ record }) => record).sort((a, b) => b - a));
    const { body } = await server.get('/records?limit=500', auditor);
    const records = (
      body as unknown as {
        records: { record: number; type: string; recordedAt: string; occurredAt: string; actor: { subject: string; token: string } }[];
      }
    ).records;
    const { subject } = records.find(({ record }) => record === whole.items[0]!.record)!.actor;
    const own = records
      .filter(({ actor }) => actor.subject === subject)
      .reverse()
      .map(({ record, type, occurredAt, recordedAt, actor: { token } }) => ({ record, type, occurredAt, recordedAt, token }));
    expect(own.length).toBeGreaterThan(40);
    expect(whole.items).toEqual(own);
    const paged: Activity['items'] = [];
    for (let page = await activity(secretariat, '?limit=7'); ; page = await activity(secretariat, `?limit=7&cursor=${page.next}`)) {
      paged.push(...page.items);
      if (page.next === undefined) break;
    }
    expect(paged).toEqual(own);
    expect((await activity(secretariat, `?asOf=${own[3]!.record}`)).items[0]).toEqual(own[3]);
  });

  it('is the same with another token of the subject, and tells which token was used', async () => {
    const subject = '7f0c9c1e-52f5-4d5e-9a51-5f3c2c1b7a10';
    const [first, second] = [await server.token('secretariat', { subject }), await server.token('secretariat', { subject })];
    await server.make('/organisations', first, { kind: 'state-administration', name: text('By the first') });
    await server.make('/organisations', second, { kind: 'state-administration', name: text('By the second') });
    const { items } = await activity(first);
    expect(items.map(({ type }) => type)).toEqual(['organisation-registered', 'organisation-registered']);
    expect(new Set(items.map(({ token }) => token)).size).toBe(2);
    expect(await activity(second)).toEqual(await activity(first));
    // An auditor reads it of anybody; nobody else does.
    const { tokens } = world;
    const others = await server.get(`/versions/activities/${subject}`, tokens.auditor);
    expect((others.body as unknown as Activity).items.map(({ record }) => record)).toEqual(items.map(({ record }) => record));
    for (const token of [first, tokens.secretariat, tokens.foreignSecretariat, tokens.delegate, tokens.admin, undefined])
      expect((await server.get(`/versions/activities/${subject}`, token)).status).toBe(404);
  });

  it('is nothing for who recorded nothing, and nobody’s for who holds no token', async () => {
    for (const token of [world.tokens.auditor, world.tokens.delegate]) expect((await activity(token)).items).toEqual([]);
    expect((await server.get('/me/activity')).status).toBe(401);
  });

  it('does not keep from the secretariat of a body who recorded what', async () => {
    const {
      tokens: { secretariat },
      things,
    } = world;
    const { body } = await server.get(
      `/records/${(await server.get(`/remarks/${things['remark']}`, secretariat)).body.record}`,
      secretariat,
    );
    expect(Object.keys(body['actor'] as object)).toEqual(expect.arrayContaining(['role', 'subject']));
  });

  it('does not stand among what a record changed, unless it is asked for', async () => {
    const tables = async (query: string): Promise<string[]> =>
      (await server.get(`/changes?limit=500${query}`, world.tokens.auditor)).body.items.map((each) => each['in'] as string);
    expect(await tables('')).not.toContain('activities');
    expect(new Set(await tables('&in=activities'))).toEqual(new Set(['activities']));
    const { text: replayed } = await server.get('/replay', world.tokens.auditor);
    expect(replayed).not.toContain('activities');
  });
});

describe('a replay as server-sent events', () => {
  const events = async (headers: Record<string, string>): Promise<number[]> => {
    const { text: stream, headers: answered } = await server.get(
      `/replay?in=meetings&id=${world.things['meeting']}`,
      world.tokens.auditor,
      { accept: 'text/event-stream', ...headers },
    );
    expect(answered.get('content-type')).toBe('text/event-stream; charset=utf-8');
    return [...stream.matchAll(/^id: (\d+)$/gm)].map(([, record]) => Number(record));
  };

  it('resumes after the last event that the client has', async () => {
    const all = await events({});
    expect(all.length).toBeGreaterThan(20);
    expect(await events({ 'last-event-id': String(all[9]) })).toEqual(all.slice(10));
    expect(await events({ 'last-event-id': String(all.at(-1)) })).toEqual([]);
  });

  it('ends when its client goes, and the server goes on', async () => {
    const headers = { authorization: `Bearer ${world.tokens.auditor}`, accept: 'text/event-stream' };
    // A connection of its own: the one of `fetch` is opened anew once it broke.
    const asked = request(`${server.address}/api/v1/replay?pace=60000`, { headers, agent: false });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const [first] = (await once(response, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^id: 1\ndata: /);
    response.destroy();
    expect((await server.get('/records/1', world.tokens.auditor)).status).toBe(200);
  });
});
