// How large the files of a node are, and what room is left: looked at when somebody asks.
import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_FILE } from '#event-store';

export interface Sizes {
  /** Both undefined where no log lies in the directory. */
  log: number | undefined;
  logWal: number | undefined;
  readModels: number;
  readModelsWal: number;
  /** Undefined where the file system does not say. */
  free: number | undefined;
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

export function sizesOf(data: string): Sizes {
  const log = join(data, LOG_FILE);
  const readModels = filesIn(join(data, 'read-models'));
  const sum = (files: readonly string[]): number => files.reduce((total, file) => total + sizeOf(file), 0);
  return {
    ...(existsSync(log) ? { log: sizeOf(log), logWal: sizeOf(`${log}-wal`) } : { log: undefined, logWal: undefined }),
    readModels: sum(readModels.filter((file) => file.endsWith('.db'))),
    readModelsWal: sum(readModels.filter((file) => file.endsWith('.db-wal'))),
    free: freeIn(data),
  };
}

function filesIn(directory: string): string[] {
  try {
    return readdirSync(directory).map((name) => join(directory, name));
  } catch {
    return [];
  }
}

function freeIn(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
