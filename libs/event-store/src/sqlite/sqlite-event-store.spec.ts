import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventStore } from './sqlite-event-store.js';
import { describeDestruction, describeEventStore, describeModel, describeMoving, type MovingHarness } from '../testing/index.js';

const makeStore = async (): Promise<MovingHarness> => {
  const directory = mkdtempSync(join(tmpdir(), 'plenary-store-'));
  const open = (): Promise<SqliteEventStore> => SqliteEventStore.open({ directory, mode: 'writer' });
  let store = await open();
  return {
    store,
    reopen: async () => {
      await store.close();
      return (store = await open());
    },
    destroy: async () => {
      await store.close();
      rmSync(directory, { recursive: true });
    },
  };
};

describeEventStore('sqlite', makeStore);
describeDestruction('sqlite', makeStore);
describeModel('sqlite', makeStore, 20);
describeMoving('sqlite', makeStore);
