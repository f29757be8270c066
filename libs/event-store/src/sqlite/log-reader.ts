// Reads the log on a connection of its own: events and sealed values in two queries, merged by record number. Synchronous.
import type { LoggedEvent, Position } from '../log.js';
import type { ReadStream } from '../port.js';
import { LogDamaged } from './log-damaged.js';
import { PLACEHOLDER } from './placeholder.js';
import { checkedStoreId, FORMAT_WITH_PLACEHOLDERS } from './schema.js';
import { limitedTo, openDatabase, type Database, type Statement } from '#sqlite';
import type { Revision, SealedValue, StoredEvent, StreamName, UtcTime, Uuid } from '#kernel';

const EVENT = 'record, stream_key, revision, id, type, schema_version, recorded_at, data, meta, data_salt, meta_salt, seal, leaf';
type EventRow = readonly [
  record: number,
  streamKey: number,
  revision: Revision,
  id: Uuid,
  type: string,
  schemaVersion: number,
  recordedAt: UtcTime,
  data: string,
  meta: string,
  dataSalt: string,
  metaSalt: string,
  seal: string,
  leaf: string,
];
type SealedRow = readonly [record: number, hash: string, salt: string, value: string];

const NONE: readonly SealedValue[] = [];
/** Names of streams are remembered, up to so many: a join costs as much as the row. */
const MAX_STREAM_NAMES = 50_000;

export class LogReader {
  readonly storeId: string;
  private readonly database: Database;
  private readonly statements: ReturnType<typeof prepare>;
  private readonly names = new Map<number, StreamName>();

  /** @throws StoreNotOpened, DatabaseNotOpened */
  constructor(file: string, options: { immutable?: boolean } = {}) {
    this.database = openDatabase(file, { mode: 'read-only', ...options });
    try {
      this.storeId = checkedStoreId(this.database, file);
      this.statements = prepare(this.database);
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  lastRecord(): number {
    return this.statements.last.get()![0];
  }

  note(key: string): string | undefined {
    return this.statements.note.get(key)?.[0];
  }

  /** The numbers of all placeholders. Reads the whole table where there may be any. */
  placeholders(): number[] {
    return this.statements.format.get()![0] < FORMAT_WITH_PLACEHOLDERS ? [] : this.statements.placeholders.all().map(([record]) => record);
  }

  /** @throws LogDamaged where a record is missing */
  readAfter(record: number, limit: number): LoggedEvent[] {
    const rows = this.statements.log.all(record, limit);
    if (rows.length === 0) return [];
    for (let index = 0; index < rows.length; index++) {
      if (rows[index]![0] !== record + index + 1) throw new LogDamaged(record + index + 1, rows[index]![0]);
    }
    return this.merge(rows, this.statements.sealed.all(record, record + rows.length), this.logged);
  }

  /** One batch of a stream: at most `limit` events from `from` on, in the direction. */
  readStream(stream: StreamName, from: number, direction: NonNullable<ReadStream['direction']>, limit: number): StoredEvent[] {
    const key = this.statements.stream.get(stream)?.[0];
    if (key === undefined) return [];
    const { events, sealed } = this.statements[direction];
    const rows = events.all(key, from, limit);
    if (rows.length === 0) return [];
    const last = rows[rows.length - 1]![2];
    return this.merge(rows, sealed.all(key, Math.min(from, last), Math.max(from, last)), this.stored);
  }

  /** Events known to be stored, from `first` on, and the record number of the last of them. */
  readRepeated(stream: StreamName, first: number, count: number): { events: StoredEvent[]; lastRecord: number } {
    const events = this.readStream(stream, first, 'forwards', count);
    const lastRecord = this.statements.recordOf.get(events[count - 1]!.id)![0];
    return { events, lastRecord };
  }

  close(): void {
    this.database.close();
  }

  /** Both lists are in the same order of records. */
  private merge<Event extends StoredEvent>(
    rows: readonly EventRow[],
    sealed: readonly SealedRow[],
    made: (row: EventRow, sealed: readonly SealedValue[]) => Event,
  ): Event[] {
    const merged = new Array<Event>(rows.length);
    let next = 0;
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]!;
      let values = NONE;
      if (sealed[next]?.[0] === row[0]) {
        const own: SealedValue[] = [];
        for (; sealed[next]?.[0] === row[0]; next++) own.push({ hash: sealed[next]![1], salt: sealed[next]![2], value: sealed[next]![3] });
        values = own;
      }
      const event = made(row, values);
      merged[index] = event.data === PLACEHOLDER ? asPlaceholder(event) : event;
    }
    return merged;
  }

  /** Written out beside `stored`: a place that is added to an event afterwards costs a tenth of the reading. */
  private readonly logged = (row: EventRow, sealed: readonly SealedValue[]): LoggedEvent => ({
    id: row[3],
    type: row[4],
    schemaVersion: row[5],
    recordedAt: row[6],
    data: row[7],
    meta: row[8],
    dataSalt: row[9],
    metaSalt: row[10],
    seal: row[11],
    leaf: row[12],
    sealed,
    stream: this.nameOf(row[1]),
    revision: row[2],
    position: positionOf(this.storeId, row[0]),
  });

  private readonly stored = (row: EventRow, sealed: readonly SealedValue[]): StoredEvent => ({
    id: row[3],
    type: row[4],
    schemaVersion: row[5],
    recordedAt: row[6],
    data: row[7],
    meta: row[8],
    dataSalt: row[9],
    metaSalt: row[10],
    seal: row[11],
    leaf: row[12],
    sealed,
    stream: this.nameOf(row[1]),
    revision: row[2],
  });

  private nameOf(key: number): StreamName {
    let name = this.names.get(key);
    if (name === undefined) {
      name = this.statements.name.get(key)?.[0];
      if (name === undefined) throw new LogDamaged(0);
      if (this.names.size >= MAX_STREAM_NAMES) this.names.clear();
      this.names.set(key, name);
    }
    return name;
  }
}

const asPlaceholder = <Event extends StoredEvent>(event: Event): Event => ({
  ...event,
  dataSalt: '',
  metaSalt: '',
  lost: { data: event.dataSalt, meta: event.metaSalt },
});

export const positionOf = (storeId: string, record: number): Position => `${storeId}:${record}` as Position;

function prepare(database: Database) {
  const arrays = <Row extends readonly (string | number)[]>(sql: string): Statement<Row> => database.prepareArrays<Row>(sql);
  const ofStream = (comparison: '>=' | '<=', order: 'ASC' | 'DESC') => ({
    events: arrays<EventRow>(
      `SELECT ${EVENT} FROM events WHERE stream_key = ? AND revision ${comparison} ? ORDER BY revision ${order} ${limitedTo()}`,
    ),
    sealed: arrays<SealedRow>(
      `SELECT sealed.record, hash, salt, value FROM events CROSS JOIN sealed ON sealed.record = events.record
       WHERE stream_key = ? AND revision BETWEEN ? AND ? ORDER BY revision ${order}, hash`,
    ),
  });
  return {
    last: arrays<readonly [number]>('SELECT coalesce(max(record), 0) FROM events'),
    log: arrays<EventRow>(`SELECT ${EVENT} FROM events WHERE record > ? ORDER BY record ${limitedTo()}`),
    sealed: arrays<SealedRow>('SELECT record, hash, salt, value FROM sealed WHERE record > ? AND record <= ? ORDER BY record, hash'),
    stream: arrays<readonly [number]>('SELECT key FROM streams WHERE name = ?'),
    name: arrays<readonly [StreamName]>('SELECT name FROM streams WHERE key = ?'),
    recordOf: arrays<readonly [number]>('SELECT record FROM events WHERE id = ?'),
    format: arrays<readonly [number]>('SELECT format FROM store'),
    placeholders: arrays<readonly [number]>(`SELECT record FROM events WHERE data = '${PLACEHOLDER}' ORDER BY record`),
    note: arrays<readonly [string]>('SELECT value FROM bookkeeping WHERE key = ?'),
    forwards: ofStream('>=', 'ASC'),
    backwards: ofStream('<=', 'DESC'),
  };
}
