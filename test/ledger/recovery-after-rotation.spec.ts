// A log lost the record of the key that signed last, and the key itself: what was brought names it, as both keys signed.
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { verifyBundle } from '#ledger/verify';
import { openLiveHistory } from '../../apps/api/src/ledger/live-history.js';
import { recover } from '../../apps/api/src/ledger/recovery/recover.js';
import { sourceAt } from '../../apps/api/src/ledger/recovery/sources.js';
import { call, Place, withOlderCopy, words } from './support/lost-tail.js';

const LIMIT_MS = 120_000;
const whole = Place.make();
const [older, bundle] = [join(whole.directory, 'older.db'), join(whole.directory, 'bundle.ndjson')];
let newKey: string;

beforeAll(async () => {
  const first = await whole.serve();
  await first.node.signer!.sign();
  await first.stop();
  copyFileSync(join(whole.data, 'log.db'), older);
  const second = await whole.serve();
  try {
    expect(
      (
        await call(second, readFileSync(join(whole.keys, 'admin.token'), 'utf8').trim(), 'POST', '/log/key', {
          reason: words('Once a year'),
        })
      ).status,
    ).toBeLessThan(300);
    await second.node.signer!.sign();
    newKey = second.node.installation.verifierKey;
  } finally {
    await second.stop();
  }
  await whole.export(bundle);
}, LIMIT_MS);
afterAll(() => whole.remove());

it(
  'is put back without the signing key, and proven by the new one before any server starts',
  async () => {
    const place = withOlderCopy({ whole, older });
    rmSync(join(place.keys, 'signing.key'));
    const options = { data: place.data, keys: place.keys, signer: place.signer, nowMs: Date.now() };
    await expect(recover({ ...options, sources: [] })).rejects.toThrow('is not signed by a key of this installation');
    const { lost, before, size } = await recover({ ...options, sources: [sourceAt(bundle)] });
    expect([lost, before < size]).toEqual([[], true]);
    const history = await openLiveHistory({ directory: place.data }, place.signer);
    expect(await verifyBundle(history.lines, { keys: [newKey], nowMs: Date.now(), published: history.published })).toMatchObject({
      status: 0,
      integrity: 'proven',
      completeness: 'proven',
    });
    await history.close();
    place.remove();
  },
  LIMIT_MS,
);
