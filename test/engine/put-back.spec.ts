// A database that was put back whole, with what was published in it: every node knows it by what it compared before, also one that has
// neither the signing key nor the signer's directory, and was stopped meanwhile.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { leavePastAccess } from '../support/past-access.js';
import { openTable, remarkOf, type Table } from '../support/server-faults.js';
import { failingStart, type Server } from '../support/server.js';
import { until } from '../support/until.js';
import { healthOf, Nodes } from './support/nodes.js';

let nodes: Nodes;
let table: Table;
let older: number;
let two: Server;

const path = (): string => `/meetings/${table.meeting}/remarks`;
const remark = (words: string) => two.api('POST', path(), { token: table.token, body: remarkOf(table, words) });

beforeAll(async () => {
  nodes = await Nodes.open();
  const one = await nodes.start('one');
  table = await openTable(one);
  two = await nodes.start('two');
  await nodes.settled();
  older = nodes.database.log.records.length;
  expect((await remark('signed, and then lost')).status).toBe(201);
  const auditor = await one.token('auditor');
  // Two compares it when it is asked for it.
  await until(async () => (await two.get('/log/checkpoint', auditor)).text.split('\n')[1] === String(nodes.records()));
  await two.stop();
  await one.stop();
}, 120_000);
afterAll(() => nodes.close());

it('is known by a node that starts: nothing is recorded, reads go on', async () => {
  const { log } = nodes.database;
  log.withdraw(log.records.length - older);
  const records = nodes.records();
  // What the node would record by itself as soon as it may.
  leavePastAccess(two.data);
  two = await nodes.start('two');
  const refused = await remark('refused');
  expect([refused.status, refused.body.type]).toEqual([503, expect.stringMatching(/record-diverged/)]);
  expect(refused.body.detail).toMatch(/the log lost its end/);
  expect((await two.get(path(), table.token)).body.items).toEqual([]);
  expect(await healthOf(two)).toMatchObject({ status: 503 });
  expect(nodes.records()).toBe(records);
  await two.stop();

  log.withdraw(log.records.length);
  const { status, output } = await failingStart({ data: two.data, keys: two.keys, env: nodes.env });
  expect([status, nodes.records()]).toEqual([1, 0]);
  expect(output).toMatch(/the database holds no record, and this node compared a signed checkpoint before/);
});
