// Lays out the write-ahead log ahead of what is written. A sync of a file that grows must write the file's length too, which
// costs two to three times one of a file that has its length already.
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';

const STEP = Buffer.alloc(1 << 20);

export class WalRoom {
  private descriptor: number | undefined;
  private laidOut = 0;

  /**
   * @param file the write-ahead log; SQLite makes it, and removes it when the log is closed
   * @param mostBytes no more than SQLite fills before it begins at the start again
   */
  constructor(
    private readonly file: string,
    private readonly mostBytes: number,
  ) {}

  /**
   * After a commit: where SQLite has come to the end of what is laid out, as much again. What lies behind the last frame is
   * never read, since its checksum is none. Without room on the disk nothing is laid out.
   */
  keep(): void {
    try {
      this.descriptor ??= openSync(this.file, 'r+');
      const { size } = fstatSync(this.descriptor);
      if (size <= this.laidOut) return;
      this.laidOut = size;
      const wanted = Math.min(2 * size, this.mostBytes);
      while (this.laidOut < wanted)
        this.laidOut += writeSync(this.descriptor, STEP, 0, Math.min(STEP.length, wanted - this.laidOut), this.laidOut);
    } catch {
      // The commit stands. Where the disk is in trouble, the next one says so.
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}
