// What the signer keeps in a place of its own: tiles, entry bundles, the last signed checkpoint. Whatever the checkpoint covers is there before it is.
import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectory, makeDirectoryUnsynced, readWhole, sync, writeSynced } from '#durable';
import {
  encodeEntries,
  hashesOfTile,
  ledgerHashes,
  tileBytes,
  tilePath,
  TILE_WIDTH,
  TileTree,
  type HashOf,
  type TileName,
} from '../core/index.js';
import { sha256 } from '../verify/node-crypto.js';

const hashes = ledgerHashes(sha256);
const CHECKPOINT = 'checkpoint';
const SWAPPING = 'checkpoint.next';

/** Somebody else has written the checkpoint, or is about to. */
export class CheckpointSwapped extends Error {}

export class SignerDirectory {
  private readonly unsynced = new Set<string>();
  private readonly tree = new TileTree(hashes, (level, index, width) => this.readTile(level, index, width));

  private constructor(readonly path: string) {}

  /** For the signer. Undefined where there is none. A swap that a crash broke off is cleared: the checkpoint stands as it was. */
  static async open(path: string): Promise<SignerDirectory | undefined> {
    const directory = SignerDirectory.find(path);
    if (directory) await rm(join(path, SWAPPING), { force: true });
    return directory;
  }

  /** For whoever reads beside the signer, which may be in the middle of a swap. Undefined where there is none. */
  static find(path: string): SignerDirectory | undefined {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? new SignerDirectory(path) : undefined;
  }

  static async make(path: string): Promise<SignerDirectory> {
    await makeDirectory(path);
    return (await SignerDirectory.open(path))!;
  }

  /** The last signed checkpoint, a note. */
  checkpoint(): string | undefined {
    return readWhole(join(this.path, CHECKPOINT))?.toString('utf8');
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
      if (this.checkpoint() !== known)
        throw new CheckpointSwapped(
          `the checkpoint in ${this.path} is not the one that this signer wrote: another signer uses the directory`,
        );
      await writeSynced(join(this.path, CHECKPOINT), next, draft, 'wx');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST')
        throw new CheckpointSwapped(`another signer is writing the checkpoint in ${this.path}`);
      throw error;
    }
    await sync(this.path);
  }

  async writeTile(name: TileName & { level: number }, row: readonly Uint8Array[]): Promise<void> {
    await this.write(tilePath(name), tileBytes(row));
  }

  async writeEntries(index: number, entries: readonly Uint8Array[]): Promise<void> {
    await this.write(tilePath({ level: 'entries', index, width: entries.length }), encodeEntries(entries));
  }

  /** The first `width` hashes of a tile that is covered by the checkpoint. @throws where they are not there */
  readTile(level: number, index: number, width: number): Uint8Array[] {
    // A full tile may be newer than the checkpoint: what was signed is the partial one, while there is one.
    const bytes = this.file(tilePath({ level, index, width })) ?? this.file(tilePath({ level, index, width: TILE_WIDTH }));
    if (!bytes) throw new Error(`${join(this.path, tilePath({ level, index, width }))} is missing`);
    return hashesOfTile(bytes.subarray(0, width * 32), width);
  }

  /** A file by its C2SP path, to be served as it is. */
  file(path: string): Buffer | undefined {
    return readWhole(join(this.path, path));
  }

  /** After the checkpoint covers the full tile, its narrower ones are of no use. */
  async removePartials(level: number | 'entries', index: number): Promise<void> {
    await rm(join(this.path, `${tilePath({ level, index, width: TILE_WIDTH })}.p`), { recursive: true, force: true });
  }

  /** Hashes of complete subtrees over the first `size` records, for proofs. Reads the tiles that `indexes` and their siblings need. */
  hashesFor(size: number, indexes: readonly number[]): Promise<HashOf> {
    return this.tree.hashesFor(size, indexes);
  }

  /** Reads tiles again that were kept for proofs. */
  forget(): void {
    this.tree.forget();
  }

  private async write(path: string, bytes: Uint8Array): Promise<void> {
    const file = join(this.path, path);
    for (const changed of makeDirectoryUnsynced(dirname(file))) this.unsynced.add(changed);
    await writeSynced(file, bytes);
    this.unsynced.add(dirname(file));
  }

  private async sync(): Promise<void> {
    for (const directory of this.unsynced) await sync(directory);
    this.unsynced.clear();
  }
}
