// A history read from its directory, without a server: everything in one complete bundle, for `plenary export` and `verify --data`.
import { SqliteEventStore, StoreNotOpened } from '#event-store';
import { completeBundleLines, publishedCheckpoints } from '#ledger/writer';
import { parseCheckpoint } from '#ledger/core';
import { factsOf } from './bundles.js';
import { Ledger } from './ledger.js';
import { keyChangesIn } from './log-source.js';
import { SignedHistory } from './recovery/signed-history.js';

export interface LiveHistory {
  /** The lines of a complete bundle of everything up to the newest checkpoint. */
  lines: AsyncIterable<string>;
  /** Checkpoints that were published, by growing size. */
  published: AsyncIterable<string>;
  /** Why the lines do not reach as far as what was signed; undefined where they do. */
  lostItsEnd: string | undefined;
  close(): Promise<void>;
}

/** @throws StoreNotOpened where the directory holds no log, or no checkpoint was signed */
export async function openLiveHistory(dataDirectory: string, signerDirectory: string): Promise<LiveHistory> {
  const store = await SqliteEventStore.open({ directory: dataDirectory, mode: 'reader' });
  const ledger = new Ledger(store, signerDirectory);
  const tree = await newestOf(await ledger.newest(), signerDirectory);
  if (!tree) {
    await store.close();
    throw new StoreNotOpened(`no checkpoint was signed for ${dataDirectory} yet: start the server, which signs within seconds`);
  }
  const stored = store.lastRecord();
  const keyChanges = await keyChangesIn(store);
  const { origin } = parseCheckpoint(tree.note.slice(0, tree.note.indexOf('\n\n') + 1));
  return {
    lines: completeBundleLines({
      origin,
      scope: { kind: 'whole' },
      checkpoint: tree.note,
      size: tree.size,
      keyChanges,
      events: store.readLog(),
      isExported: () => true,
      tile: (index, width) => ledger.tile(index, width),
      factsOf,
    }),
    published: withNewest(publishedCheckpoints(store.bookkeeping, tree.published), tree),
    lostItsEnd: stored < tree.size ? `the log ends with record ${stored}, and ${tree.size} were signed: it lost its end, or is an older copy. plenary recover puts it right` : undefined,
    close: () => store.close(),
  };
}

interface NewestTree {
  note: string;
  size: number;
  /** The size of the newest that the log's bookkeeping holds, 0 for none. */
  published: number;
}

/** An older copy of a log publishes what was signed when it was made: the signer's directory remembers what was signed since. */
async function newestOf(published: { note: string; size: number } | undefined, signerDirectory: string): Promise<NewestTree | undefined> {
  const signed = await SignedHistory.open(signerDirectory);
  const isOfOther = published !== undefined && signed !== undefined && parseCheckpoint(published.note.slice(0, published.note.indexOf('\n\n') + 1)).origin !== signed.checkpoint.origin;
  if (signed && !isOfOther && signed.size > (published?.size ?? 0)) return { note: signed.note, size: signed.size, published: published?.size ?? 0 };
  return published && { ...published, published: published.size };
}

async function* withNewest(published: AsyncIterable<string>, { note, size, published: last }: NewestTree): AsyncGenerator<string> {
  yield* published;
  if (size > last) yield note;
}
