// Runs the writer through groups of writes, and through what disks do to it.
import { LogWriter, type LeftLog, type Write, type WriterOptions } from './log-writer.js';
import type { FromWriter, WriteFailure } from './writer-protocol.js';
import { faultOf } from '#sqlite';

/** One transaction holds at most so many writes: the first of them waits for all. */
const MAX_GROUP_WRITES = 1000;

export class GroupCommitter {
  private writer: LogWriter | undefined;
  /** The log when it was open last: an error of the disk may be the first sign that another one lies there, or none. */
  private left: LeftLog | undefined;

  constructor(private readonly options: WriterOptions) {}

  /** @throws StoreNotOpened, DatabaseNotOpened */
  open(): string {
    this.writer ??= new LogWriter(this.options, this.left);
    return this.writer.storeId;
  }

  *run(writes: readonly Write[]): Generator<FromWriter> {
    for (let at = 0; at < writes.length; at += MAX_GROUP_WRITES) yield this.commit(writes.slice(at, at + MAX_GROUP_WRITES));
  }

  scrub(): FromWriter {
    try {
      this.open();
      return { kind: 'scrubbed', done: this.writer!.scrub() };
    } catch (error) {
      return { kind: 'not-scrubbed', failure: this.failure(error, false) };
    }
  }

  close(): void {
    if (this.writer) this.left = this.writer.left;
    this.writer?.close();
    this.writer = undefined;
  }

  private commit(group: readonly Write[]): FromWriter {
    let committing = false;
    try {
      this.open();
      return { kind: 'committed', outcomes: this.writer!.commit(group, () => (committing = true)) };
    } catch (error) {
      return { kind: 'failed', writes: group.length, failure: this.failure(error, committing) };
    }
  }

  private failure(error: unknown, committing: boolean): WriteFailure {
    const { message } = error as Error;
    const fault = faultOf(error) ?? faultOf((error as Error).cause);
    // A full disk leaves the connection whole: what it reads back tells whether the commit got through.
    if (fault === 'full' && this.writer && !this.writer.hasStoredMore()) return { reason: 'full', message };
    // Anything else may have left the file ahead of, or behind, what this connection believes: only a fresh look tells.
    this.closeBroken();
    if (committing) return { reason: 'unclear', message };
    return { reason: fault === 'full' || fault === 'read-only' ? fault : 'failing', message };
  }

  private closeBroken(): void {
    try {
      this.close();
    } catch {
      this.writer = undefined;
    }
  }
}
