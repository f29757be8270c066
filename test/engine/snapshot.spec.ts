// A third node that begins with the read models of the second: it reads what came since, and holds the same register.
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { makeSnapshotOf } from '../../apps/api/src/ledger/snapshots.js';
import { openTable, remarkOf } from '../support/server-faults.js';
import { until } from '../support/until.js';
import { healthOf, Nodes, registerOf } from './support/nodes.js';

let nodes: Nodes;
beforeEach(async () => {
  nodes = await Nodes.open();
});
afterEach(() => nodes.close());

it('starts from a snapshot that another node made while it ran, and shows nothing that was removed since', async () => {
  const one = await nodes.start('one');
  const two = await nodes.start('two');
  const table = await openTable(one);
  const path = `/meetings/${table.meeting}/remarks`;
  await one.post(path, table.token, remarkOf(table, 'before'));
  const remark = await one.make(path, table.token, remarkOf(table, 'of a private person'));
  const { record } = (await one.get(`/remarks/${remark}`, table.token)).body;
  await nodes.settled();
  const auditor = await one.token('auditor');
  await until(async () => (await two.get('/log/checkpoint', auditor)).status === 200);
  const file = join(nodes.directory, 'snapshot.db');
  const made = await makeSnapshotOf({ data: two.data, keys: two.keys, eventStore: nodes.database.connectionString }, file);
  expect(made.record).toBe(nodes.records());
  await one.command('POST', '/removals', one.admin, {
    values: [{ record, pointer: '/data/text/0/text' }],
    reason: [{ lang: 'en', text: 'health' }],
    authority: [{ lang: 'en', text: 'order' }],
  });
  await one.post(path, table.token, remarkOf(table, 'after'));

  const three = await nodes.start('three', { PLENARY_SNAPSHOT: file, PLENARY_SNAPSHOT_REQUIRED: 'true' });
  expect(three.output).toMatch(/taken from a snapshot/);
  const shown = await three.get(path, table.token);
  expect(shown.body.items).toHaveLength(3);
  expect(shown.text).not.toContain('private person');
  await three.post(path, table.token, remarkOf(table, 'through the third'));
  await nodes.settled();
  expect(await healthOf(three)).toMatchObject({ status: 200, projected: nodes.records() });
  for (const node of [one, two, three]) await node.stop();
  expect(registerOf(three)).toEqual(registerOf(one));
  expect(registerOf(two)).toEqual(registerOf(one));

  // Without its checkpoint's key, or of another database, it is of no use: that node makes all from the log.
  const other = await Nodes.open();
  const alone = await other.start('alone', { PLENARY_SNAPSHOT: file });
  expect(alone.output).toMatch(/the snapshot was refused/);
  await other.settled();
  expect(await healthOf(alone)).toMatchObject({ status: 200 });
  await other.close();
});
