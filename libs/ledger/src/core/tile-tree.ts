// Hashes of complete subtrees, from tiles. The inner nodes of a tile are hashed up once and kept while they are asked for: what a full
// tile holds never changes, and of one that is not full the width says which it is.
import type { LedgerHashes } from './hashes.js';
import type { HashOf } from './proving.js';
import { hashesAtTileLevel, TILE_LEVELS, TILE_WIDTH, tileBytes } from './tiles.js';

/** The first `width` hashes of a tile. */
export type ReadTile = (level: number, index: number, width: number) => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;

/** Of each height above the tile's own level, from 0, the nodes of complete subtrees, one behind the other: many small objects cost more than their bytes. */
type NodesOfTile = readonly Uint8Array[];
const HASH_BYTES = 32;

/** 16 kB each. All tiles above the lowest level of sixteen million records, and some. */
const KEPT_TILES = 512;

export class TileTree {
  private readonly kept = new Map<string, NodesOfTile>();

  constructor(
    private readonly hashes: Pick<LedgerHashes, 'node'>,
    private readonly read: ReadTile,
  ) {}

  /** Over the first `size` records, for proofs about the leaves named: reads the tiles above these and at the right edge. @throws what `read` throws */
  async hashesFor(size: number, indexes: readonly number[]): Promise<HashOf> {
    const tiles = new Map<string, NodesOfTile>();
    for (let level = 0; hashesAtTileLevel(level, size) > 0; level++) {
      const count = hashesAtTileLevel(level, size);
      const edge = Math.floor((count - 1) / TILE_WIDTH);
      for (const index of new Set([...indexes.map((leaf) => Math.floor(leaf / TILE_WIDTH ** (level + 1))), edge])) {
        if (index <= edge)
          tiles.set(`${level}/${index}`, await this.nodesOf(level, index, Math.min(TILE_WIDTH, count - index * TILE_WIDTH)));
      }
    }
    return (level, index) => {
      const height = level % TILE_LEVELS;
      const across = 2 ** (TILE_LEVELS - height);
      const at = (index % across) * HASH_BYTES;
      const hash = tiles.get(`${(level - height) / TILE_LEVELS}/${Math.floor(index / across)}`)?.[height]?.subarray(at, at + HASH_BYTES);
      if (hash?.length !== HASH_BYTES) throw new Error(`no tile was read for node ${index} of level ${level}`);
      return hash;
    };
  }

  /** What is kept may not be what lies there any more. */
  forget(): void {
    this.kept.clear();
  }

  private async nodesOf(level: number, index: number, width: number): Promise<NodesOfTile> {
    const key = `${level}/${index}/${width}`;
    const found = this.kept.get(key) ?? this.nodesAbove(await this.read(level, index, width), width);
    // The one that was asked for last comes last: the first goes when there are too many.
    this.kept.delete(key);
    this.kept.set(key, found);
    if (this.kept.size > KEPT_TILES) this.kept.delete(this.kept.keys().next().value!);
    return found;
  }

  private nodesAbove(row: readonly Uint8Array[], width: number): NodesOfTile {
    if (row.length !== width) throw new Error(`a tile of ${width} hashes holds ${row.length}`);
    const rows = [tileBytes(row)];
    for (let count = Math.floor(width / 2); count > 0 && rows.length < TILE_LEVELS; count = Math.floor(count / 2)) {
      const below = rows.at(-1)!;
      const pairs = new Uint8Array(count * HASH_BYTES);
      for (let at = 0; at < pairs.length; at += HASH_BYTES)
        pairs.set(
          this.hashes.node(below.subarray(2 * at, 2 * at + HASH_BYTES), below.subarray(2 * at + HASH_BYTES, 2 * at + 2 * HASH_BYTES)),
          at,
        );
      rows.push(pairs);
    }
    return rows;
  }
}
