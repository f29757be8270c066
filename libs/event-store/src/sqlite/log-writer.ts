// The one writer of a log: many appends in one transaction, each judged alone. Synchronous; runs in a thread of its own.
import { existsSync } from 'node:fs';
import { judgeAppend, type Verdict, type Written } from '../append-rules.js';
import { StoreNotOpened } from '../errors.js';
import type { Append, RemovedValue } from '../port.js';
import { WalRoom } from './wal-room.js';
import { prepareStatements, type LogStatements } from './log-statements.js';
import { columnsOf } from './placeholder.js';
import { checkedLastRecord, checkedStoreId, createWhereEmpty, FORMAT_WITH_PLACEHOLDERS } from './schema.js';
import { faultOf, openDatabase, scrub, type Database } from '#sqlite';
import type { SealedEvent, StoredEvent, StreamName } from '#kernel';

export type Write =
  | { kind: 'append'; append: Append }
  | { kind: 'note'; key: string; value: string }
  /** Records that the log had, and lost with its tail. */
  | { kind: 'restore'; events: readonly StoredEvent[] }
  /** What was lost is found again, and takes the place of its placeholder. */
  | { kind: 'refill'; found: readonly FoundAgain[] }
  /** Texts that an event refers to, and lost. */
  | { kind: 'add-texts'; texts: readonly FoundTexts[] }
  /** Values are to be gone. */
  | { kind: 'remove'; values: readonly RemovedValue[] };

export interface FoundAgain {
  record: number;
  event: StoredEvent;
}

export interface FoundTexts {
  record: number;
  sealed: StoredEvent['sealed'];
}

/** What became of one write, once its transaction is durable. Plain data, so that it can cross a thread. */
export type Outcome =
  | { kind: 'stored'; first: number; lastRecord: number }
  | { kind: 'noted' }
  | { kind: 'removed' }
  | { kind: 'restored' }
  /** One of the records to be restored does not follow what is stored. */
  | { kind: 'not-next'; at: number }
  | { kind: 'refilled' }
  | { kind: 'texts-added' }
  /** No placeholder of that event stands there. */
  | { kind: 'no-placeholder'; at: number }
  | Exclude<Verdict<number>, { kind: 'new' }>;

export interface WriterTuning {
  /** FULL where absent: with NORMAL a commit is not durable. */
  synchronous?: 'FULL' | 'NORMAL';
  walAutocheckpointPages?: number;
}

export interface WriterOptions extends WriterTuning {
  file: string;
  /** The store's id, where the file is new. */
  newId: string;
}

/** A log as this process left it. */
export interface LeftLog {
  storeId: string;
  lastRecord: number;
}

/** Noted while what was removed may still lie in free space of the file. */
const RESIDUES = 'residues-of-removed-values';

// Larger than SQLite's own 1,000: copying the log into the file less often doubles the rate of a growing file.
const AUTOCHECKPOINT_PAGES = 8000;
/** A page of the file, and the header of its frame. */
const FRAME_BYTES = 4096 + 24;

export class LogWriter {
  readonly storeId: string;
  private readonly database: Database;
  private readonly statements: LogStatements;
  private readonly room: WalRoom;
  private lastRecord: number;

  /**
   * @param left where this process had the log open before: then nothing is created, and what lies there must be that log
   * @throws StoreNotOpened, DatabaseNotOpened
   */
  constructor(options: WriterOptions, left?: LeftLog) {
    // SQLite would make the file: of a disk that went away, the directory on which it was mounted is still there.
    if (left && !existsSync(options.file)) throw new StoreNotOpened(`${options.file} is gone: it held ${left.lastRecord} records`);
    const walAutocheckpointPages = options.walAutocheckpointPages ?? AUTOCHECKPOINT_PAGES;
    this.database = openDatabase(options.file, { mode: 'read-write', synchronous: options.synchronous ?? 'FULL', walAutocheckpointPages });
    this.room = new WalRoom(`${options.file}-wal`, walAutocheckpointPages * FRAME_BYTES);
    try {
      if (!left) createWhereEmpty(this.database, options.newId);
      this.storeId = checkedStoreId(this.database, options.file);
      this.lastRecord = checkedLastRecord(this.database, options.file);
      if (left) assertContinues(this.left, left, options.file);
      this.statements = prepareStatements(this.database);
      this.makeDurable();
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  /** The log as it stands after the last commit that succeeded. */
  get left(): LeftLog {
    return { storeId: this.storeId, lastRecord: this.lastRecord };
  }

  /**
   * Writes all in one transaction. A write that is refused leaves the others alone.
   * @param committing called right before COMMIT: what fails from then on may be stored
   * @throws the driver's error; the transaction is rolled back where it was not committed
   */
  commit(writes: readonly Write[], committing: () => void): Outcome[] {
    const before = this.lastRecord;
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const outcomes = writes.map((write) => this.write(write));
      if (this.lastRecord !== before) this.statements.count.run(this.lastRecord);
      committing();
      this.database.exec('COMMIT');
      this.room.keep();
      return outcomes;
    } catch (error) {
      this.lastRecord = before;
      this.database.rollback();
      throw error;
    }
  }

  /** Whether the file holds more records than the last commit that succeeded left. */
  hasStoredMore(): boolean {
    return this.statements.counted.get()![0] !== this.lastRecord;
  }

  /** Writes the file anew where values were removed since it was written. @returns whether nothing of them is left */
  scrub(): boolean {
    if (this.statements.noted.get(RESIDUES)?.[0] !== 'yes') return true;
    if (!scrub(this.database)) return false;
    this.database.transaction(() => this.statements.note.run(RESIDUES, 'no'));
    return true;
  }

  /** Leaves one file that can be copied, and read where nothing can be written. */
  close(): void {
    this.room.close();
    try {
      if (this.database.isOpen) this.database.pragma('wal_checkpoint(TRUNCATE)');
    } catch {
      // The next one to open the log finds what is left in the write-ahead log.
    }
    this.database.close();
  }

  /** A killed process may have left commits that only the page cache knows: they are read from now on, so they go to the disk. */
  private makeDurable(): void {
    try {
      this.database.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      // It has synced the write-ahead log before it found no room to copy that into the file.
      if (faultOf(error) !== 'full') throw error;
    }
  }

  private write(write: Write): Outcome {
    switch (write.kind) {
      case 'append':
        return this.append(write.append);
      case 'note':
        return this.note(write);
      case 'restore':
        return this.restore(write.events);
      case 'refill':
        return this.refill(write.found);
      case 'add-texts':
        for (const { record, sealed } of write.texts) {
          for (const { hash, salt, value } of sealed) this.statements.removeAltered.run(record, hash, salt, value);
          this.addSealed(record, { sealed });
        }
        return { kind: 'texts-added' };
      case 'remove':
        return this.remove(write.values);
    }
  }

  private append(append: Append): Outcome {
    const verdict = judgeAppend(append, this.written);
    if (verdict.kind !== 'new') return verdict;
    const lastRevision = verdict.first + append.events.length - 1;
    const key = this.advance(append.stream, verdict.key, lastRevision);
    let revision = verdict.first;
    for (const event of append.events) this.insert(key, revision++, event);
    return { kind: 'stored', first: verdict.first, lastRecord: this.lastRecord };
  }

  private advance(name: StreamName, key: number | undefined, revision: number): number {
    if (key === undefined) return Number(this.statements.addStream.run(name, revision).lastInsertRowid);
    this.statements.advanceStream.run(revision, key);
    return key;
  }

  /** All of them, or none where one does not follow. */
  private restore(events: readonly StoredEvent[]): Outcome {
    const revisions = new Map<StreamName, number>();
    const ids = new Set<string>();
    for (const [at, { id, stream, revision }] of events.entries()) {
      const last = revisions.get(stream) ?? this.written.stream(stream)?.revision ?? -1;
      if (revision !== last + 1 || ids.has(id) || this.written.event(id)) return { kind: 'not-next', at };
      revisions.set(stream, revision);
      ids.add(id);
    }
    for (const event of events)
      this.insert(this.advance(event.stream, this.written.stream(event.stream)?.key, event.revision), event.revision, event);
    if (events.some(({ lost }) => lost)) this.statements.format.run(FORMAT_WITH_PLACEHOLDERS);
    return { kind: 'restored' };
  }

  /** All of them, or none where one has no placeholder. */
  private refill(found: readonly FoundAgain[]): Outcome {
    const without = found.findIndex(({ record, event }) => this.statements.placeholder.get(record, event.leaf) === undefined);
    if (without >= 0) return { kind: 'no-placeholder', at: without };
    for (const { record, event } of found) {
      this.statements.refill.run(...columnsOf(event), record);
      this.addSealed(record, event);
    }
    return { kind: 'refilled' };
  }

  private insert(key: number, revision: number, event: SealedEvent & Pick<StoredEvent, 'lost'>): void {
    const record = ++this.lastRecord;
    const { id, type, schemaVersion, recordedAt, seal, leaf } = event;
    const [data, meta, dataSalt, metaSalt] = columnsOf(event);
    this.statements.addEvent.run(record, key, revision, id, type, schemaVersion, recordedAt, data, meta, dataSalt, metaSalt, seal, leaf);
    this.addSealed(record, event);
  }

  private addSealed(record: number, { sealed }: Pick<SealedEvent, 'sealed'>): void {
    for (const { hash, salt, value } of sealed) this.statements.addSealed.run(record, hash, salt, value);
  }

  private note(write: { key: string; value: string }): Outcome {
    this.statements.note.run(write.key, write.value);
    return { kind: 'noted' };
  }

  private remove(values: readonly RemovedValue[]): Outcome {
    let gone = 0;
    for (const { record, hash } of values) gone += this.statements.removeSealed.run(record, hash).changes;
    if (gone > 0) this.statements.note.run(RESIDUES, 'yes');
    return { kind: 'removed' };
  }

  private readonly written: Written<number> = {
    stream: (name) => {
      const row = this.statements.stream.get(name);
      return row && { key: row[0], revision: row[1] };
    },
    event: (id) => {
      const row = this.statements.event.get(id);
      return row && { key: row[0], revision: row[1] };
    },
  };
}

/** More than was left may be there: a commit that failed can have got through. @throws StoreNotOpened */
function assertContinues(found: LeftLog, left: LeftLog, file: string): void {
  if (found.storeId !== left.storeId)
    throw new StoreNotOpened(`${file} is the log of another store, ${found.storeId}, in the place of ${left.storeId}`);
  if (found.lastRecord < left.lastRecord) {
    throw new StoreNotOpened(
      `${file} is an older copy of the log: it ends at record ${found.lastRecord}, and ${left.lastRecord} were stored`,
    );
  }
}
