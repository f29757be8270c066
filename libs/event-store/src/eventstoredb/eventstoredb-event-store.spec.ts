import { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { ProtocolServer } from './testing/index.js';
import { describeEventStore, describeModel, describeMoving, type MovingHarness } from '../testing/index.js';

const makeStore = async (): Promise<MovingHarness> => {
  const server = await new ProtocolServer().start();
  const open = (): Promise<EventStoreDbEventStore> => EventStoreDbEventStore.open({ url: server.connectionString, mode: 'node' });
  let store = await open();
  return {
    store,
    reopen: async () => {
      await store.close();
      return (store = await open());
    },
    destroy: async () => {
      await store.close();
      await server.stop();
    },
  };
};

describeEventStore('eventstoredb, on the protocol server', makeStore);
describeModel('eventstoredb, on the protocol server', makeStore, 20);
describeMoving('eventstoredb, on the protocol server', makeStore);
