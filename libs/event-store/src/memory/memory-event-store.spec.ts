import { MemoryEventStore, MemoryLog } from './memory-event-store.js';
import { describeDestruction, describeEventStore, describeModel, type StoreHarness } from '../testing/index.js';

const makeStore = (): Promise<StoreHarness> => {
  const log = new MemoryLog();
  let store = new MemoryEventStore(log);
  return Promise.resolve({
    store,
    reopen: async () => {
      await store.close();
      return (store = new MemoryEventStore(log));
    },
    destroy: () => store.close(),
  });
};

describeEventStore('memory', makeStore);
describeDestruction('memory', makeStore);
describeModel('memory', makeStore, 200);
