// The projector's thread.
import { workerData } from 'node:worker_threads';
import { runProjector } from '#read-models';
import { catalogue, schema } from './composition.js';
import { giveWay } from './give-way.js';
import { openToRead, type StoreLocation } from './node-store.js';

export interface ProjectorWorkerData {
  location: StoreLocation;
  /** Hex; the thread is of this process, and needs it to know forged events. */
  writerKey: string;
}

const { location, writerKey } = workerData as ProjectorWorkerData;

giveWay();
await runProjector({
  dataDirectory: location.directory,
  parts: { schema, catalogue, writerKey: Buffer.from(writerKey, 'hex') },
  openStore: (onInterrupted) => openToRead(location, onInterrupted),
});
