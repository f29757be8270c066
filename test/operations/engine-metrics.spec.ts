// A node on a database, whose subscriptions are dropped: it counts how often it began anew, and goes on.
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { unavailable } from '../../libs/event-store/src/eventstoredb/testing/index.js';
import { Nodes } from '../engine/support/nodes.js';
import { text, type Server } from '../support/server.js';
import { until } from '../support/until.js';

let nodes: Nodes;
beforeEach(async () => {
  nodes = await Nodes.open();
});
afterEach(() => nodes.close());

const restarts = async (node: Server): Promise<number> => Number(/^plenary_subscription_restarts_total (\d+)$/m.exec((await node.get('/metrics', node.admin)).text)![1]);

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
