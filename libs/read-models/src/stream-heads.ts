// How far each stream is at each point of the log: so that a decision shows that rests on a revision that was old already when the
// decision was stored. Only a store that cannot check while it appends lets one through.
import type { Revision, StreamName, StreamRevision } from '#kernel';
import type { Database, Statement } from '#sqlite';

/** A stream that had moved on, in the log, before the event that was decided on it. */
export interface SlippedCheck {
  stream: StreamName;
  /** As it was seen; null: it had no events. */
  expected: Revision | null;
  /** As it was. */
  actual: Revision | null;
}

/** Streams whose revision is kept in memory. */
const KEPT = 10_000;

export class StreamHeads {
  private readonly known = new Map<StreamName, Revision | null>();
  /** Moved in the transaction under way. */
  private readonly moved = new Set<StreamName>();
  private readonly read: Statement<{ revision: Revision }>;
  private readonly write: Statement<unknown>;

  constructor(private readonly database: Database) {
    this.read = database.prepare('SELECT revision FROM stream_heads WHERE stream = ?');
    this.write = database.prepare(
      'INSERT INTO stream_heads (stream, revision) VALUES (?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision',
    );
  }

  advance(stream: StreamName, revision: Revision): void {
    this.known.set(stream, revision);
    this.moved.add(stream);
  }

  /** Which of the revisions that an event was decided on are not those of the streams right before it. */
  slipped(decidedOn: readonly StreamRevision[] = []): SlippedCheck[] {
    return decidedOn
      .map(({ stream, revision }) => ({ stream, expected: revision, actual: this.at(stream) }))
      .filter(({ expected, actual }) => expected !== actual);
  }

  /** In the transaction of the events. */
  save(): void {
    for (const stream of this.moved) this.write.run(stream, this.known.get(stream)!);
    this.moved.clear();
    if (this.known.size > KEPT) this.known.clear();
  }

  /** Whatever was not saved did not happen. */
  forget(): void {
    this.known.clear();
    this.moved.clear();
  }

  /** In the caller's transaction, while the log still holds what is taken back. */
  cutBackTo(record: number): void {
    const taken = this.database
      .prepareArrays<[StreamName, number]>('SELECT stream, min(revision) FROM log WHERE record > ? GROUP BY stream')
      .all(record);
    const remove = this.database.prepare('DELETE FROM stream_heads WHERE stream = ?');
    for (const [stream, first] of taken) {
      if (first === 0) remove.run(stream);
      else this.write.run(stream, first - 1);
    }
    this.forget();
  }

  private at(stream: StreamName): Revision | null {
    const known = this.known.get(stream);
    if (known !== undefined) return known;
    const found = this.read.get(stream)?.revision ?? null;
    this.known.set(stream, found);
    return found;
  }
}
