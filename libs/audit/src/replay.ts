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

/** Between two steps; rejects when the signal says so. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

const PAGE = 500;

export class Replay {
  constructor(
    private readonly readModels: ReadModels,
    private readonly records: Records,
    private readonly schema: Schema,
    private readonly pause: Pause = (ms, signal) => setTimeout(ms, undefined, { signal }),
  ) {}

  /** Steps in the order of recording; a refusal ends it. Ends early, without an error, when the signal says so. */
  async *steps(query: ReplayQuery, reader: Reader, signal: AbortSignal): AsyncGenerator<ReplayStep | Refusal> {
    let first = true;
    for await (const step of this.unpaced(query, reader)) {
      if (signal.aborted) return;
      if (!isRefusal(step) && query.types.length > 0 && !query.types.includes(step.event.type)) continue;
      if (!first && query.paceMs > 0) await this.pause(query.paceMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      first = false;
      yield step;
    }
  }

  private async *unpaced(query: ReplayQuery, reader: Reader): AsyncGenerator<ReplayStep | Refusal> {
    let at = query.from;
    for await (const changes of this.byRecord(query, reader)) {
      if (isRefusal(changes)) {
        yield changes;
        return;
      }
      const { record } = changes[0]!;
      if (!query.scope) yield* this.unchanging(at, record - 1, reader);
      at = record;
      const event = await this.records.one(record, reader);
      // A record of which the reader sees one part and not another shows nothing.
      // Who may see what had ended before is set by a step that changes nothing.
      if (!isRefusal(event)) yield { event, changes: changes.filter(({ isOfPast }) => !isOfPast).map(replayed) };
    }
    if (!query.scope) yield* this.unchanging(at, query.to, reader);
  }

  /** Records after one, up to another, that changed nothing which the reader sees: the history has them too. */
  private async *unchanging(after: number, upTo: number, reader: Reader): AsyncGenerator<ReplayStep> {
    for (let record = after + 1; record <= upTo; record++) {
      const event = await this.records.one(record as RecordNumber, reader);
      if (!isRefusal(event)) yield { event, changes: [] };
    }
  }

  /** The changes of each record within the scope, record by record. */
  private async *byRecord(query: ReplayQuery, reader: Reader): AsyncGenerator<Change[] | Refusal> {
    let together: Change[] = [];
    let cursor: string | undefined;
    do {
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
        if (together.length > 0 && together[0]!.record !== change.record) {
          yield together;
          together = [];
        }
        together.push(change);
      }
      cursor = page.next;
    } while (cursor !== undefined);
    if (together.length > 0) yield together;
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
