// Takes in a snapshot: copied, proven, brought up to the end of the log, and only then made the read models of this node. So nobody
// reads what was removed since it was made.
import { copyFileSync } from 'node:fs';
import type { EventStore } from '#event-store';
import type { RecordNumber } from '#kernel';
import { DatabaseNotOpened, faultOf, type Database } from '#sqlite';
import { applyLog } from '../apply-log.js';
import { Projector, type ProjectorParts } from '../projector.js';
import { ProjectorStopped } from '../projector-stopped.js';
import { freshFile, makeCurrent, openLive } from '../read-models-file.js';
import { removeReadModels } from '../worker/build.js';
import { proveSnapshot, type ProveSnapshot } from './prove-snapshot.js';
import { SnapshotRefused } from './snapshot-refused.js';

export interface TakeSnapshot extends Pick<ProveSnapshot, 'origin' | 'verifierKeys'> {
  dataDirectory: string;
  /** The snapshot; it stays as it is. */
  from: string;
  store: EventStore;
  parts: ProjectorParts;
}

/** @returns up to which record it was taken, and how far the read models are now. @throws SnapshotRefused, and what the store throws */
export async function takeSnapshot(take: TakeSnapshot): Promise<{ record: RecordNumber; caughtUp: RecordNumber }> {
  const { dataDirectory, from } = take;
  const file = freshFile(dataDirectory);
  let database: Database | undefined;
  try {
    copyFileSync(from, file);
    database = openLive(file);
    const { record } = await proveSnapshot(database, { ...take, ...take.parts });
    const caughtUp = await catchUp(database, take);
    database.close();
    makeCurrent(dataDirectory, file);
    return { record, caughtUp };
  } catch (error) {
    database?.close();
    removeReadModels(file);
    throw refusalOf(error, from) ?? error;
  }
}

async function catchUp(database: Database, { store, parts }: TakeSnapshot): Promise<RecordNumber> {
  const projector = new Projector(database, parts);
  const { position } = projector.checkpoint;
  try {
    for await (const events of store.readLog({ ...(position !== undefined && { after: position }) }))
      await applyLog(projector, store, events);
  } catch (error) {
    // What follows the log finds the same, and raises the alarm.
    if (!(error instanceof ProjectorStopped) || error.reason === 'unwritable') throw error;
  }
  if (projector.checkpoint.residues) projector.scrub();
  return projector.checkpoint.record;
}

function refusalOf(error: unknown, from: string): SnapshotRefused | undefined {
  if (error instanceof SnapshotRefused)
    return new SnapshotRefused(error.fault, `the snapshot ${from} is not taken: ${error.message}`, { cause: error });
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'EISDIR') return new SnapshotRefused('damaged', `there is no snapshot ${from}`, { cause: error });
  const fault = error instanceof DatabaseNotOpened ? error.fault : faultOf(error);
  if (fault === 'damaged' || fault === 'not-a-database')
    return new SnapshotRefused('damaged', `the snapshot ${from} is not taken: the file is damaged, or none`, { cause: error });
  return undefined;
}
