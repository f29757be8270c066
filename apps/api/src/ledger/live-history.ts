// A history read without a server, from its directory or from the database: everything in one complete bundle, for `plenary export` and
// `verify --data`.
import { leafEntryOf, SqliteEventStore, StoreNotOpened } from '#event-store';
import { systemClock } from '#kernel';
import { completeBundleLines, publishedCheckpoints } from '#ledger/writer';
import { parseCheckpoint } from '#ledger/core';
import { currentFile, ReadModels } from '#read-models';
import { schema } from '../composition.js';
import { assertWhole } from '../migration/assert-whole.js';
import { openToRead, type StoreLocation } from '../node-store.js';
import { stopAll } from '../stop-all.js';
import { factsOf } from './bundles.js';
import type { SignedTree } from './checkpoint-watch.js';
import { earlierCheckpoint, ForeignCheckpoint, type OwnLog } from './earlier-checkpoint.js';
import { Ledger } from './ledger.js';
import { keyChangesBefore, verifierKeysIn } from './log-source.js';
import { logToRecordMissing } from './log-to-record-missing.js';
import { SignedHistory } from './recovery/signed-history.js';
import { RegisterTiles } from './signed-tiles.js';
import { TilesOfLog } from './tiles-of-log.js';

export interface LiveHistory {
  /** The lines of a complete bundle of everything up to the newest checkpoint. */
  lines: AsyncIterable<string>;
  /** Checkpoints that were published, by growing size. */
  published: AsyncIterable<string>;
  /** Why the lines do not reach as far as what was signed; undefined where they do. */
  lostItsEnd: string | undefined;
  close(): Promise<void>;
}

/**
 * @param cosigned an earlier checkpoint of the log, with the lines of witnesses: the bundle is made at it, not at the newest
 * @throws StoreNotOpened where there is no log, no checkpoint was signed, or the one that is given is none of this log
 */
export async function openLiveHistory(location: StoreLocation, signerDirectory: string, cosigned?: string): Promise<LiveHistory> {
  const store = await openToRead(location);
  const tilesOfLog = new TilesOfLog(store);
  const readModels = registerIn(location.directory);
  const close = (): Promise<void> => stopAll([() => tilesOfLog.close(), () => readModels?.close(), () => store.close()]);
  try {
    assertWhole(await store.moving.read());
    const ledger = new Ledger({
      bookkeeping: store.bookkeeping,
      signerDirectory,
      otherTiles: [...(readModels ? [new RegisterTiles(readModels, store)] : []), tilesOfLog],
    });
    const tree = newestOf(await ledger.newest(), signerDirectory);
    if (!tree)
      throw new StoreNotOpened(
        `no checkpoint was signed for ${location.url === undefined ? location.directory : 'the history in the database'} yet: start the server, which signs within seconds`,
      );
    return { ...(await historyOf(store, ledger, tree, cosigned)), close };
  } catch (error) {
    // What failed is why it is not opened, whatever closing meets.
    await close().catch(() => undefined);
    throw error;
  }
}

async function historyOf(
  store: Awaited<ReturnType<typeof openToRead>>,
  ledger: Ledger,
  tree: NewestTree,
  cosigned: string | undefined,
): Promise<Omit<LiveHistory, 'close'>> {
  // A database counts nothing: what it lost of its end, the verifier finds.
  const stored = store instanceof SqliteEventStore ? store.lastRecord() : tree.size;
  const { origin, root } = parseCheckpoint(tree.note.slice(0, tree.note.indexOf('\n\n') + 1));
  const at =
    cosigned === undefined
      ? tree
      : await earlier(cosigned, { origin, keys: await verifierKeysIn(store), ledger, newest: { ...tree, root } });
  return {
    lines: completeBundleLines({
      entryOf: leafEntryOf,
      origin,
      scope: { kind: 'whole' },
      checkpoint: at.note,
      size: at.size,
      keyChanges: await keyChangesBefore(at.note, store),
      events: logToRecordMissing(store),
      isExported: () => true,
      tile: (index, width) => ledger.tile(index, width),
      factsOf,
    }),
    published: withNewest(publishedCheckpoints(store.bookkeeping, tree.published), tree),
    lostItsEnd:
      stored < tree.size
        ? `the log ends with record ${stored}, and ${tree.size} were signed: it lost its end, or is an older copy. plenary recover puts it right`
        : undefined,
  };
}

async function earlier(note: string, log: OwnLog): Promise<SignedTree> {
  try {
    return await earlierCheckpoint(note, log);
  } catch (error) {
    if (error instanceof ForeignCheckpoint) throw new StoreNotOpened(`the checkpoint that was given ${error.message}`);
    throw error;
  }
}

interface NewestTree {
  note: string;
  size: number;
  /** The size of the newest that the log's bookkeeping holds, 0 for none. */
  published: number;
}

/** An older copy of a log publishes what was signed when it was made: the signer's directory remembers what was signed since. */
function newestOf(published: { note: string; size: number } | undefined, signerDirectory: string): NewestTree | undefined {
  const signed = SignedHistory.open(signerDirectory);
  const isOfOther =
    published !== undefined &&
    signed !== undefined &&
    parseCheckpoint(published.note.slice(0, published.note.indexOf('\n\n') + 1)).origin !== signed.checkpoint.origin;
  if (signed && !isOfOther && signed.size > (published?.size ?? 0))
    return { note: signed.note, size: signed.size, published: published?.size ?? 0 };
  return published && { ...published, published: published.size };
}

async function* withNewest(published: AsyncIterable<string>, { note, size, published: last }: NewestTree): AsyncGenerator<string> {
  yield* published;
  if (size > last) yield note;
}

/** What this node projected, where it is there. */
function registerIn(directory: string): ReadModels | undefined {
  try {
    const file = currentFile(directory);
    if (file === undefined) return undefined;
    return new ReadModels({ schema, file: () => file, isMember: () => false, clock: systemClock });
  } catch {
    // Without it the tiles are made from the log.
    return undefined;
  }
}
