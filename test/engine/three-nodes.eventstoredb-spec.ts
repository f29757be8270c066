// `EVENTSTORE_URL=esdb://… npm run test:eventstoredb`: the database must hold no record, since that of the nodes is made there.
import { Nodes } from './support/nodes.js';
import { describeThreeNodes } from './support/three-nodes.js';

const url = process.env['EVENTSTORE_URL'];
if (!url) throw new Error('EVENTSTORE_URL must name an empty database, such as esdb://127.0.0.1:2113?tls=false');

describeThreeNodes('a real server', async () => {
  const nodes = new Nodes({ connectionString: url, stop: () => Promise.resolve() });
  if ((await nodes.log()).length > 0) throw new Error('the database holds a record already');
  return nodes;
});
