// What was signed, as the signer's directory remembers it: the checkpoint, the hash of each leaf, and each leaf entry.
import { nodeHashes, StoreNotOpened } from '#event-store';
import { decodeEntries, equalBytes, Malformed, parseCheckpoint, TILE_WIDTH, tilePath, TreeEdge, type Checkpoint } from '#ledger/core';
import { checkpointSignedBy } from '#ledger/verify';
import { SignerDirectory } from '#ledger/writer';

function checkpointOf(note: string, directory: string): Checkpoint {
  try {
    return parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new StoreNotOpened(
      `the checkpoint in ${directory} cannot be read, since it ${error.message}: bring back the signer's directory`,
      { cause: error },
    );
  }
}

export class SignedHistory {
  private tile: { index: number; hashes: Uint8Array[] } | undefined;
  private entries: { index: number; entries: Uint8Array[] } | undefined;

  private constructor(
    private readonly directory: SignerDirectory,
    readonly note: string,
    readonly checkpoint: Checkpoint,
  ) {}

  /** Undefined where nothing was signed yet. The checkpoint is taken as it lies there. @throws StoreNotOpened */
  static open(path: string): SignedHistory | undefined {
    const directory = SignerDirectory.find(path);
    const note = directory?.checkpoint();
    return directory && note !== undefined ? new SignedHistory(directory, note, checkpointOf(note, path)) : undefined;
  }

  get size(): number {
    return this.checkpoint.size;
  }

  /** The hash of a leaf below the size. */
  leafAt(index: number): Uint8Array {
    const tile = Math.floor(index / TILE_WIDTH);
    if (this.tile?.index !== tile) this.tile = { index: tile, hashes: this.directory.readTile(0, tile, this.widthOf(tile)) };
    return this.tile.hashes[index % TILE_WIDTH]!;
  }

  /** The leaf entry itself. @throws StoreNotOpened where it is not the one that was signed */
  entryAt(index: number): string {
    const at = Math.floor(index / TILE_WIDTH);
    if (this.entries?.index !== at) this.entries = { index: at, entries: this.readEntries(at) };
    const entry = this.entries.entries[index % TILE_WIDTH];
    if (!entry || !equalBytes(nodeHashes.leaf(entry), this.leafAt(index)))
      throw new StoreNotOpened(`the entry of record ${index + 1} in ${this.directory.path} is not the one that was signed`);
    return Buffer.from(entry).toString('utf8');
  }

  /**
   * That one of the keys signed the checkpoint, and that the hashes of the leaves lead to its root.
   * @throws StoreNotOpened
   */
  prove(keys: readonly string[]): void {
    if (!checkpointSignedBy(this.note, keys))
      throw new StoreNotOpened(`the checkpoint in ${this.directory.path} is not signed by a key of this installation`);
    const edge = new TreeEdge(nodeHashes);
    while (edge.size < this.size) edge.append(this.leafAt(edge.size));
    if (!equalBytes(edge.root(), this.checkpoint.root))
      throw new StoreNotOpened(`the tiles in ${this.directory.path} do not hash to the root that was signed`);
  }

  private widthOf(tile: number): number {
    return Math.min(TILE_WIDTH, this.size - tile * TILE_WIDTH);
  }

  private readEntries(index: number): Uint8Array[] {
    const named = (width: number) => this.directory.file(tilePath({ level: 'entries', index, width }));
    const bytes = named(this.widthOf(index)) ?? named(TILE_WIDTH);
    if (!bytes) throw new StoreNotOpened(`the entries from record ${index * TILE_WIDTH + 1} on are missing in ${this.directory.path}`);
    return decodeEntries(bytes);
  }
}
