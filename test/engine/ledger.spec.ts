// A node that has neither the signing key nor the signer's directory: it serves what the signer's node serves, and believes no
// checkpoint that its own tree does not lead to.
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { formatCheckpoint, formatNote, parseCheckpoint } from '#ledger/core';
import { linesOf, verifyBundle } from '#ledger/verify';
import { LEDGER_KEY, LogKey } from '#ledger/writer';
import { EventStoreDbEventStore } from '../../libs/event-store/src/eventstoredb/index.js';
import { runPlenary } from '../support/plenary.js';
import { openTable, remarkOf, type Table } from '../support/server-faults.js';
import type { Server } from '../support/server.js';
import { until } from '../support/until.js';
import { healthOf, Nodes } from './support/nodes.js';

let nodes: Nodes;
let [one, two]: Server[] = [];
let table: Table;
let auditor: string;
let size: number;

const checkpointOf = (note: string) => parseCheckpoint(`${note.split('\n\n')[0]}\n`);

beforeAll(async () => {
  nodes = await Nodes.open();
  one = await nodes.start('one');
  table = await openTable(one);
  for (let count = 0; count < 5; count++)
    await one.post(`/meetings/${table.meeting}/remarks`, table.token, remarkOf(table, `remark ${count}`));
  auditor = await one.token('auditor');
  two = await nodes.start('two');
  await nodes.settled();
  await until(async () => {
    const { status, text } = await one!.get('/log/checkpoint', auditor);
    return status === 200 && checkpointOf(text).size === nodes.records();
  });
  size = nodes.records();
}, 120_000);
afterAll(() => nodes.close());

it('serves the same checkpoint, tiles, entries and proofs', async () => {
  expect(existsSync(`${two!.data}-signer`)).toBe(false);
  expect(checkpointOf((await two!.get('/log/checkpoint', auditor)).text).size).toBe(size);
  const proofs = Array.from({ length: size }, (_, index) => `/log/proofs/${index + 1}`);
  for (const path of [
    '/log/checkpoint',
    `/log/tile/0/000.p/${size}`,
    `/log/tile/entries/000.p/${size}`,
    '/log/consistency?from=3',
    ...proofs,
  ]) {
    const [from, also] = await Promise.all([one!.get(path, auditor), two!.get(path, auditor)]);
    expect([path, also.status, also.text]).toEqual([path, 200, from.text]);
  }
  for (const path of [`/log/tile/0/000.p/${size + 1}`, '/log/tile/0/000', '/log/tile/1/000.p/1'])
    expect((await two!.get(path, auditor)).status).toBe(404);
});

it('gives a bundle of everything that proves it, and so does its data directory with the database', async () => {
  const verifierKey = (await two!.get('/log/key')).text.trim();
  const response = await fetch(`${two!.address}/api/v1/export`, { headers: { authorization: `Bearer ${auditor}` } });
  expect(await verifyBundle(linesOf(response.body!), { nowMs: Date.now(), keys: [verifierKey] })).toMatchObject({
    status: 0,
    completeness: 'proven',
  });
  const part = await fetch(`${two!.address}/api/v1/export?of=meeting&id=${table.meeting}&complete=false&from=2`, {
    headers: { authorization: `Bearer ${auditor}` },
  });
  expect(await verifyBundle(linesOf(part.body!), { nowMs: Date.now(), keys: [verifierKey] })).toMatchObject({ integrity: 'proven' });

  for (const data of [two!.data, join(nodes.directory, 'no-node')]) {
    const verified = await runPlenary(['verify', '--data', data, '--key', verifierKey, '--json'], nodes.env);
    expect(JSON.parse(verified.stdout)).toMatchObject({ status: 0, completeness: 'proven' });
    const out = join(nodes.directory, 'bundle.ndjson');
    expect(await runPlenary(['export', '--out', out], { ...nodes.env, PLENARY_DATA: data })).toMatchObject({ status: 0 });
    expect(
      readFileSync(out, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('{"kind":"event"')),
    ).toHaveLength(size);
  }
});

it('stops commands where a checkpoint is not of its own tree, and reads go on', async () => {
  const key = new LogKey('records.example.org/test', createPrivateKey(readFileSync(join(one!.keys, 'signing.key'))));
  const text = formatCheckpoint({ origin: key.key.name, size, root: Buffer.alloc(32, 1) });
  const store = await EventStoreDbEventStore.open({ url: nodes.database.connectionString, mode: 'reader' });
  const published = (await store.bookkeeping.read(LEDGER_KEY))!;
  await store.bookkeeping.write(LEDGER_KEY, formatNote({ text, signatures: [key.sign(text)] }));
  await until(async () => (await healthOf(two!)).status === 503);
  const path = `/meetings/${table.meeting}/remarks`;
  const refused = await two!.api('POST', path, { token: table.token, body: remarkOf(table, 'refused') });
  expect([refused.status, refused.body.type]).toEqual([503, expect.stringMatching(/record-diverged/)]);
  expect((await two!.get(path, table.token)).body.items).toHaveLength(5);
  expect((await two!.get('/log/proofs/2', auditor)).status).toBe(503);
  expect((await two!.get('/health')).text).toMatch(/has another root than the register/);
  // What the signer published is what stands there again.
  await store.bookkeeping.write(LEDGER_KEY, published);
  await store.close();
  await until(async () => (await two!.api('POST', path, { token: table.token, body: remarkOf(table, 'taken again') })).status === 201);
});

it('follows the node that signs to its next key', async () => {
  const before = (await two!.get('/log/key')).text;
  await one!.command('POST', '/log/key', one!.admin, { reason: [{ lang: 'en', text: 'Replaced every year' }] });
  const next = (await one!.get('/log/key')).text;
  expect(next).not.toBe(before);
  await until(
    async () =>
      (await two!.get('/log/key')).text === next &&
      checkpointOf((await two!.get('/log/checkpoint', auditor)).text).size === nodes.records(),
  );
  expect(await healthOf(two!)).toMatchObject({ status: 200 });
  const response = await fetch(`${two!.address}/api/v1/export`, { headers: { authorization: `Bearer ${auditor}` } });
  expect(await verifyBundle(linesOf(response.body!), { nowMs: Date.now(), keys: [before.trim()] })).toMatchObject({ status: 0 });
});
