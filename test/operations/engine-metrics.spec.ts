// What a node on a database tells of itself: how often following it began anew, and how far its register is behind what any node recorded.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { currentFile } from '#read-models';
import { openDatabase } from '#sqlite';
import { unavailable } from '../../libs/event-store/src/eventstoredb/testing/index.js';
import { Nodes } from '../engine/support/nodes.js';
import { text, type Server } from '../support/server.js';
import { until } from '../support/until.js';

let nodes: Nodes;
beforeEach(async () => {
  nodes = await Nodes.open();
});
afterEach(() => nodes.close());

const value = async (node: Server, name: string): Promise<number | undefined> => {
  const found = new RegExp(`^plenary_${name} (\\d+)$`, 'm').exec((await node.get('/metrics', node.admin)).text);
  return found ? Number(found[1]) : undefined;
};
const restarts = async (node: Server): Promise<number> => (await value(node, 'subscription_restarts_total'))!;

it('the subscriptions of the main thread and of the projector are counted, and the register goes on', async () => {
  const node = await nodes.start('one');
  await nodes.settled();
  expect(await restarts(node)).toBe(0);
  nodes.database.drop(unavailable());
  // That of the watch, and that of the projector's thread.
  await until(async () => (await restarts(node)) >= 2);
  await node.make('/persons', await node.token('secretariat'), { name: text('After the break') });
  await nodes.settled();
  await until(async () => (await node.get('/health/ready')).body['lag'] === 0);
  expect((await node.get('/health/ready')).status).toBe(200);
});

it('a register that is held up lags behind what another node recorded, once a checkpoint covers it', async () => {
  const one = await nodes.start('one');
  const secretariat = await one.token('secretariat');
  const two = await nodes.start('two');
  await nodes.settled();
  const before = (await value(two, 'projected_records'))!;
  const held = openDatabase(currentFile(two.data)!, { mode: 'read-write' });
  held.exec('BEGIN IMMEDIATE');
  await one.make('/persons', secretariat, { name: text('Recorded elsewhere') });
  await until(async () => (await value(two, 'projection_lag_records')) === 1);
  expect([await value(two, 'projected_records'), await value(two, 'records')]).toEqual([before, before + 1]);
  expect((await two.get('/health')).body).toMatchObject({ projected: before, lag: 1 });
  held.exec('ROLLBACK');
  held.close();
  await until(async () => (await value(two, 'projection_lag_records')) === 0);
  // The size of the database is not known here.
  expect([await value(two, 'log_bytes'), await value(two, 'log_wal_bytes'), (await value(two, 'read_models_bytes'))! > 0]).toEqual([
    undefined,
    undefined,
    true,
  ]);
});
