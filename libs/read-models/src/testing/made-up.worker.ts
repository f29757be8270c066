// The projector's thread over the made-up context, for the tests of starting, stopping and rebuilding.
import { workerData } from 'node:worker_threads';
import { SqliteEventStore } from '../../../event-store/src/sqlite/index.js';
import { compile } from '../schema.js';
import { runProjector } from '../worker/run-projector.js';
import { WRITER_KEY } from './history.js';
import { madeUp, madeUpCatalogue } from './made-up.js';

const { directory, log, version } = workerData as { directory: string; log: string; version: number };

await runProjector({
  dataDirectory: directory,
  parts: { schema: compile([{ ...madeUp, version }]), catalogue: madeUpCatalogue, writerKey: WRITER_KEY },
  openStore: () => SqliteEventStore.open({ directory: log, mode: 'reader' }),
});
