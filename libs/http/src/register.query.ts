// Every question to the register on Nest's QueryBus: a list, or an entity. One handler for each reads what the contexts declare.
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { isRefusal, type Reader, type RecordNumber, type Refusal, type Uuid } from '#kernel';
import {
  ReadModels,
  walkOnDay,
  withBorrowed,
  type AnyList,
  type Count,
  type Moment,
  type Page,
  type Row,
  type TableDefinition,
} from '#read-models';
import type { Asked } from './asked.js';

/** A page, and how many rows the whole list holds where that was asked. */
export interface CountedPage extends Page {
  count?: Count;
}

export class ListQuery extends Query<CountedPage | Refusal> {
  constructor(
    readonly list: AnyList,
    readonly asked: Asked,
    readonly reader: Reader,
  ) {
    super();
  }
}

@QueryHandler(ListQuery)
export class ListQueryHandler implements IQueryHandler<ListQuery> {
  constructor(private readonly readModels: ReadModels) {}

  async execute({ list, asked, reader }: ListQuery): Promise<CountedPage | Refusal> {
    const moment = this.readModels.resolveMoment(asked.asOf);
    if (isRefusal(moment)) return moment;
    const { where, sort, limit, cursor, inForceOn } = asked;
    const at = (record: RecordNumber): Moment => ({ record, isNow: record === moment.record && moment.isNow });
    const { walked, shown, ...narrowed } =
      inForceOn === undefined
        ? { walked: list, where, shown: (row: Row, then: Moment) => withBorrowed(this.readModels, list.table, row, then, reader) }
        : walkOnDay(this.readModels, list, { day: inForceOn, where }, reader);
    const query = {
      ...narrowed,
      reader,
      ...(inForceOn !== undefined && { keep: (row: Row, record: RecordNumber) => shown(row, at(record)) !== undefined }),
    };
    const page = await this.readModels.list(walked, { ...query, moment, sort, limit, ...(cursor !== undefined && { cursor }) });
    if (isRefusal(page)) return page;
    const answer = { ...page, rows: page.rows.flatMap((row) => shown(row, at(page.moment.record)) ?? []) };
    if (!asked.count) return answer;
    // Of the record that the page was read at: a cursor pins it.
    const count = await this.readModels.count(walked, { ...query, moment: page.moment });
    return isRefusal(count) ? count : { ...answer, count };
  }
}

export interface Found {
  row: Row | undefined;
  /** Its audience is restricted today. */
  restricted?: true;
  moment: Moment;
}

export class DetailQuery extends Query<Found | Refusal> {
  constructor(
    readonly table: TableDefinition,
    readonly id: Uuid,
    readonly asOf: string | undefined,
    readonly reader: Reader,
  ) {
    super();
  }
}

@QueryHandler(DetailQuery)
export class DetailQueryHandler implements IQueryHandler<DetailQuery> {
  constructor(private readonly readModels: ReadModels) {}

  execute({ table, id, asOf, reader }: DetailQuery): Promise<Found | Refusal> {
    const moment = this.readModels.resolveMoment(asOf);
    if (isRefusal(moment)) return Promise.resolve(moment);
    const row = this.readModels.detail(table, id, moment, reader);
    const restricted = row !== undefined && reader.role !== 'public' && this.readModels.isRestricted(table, id);
    return Promise.resolve({
      row: row && withBorrowed(this.readModels, table, row, moment, reader),
      moment,
      ...(restricted && { restricted }),
    });
  }
}
