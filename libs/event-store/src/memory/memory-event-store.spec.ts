import { MemoryEventStore, MemoryLog } from './memory-event-store.js';
import { describeEventStore } from '../testing/index.js';

describeEventStore('memory', async () => {
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
});
