// The contract on a server that is one: `EVENTSTORE_URL=esdb://… npm run test:eventstoredb`. Each store has a namespace of its own there.
// Where its user may delete no stream, as it should be, EVENTSTORE_OPERATOR_URL names somebody who may.
import { randomUUID } from 'node:crypto';
import { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { namesIn } from './names.js';
import { describeDeletions } from './testing/index.js';
import { describeEventStore, describeModel, describeMoving, type MovingHarness } from '../testing/index.js';

const url = process.env['EVENTSTORE_URL'];
if (!url)
  throw new Error(
    'EVENTSTORE_URL must name the server to test on, such as esdb://127.0.0.1:2113?tls=false; it is left as it is but for streams of random names',
  );

const makeStore = async (): Promise<MovingHarness> => {
  const namespace = `plenary-test-${randomUUID()}`;
  const open = (): Promise<EventStoreDbEventStore> => EventStoreDbEventStore.open({ url, mode: 'node', namespace });
  let store = await open();
  return {
    store,
    reopen: async () => {
      await store.close();
      return (store = await open());
    },
    destroy: () => store.close(),
  };
};

describeEventStore('eventstoredb, on a real server', makeStore);
describeModel('eventstoredb, on a real server', makeStore, 20);
describeMoving('eventstoredb, on a real server', makeStore);

describeDeletions('a real server', () => {
  const namespace = `plenary-test-${randomUUID()}`;
  const opened: EventStoreDbEventStore[] = [];
  return Promise.resolve({
    connectionString: process.env['EVENTSTORE_OPERATOR_URL'] ?? url,
    names: namesIn(namespace),
    open: async (options) => {
      const store = await EventStoreDbEventStore.open({ url, mode: 'node', namespace, ...options });
      opened.push(store);
      return store;
    },
    close: async () => {
      for (const store of opened) await store.close();
    },
  });
});
