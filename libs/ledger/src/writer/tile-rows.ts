// The right edge of the tree as tiles hold it: a row of up to 256 hashes at each level, written when it is full.
import { hashesAtTileLevel, ledgerHashes, TILE_WIDTH, TreeEdge } from '../core/index.js';
import { sha256 } from '../verify/node-crypto.js';
import type { SignerDirectory } from './signer-directory.js';

const hashes = ledgerHashes(sha256);

export class TileRows {
  /** Of each level, the hashes of the tile that is not full; `index` is that tile's. */
  private readonly rows: { index: number; hashes: Uint8Array[] }[] = [];
  private entries: Uint8Array[] = [];
  private readonly filled: { level: number | 'entries'; index: number }[] = [];

  private constructor(
    private readonly directory: SignerDirectory,
    private readonly edge: TreeEdge,
  ) {}

  static at(directory: SignerDirectory, size: number, edge: TreeEdge, lastEntries: readonly Uint8Array[]): TileRows {
    const tiles = new TileRows(directory, edge);
    for (let level = 0; hashesAtTileLevel(level, size) > 0; level++) {
      const count = hashesAtTileLevel(level, size);
      const width = count % TILE_WIDTH;
      const index = Math.floor(count / TILE_WIDTH);
      tiles.rows.push({ index, hashes: width === 0 ? [] : directory.readTile(level, index, width) });
    }
    tiles.entries = [...lastEntries];
    return tiles;
  }

  get size(): number {
    return this.edge.size;
  }

  root(): Uint8Array {
    return this.edge.root();
  }

  async append(entry: Uint8Array): Promise<void> {
    const leaf = hashes.leaf(entry);
    this.edge.append(leaf);
    this.entries.push(entry);
    if (this.entries.length === TILE_WIDTH) {
      const index = Math.floor((this.size - 1) / TILE_WIDTH);
      await this.directory.writeEntries(index, this.entries);
      this.filled.push({ level: 'entries', index });
      this.entries = [];
    }
    await this.push(0, leaf);
  }

  /** Writes what is not full as well. */
  async flush(): Promise<void> {
    if (this.entries.length > 0) await this.directory.writeEntries(Math.floor(this.size / TILE_WIDTH), this.entries);
    for (const [level, { index, hashes: row }] of this.rows.entries()) {
      if (row.length > 0) await this.directory.writeTile({ level, index, width: row.length }, row);
    }
  }

  /** Once the checkpoint covers them. */
  async clearPartials(): Promise<void> {
    for (const { level, index } of this.filled.splice(0)) await this.directory.removePartials(level, index);
  }

  private async push(level: number, hash: Uint8Array): Promise<void> {
    const row = (this.rows[level] ??= { index: 0, hashes: [] });
    row.hashes.push(hash);
    if (row.hashes.length < TILE_WIDTH) return;
    await this.directory.writeTile({ level, index: row.index, width: TILE_WIDTH }, row.hashes);
    this.filled.push({ level, index: row.index });
    const above = new TreeEdge(hashes);
    for (const each of row.hashes) above.append(each);
    this.rows[level] = { index: row.index + 1, hashes: [] };
    await this.push(level + 1, above.root());
  }
}
