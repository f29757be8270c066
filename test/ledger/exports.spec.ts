// Bundles that a server gives out, of each thing that one can be of: proven, complete, and with every quorum borne out.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BUNDLE_SCOPES } from '../../apps/api/src/ledger/bundles.js';
import { verifyBundle } from '#ledger/verify';
import { Server } from '../support/server.js';
import { until } from '../support/until.js';
import { makeOutside, makeWorld, type World } from '../support/world.js';
import { codesOf, each } from './support/ledger-history.js';

const LIMIT_MS = 120_000;
let server: Server;
let world: World;
let key: string;
beforeAll(async () => {
  server = await Server.start();
  world = await makeWorld(server, await makeOutside(server));
  const { tokens } = world;
  key = (await server.get('/log/key', tokens.auditor)).text.trim();
  // A checkpoint over all of it.
  const { asOf } = (await server.get('/decisions', tokens.auditor)).body;
  await until(async () => Number((await server.get('/log/checkpoint', tokens.auditor)).text.split('\n')[1]) >= asOf);
}, LIMIT_MS);
afterAll(() => server.stop());

async function verdictOf(query: string) {
  const { status, text } = await server.get(`/export${query}`, world.tokens.auditor);
  expect(status).toBe(200);
  return verifyBundle(each(text.trimEnd().split('\n')), { keys: [key], nowMs: Date.now() });
}

it('the whole history', async () => {
  const verdict = await verdictOf('');
  expect(codesOf(verdict)).toEqual([]);
  expect(verdict).toMatchObject({ status: 0, integrity: 'proven', completeness: 'proven', bundle: { streams: [] } });
  expect(verdict.counted.quorums).toBeGreaterThan(0);
});

it.each(Object.entries(BUNDLE_SCOPES))('a %s', async (kind, table) => {
  const { tokens } = world;
  const { items } = (await server.get(`/${table.replace('_', '-')}`, tokens.auditor)).body;
  expect(items.length).toBeGreaterThan(0);
  for (const { id } of items) {
    const verdict = await verdictOf(`?of=${kind}&id=${id}`);
    expect([id, codesOf(verdict)]).toEqual([id, []]);
    expect(verdict).toMatchObject({ status: 0, completeness: 'proven', bundle: { scope: { kind, id } } });
    expect(verdict.bundle!.streams.length).toBeGreaterThan(0);
    const selection = await verdictOf(`?of=${kind}&id=${id}&complete=false`);
    expect([selection.status, codesOf(selection), selection.bundle!.streams]).toEqual([0, [], verdict.bundle!.streams]);
    expect(selection.findings.map(({ code }) => code)).not.toContain('stream-not-named');
  }
});

it('nothing of what was never recorded', async () => {
  expect((await server.get(`/export?of=meeting&id=${world.things['body']}`, world.tokens.auditor)).status).toBe(404);
});
