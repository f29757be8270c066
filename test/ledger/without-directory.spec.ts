// A directory whose signer's directory is gone: nothing is signed or recorded any more, and all that was signed can still be proven.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { SqliteEventStore } from '#event-store';
import { linesOf, verifyBundle } from '#ledger/verify';
import { openLiveHistory } from '../../apps/api/src/ledger/live-history.js';
import { until } from '../support/until.js';
import { call, tell, words, type Told } from './support/lost-tail.js';

let told: Told;
beforeAll(async () => {
  told = await tell();
}, 120_000);
afterAll(() => told.whole.remove());

it('is served from the register: checkpoint, tiles, proofs, bundles', async () => {
  const place = told.whole.copy();
  let serving = await place.serve();
  const { auditor } = told.tokens;
  const get = async (path: string) => {
    const response = await fetch(`${serving.address}/api/v1${path}`, { headers: { authorization: `Bearer ${auditor}` } });
    return [path, response.status, Buffer.from(await response.arrayBuffer()).toString('hex')];
  };
  const paths = [
    '/log/checkpoint',
    `/log/tile/0/000.p/${told.size}`,
    `/log/tile/entries/000.p/${told.size}`,
    '/log/consistency?from=3',
    '/log/proofs/1',
    `/log/proofs/${told.size}`,
  ];
  const before = await Promise.all(paths.map(get));
  expect(before.map(([, status]) => status)).toEqual(paths.map(() => 200));
  await serving.stop();
  rmSync(place.signer, { recursive: true });
  serving = await place.serve();
  await until(() => Promise.resolve(serving.node.diverged !== undefined));
  expect(await Promise.all(paths.map(get))).toEqual(before);
  const response = await fetch(`${serving.address}/api/v1/export`, { headers: { authorization: `Bearer ${auditor}` } });
  expect(await verifyBundle(linesOf(response.body!), { nowMs: Date.now(), keys: [serving.node.verifierKey] })).toMatchObject({
    status: 0,
    completeness: 'proven',
  });
  expect(await call(serving, told.tokens.secretariat, 'POST', '/persons', { name: words('Nobody') })).toMatchObject({
    status: 503,
    body: { type: expect.stringMatching(/record-diverged/) },
  });
  const key = serving.node.verifierKey;
  await serving.stop();

  // Without a server, and also without the register.
  for (const gone of [[], ['read-models']]) {
    for (const name of gone) rmSync(`${place.data}/${name}`, { recursive: true });
    const history = await openLiveHistory({ directory: place.data }, place.signer);
    expect(await verifyBundle(history.lines, { nowMs: Date.now(), keys: [key], published: history.published })).toMatchObject({
      status: 0,
      completeness: 'proven',
    });
    await history.close();
  }
  place.remove();
});

it('is closed again where it cannot be opened as a history', async () => {
  const place = told.whole.copy();
  writeFileSync(join(place.signer, 'checkpoint'), 'no checkpoint');
  const closed = jest.spyOn(SqliteEventStore.prototype, 'close');
  await expect(openLiveHistory({ directory: place.data }, place.signer)).rejects.toThrow();
  expect(closed).toHaveBeenCalledTimes(1);
  closed.mockRestore();
  place.remove();
});
