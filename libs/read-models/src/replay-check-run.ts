// Rebuilds the read models from nothing into a temporary file, up to the record at which the live ones stand, and compares. Writes nothing else.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '#event-store';
import { openDatabase, type Database } from '#sqlite';
import { applyLog } from './apply-log.js';
import { completeReadModels, createReadModels, isContinuable } from './made-file.js';
import { Projector, type ProjectorParts } from './projector.js';
import { openForBuilding } from './read-models-file.js';
import { firstDifference, type ReplayDifference } from './replay-check.js';
import { rootAt } from './tree-rows.js';

const BATCH = 2000;

export interface ReplayCheck {
  store: EventStore;
  parts: ProjectorParts;
  /** The file of the live read models. It may be written to meanwhile. */
  live: string;
  progress?: (record: number, of: number) => void;
}

export interface ReplayChecked {
  /** The record at which both were compared. */
  record: number;
  /** Merkle root over the log up to it, in hex, from the rebuilt file. */
  root: string;
  difference: ReplayDifference | undefined;
}

/** The live file is of another release, or is not built to the end: there is nothing to compare. */
export class NotComparable extends Error {}

/** @throws NotComparable, ProjectorStopped where the log itself cannot be read as this release reads it */
export async function checkReplay({ store, parts, live: file, progress }: ReplayCheck): Promise<ReplayChecked> {
  const live = openDatabase(file, { mode: 'read-only' });
  const directory = mkdtempSync(join(tmpdir(), 'plenary-replay-'));
  const rebuilt = openForBuilding(join(directory, 'rebuilt.db'));
  try {
    if (!isContinuable(live, parts.schema))
      throw new NotComparable('the read models were made by another release, or are not complete; plenary rebuild makes them anew');
    createReadModels(rebuilt, parts.schema);
    const projector = new Projector(rebuilt, parts, true);
    await projectUpTo(projector, store, recordOf(live), progress);
    // From here on the live file is seen as it stands now; what was recorded meanwhile is little.
    live.exec('BEGIN');
    const record = recordOf(live);
    await projectUpTo(projector, store, record, progress);
    completeReadModels(rebuilt, parts.schema);
    return {
      record,
      root: Buffer.from(rootAt(rebuilt, projector.checkpoint.record)).toString('hex'),
      difference: firstDifference(live, rebuilt, parts.schema),
    };
  } finally {
    live.close();
    rebuilt.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const recordOf = (database: Database): number => database.prepare<{ record: number }>('SELECT record FROM checkpoint').get()!.record;

async function projectUpTo(projector: Projector, store: EventStore, record: number, progress: ReplayCheck['progress']): Promise<void> {
  const { record: at, position } = projector.checkpoint;
  if (at >= record) return;
  for await (const events of store.readLog({ batch: BATCH, limit: record - at, ...(position !== undefined && { after: position }) })) {
    const applied = await applyLog(projector, store, events);
    progress?.(applied.record, record);
  }
}
