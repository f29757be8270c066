// The newest checkpoint that a node on a database compared with its own tree, kept in its data directory over a restart: by it the node
// knows a database that was put back whole, with all that was published in it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreNotOpened } from '#event-store';
import { Malformed, parseCheckpoint } from '#ledger/core';
import { syncDirectory, writeSynced } from '#ledger/writer';
import type { NodeStore } from '../node-store.js';
import type { SignedTree } from './checkpoint-watch.js';

const fileIn = (directory: string): string => join(directory, 'compared-checkpoint');

export class KeptCheckpoint {
  private readonly file: string;

  constructor(
    private readonly directory: string,
    private readonly origin: string,
  ) {
    this.file = fileIn(directory);
  }

  /** As this node verified it then; undefined where none of this history is kept. */
  read(): SignedTree | undefined {
    try {
      const note = readFileSync(this.file, 'utf8');
      const { origin, size, root } = parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));
      return origin === this.origin ? { note, size, root } : undefined;
    } catch (error) {
      if (error instanceof Malformed || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Durable when it resolves. */
  async write({ note }: SignedTree): Promise<void> {
    await writeSynced(this.file, note);
    await syncDirectory(this.directory);
  }
}

/** @throws StoreNotOpened where the database holds no record, and did: a new history must not be opened in its place */
export async function assertNotEmptied(store: Pick<NodeStore, 'lastEvent'>, directory: string): Promise<void> {
  if (!existsSync(fileIn(directory)) || (await store.lastEvent())) return;
  throw new StoreNotOpened(`the database holds no record, and this node compared a signed checkpoint before (${fileIn(directory)}): EVENTSTORE_URL names the wrong database, or PLENARY_DATA the directory of another node, or the record is lost`);
}
