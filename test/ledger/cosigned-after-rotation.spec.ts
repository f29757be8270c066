// The signing key was replaced between two checkpoints that a witness cosigned: a bundle at each is proven to who trusts the key that signed it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromBase64 } from '#ledger/core';
import { verifyBundle, type Verdict } from '#ledger/verify';
import { Witness } from '#ledger/writer';
import { openLiveHistory } from '../../apps/api/src/ledger/live-history.js';
import type { Serving } from '../../apps/api/src/serve.js';
import { runPlenary } from '../support/plenary.js';
import { each, newKey } from './support/ledger-history.js';
import { call, Place, words } from './support/lost-tail.js';

const LIMIT_MS = 120_000;
const place = Place.make();
const witnessKey = newKey('w.example/1');
let serving: Serving;
let auditor: string;
let body: string;
/** By the old key and by the new one. */
const keys = { old: '', new: '' };
const cosigned = { before: '', after: '' };
type Moment = keyof typeof cosigned;

const get = (path: string) => call(serving, auditor, 'GET', path);
const sizeOf = (note: string): number => Number(note.split('\n')[1]);

/** Signs all that is recorded, and has it cosigned as `plenary witness` does. */
async function cosign(logKey: string): Promise<string> {
  await serving.node.signer!.sign();
  const witness = new Witness({ key: witnessKey, logs: [logKey], stateFile: join(place.directory, 'witness'), now: () => Date.now() });
  return witness.cosign((await get('/log/checkpoint')).text, async (from) =>
    ((await get(`/log/consistency?from=${from}`)).body as unknown as { proof: string[] }).proof.map(fromBase64),
  );
}

beforeAll(async () => {
  serving = await place.serve();
  const admin = readFileSync(join(place.keys, 'admin.token'), 'utf8').trim();
  const make = (path: string, made: object) => call(serving, admin, 'POST', path, made);
  auditor = (await make('/tokens', { role: 'auditor', name: words('Auditor') })).body.token;
  body = (await make('/bodies', { kind: 'council', name: words('Council') })).body.id;
  keys.old = (await get('/log/key')).text.trim();
  cosigned.before = await cosign(keys.old);
  expect((await make('/log/key', { reason: words('Once a year') })).status).toBe(200);
  keys.new = (await get('/log/key')).text.trim();
  await make('/bodies', { kind: 'council', name: words('Made since') });
  cosigned.after = await cosign(keys.new);
  await make('/bodies', { kind: 'council', name: words('Made last') });
  await serving.node.signer!.sign();
  await serving.node.projector.waitFor(serving.node.lastRecord() as never, 60_000);
}, LIMIT_MS);
afterAll(async () => {
  await serving.stop();
  place.remove();
});

async function fromServer(moment: Moment, query: Record<string, string> = {}): Promise<string[]> {
  const asked = new URLSearchParams({ ...query, cosigned: cosigned[moment] }).toString();
  const response = await fetch(`${serving.address}/api/v1/export?${asked}`, { headers: { authorization: `Bearer ${auditor}` } });
  expect(response.status).toBe(200);
  return (await response.text()).trimEnd().split('\n');
}

async function fromDirectory(moment: Moment): Promise<string[]> {
  const history = await openLiveHistory({ directory: place.data }, place.signer, cosigned[moment]);
  const lines: string[] = [];
  for await (const line of history.lines) lines.push(line);
  await history.close();
  return lines;
}

const policyOf = (...logs: string[]): string =>
  [...logs.map((key) => `log ${key}`), `witness w1 ${witnessKey.cosignerKey}`, 'quorum w1', ''].join('\n');
const verdictOf = (lines: readonly string[], ...logs: string[]): Promise<Verdict> =>
  verifyBundle(each(lines), { policy: policyOf(...logs), nowMs: Date.now() });
const codes = ({ findings }: Verdict): string[] => findings.map(({ code }) => code);

const bundles: [string, (moment: Moment) => Promise<string[]>][] = [
  ['everything, from the server', (moment) => fromServer(moment)],
  ['everything, from the directory', fromDirectory],
  ['a body', (moment) => fromServer(moment, { of: 'body', id: body })],
  ['a body, as a selection', (moment) => fromServer(moment, { of: 'body', id: body, complete: 'false' })],
];

describe.each(bundles)('a bundle of %s', (_, bundleAt) => {
  const notices = (lines: readonly string[], ...more: string[]): string[] =>
    lines[0]!.includes('"complete":false') ? [...more, 'selection'] : more;

  it.each<[string, () => string[]]>([
    ['the old key', () => [keys.old]],
    ['both', () => [keys.old, keys.new]],
  ])('at the checkpoint before the change is borne out by the witness to who trusts %s', async (_name, trusted) => {
    const lines = await bundleAt('before');
    const verdict = await verdictOf(lines, ...trusted());
    expect(codes(verdict).sort()).toEqual(notices(lines).sort());
    expect(verdict).toMatchObject({ status: 0, integrity: 'proven', custody: 'proven', bundle: { size: sizeOf(cosigned.before) } });
  });

  it.each<[string, () => string[], string[]]>([
    ['the old key', () => [keys.old], ['key-changed', 'key-followed']],
    ['the new key', () => [keys.new], ['key-changed']],
    ['both', () => [keys.old, keys.new], ['key-changed']],
  ])('at the checkpoint after the change is borne out by the witness to who trusts %s', async (_name, trusted, found) => {
    const lines = await bundleAt('after');
    const verdict = await verdictOf(lines, ...trusted());
    expect(codes(verdict).sort()).toEqual(notices(lines, ...found).sort());
    expect(verdict).toMatchObject({ status: 0, integrity: 'proven', custody: 'proven', bundle: { size: sizeOf(cosigned.after) } });
  });

  it('at the checkpoint before the change holds nothing of the change', async () => {
    const lines = await bundleAt('before');
    expect(lines.filter((line) => line.includes(keys.new))).toEqual([]);
    expect((await bundleAt('after')).filter((line) => line.startsWith('{"kind":"key"'))).toHaveLength(1);
  });

  it('at the checkpoint before the change is not proven to who trusts the new key alone', async () => {
    const verdict = await verdictOf(await bundleAt('before'), keys.new);
    expect(verdict).toMatchObject({ integrity: 'not-proven', findings: [{ code: 'checkpoint-not-trusted' }] });
  });
});

it('what was kept before the change is gone on from by a bundle after it', async () => {
  const verdict = await verifyBundle(each(await fromServer('after')), {
    policy: policyOf(keys.old),
    since: cosigned.before,
    nowMs: Date.now(),
  });
  expect(verdict).toMatchObject({ status: 0, custody: 'proven' });
});

it.each<[Moment, () => string]>([
  ['before', () => keys.old],
  ['after', () => keys.new],
])(
  'plenary export and plenary verify, by files alone: %s',
  async (moment, key) => {
    const file = (name: string): string => join(place.directory, name);
    writeFileSync(file('cosigned'), cosigned[moment]);
    writeFileSync(file('policy'), policyOf(key()));
    const env = { PLENARY_DATA: place.data, PLENARY_KEYS: place.keys, PLENARY_SIGNER_DIR: place.signer };
    expect(await runPlenary(['export', '--cosigned', file('cosigned'), '--out', file('bundle')], env)).toMatchObject({ status: 0 });
    const { status, stdout } = await runPlenary(['verify', file('bundle'), '--policy', file('policy')], {});
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^PROVEN[^]*Custody: +proven/)]);
  },
  LIMIT_MS,
);
