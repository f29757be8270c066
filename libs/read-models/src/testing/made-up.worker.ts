// The projector's thread over the made-up context, for the tests of starting, stopping and rebuilding.
import { workerData } from 'node:worker_threads';
import { SqliteEventStore } from '../../../event-store/src/sqlite/index.js';
import { compile } from '../schema.js';
import type { ProjectorTask } from '../worker/protocol.js';
import { runProjector } from '../worker/run-projector.js';
import { WRITER_KEY } from './history.js';
import { madeUp, madeUpCatalogue } from './made-up.js';

interface MadeUpWork {
  directory: string;
  log: string;
  version: number;
  /** A build that has read the log says so in the first number, and goes on once the second is set. */
  heldBack?: SharedArrayBuffer;
  /** Whoever follows the log cannot read on in it, as from a database that does not answer. */
  outOfReach?: boolean;
  projector: ProjectorTask;
}

const { directory, log, version, heldBack, outOfReach, projector } = workerData as MadeUpWork;

async function openStore(): Promise<SqliteEventStore> {
  const store = await SqliteEventStore.open({ directory: log, mode: 'reader' });
  const readLog = store.readLog.bind(store);
  store.readLog = async function* (options) {
    if (outOfReach && projector.kind === 'follow' && options?.after !== undefined) throw new Error('the database does not answer');
    yield* readLog(options);
    if (heldBack && projector.kind === 'build') holdBack(new Int32Array(heldBack));
  };
  return store;
}

function holdBack(gate: Int32Array): void {
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  Atomics.wait(gate, 1, 0);
}

await runProjector({
  dataDirectory: directory,
  parts: { schema: compile([{ ...madeUp, version }]), catalogue: madeUpCatalogue, writerKey: WRITER_KEY },
  openStore,
});
