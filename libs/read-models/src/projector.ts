// Writes the read models from the global log: rows, log, tree, changes and search in one transaction with the checkpoint.
import { findForgery, removedValues, type Forgery, type LoggedEvent, type Position } from '#event-store';
import { LOG_STREAM, type RecordNumber, type StoredEvent } from '#kernel';
import { scrub, type Database, type Statement } from '#sqlite';
import { UnknownEvent, type EventCatalogue } from './catalogue.js';
import { cutBackRows } from './cut-back.js';
import { openEvent } from './open-event.js';
import type { ProjectedEvent, Projection, TableWriter } from './projection.js';
import { ProjectorStopped } from './projector-stopped.js';
import type { Schema } from './schema.js';
import { SearchRows } from './search-rows.js';
import { StreamHeads } from './stream-heads.js';
import { TreeRows } from './tree-rows.js';
import { VersionWriter } from './version-writer.js';
import { Withholding, type PlaceInStore } from './withholding.js';

export interface Checkpoint {
  record: RecordNumber;
  /** Absent before the first record. */
  position?: Position;
  /** Running maximum of recordedAt, in milliseconds, since the latest restart of the clock. */
  runningAt: number;
  /** Texts that were removed may still lie in free space of the file. */
  residues?: true;
}

export interface ProjectorParts {
  schema: Schema;
  catalogue: EventCatalogue;
  writerKey: Buffer;
}

const FORGED: Record<Forgery, string> = {
  leaf: 'its bytes do not hash to its leaf',
  seal: `it does not carry the seal of this installation's writer key`,
  text: 'a text of it does not hash to what was sealed',
};

type Apply = (event: never, t: TableWriter) => void;
/** The event in stream `log` with which an operator accepts the wall clock as it stands. */
const CLOCK_ACCEPTED = 'clock-accepted';

export class Projector {
  private readonly tree: TreeRows;
  private readonly heads: StreamHeads;
  private readonly writer: VersionWriter;
  private readonly search: SearchRows;
  private readonly insertLog: Statement<unknown>;
  private readonly insertRestart: Statement<unknown>;
  private readonly insertRemoved: Statement<unknown>;
  private readonly insertLost: Statement<unknown>;
  private readonly saveCheckpoint: Statement<unknown>;
  private readonly handlers = new Map<string, readonly Apply[]>();
  private current!: Checkpoint;
  private stopped: ProjectorStopped | undefined;

  /** @param building whether the file is still without its indexes: then words are indexed by `completeReadModels` */
  constructor(
    private readonly database: Database,
    private readonly parts: ProjectorParts,
    building = false,
  ) {
    this.search = new SearchRows(database, building);
    this.writer = new VersionWriter(database, parts.schema, this.search);
    this.insertLog = database.prepare(
      'INSERT INTO log (record, position, event_id, leaf, running_at, recorded_at, stream, revision, type) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.insertRestart = database.prepare('INSERT INTO clock_restarts (record) VALUES (?)');
    this.insertRemoved = database.prepare('INSERT OR IGNORE INTO removed_values (record, hash, removed_by) VALUES (?, ?, ?)');
    this.insertLost = database.prepare('INSERT INTO lost_records (record, stream) VALUES (?, ?)');
    this.saveCheckpoint = database.prepare(
      'UPDATE checkpoint SET record = ?, position = ?, running_at = ?, audience_epoch = ?, residues = ?',
    );
    this.tree = new TreeRows(database);
    this.heads = new StreamHeads(database);
    this.resume();
  }

  get checkpoint(): Checkpoint {
    return this.current;
  }

  /** The Merkle root of everything that is projected. */
  root(): Uint8Array {
    return this.tree.root();
  }

  /**
   * Applies events that follow the checkpoint, in the order of the global log, all in one transaction.
   * @param again with a removal, which then comes alone: the events at the places that `placesFor` it named, in their order
   * @throws ProjectorStopped: the events before the one that it names are applied; every later call throws the same, unless the file was unwritable
   */
  apply(events: readonly LoggedEvent[], again: readonly StoredEvent[] = []): Checkpoint {
    if (this.stopped) throw this.stopped;
    let next = this.current;
    let stop: ProjectorStopped | undefined;
    try {
      this.database.transaction(() => {
        for (const event of events) {
          const record = (next.record + 1) as RecordNumber;
          const projected = this.project(event, record, again);
          if (projected instanceof ProjectorStopped) {
            stop = projected;
            break;
          }
          next = this.logged(event, record, projected === 'withheld' ? { ...next, residues: true } : next);
        }
        this.heads.save();
        this.save(next);
      });
    } catch (error) {
      this.writer.forget();
      this.heads.forget();
      this.resume();
      const failed = events[next.record - this.current.record];
      throw new ProjectorStopped('unwritable', (next.record + 1) as RecordNumber, failed?.id ?? '', (error as Error).message, {
        cause: error,
      });
    }
    this.current = next;
    if (stop) throw (this.stopped = stop);
    return next;
  }

  /** Where the events lie that a removal makes to be applied again; nowhere for any other event. */
  placesFor(event: LoggedEvent): PlaceInStore[] {
    // What no node wrote names nothing: `apply` stops at it.
    const values = findForgery(this.parts.writerKey, event) ? [] : removedValues(event);
    return values.length === 0 ? [] : new Withholding(this.database, this.parts.schema, values).places();
  }

  /**
   * Writes the file anew, so that nothing of removed texts is left in it. @returns whether it is done; false where another
   * connection is in the way
   */
  scrub(): boolean {
    this.database.exec(`INSERT INTO search (search) VALUES ('optimize')`);
    const done = scrub(this.database);
    // Rows may have other row ids now.
    this.writer.forget();
    if (!done) return false;
    this.database.exec('UPDATE checkpoint SET residues = 0');
    delete this.current.residues;
    return true;
  }

  /** Whether what is known of the texts can be taken back: one that was withheld comes back only from the store. */
  canCutBackTo(record: RecordNumber): boolean {
    return this.database.prepare('SELECT 1 FROM removed_values WHERE removed_by > ? LIMIT 1').get(record) === undefined;
  }

  /** Takes everything back that came after a record, in one transaction: a tail of the store was withdrawn. */
  cutBackTo(record: RecordNumber): Checkpoint {
    if (record > this.current.record) throw new RangeError(`cannot cut back to record ${record}: ${this.current.record} is the last`);
    if (!this.canCutBackTo(record)) throw new RangeError(`cannot cut back to record ${record}: texts were removed since`);
    this.database.transaction(() => {
      this.heads.cutBackTo(record);
      cutBackRows(this.database, this.parts.schema, record);
      this.search.cutBackTo(record);
      this.tree.cutBackTo(record);
      const last = this.database
        .prepare<{ position: Position; runningAt: number }>('SELECT position, running_at AS runningAt FROM log WHERE record = ?')
        .get(record);
      // Any entity's audience may be another one now.
      this.writer.audienceEpoch += 1;
      this.save({ record, ...(last ?? { runningAt: 0 }), ...(this.current.residues && { residues: true }) });
    });
    this.writer.forget();
    this.resume();
    return this.current;
  }

  /** Takes up what the file says. */
  private resume(): void {
    const row = this.database
      .prepare<{ record: RecordNumber; position: Position | null; runningAt: number; epoch: number; residues: number }>(
        'SELECT record, position, running_at AS runningAt, audience_epoch AS epoch, residues FROM checkpoint',
      )
      .get()!;
    this.current = {
      record: row.record,
      ...(row.position !== null && { position: row.position }),
      runningAt: row.runningAt,
      ...(row.residues === 1 && { residues: true }),
    };
    this.writer.audienceEpoch = row.epoch;
    this.stopped = undefined;
    this.tree.restore(row.record);
  }

  /** Writes the rows of an event, all of them or none. Answers why it cannot; else whether it withheld something. */
  private project(event: LoggedEvent, record: RecordNumber, again: readonly StoredEvent[]): ProjectorStopped | 'withheld' | undefined {
    const forged = findForgery(this.parts.writerKey, event);
    if (forged) {
      return new ProjectorStopped('forged', record, event.id, FORGED[forged]);
    }
    if (event.lost) {
      this.insertLost.run(record, event.stream);
      return undefined;
    }
    let opened: ProjectedEvent;
    let withholding: Withholding | undefined;
    try {
      opened = openEvent(event, record, this.parts.catalogue);
      const slipped = this.heads.slipped(opened.meta.decidedOn);
      if (slipped.length > 0) opened.slipped = slipped;
      for (const apply of this.handlersOf(event.type)) apply(opened as never, this.writer);
      this.writer.check();
      withholding = this.withholdingOf(event, again);
    } catch (error) {
      this.writer.discard();
      const reason = error instanceof UnknownEvent ? 'unreadable' : 'failed';
      return new ProjectorStopped(reason, record, event.id, (error as Error).message, { cause: error });
    }
    this.writer.write({ record, revision: event.revision, illustrative: opened.data['illustrative'] === true });
    return withholding && this.withhold(withholding, event, record) ? 'withheld' : undefined;
  }

  /** What a removal makes of the rows that are there; nothing is written yet. */
  private withholdingOf(removal: LoggedEvent, again: readonly StoredEvent[]): Withholding | undefined {
    const values = removedValues(removal);
    if (values.length === 0) return undefined;
    const withholding = new Withholding(this.database, this.parts.schema, values);
    const before = this.database.prepareArrays<[string]>('SELECT hash FROM removed_values WHERE record = ?');
    for (const [index, place] of withholding.places().entries()) {
      const event = again[index];
      const removed = new Set([...before.all(place.record).map(([hash]) => hash), ...values.map(({ hash }) => hash)]);
      // What is to be gone is not read: nobody keeps a removal up by altering its text.
      const kept = event && { ...event, sealed: event.sealed.filter(({ hash }) => !removed.has(hash)) };
      if (kept?.leaf !== place.leaf || findForgery(this.parts.writerKey, kept))
        throw new Error(`it needs record ${place.record} again, as it was projected`);
      withholding.apply(openEvent(kept, place.record, this.parts.catalogue), this.handlersOf(kept.type));
    }
    return withholding;
  }

  private withhold(withholding: Withholding, removal: LoggedEvent, record: RecordNumber): boolean {
    for (const value of removedValues(removal)) this.insertRemoved.run(value.record, value.hash, record);
    // Versions that are kept in memory hold texts too.
    this.writer.forget();
    return withholding.write(this.search);
  }

  private logged(event: LoggedEvent, record: RecordNumber, before: Checkpoint): Checkpoint {
    const recordedAt = Date.parse(event.recordedAt);
    const restarts = event.stream === LOG_STREAM && event.type === CLOCK_ACCEPTED;
    const runningAt = restarts ? recordedAt : Math.max(before.runningAt, recordedAt);
    const leaf = Buffer.from(event.leaf, 'hex');
    this.insertLog.run(record, event.position, event.id, leaf, runningAt, event.recordedAt, event.stream, event.revision, event.type);
    if (restarts) this.insertRestart.run(record);
    this.heads.advance(event.stream, event.revision);
    this.tree.append(leaf);
    if (this.tree.size !== record) throw new Error(`the tree has ${this.tree.size} leaves at record ${record}`);
    return { record, position: event.position, runningAt, ...(before.residues && { residues: true }) };
  }

  private save({ record, position, runningAt, residues }: Checkpoint): void {
    this.saveCheckpoint.run(record, position ?? null, runningAt, this.writer.audienceEpoch, residues ? 1 : 0);
  }

  private handlersOf(type: string): readonly Apply[] {
    const known = this.handlers.get(type);
    if (known) return known;
    const found = this.parts.schema.projections.flatMap((projection) => handlersFor(projection, type));
    this.handlers.set(type, found);
    return found;
  }
}

const handlersFor = ({ apply, applyAny }: Projection, type: string): Apply[] => [
  ...(Object.hasOwn(apply, type) ? [apply[type]!] : []),
  ...(applyAny ? [applyAny as Apply] : []),
];
