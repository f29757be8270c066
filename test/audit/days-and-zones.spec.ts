// A body far from Greenwich: its quorums go by its own day, however the moment of a decision is spelled, and so does whoever counts again.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { utcTime, type CivilDate } from '#kernel';
import { verifyBundle } from '#ledger/verify';
import { Server, text } from '../support/server.js';
import { until } from '../support/until.js';
import { entriesOf, readDossier } from './support/shown-dossiers.js';

const LIMIT_MS = 60_000;
const now = Date.now();
const HOUR_MS = 3_600_000;
/** One where it is another day now than in UTC, and will be for an hour. */
const [zone, hours] = new Date(now).getUTCHours() < 11 ? ['Etc/GMT+12', -12] : ['Pacific/Kiritimati', 14];
const dayAt = (ms: number): CivilDate => utcTime(ms).slice(0, 10) as CivilDate;
/** The later one of the day that it is there and of that in UTC. */
const later = [dayAt(now), dayAt(now + hours * HOUR_MS)].sort()[1]!;
const isThere = dayAt(now + hours * HOUR_MS) === later;
const spelled = `${utcTime(now + hours * HOUR_MS).slice(0, -1)}${hours < 0 ? '-12:00' : '+14:00'}`;

let server: Server;
let secretariat: string;
let auditor: string;
let council: string;
const meetings: Record<string, string> = {};

beforeAll(async () => {
  server = await Server.start();
  [secretariat, auditor] = [await server.token('secretariat'), await server.token('auditor')];
  council = await server.make('/bodies', server.admin, { kind: 'council', name: text('The council'), zone });
  for (const [article, inForceFrom] of [
    ['Rule 8', '2026-01-01'],
    ['Rule 9', later],
  ])
    await server.post(`/bodies/${council}/rules`, secretariat, {
      article,
      inForceFrom,
      quorum: [{ for: 'deciding', numerator: 1, denominator: 2 }],
    });
  const members: string[] = [];
  for (const from of ['2020-01-01', later, later, later]) {
    const organisation = await server.make('/organisations', secretariat, { kind: 'state-administration', name: text('A member') });
    await server.post(`/bodies/${council}/memberships`, secretariat, { organisation, as: 'member', from });
    members.push(organisation);
  }
  for (const named of [true, false]) {
    const meeting = (meetings[`${named}`] = await server.make('/meetings', secretariat, {
      bodies: [council],
      title: text('A meeting'),
      starts: dayAt(now),
      ...(named && { zone }),
    }));
    await server.post(`/meetings/${meeting}/opening`, secretariat, { occurredAt: utcTime(now - HOUR_MS / 60) });
    await server.post(`/meetings/${meeting}/attendance`, secretariat, { party: { organisation: members[0] }, as: 'member' });
  }
}, LIMIT_MS);
afterAll(() => server.stop());

const decide = async (more: object, meeting: string): Promise<string> =>
  server.make('/decisions', secretariat, {
    body: council,
    meeting,
    outcome: 'noted',
    wording: text('It is noted.'),
    method: 'consensus',
    evidence: { words: text('noted') },
    ...more,
  });

const expected = isThere
  ? { status: 'not-met', present: 1, entitled: 4, needed: 2, article: 'Rule 9' }
  : { status: 'met', present: 1, entitled: 1, needed: 1, article: 'Rule 8' };

describe.each([
  ['of the meeting', 'true'],
  ['of the body', 'false'],
])('in the zone %s', (_, named) => {
  it.each<[string, object]>([
    ['now', {}],
    ['in UTC', { occurredAt: utcTime(now) }],
    ['as it is there', { occurredAt: spelled }],
  ])('a quorum counts the members and rules of the day there: %s', async (_spelling, when) => {
    const decision = await decide(when, meetings[named]!);
    expect((await server.get(`/decisions/${decision}`, auditor)).body['quorum']).toEqual(expected);
    const rules = entriesOf(await readDossier(server, `/decisions/${decision}`, auditor), 'quorum').filter(
      ({ type }) => type === 'body-rules-stated',
    );
    expect(rules.flatMap(({ facts }) => facts.map(({ value }) => value))).toContain(expected.article);
  });
});

it(
  'a bundle of a decision bears its quorum out',
  async () => {
    const decision = await decide({ occurredAt: utcTime(now) }, meetings['false']!);
    const { record } = (await server.get(`/decisions/${decision}`, auditor)).body;
    await until(async () => Number((await server.get('/log/checkpoint', auditor)).text.split('\n')[1]) >= record);
    const { text: bundle } = await server.get(`/export?of=decision&id=${decision}&complete=true`, auditor);
    const key = (await server.get('/log/key')).text.trim();
    // eslint-disable-next-line @typescript-eslint/require-await
    const lines = async function* () {
      yield* bundle.trimEnd().split('\n');
    };
    const verdict = await verifyBundle(lines(), { keys: [key], nowMs: Date.now() });
    expect(verdict.findings.filter(({ code }) => code.includes('quorum') || code.includes('needed'))).toEqual([]);
    expect(verdict).toMatchObject({ integrity: 'proven', counted: { quorums: 1 } });
  },
  LIMIT_MS,
);
