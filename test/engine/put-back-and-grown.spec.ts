// A database that was put back together with the signer's node, and grew past what another node had compared: its length tells nothing any
// more, and all that is published agrees with it. The other node knows by the root that it kept.
import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTable, remarkOf, type Table } from '../support/server-faults.js';
import type { Server } from '../support/server.js';
import { until } from '../support/until.js';
import { healthOf, Nodes } from './support/nodes.js';

let nodes: Nodes;
let table: Table;
let two: Server;

const remark = (node: Server, words: string) =>
  node.api('POST', `/meetings/${table.meeting}/remarks`, { token: table.token, body: remarkOf(table, words) });

/** Asked for it, a node compares it. */
async function allSigned(node: Server, by: Server): Promise<void> {
  const auditor = await by.token('auditor');
  await until(async () => (await node.get('/log/checkpoint', auditor)).text.split('\n')[1] === String(nodes.records()));
}

beforeAll(async () => {
  nodes = await Nodes.open();
  const { log } = nodes.database;
  let one = await nodes.start('one');
  table = await openTable(one);
  await allSigned(one, one);
  await one.stop();
  const older = log.records.length;
  const [home, saved] = [dirname(one.data), join(nodes.directory, 'saved')];
  cpSync(home, saved, { recursive: true });
  one = await nodes.start('one');
  two = await nodes.start('two');
  expect((await remark(one, 'signed, and then lost')).status).toBe(201);
  await allSigned(two, one);
  const compared = nodes.records();
  await two.stop();
  await one.stop();

  log.withdraw(log.records.length - older);
  rmSync(home, { recursive: true });
  cpSync(saved, home, { recursive: true });
  one = await nodes.start('one');
  while (nodes.records() <= compared) expect((await remark(one, 'of another history')).status).toBe(201);
  await allSigned(one, one);
}, 240_000);
afterAll(() => nodes.close());

it('is known by a node that starts: nothing is recorded', async () => {
  two = await nodes.start('two');
  const records = nodes.records();
  const refused = await remark(two, 'refused');
  expect([refused.status, refused.body.type]).toEqual([503, expect.stringMatching(/record-diverged/)]);
  expect(refused.body.detail).toMatch(/has another root than the register/);
  expect(await healthOf(two)).toMatchObject({ status: 503 });
  expect(nodes.records()).toBe(records);
});
