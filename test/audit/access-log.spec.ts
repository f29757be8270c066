// Who was refused, who read what is restricted and who took bundles away is noted; a day that is over is in the record with its hash.
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NotedAccess } from '../../libs/audit/src/access/access-log.js';
import { ACCESS_NODE, leavePastAccess, PAST_DAY, PAST_LINES } from '../support/past-access.js';
import { runPlenary } from '../support/plenary.js';
import { Server, temporaryDirectory, text } from '../support/server.js';
import { until } from '../support/until.js';
import { makeOutside, makeWorld, type World } from '../support/world.js';

const LIMIT_MS = 120_000;
const NOBODY = { kind: 'restricted', organisations: [], roles: [] };
const hashOf = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');

const directory = temporaryDirectory();
const [data, keys] = [join(directory, 'data'), join(directory, 'keys')];
let server: Server;
let world: World;
let hidden: string;

beforeAll(async () => {
  leavePastAccess(data);
  server = await Server.start({ data, keys });
  world = await makeWorld(server, await makeOutside(server));
  const {
    things,
    tokens: { secretariat },
  } = world;
  hidden = await server.make(`/meetings/${things['meeting']}/remarks`, secretariat, {
    speaker: { person: things['person'] },
    text: text('In confidence'),
    audience: NOBODY,
  });
}, LIMIT_MS);
afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

const today = (): string => new Date().toISOString().slice(0, 10);

/** What was noted of the requests that are made meanwhile. Lines are written after the answer is: the request asked for here ends the wait. */
async function noted(work: () => Promise<unknown>): Promise<NotedAccess[]> {
  const lines = async (): Promise<NotedAccess[]> => {
    const answer = await server.get(`/access-log/days/${today()}`, world.tokens.auditor);
    return answer.status === 404
      ? []
      : answer.text
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as NotedAccess);
  };
  const before = (await lines()).length;
  await work();
  await server.get('/bodies', 'plenary_end_of_this');
  let since: NotedAccess[] = [];
  await until(async () => {
    since = (await lines()).slice(before);
    return since.at(-1)?.what === 'refused-login' && since.at(-1)!.address === '/api/v1/bodies';
  });
  return since.slice(0, -1);
}

/** Clients write an address anew before they send it; this one does not. */
const asWritten = (path: string, token: string): Promise<number | undefined> =>
  new Promise((done, failed) => {
    const { hostname, port } = new URL(server.address);
    get(
      { hostname, port, path, headers: { authorization: `Bearer ${token}` } },
      (answer) => void answer.resume().on('end', () => done(answer.statusCode)),
    ).on('error', failed);
  });

describe('the access log', () => {
  it('notes a read that shows something restricted, and none that does not', async () => {
    const { things, tokens } = world;
    const restricted = await noted(() => server.get(`/remarks/${hidden}`, tokens.auditor));
    expect(restricted).toMatchObject([
      { what: 'restricted-read', method: 'GET', address: `/api/v1/remarks/${hidden}`, status: 200, role: 'auditor' },
    ]);
    expect(await noted(() => server.get(`/meetings/${things['meeting']}/remarks`, tokens.secretariat))).toMatchObject([
      { what: 'restricted-read', role: 'secretariat' },
    ]);
    expect(await noted(() => server.get(`/meetings/${things['meeting']}/remarks`, tokens.delegate))).toEqual([]);
    expect(await noted(() => server.get(`/meetings/${things['meeting']}`, tokens.auditor))).toEqual([]);
    expect(await noted(() => server.get(`/remarks/${hidden}`, tokens.delegate))).toEqual([]);
  });

  it('notes refused commands with who sent them, and no accepted ones', async () => {
    const { things, tokens } = world;
    const remark = { speaker: { person: things['person'] }, text: text('Not for a delegate') };
    const [entry, ...rest] = await noted(() =>
      server.api('POST', `/meetings/${things['meeting']}/remarks`, { token: tokens.delegate, body: remark }),
    );
    expect([entry, rest]).toMatchObject([{ what: 'refused-command', method: 'POST', status: 403, role: 'delegate' }, []]);
    expect(JSON.stringify(entry)).not.toContain('Not for a delegate');
    expect(await noted(() => server.post(`/meetings/${things['meeting']}/remarks`, tokens.secretariat, remark))).toEqual([]);
  });

  it('notes refused logins with their address, and none without a token', async () => {
    expect(await noted(() => server.get('/persons', 'plenary_nonsense'))).toMatchObject([
      { what: 'refused-login', from: '127.0.0.1', status: 401 },
    ]);
    expect(await noted(() => server.get('/persons'))).toEqual([]);
  });

  it('notes who reads the history, without what was searched for', async () => {
    const { tokens } = world;
    const [replay, search] = await noted(async () => {
      await server.get('/replay?from=1&to=2', tokens.auditor);
      await server.get('/search?limit=1&q=confidence', tokens.secretariat);
    });
    expect([replay, search]).toMatchObject([{ what: 'history-read' }, { what: 'history-read', address: '/api/v1/search?limit=1&q=…' }]);
  });

  it('goes by what answered, however the address is written', async () => {
    const { tokens } = world;
    const spelt = await noted(async () => {
      await server.get('/%72ecords/1', tokens.auditor);
      await server.get('/%6cists/decisions/difference', tokens.auditor);
      await server.get('/search?%71=confidence&limit=1', tokens.secretariat);
      await asWritten('/api/v1/search#q=confidence', tokens.secretariat);
      await asWritten('/api/v1/%zz', tokens.auditor);
      await server.get('/%65xport?of=confidence', tokens.auditor);
      await server.api('POST', '/bodies?%71=confidence', { token: tokens.delegate, body: {} });
    });
    expect(spelt.map(({ what }) => what)).toEqual([
      'history-read',
      'history-read',
      'history-read',
      'history-read',
      'export',
      'refused-command',
    ]);
    expect(JSON.stringify(spelt.filter(({ what }) => what !== 'export'))).not.toContain('confidence');
    expect(spelt.slice(2, 4).map(({ address }) => address)).toEqual(['/api/v1/search?q=…&limit=1', '/api/v1/search?q=…']);
  });

  it('lists the bundles that were given out, the newest first', async () => {
    const { tokens } = world;
    await until(async () => (await server.get('/log/checkpoint', tokens.auditor)).status === 200);
    await noted(async () => {
      await server.get('/export', tokens.auditor);
      await server.get(`/export?of=meeting&id=${world.things['meeting']}&complete=false`, tokens.auditor);
      await server.get('/export', tokens.delegate);
    });
    const { items } = (await server.get('/access-log/exports', tokens.auditor)).body as unknown as { items: NotedAccess[] };
    expect(items).toMatchObject([
      { what: 'export', address: expect.stringContaining('of=meeting') as unknown as string, role: 'auditor' },
      { what: 'export', address: '/api/v1/export' },
    ]);
  });

  it(
    'lists what was taken from the directory itself, past the server, and goes on behind a line that was cut off',
    async () => {
      const file = join(data, 'access', `${today()}.open.ndjson`);
      appendFileSync(file, '{"what":"export","at":}');
      const { status } = await runPlenary(['export', '--out', join(directory, 'taken.ndjson')], {
        PLENARY_DATA: data,
        PLENARY_KEYS: keys,
      });
      expect(status).toBe(0);
      const answer = await server.get('/access-log/exports', world.tokens.auditor);
      expect(answer.status).toBe(200);
      expect((answer.body as unknown as { items: NotedAccess[] }).items[0]).toMatchObject({
        what: 'export',
        method: 'COMMAND',
        address: 'plenary export',
        role: 'operator',
        status: 200,
      });
    },
    LIMIT_MS,
  );

  it('is for auditors and admins', async () => {
    const { tokens } = world;
    for (const path of [`/access-log/days/${today()}`, '/access-log/exports']) {
      expect((await server.get(path, server.admin)).status).toBe(200);
      for (const token of [tokens.secretariat, tokens.delegate]) expect((await server.get(path, token)).status).toBe(403);
    }
    for (const token of [tokens.secretariat, tokens.delegate]) expect((await server.get('/access-log/days', token)).body.items).toEqual([]);
    expect((await server.get('/access-log/days/2001-01-01', tokens.auditor)).status).toBe(404);
  });
});

describe('a day that is over', () => {
  const recorded = async () => (await server.get('/access-log/days', world.tokens.auditor)).body.items;

  it('is in the record with the hash of its bytes, and whoever changes the file shows', async () => {
    const [day] = await recorded();
    expect(day).toMatchObject({ day: PAST_DAY, entries: 2, hash: hashOf(PAST_LINES), node: ACCESS_NODE });
    const served = await server.get(`/access-log/days/${PAST_DAY}`, world.tokens.auditor);
    expect([served.text, served.headers.get('plenary-node')]).toEqual([PAST_LINES, ACCESS_NODE]);
    appendFileSync(join(data, 'access', `${PAST_DAY}.ndjson`), '{"what":"export"}\n');
    expect(hashOf((await server.get(`/access-log/days/${PAST_DAY}`, world.tokens.auditor)).text)).not.toBe(day!['hash']);
  });

  it(
    'is recorded once, also where the next start does not know that it is',
    async () => {
      await server.stop();
      rmSync(join(data, 'access', 'recorded'));
      server = await Server.start({ data, keys });
      expect(await recorded()).toHaveLength(1);
      expect(readFileSync(join(data, 'access', 'recorded'), 'utf8')).toBe(PAST_DAY);
    },
    LIMIT_MS,
  );
});
