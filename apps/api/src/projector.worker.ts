// The projector's thread.
import { workerData } from 'node:worker_threads';
import { SqliteEventStore } from '#event-store';
import { runProjector } from '#read-models';
import { catalogue, schema } from './composition.js';
import { giveWay } from './give-way.js';

export interface ProjectorWorkerData {
  dataDirectory: string;
  /** Hex; the thread is of this process, and needs it to know forged events. */
  writerKey: string;
}

const { dataDirectory, writerKey } = workerData as ProjectorWorkerData;

giveWay();
await runProjector({
  dataDirectory,
  parts: { schema, catalogue, writerKey: Buffer.from(writerKey, 'hex') },
  openStore: () => SqliteEventStore.open({ directory: dataDirectory, mode: 'reader' }),
});
