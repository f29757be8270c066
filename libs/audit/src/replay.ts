// The history of one entity, or of the whole register, stepped through: event by event, with what each began, changed and ended.
import { setTimeout } from 'node:timers/promises';
import { isRefusal, type Reader, type RecordNumber, type Refusal, type Uuid } from '#kernel';
import { isNamedIn, type Change, type ChangedField, type ReadModels, type Row, type Schema, type TableDefinition } from '#read-models';
import { activities } from './activity.projection.js';
import { unlessAskedFor, type Between } from './changes.js';
import type { Records, ShownRecord } from './records.js';

/** An entity whose history is asked for: everything that is it, or names it in a column. */
export interface Scope {
  table: TableDefinition;
  id: Uuid;
}

export interface ReplayQuery extends Between {
  scope: Scope | undefined;
  /** Only events of these types. */
  types: readonly string[];
  /** Milliseconds between two steps. */
  paceMs: number;
}

export interface ReplayedChange {
  in: string;
  id: Uuid;
  kind: Change['kind'];
  before?: Row;
  after?: Row;
  fields: readonly ChangedField[];
}

export interface ReplayStep {
  event: ShownRecord;
  changes: ReplayedChange[];
}

/** A step, and when what it shows was read. */
interface Read {
  record: RecordNumber;
  step: ReplayStep;
  readMs: number;
}

/** The changes of one record, and when they were read. */
interface Together {
  changes: Change[];
  readMs: number;
}

/** Between two steps; rejects when the signal says so. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

const PAGE = 500;
/** Pages are read ahead. What waited longer, for the pace or a slow reader, is read anew: it may have been removed or restricted meanwhile. */
const FRESH_MS = 1000;

export class Replay {
  constructor(
    private readonly readModels: ReadModels,
    private readonly records: Records,
    private readonly schema: Schema,
    private readonly pause: Pause = (ms, signal) => setTimeout(ms, undefined, { signal }),
    /** Milliseconds of a clock that never jumps. */
    private readonly elapsed: () => number = () => performance.now(),
  ) {}

  /** Steps in the order of recording; a refusal ends it. Ends early, without an error, when the signal says so. */
  async *steps(query: ReplayQuery, reader: Reader, signal: AbortSignal): AsyncGenerator<ReplayStep | Refusal> {
    let first = true;
    for await (const read of this.unpaced(query, reader)) {
      if (signal.aborted) return;
      if (!isRefusal(read) && query.types.length > 0 && !query.types.includes(read.step.event.type)) continue;
      if (!first && query.paceMs > 0) await this.pause(query.paceMs, signal).catch(() => undefined);
      const fresh = await this.fresh(read, query, reader);
      if (signal.aborted) return;
      first = false;
      if (fresh) yield isRefusal(fresh) ? fresh : fresh.step;
    }
  }

  /** Undefined where the reader sees it no more. */
  private async fresh(read: Read | Refusal, query: ReplayQuery, reader: Reader): Promise<Read | Refusal | undefined> {
    if (isRefusal(read) || this.elapsed() - read.readMs <= FRESH_MS) return read;
    const { record } = read;
    for await (const again of this.unpaced({ ...query, from: (record - 1) as RecordNumber, to: record }, reader)) return again;
    return undefined;
  }

  private async *unpaced(query: ReplayQuery, reader: Reader): AsyncGenerator<Read | Refusal> {
    let at = query.from;
    for await (const together of this.byRecord(query, reader)) {
      if (isRefusal(together)) {
        yield together;
        return;
      }
      const { changes, readMs } = together;
      const { record } = changes[0]!;
      if (!query.scope) yield* this.unchanging(at, record - 1, reader);
      at = record;
      const event = await this.records.one(record, reader);
      // A record of which the reader sees one part and not another shows nothing.
      // Who may see what had ended before is set by a step that changes nothing.
      if (!isRefusal(event)) yield { record, step: { event, changes: changes.filter(({ isOfPast }) => !isOfPast).map(replayed) }, readMs };
    }
    if (!query.scope) yield* this.unchanging(at, query.to, reader);
  }

  /** Records after one, up to another, that changed nothing which the reader sees: the history has them too. */
  private async *unchanging(after: number, upTo: number, reader: Reader): AsyncGenerator<Read> {
    for (let record = (after + 1) as RecordNumber; record <= upTo; record++) {
      const readMs = this.elapsed();
      const event = await this.records.one(record, reader);
      if (!isRefusal(event)) yield { record, step: { event, changes: [] }, readMs };
    }
  }

  /** The changes of each record within the scope, record by record. */
  private async *byRecord(query: ReplayQuery, reader: Reader): AsyncGenerator<Together | Refusal> {
    let together: Together | undefined;
    let cursor: string | undefined;
    do {
      const readMs = this.elapsed();
      const page = await this.readModels.changes(
        {
          after: query.from,
          upTo: query.to,
          limit: PAGE,
          past: true,
          ...unlessAskedFor(query.scope?.table.name === activities.name ? activities.name : undefined),
          ...(cursor !== undefined && { cursor }),
        },
        reader,
      );
      if (isRefusal(page)) {
        yield page;
        return;
      }
      for (const change of page.changes) {
        if (query.scope && !this.lies(change, query.scope)) continue;
        if (together && together.changes[0]!.record !== change.record) {
          yield together;
          together = undefined;
        }
        // Of what lies on two pages, the first one was read first.
        together ??= { changes: [], readMs };
        together.changes.push(change);
      }
      cursor = page.next;
    } while (cursor !== undefined);
    if (together) yield together;
  }

  private lies(change: Change, { table, id }: Scope): boolean {
    if (change.table === table.name && change.id === id) return true;
    return isNamedIn(this.schema.tables.get(change.table)!.definition, change.after ?? change.before, table.name, id);
  }
}

const replayed = ({ table, id, kind, before, after, fields }: Change): ReplayedChange => ({
  in: table,
  id,
  kind,
  ...(before && { before }),
  ...(after && { after }),
  fields,
});

/** The last record that a resumed stream of events had, as `Last-Event-ID` says. */
export const resumedFrom = (lastEventId: string | undefined): RecordNumber | undefined =>
  lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? (Number(lastEventId) as RecordNumber) : undefined;
