// Every question to the register on Nest's QueryBus: a list, or an entity. One handler for each reads what the contexts declare.
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { isRefusal, type Reader, type RecordNumber, type Refusal, type Uuid } from '#kernel';
import { ReadModels, type AnyList, type Count, type Moment, type Page, type Row, type TableDefinition } from '#read-models';
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
    const { table } = list;
    const borrow = (row: Row, record: RecordNumber): Row => withBorrowed(this.readModels, table, row, { record, isNow: record === moment.record && moment.isNow }, reader);
    const isKept = (row: Row, record: RecordNumber): boolean => isInForce(row, inForceOn!) && holdsWhatItBorrows(table, borrow(row, record));
    const narrowed = { reader, where, ...(inForceOn !== undefined && { keep: isKept }) };
    const page = await this.readModels.list(list, { ...narrowed, moment, sort, limit, ...(cursor !== undefined && { cursor }) });
    if (isRefusal(page)) return page;
    const shown = table.borrows ? { ...page, rows: page.rows.map((row) => borrow(row, page.moment.record)) } : page;
    if (!asked.count) return shown;
    // Of the record that the page was read at: a cursor pins it.
    const count = await this.readModels.count(list, { ...narrowed, moment: page.moment });
    return isRefusal(count) ? count : { ...shown, count };
  }
}

const isInForce = (row: Row, day: string): boolean => {
  const { from, until } = row as unknown as { from: string; until: string | null };
  return from <= day && (until === null || day <= until);
};

/** The row with what it shows of other entities, as they stood then. */
function withBorrowed(readModels: ReadModels, { borrows = {} }: TableDefinition, row: Row, moment: Moment, reader: Reader): Row {
  const borrowed = Object.entries(borrows).map(([name, { through, from, column }]) => {
    const id = (row as Readonly<Record<string, unknown>>)[through] as Uuid;
    return [name, (readModels.detail(from, id, moment, reader) as Readonly<Record<string, unknown>> | undefined)?.[column] ?? null];
  });
  return { ...row, ...(Object.fromEntries(borrowed) as object) };
}

const holdsWhatItBorrows = ({ inForceWhile }: TableDefinition, row: Row): boolean =>
  inForceWhile === undefined || (row as Readonly<Record<string, unknown>>)[inForceWhile.borrowed] === inForceWhile.is;

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
    return Promise.resolve({ row: row && withBorrowed(this.readModels, table, row, moment, reader), moment, ...(restricted && { restricted }) });
  }
}
