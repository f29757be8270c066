// The record itself, event by event: as it was recorded, its texts open to whoever may see what it touched.
import { findForgery, isDamage, RecordUnusable, runnerRefusals, type EventStore, type LoggedEvent, type Position } from '#event-store';
import { present, unseal, type JsonObject, type Metadata, type Reader, type RecordNumber, type Refusal, type StoredEvent } from '#kernel';
import type { ReadModels } from '#read-models';

export interface ShownRecord {
  record: RecordNumber;
  id: string;
  type: string;
  /** Schema version of the type, as stored. */
  schemaVersion: number;
  stream: string;
  revision: number;
  recordedAt: string;
  /** Absent where it is lost. */
  data?: unknown;
  /** What it said was lost: only its leaf entry is left, as `history-restored` in the record says. */
  lost?: true;
  /** Texts that stood here and were removed since, and the record that says so. */
  removed?: { hash: string; by: RecordNumber }[];
  [metadata: string]: unknown;
}

export interface RecordPage {
  records: ShownRecord[];
  /** Where to go on; absent at the end. */
  next?: RecordNumber;
}

/** Records that are looked at for one page at most: a reader who sees few of them pages on. */
const SCANNED = 5_000;

export class Records {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModels,
    private readonly writerKey: Buffer,
  ) {}

  /** @throws RecordUnusable */
  async one(record: RecordNumber, reader: Reader): Promise<ShownRecord | Refusal> {
    const found = record <= this.readModels.last() && this.readModels.seesRecord(record, reader) ? await this.read(record, 1) : [];
    return found[0] ? this.show(found[0], record, reader) : runnerRefusals['not-found'](`There is no record ${record}.`);
  }

  /** The records after one, in order; those that the reader may not see are missing. @throws RecordUnusable of one that cannot be given, or stands near */
  async after(record: number, limit: number, reader: Reader): Promise<RecordPage> {
    const last = this.readModels.last();
    const records: ShownRecord[] = [];
    let at = record;
    while (at < last && records.length < limit && at - record < SCANNED) {
      const events = await this.read((at + 1) as RecordNumber, Math.min(limit, last - at));
      if (events.length === 0) break;
      for (const event of events) {
        at += 1;
        if (this.readModels.seesRecord(at as RecordNumber, reader)) records.push(this.show(event, at as RecordNumber, reader));
        if (records.length === limit) break;
      }
    }
    return { records, ...(at < last && { next: at as RecordNumber }) };
  }

  /** The event of a record, for what asks on behalf of the record itself; undefined where there is none. */
  async stored(record: RecordNumber): Promise<StoredEvent | undefined> {
    return record <= this.readModels.last() ? (await this.read(record, 1))[0] : undefined;
  }

  private show(event: LoggedEvent, record: RecordNumber, reader: Reader): ShownRecord {
    const removed = this.readModels.removalsOf(record);
    const gone = new Set(removed.map(({ hash }) => hash));
    // A store that cannot destroy them may hold them yet.
    const kept = { ...event, sealed: event.sealed.filter(({ hash }) => !gone.has(hash)) };
    const forged = findForgery(this.writerKey, kept);
    if (forged)
      throw new RecordUnusable(`record ${record} in the store is not what a node of this installation wrote: its ${forged} does not fit`);
    return show(kept, record, this.readModels.keepsRecord(record, reader), removed);
  }

  private async read(first: RecordNumber, limit: number): Promise<readonly LoggedEvent[]> {
    const before = first > 1 ? this.readModels.logRow((first - 1) as RecordNumber) : undefined;
    try {
      for await (const events of this.store.readLog({ limit, ...(before && { after: before.position as Position }) })) return events;
      return [];
    } catch (error) {
      if (isDamage(error)) throw new RecordUnusable(error.message, { cause: error });
      throw error;
    }
  }
}

/** @param isKept by the reader's office: who typed it, on whose instruction and on what it was decided is the office's affair and the auditor's, not the public's */
function show(
  event: LoggedEvent,
  record: RecordNumber,
  isKept: boolean,
  removed: readonly { hash: string; by: RecordNumber }[],
): ShownRecord {
  if (event.lost) return placeholder(event, record);
  const texts = new Map(event.sealed.map(({ hash, value }) => [hash, value]));
  const { actor, instruction, bodyDigest, decidedOn, ...meta } = unseal<Metadata<string>>(JSON.parse(event.meta), texts);
  return {
    record,
    id: event.id,
    type: event.type,
    schemaVersion: event.schemaVersion,
    stream: event.stream,
    revision: event.revision,
    recordedAt: event.recordedAt,
    ...meta,
    ...(isKept ? { actor, ...present({ instruction, bodyDigest, decidedOn }) } : { actor: { role: actor.role } }),
    data: unseal<JsonObject>(JSON.parse(event.data), texts),
    ...(removed.length > 0 && { removed: [...removed] }),
    leaf: event.leaf,
  };
}

const placeholder = ({ id, type, schemaVersion, stream, revision, recordedAt, leaf }: LoggedEvent, record: RecordNumber): ShownRecord => ({
  record,
  id,
  type,
  schemaVersion,
  stream,
  revision,
  recordedAt,
  lost: true,
  leaf,
});
