// Builds read models from the beginning, in a file of their own: rows first, indexes and search last.
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EventStore } from '#event-store';
import type { Database } from '#sqlite';
import { applyLog } from '../apply-log.js';
import { inFolder } from '../folder-unusable.js';
import { completeReadModels, createReadModels } from '../made-file.js';
import { Projector, type Checkpoint, type ProjectorParts } from '../projector.js';
import { ProjectorStopped } from '../projector-stopped.js';
import { openForBuilding } from '../read-models-file.js';

const BATCH = 2000;

export interface Build {
  store: EventStore;
  parts: ProjectorParts;
  file: string;
  signal: AbortSignal;
  progress: (checkpoint: Checkpoint) => void;
}

/**
 * Answers the event at which it stopped, if one did: then the file holds what came before. Removes the file where it fails
 * otherwise or is aborted.
 */
export async function buildReadModels(build: Build): Promise<ProjectorStopped | undefined> {
  const { file, parts, signal } = build;
  let database: Database | undefined;
  try {
    const made = (database = openForBuilding(file));
    inFolder(dirname(file), () => createReadModels(made, parts.schema));
    const stopped = await projectLog(new Projector(made, parts, true), build);
    signal.throwIfAborted();
    inFolder(dirname(file), () => completeReadModels(made, parts.schema));
    made.close();
    return stopped;
  } catch (error) {
    database?.close();
    removeReadModels(file);
    throw error;
  }
}

async function projectLog(projector: Projector, { store, signal, progress }: Build): Promise<ProjectorStopped | undefined> {
  try {
    for await (const events of store.readLog({ batch: BATCH })) {
      signal.throwIfAborted();
      progress(await applyLog(projector, store, events));
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof ProjectorStopped) || error.reason === 'unwritable') throw error;
    progress(projector.checkpoint);
    return error;
  }
}

export function removeReadModels(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
}
