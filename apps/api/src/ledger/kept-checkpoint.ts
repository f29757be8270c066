// The newest checkpoint that a node on a database compared with its own tree, kept in its data directory over a restart: by it the node
// knows a database that was put back whole, with all that was published in it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readWhole, writeDurably } from '#durable';
import { StoreNotOpened } from '#event-store';
import type { NodeStore } from '../node-store.js';
import type { KeptFile, KeptNote } from './compared-before.js';

const fileIn = (directory: string): string => join(directory, 'compared-checkpoint');

/** The note, and after an empty line the verifier keys of the record that it was compared by. */
export class KeptCheckpoint implements KeptFile {
  readonly path: string;

  constructor(directory: string) {
    this.path = fileIn(directory);
  }

  read(): KeptNote | undefined {
    const kept = readWhole(this.path)?.toString('utf8');
    if (kept === undefined) return undefined;
    const end = kept.indexOf('\n\n', kept.indexOf('\n\n') + 2);
    return end < 0
      ? { note: kept, keys: [] }
      : {
          note: kept.slice(0, end + 1),
          keys: kept
            .slice(end + 2)
            .split('\n')
            .filter((key) => key !== ''),
        };
  }

  async write({ note, keys }: KeptNote): Promise<void> {
    await writeDurably(this.path, `${note}\n${keys.join('\n')}\n`);
  }
}

/** @throws StoreNotOpened where the database holds no record, and did: a new history must not be opened in its place */
export async function assertNotEmptied(store: Pick<NodeStore, 'lastEvent'>, directory: string): Promise<void> {
  if (!existsSync(fileIn(directory)) || (await store.lastEvent())) return;
  throw new StoreNotOpened(
    `the database holds no record, and this node compared a signed checkpoint before (${fileIn(directory)}): EVENTSTORE_URL names the wrong database, or PLENARY_DATA the directory of another node, or the record is lost`,
  );
}
