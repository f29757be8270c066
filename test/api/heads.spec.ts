// HEAD answers with the status and the headers of GET, whoever asks and whatever for; of a body that comes in parts none is made.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Serving } from '../../apps/api/src/serve.js';
import { call, Place, words } from '../ledger/support/lost-tail.js';

const LIMIT_MS = 120_000;
const NOWHERE = '00000000-0000-4000-8000-000000000000';
const place = Place.make();
let serving: Serving;
let auditor: string;
let secretariat: string;
let body: string;

beforeAll(async () => {
  serving = await place.serve({ publicRead: true });
  const admin = readFileSync(join(place.keys, 'admin.token'), 'utf8').trim();
  const tokenOf = async (role: string) => (await call(serving, admin, 'POST', '/tokens', { role, name: words(role) })).body.token;
  [auditor, secretariat] = [await tokenOf('auditor'), await tokenOf('secretariat')];
  body = (await call(serving, admin, 'POST', '/bodies', { kind: 'council', name: words('Council'), audience: { kind: 'public' } })).body.id;
  await serving.node.signer!.sign();
  await serving.node.projector.waitFor(serving.node.lastRecord() as never, 60_000);
}, LIMIT_MS);
afterAll(async () => {
  await serving.stop();
  place.remove();
});

/** What says how the answer is sent, or of this one alone, is no part of it. */
const OF_THE_ANSWER_ALONE = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding']);

async function ask(method: string, path: string, token?: string) {
  const response = await fetch(`${serving.address}/api/v1${path}`, {
    method,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const text = await response.text();
  return { status: response.status, headers: [...response.headers].filter(([name]) => !OF_THE_ANSWER_ALONE.has(name)), text };
}

const who = { auditor: () => auditor, secretariat: () => secretariat, nobody: () => undefined };
it.each<[keyof typeof who, string, number]>([
  ['auditor', '/export', 200],
  ['auditor', '/export?of=body&id=BODY', 200],
  ['auditor', `/export?of=body&id=${NOWHERE}`, 404],
  ['auditor', '/export?of=nonsense', 400],
  ['auditor', '/export?cosigned=nonsense', 422],
  ['secretariat', '/export', 403],
  ['nobody', '/export', 403],
  ['auditor', '/log/checkpoints', 200],
  ['secretariat', '/log/checkpoints', 403],
  ['auditor', '/replay', 200],
  ['auditor', '/replay?pace=-1', 400],
  ['auditor', `/replay?in=bodies&id=${NOWHERE}`, 404],
  ['auditor', '/bodies', 200],
  ['nobody', '/bodies', 200],
  ['nobody', '/bodies/BODY', 200],
])('to %s, of %s: %i, as to GET, and no body', async (asking, path, status) => {
  const asked = path.replace('BODY', body);
  const got = await ask('GET', asked, who[asking]());
  expect(got.status).toBe(status);
  expect(await ask('HEAD', asked, who[asking]())).toEqual({ ...got, text: '' });
});

it.each(['/export', '/export?complete=false', '/replay'])('nothing is read of what GET would send: %s', async (path) => {
  const { store, readModels } = serving.node;
  const readLog = jest.spyOn(store, 'readLog');
  const changes = jest.spyOn(readModels, 'changes');
  // Whoever else reads the log meanwhile says from where on.
  const read = (): number => readLog.mock.calls.filter((args) => args.length === 0).length + changes.mock.calls.length;
  try {
    await ask('GET', path, auditor);
    const once = read();
    expect(once).toBeGreaterThan(0);
    expect((await ask('HEAD', path, auditor)).status).toBe(200);
    await ask('GET', path, auditor);
    expect(read()).toBe(2 * once);
  } finally {
    readLog.mockRestore();
    changes.mockRestore();
  }
});

it('who asks for the head of a bundle is not listed among those who took one; of a replay, it is noted as what it is', async () => {
  await ask('HEAD', '/export?complete=true', auditor);
  await ask('HEAD', '/replay?from=1', auditor);
  await ask('GET', '/export?complete=false', auditor);
  // Noted before it is sent; what was asked for before it lies before it.
  await serving.node.accessLog.synced();
  const directory = join(place.data, 'access');
  const lines = readdirSync(directory)
    .filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as { what: string; method: string; address: string });
  expect(lines.filter(({ address }) => address === '/api/v1/export?complete=true')).toEqual([]);
  expect(lines.filter(({ address }) => address === '/api/v1/replay?from=1')).toMatchObject([{ what: 'history-read', method: 'HEAD' }]);
  expect(lines.filter(({ address }) => address === '/api/v1/export?complete=false').at(-1)).toMatchObject({
    what: 'export',
    method: 'GET',
  });
});
