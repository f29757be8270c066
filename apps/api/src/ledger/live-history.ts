// A history read from its directory, without a server: everything in one complete bundle, for `plenary export` and `verify --data`.
import { SqliteEventStore, StoreNotOpened } from '#event-store';
import { completeBundleLines, publishedCheckpoints } from '#ledger/writer';
import { parseCheckpoint } from '#ledger/core';
import { factsOf } from './bundles.js';
import { Ledger } from './ledger.js';
import { keyChangesIn } from './log-source.js';
import { logToRecordMissing } from './log-to-record-missing.js';

export interface LiveHistory {
  /** The lines of a complete bundle of everything up to the newest checkpoint. */
  lines: AsyncIterable<string>;
  /** Checkpoints that were published, by growing size. */
  published: AsyncIterable<string>;
  close(): Promise<void>;
}

/** @throws StoreNotOpened where the directory holds no log, or no checkpoint was signed */
export async function openLiveHistory(dataDirectory: string, signerDirectory: string): Promise<LiveHistory> {
  const store = await SqliteEventStore.open({ directory: dataDirectory, mode: 'reader' });
  const ledger = new Ledger(store, signerDirectory);
  const tree = await ledger.newest();
  if (!tree) {
    await store.close();
    throw new StoreNotOpened(`no checkpoint was signed for ${dataDirectory} yet: start the server, which signs within seconds`);
  }
  const keyChanges = await keyChangesIn(store);
  const { origin } = parseCheckpoint(tree.note.slice(0, tree.note.indexOf('\n\n') + 1));
  return {
    lines: completeBundleLines({
      origin,
      scope: { kind: 'whole' },
      checkpoint: tree.note,
      size: tree.size,
      keyChanges,
      events: logToRecordMissing(store),
      isExported: () => true,
      tile: (index, width) => ledger.tile(index, width),
      factsOf,
    }),
    published: publishedCheckpoints(store.bookkeeping, tree.size),
    close: () => store.close(),
  };
}
