// Data directories of earlier versions, kept whole: later versions must open them, and read the same in them.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SqliteEventStore, type LoggedEvent } from '#event-store';
import { dump } from '../../libs/read-models/src/dump.js';
import { Workbench } from '../../libs/read-models/src/testing/workbench.js';
import { catalogue, projections } from '../../apps/api/src/composition.js';
import { logOf } from '../../libs/event-store/src/testing/collect.js';

export const KEPT = fileURLToPath(new URL('../fixtures/data-v1', import.meta.url));
export const LOG = 'log.db';

/** What is read in a kept directory. */
export interface Expected {
  records: number;
  /** Merkle root over all records: never another one. */
  root: string;
  /** SHA-256 of all tables: another one only where projections come to write other rows. */
  tables: string;
}

export const expectedOf = (directory: string): Expected => JSON.parse(readFileSync(join(directory, 'expected.json'), 'utf8')) as Expected;

/** A copy that may be written. Remove it. */
export function copyOf(directory: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'plenary-kept-'));
  mkdirSync(copy, { recursive: true });
  copyFileSync(join(directory, LOG), join(copy, LOG));
  return copy;
}

/** Reads a copy of the directory from the beginning, as a node that has no read models yet does. */
export async function readKept(directory: string, writerKey: Buffer): Promise<{ events: LoggedEvent[]; found: Expected }> {
  const copy = copyOf(directory);
  const store = await SqliteEventStore.open({ directory: copy, mode: 'writer' });
  const bench = new Workbench({ projections, catalogue, writerKey });
  try {
    const events = await logOf(store);
    const database = bench.rebuilt(events);
    const tables = createHash('sha256')
      .update(JSON.stringify(dump(database)))
      .digest('hex');
    database.close();
    bench.project(events);
    return { events, found: { records: events.length, root: Buffer.from(bench.projector.root()).toString('hex'), tables } };
  } finally {
    bench.close();
    await store.close();
    rmSync(copy, { recursive: true });
  }
}
