// Puts what was written on the disk: within a moment, all that comes meanwhile by one sync, or once somebody waits for it.
import { setImmediate } from 'node:timers/promises';
import { sync } from '#durable';

/** Of those who read much, each page would sync the disk that commands wait for. */
const WITHIN_MS = 250;

export class SyncSoon {
  /** Why the last sync failed; undefined where it did not. */
  failure: string | undefined;
  /** What was written since it was last put on the disk: files, and the directory where one is new. */
  private readonly unsynced = new Set<string>();
  private syncing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private soon: NodeJS.Timeout | undefined;

  /** @param syncPath puts a file, or the names in a directory, on the disk */
  constructor(readonly syncPath: (path: string) => Promise<void> = syncToDisk) {}

  /** A new name in a directory: on the disk with the next file. */
  named(directory: string): void {
    this.unsynced.add(directory);
  }

  /** On the disk within a moment. */
  wrote(file: string): void {
    this.unsynced.add(file);
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      void this.synced();
    }, WITHIN_MS).unref();
  }

  /**
   * Resolves once all that was written so far is on the disk, or could not be put there, which `failure` tells. All that is written in one
   * turn, and while another sync is under way, is put there by one.
   */
  synced(): Promise<void> {
    return (this.next ??= this.syncing
      .then(() => setImmediate())
      .then(() => {
        this.next = undefined;
        return (this.syncing = this.sync());
      }));
  }

  private async sync(): Promise<void> {
    const paths = [...this.unsynced];
    this.unsynced.clear();
    this.failure = undefined;
    for (const path of paths) {
      try {
        await this.syncPath(path);
      } catch (error) {
        this.failure = (error as Error).message;
        this.unsynced.add(path);
      }
    }
  }
}

/** By a descriptor of its own: that of the writer may be closed meanwhile. A file that was sealed since was put on the disk then. */
async function syncToDisk(path: string): Promise<void> {
  try {
    await sync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
