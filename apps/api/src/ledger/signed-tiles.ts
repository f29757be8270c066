// Where the hashes of the signed tree are: what the signer keeps in its directory, or the register of any node, once it has compared
// its own root with the checkpoint's.
import { leafEntryOf, nodeHashes, type EventStore, type Position } from '#event-store';
import type { RecordNumber } from '#kernel';
import {
  encodeEntries,
  equalBytes,
  isTileOf,
  parseTilePath,
  TILE_LEVELS,
  TILE_WIDTH,
  tileBytes,
  TileTree,
  type HashOf,
  type TileName,
} from '#ledger/core';
import { SignerDirectory } from '#ledger/writer';

export interface SignedTiles {
  /** A tile or entry bundle of a tree of `size` records, by its C2SP path; undefined where that tree has none. */
  file(path: string, size: number): Promise<Buffer | undefined>;
  /** The first `width` hashes of a tile of level 0. */
  tile(index: number, width: number): Promise<Uint8Array>;
  /** Hashes of complete subtrees over the first `size` records, for proofs about the leaves named. */
  hashesFor(size: number, indexes: readonly number[]): Promise<HashOf>;
  /** What was kept of it may be wrong: it is read again. */
  forget(): void;
}

/** The store holds another event than the one that was projected, or none. */
export class StoreDiffers extends Error {}

export class DirectoryTiles implements SignedTiles {
  private constructor(private readonly directory: SignerDirectory) {}

  /** Undefined where there is no directory. */
  static find(path: string): DirectoryTiles | undefined {
    const directory = SignerDirectory.find(path);
    return directory && new DirectoryTiles(directory);
  }

  /** The last checkpoint that was signed, a note. */
  checkpoint(): string | undefined {
    return this.directory.checkpoint();
  }

  file(path: string): Promise<Buffer | undefined> {
    return Promise.resolve(this.directory.file(path));
  }

  tile(index: number, width: number): Promise<Uint8Array> {
    return Promise.resolve(tileBytes(this.directory.readTile(0, index, width)));
  }

  hashesFor(size: number, indexes: readonly number[]): Promise<HashOf> {
    return this.directory.hashesFor(size, indexes);
  }

  forget(): void {
    this.directory.forget();
  }
}

/** What is asked of the register. */
export interface ProjectedTree {
  treeHashes(level: number, from: number, count: number): Uint8Array[];
  logRow(record: RecordNumber): { position: string } | undefined;
}

export class RegisterTiles implements SignedTiles {
  private readonly tree = new TileTree(nodeHashes, (level, index, width) => this.read(level, index, width));

  constructor(
    private readonly register: ProjectedTree,
    private readonly store: Pick<EventStore, 'readLog'>,
  ) {}

  async file(path: string, size: number): Promise<Buffer | undefined> {
    const name = parseTilePath(path);
    if (!isTileOf(name, size)) return undefined;
    const { level, index, width } = name;
    return Buffer.from(level === 'entries' ? await this.entries(name) : tileBytes(this.read(level, index, width)));
  }

  async tile(index: number, width: number): Promise<Uint8Array> {
    return Promise.resolve(tileBytes(this.read(0, index, width)));
  }

  hashesFor(size: number, indexes: readonly number[]): Promise<HashOf> {
    return this.tree.hashesFor(size, indexes);
  }

  forget(): void {
    this.tree.forget();
  }

  private read(level: number, index: number, width: number): Uint8Array[] {
    const row = this.register.treeHashes(level * TILE_LEVELS, index * TILE_WIDTH, width);
    if (row.length < width)
      throw new Error(`the register does not reach so far: of tile ${level}/${index} it holds ${row.length} of ${width} hashes`);
    return row;
  }

  /** The register keeps no entries: they are made from the events as they lie in the store, and must be those that were projected. */
  private async entries({ index, width }: TileName): Promise<Uint8Array> {
    const before = index * TILE_WIDTH;
    const after = before > 0 ? { after: this.register.logRow(before as RecordNumber)!.position as Position } : {};
    const entries: Uint8Array[] = [];
    for await (const events of this.store.readLog({ ...after, limit: width }))
      for (const event of events) entries.push(Buffer.from(leafEntryOf(event)));
    const leaves = this.read(0, index, width);
    const wrong = leaves.findIndex((leaf, at) => !entries[at] || !equalBytes(nodeHashes.leaf(entries[at]), leaf));
    if (wrong >= 0) throw new StoreDiffers(`record ${before + wrong + 1} in the store is not the one that the register was made from`);
    return encodeEntries(entries);
  }
}
