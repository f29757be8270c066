// The tree of a complete bundle, grown entry by entry, beside the one that its tile hashes make: from where they part, an entry or a tile was altered.
import { equalBytes, fromBase64, hashesOfTile, Malformed, TILE_WIDTH, TreeEdge, type Checkpoint } from '../core/index.js';
import { hashes } from './check-event.js';
import type { Findings } from './findings.js';

export class LeafTree {
  private readonly entries = new TreeEdge(hashes);
  /** Of the tile hashes; the same tree while they agree. */
  private tiles: TreeEdge | undefined;
  private tile: Uint8Array[] = [];
  private readonly parted: number[] = [];
  private partedCount = 0;
  private kept: { entries: Uint8Array; tiles: Uint8Array } | undefined;

  constructor(private readonly keptSize: number | undefined) {}

  get size(): number {
    return this.entries.size;
  }

  /** @throws Malformed where it is not the tile that is due */
  startTile(index: number, base64: string, treeSize: number): void {
    if (this.size % TILE_WIDTH !== 0 || index !== this.size / TILE_WIDTH || this.tile.length > 0)
      throw new Malformed('is not the tile that is due here');
    this.tile = hashesOfTile(fromBase64(base64), Math.max(0, Math.min(TILE_WIDTH, treeSize - this.size)));
  }

  /** @throws Malformed where no tile covers it */
  append(leaf: Uint8Array): void {
    const index = this.size;
    const expected = this.tile[index % TILE_WIDTH];
    if (!expected) throw new Malformed('stands where a tile is due');
    if (!equalBytes(leaf, expected)) {
      this.tiles ??= this.entries.copy();
      this.partedCount += 1;
      if (this.parted.length < 10) this.parted.push(index);
    }
    this.tiles?.append(expected);
    this.entries.append(leaf);
    if (this.size % TILE_WIDTH === 0) this.tile = [];
    if (this.size === this.keptSize) this.kept = { entries: this.entries.root(), tiles: (this.tiles ?? this.entries).root() };
  }

  /** What has the signed root: the entries, at least their tile hashes, or nothing. Undefined too where entries are missing. */
  judge(checkpoint: Checkpoint, findings: Findings): 'entries' | 'tiles' | undefined {
    if (this.size < checkpoint.size) {
      this.judgeParted(findings);
      findings.add(
        'manipulation',
        'integrity',
        'entries-missing',
        `The entries end with record ${this.size}, and the checkpoint covers ${checkpoint.size}: the tail was cut off.`,
        { record: this.size + 1 },
      );
      return undefined;
    }
    return this.judgeRoot(checkpoint, findings);
  }

  /** What can be said where not all entries were read. */
  judgeParted(findings: Findings): void {
    const [first] = this.parted;
    if (first !== undefined)
      findings.add('manipulation', 'integrity', 'record-altered', `Record ${first + 1} (leaf index ${first}) and its tile hash differ.`, {
        record: first + 1,
      });
  }

  /** Root over the first records, as many as the kept checkpoint has, by what has the signed root. */
  keptRoot(by: 'entries' | 'tiles'): Uint8Array | undefined {
    return this.kept?.[by];
  }

  private judgeRoot({ root }: Checkpoint, findings: Findings): 'entries' | 'tiles' | undefined {
    const entriesHold = equalBytes(this.entries.root(), root);
    if (entriesHold && !this.tiles) return 'entries';
    const tilesHold = !entriesHold && this.tiles !== undefined && equalBytes(this.tiles.root(), root);
    const [first = 0] = this.parted;
    const more =
      this.partedCount > 1
        ? ` ${this.partedCount - 1} others differ too (${this.parted
            .slice(1, 4)
            .map((index) => index + 1)
            .join(', ')}${this.partedCount > 4 ? ' ...' : ''}).`
        : '';
    if (tilesHold) {
      findings.add(
        'manipulation',
        'integrity',
        'record-altered',
        `Record ${first + 1} (leaf index ${first}) is not what was signed.${more}`,
        { record: first + 1 },
      );
    } else if (entriesHold) {
      findings.add(
        'manipulation',
        'integrity',
        'tile-altered',
        `The tile hash of record ${first + 1} is not that of its entry, which itself is what was signed.${more}`,
      );
    } else {
      const where = this.tiles
        ? `Record ${first + 1} is the first whose entry and tile hash differ, but other hashes were changed as well.`
        : 'The tile hashes were changed with them: which record was altered cannot be said.';
      findings.add(
        'manipulation',
        'integrity',
        'root-disagrees',
        `The entries do not hash to the signed root. ${where}`,
        this.tiles ? { record: first + 1 } : {},
      );
    }
    return entriesHold ? 'entries' : tilesHold ? 'tiles' : undefined;
  }
}
