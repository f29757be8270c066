// What the signer keeps in a place of its own: tiles, entry bundles, the last signed checkpoint. Whatever the checkpoint covers is there before it is.
import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encodeEntries, hashesAbove, hashesOfTile, ledgerHashes, tileBytes, tilePath, TILE_LEVELS, TILE_WIDTH, type HashOf, type TileName } from '../core/index.js';
import { sha256 } from '../verify/node-crypto.js';
import { isMissing, makeDirectory, readWhole, syncDirectory, writeSynced } from './durable-files.js';

const hashes = ledgerHashes(sha256);
const CHECKPOINT = 'checkpoint';
const SWAPPING = 'checkpoint.next';

/** Somebody else has written the checkpoint, or is about to. */
export class CheckpointSwapped extends Error {}

export class SignerDirectory {
  private readonly unsynced = new Set<string>();

  private constructor(readonly path: string) {}

  /** Undefined where there is none. A swap that a crash broke off is cleared: the checkpoint stands as it was. */
  static async open(path: string): Promise<SignerDirectory | undefined> {
    try {
      if (!(await stat(path)).isDirectory()) return undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    await rm(join(path, SWAPPING), { force: true });
    return new SignerDirectory(path);
  }

  static async make(path: string): Promise<SignerDirectory> {
    for (const changed of await makeDirectory(path)) await syncDirectory(changed);
    return (await SignerDirectory.open(path))!;
  }

  /** The last signed checkpoint, a note. */
  async checkpoint(): Promise<string | undefined> {
    return (await readWhole(join(this.path, CHECKPOINT)))?.toString('utf8');
  }

  /**
   * Compare-and-swap: writes the next checkpoint where the last one is still the one that the caller knows. Durable when it resolves.
   * @throws CheckpointSwapped where it is not; nothing was written
   */
  async swapCheckpoint(known: string | undefined, next: string): Promise<void> {
    await this.sync();
    // The draft is made by one at a time: it fails where it exists.
    const draft = join(this.path, SWAPPING);
    try {
      if ((await this.checkpoint()) !== known) throw new CheckpointSwapped(`the checkpoint in ${this.path} is not the one that this signer wrote: another signer uses the directory`);
      await writeSynced(join(this.path, CHECKPOINT), next, draft, 'wx');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new CheckpointSwapped(`another signer is writing the checkpoint in ${this.path}`);
      throw error;
    }
    await syncDirectory(this.path);
  }

  async writeTile(name: TileName & { level: number }, row: readonly Uint8Array[]): Promise<void> {
    await this.write(tilePath(name), tileBytes(row));
  }

  async writeEntries(index: number, entries: readonly Uint8Array[]): Promise<void> {
    await this.write(tilePath({ level: 'entries', index, width: entries.length }), encodeEntries(entries));
  }

  /** The first `width` hashes of a tile that is covered by the checkpoint. @throws where they are not there */
  async readTile(level: number, index: number, width: number): Promise<Uint8Array[]> {
    // A full tile may be newer than the checkpoint: what was signed is the partial one, while there is one.
    const bytes = (await this.file(tilePath({ level, index, width }))) ?? (await this.file(tilePath({ level, index, width: TILE_WIDTH })));
    if (!bytes) throw new Error(`${join(this.path, tilePath({ level, index, width }))} is missing`);
    return hashesOfTile(bytes.subarray(0, width * 32), width);
  }

  /** A file by its C2SP path, to be served as it is. */
  file(path: string): Promise<Buffer | undefined> {
    return readWhole(join(this.path, path));
  }

  /** After the checkpoint covers the full tile, its narrower ones are of no use. */
  async removePartials(level: number | 'entries', index: number): Promise<void> {
    await rm(join(this.path, `${tilePath({ level, index, width: TILE_WIDTH })}.p`), { recursive: true, force: true });
  }

  /** Hashes of complete subtrees over the first `size` records, for proofs. Reads the tiles that `index` and its siblings need. */
  async hashesFor(size: number, indexes: readonly number[]): Promise<HashOf> {
    const tiles = new Map<string, Uint8Array[]>();
    for (let level = 0; TILE_WIDTH ** level <= size; level++) {
      const count = Math.floor(size / TILE_WIDTH ** level);
      // The right edge is needed for every proof; of the rest only what lies above the leaves in question.
      const wanted = new Set([...indexes, size - 1].flatMap((index) => [Math.floor(index / TILE_WIDTH ** (level + 1)), Math.floor((count - 1) / TILE_WIDTH)]));
      for (const index of wanted) {
        if (index * TILE_WIDTH >= count) continue;
        tiles.set(`${level}/${index}`, await this.readTile(level, index, Math.min(TILE_WIDTH, count - index * TILE_WIDTH)));
      }
    }
    return hashesAbove(hashes, (treeLevel, from, count) => {
      const at = from % TILE_WIDTH;
      return tiles.get(`${treeLevel / TILE_LEVELS}/${Math.floor(from / TILE_WIDTH)}`)?.slice(at, at + count) ?? [];
    });
  }

  private async write(path: string, bytes: Uint8Array): Promise<void> {
    const file = join(this.path, path);
    for (const changed of await makeDirectory(dirname(file))) this.unsynced.add(changed);
    await writeSynced(file, bytes);
    this.unsynced.add(dirname(file));
  }

  private async sync(): Promise<void> {
    for (const directory of this.unsynced) await syncDirectory(directory);
    this.unsynced.clear();
  }
}
