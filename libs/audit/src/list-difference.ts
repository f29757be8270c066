// How a list with its filters differs between two moments, a page at a time: as asked at the one and at the other, without reading either.
import { setImmediate } from 'node:timers/promises';
import { isRefusal, type Reader, type RecordNumber, type Refusal, type Uuid } from '#kernel';
import {
  isNarrowedTo,
  readingRefusals,
  rowOnDay,
  withBorrowed,
  type AnyList,
  type Borrowed,
  type Change,
  type Moment,
  type ReadModels,
  type Row,
  type TableDefinition,
} from '#read-models';
import type { Between } from './changes.js';

export interface DifferenceQuery extends Between {
  where: Readonly<Record<string, string>>;
  /** Only what is in force on this day, as each of the moments knows it. */
  inForceOn?: string | undefined;
  /** Changes that are looked at for a page, from 1 to 500: it may have fewer differences, or none. */
  limit: number;
  cursor?: string | undefined;
}

/** One entity of a list that is there at one moment and not at the other, or differs. */
export interface Difference {
  kind: 'appeared' | 'changed' | 'left';
  id: Uuid;
  /** The records that touched it between the moments, or what it shows of another entity: the last of them. */
  records: RecordNumber[];
  before?: Row;
  after?: Row;
}

export interface DifferencePage {
  /** Each entity once, by the first of its changes. */
  differences: Difference[];
  /** The later moment: that of the first page on all of them. */
  to: RecordNumber;
  next?: string;
}

/** So many of the records that touched an entity are named. */
const NAMED_RECORDS = 100;
/** Changes between two turns of the event loop. */
const AT_A_TURN = 50;
const BORROWERS = 500;
const CURSOR = /^(\d)\.(\d{1,15})\.(.*)$/;

export async function diffList(
  readModels: ReadModels,
  list: AnyList,
  query: DifferenceQuery,
  reader: Reader,
): Promise<DifferencePage | Refusal> {
  const sources: (Borrowed | undefined)[] = [undefined, ...Object.values(list.table.borrows ?? {})];
  const [, stage = '0', pinned, cursor = ''] = CURSOR.exec(query.cursor ?? '') ?? [];
  if (query.cursor !== undefined && (pinned === undefined || Number(stage) >= sources.length))
    return readingRefusals['cursor-unreadable']('Begin again without it.');
  const to = (pinned === undefined ? query.to : Math.min(Number(pinned), query.to)) as RecordNumber;
  const source = sources[Number(stage)];
  const table = source?.from ?? list.table;
  const page = await readModels.changes(
    { after: query.from, upTo: to, table: table.name, limit: query.limit, ...(cursor !== '' && { cursor }) },
    reader,
  );
  if (isRefusal(page)) return page;
  const comparison = new Comparison(readModels, list, { ...query, to }, reader);
  const differences: Difference[] = [];
  for (const [index, change] of page.changes.entries()) {
    if (index % AT_A_TURN === AT_A_TURN - 1) await setImmediate();
    if (!comparison.isFirst(change, table)) continue;
    const found = source ? await comparison.ofBorrowers(change.id, source) : comparison.of(change.id, change.id, table);
    if (isRefusal(found)) return found;
    differences.push(...found);
  }
  const [onStage, onCursor] = page.next !== undefined ? [Number(stage), page.next] : [Number(stage) + 1, ''];
  return { differences, to, ...(onStage < sources.length && { next: `${onStage}.${to}.${onCursor}` }) };
}

class Comparison {
  constructor(
    private readonly readModels: ReadModels,
    private readonly list: AnyList,
    private readonly query: DifferenceQuery,
    private readonly reader: Reader,
  ) {}

  /** Whether nothing between the moments changed the entity before: each is compared once. */
  isFirst({ before, id, record }: Change, table: TableDefinition): boolean {
    const { from } = this.query;
    if (before) return before.validFrom <= from;
    const earlier = this.readModels.versions(
      table,
      id,
      { moment: { record: (record - 1) as RecordNumber, isNow: false }, limit: 1 },
      this.reader,
    );
    return isRefusal(earlier) || earlier.rows.every(({ validTo }) => validTo !== null && validTo <= from);
  }

  /** @param touched the entity that was changed, and its table */
  of(id: Uuid, touched: Uuid, table: TableDefinition): Difference[] {
    const { from, to } = this.query;
    const [before, after] = [this.at(from, id), this.at(to, id)];
    if (!before && !after) return [];
    const kind = !before ? 'appeared' : !after ? 'left' : 'changed';
    if (kind === 'changed' && before!.validFrom === after!.validFrom && this.showsTheSame(before!, after!)) return [];
    return [{ kind, id, records: this.recordsOf(table, touched), ...(before && { before }), ...(after && { after }) }];
  }

  /** Of what shows a column of the entity, and was not changed itself. */
  async ofBorrowers(lender: Uuid, { through, from: table }: Borrowed): Promise<Difference[] | Refusal> {
    const { from, to } = this.query;
    const differences: Difference[] = [];
    let cursor: string | undefined;
    do {
      const borrowers = await this.readModels.list(this.list, {
        moment: { record: to, isNow: false },
        reader: this.reader,
        where: { [through]: lender },
        sort: 'recorded',
        limit: BORROWERS,
        ...(cursor !== undefined && { cursor }),
      });
      if (isRefusal(borrowers)) return borrowers;
      for (const { id, validFrom } of borrowers.rows) if (validFrom <= from) differences.push(...this.of(id, lender, table));
      cursor = borrowers.next;
    } while (cursor !== undefined);
    return differences;
  }

  /** As the list has it, where it does. */
  private at(record: RecordNumber, id: Uuid): Row | undefined {
    const {
      list,
      readModels,
      reader,
      query: { where, inForceOn },
    } = this;
    const moment: Moment = { record, isNow: false };
    const found = record === 0 ? undefined : (readModels.detail(list.table, id, moment, reader) as Row | undefined);
    if (!found) return undefined;
    if (inForceOn !== undefined) return rowOnDay(readModels, list, found, { day: inForceOn, where }, moment, reader);
    return isNarrowedTo(list, found, where) ? withBorrowed(readModels, list.table, found, moment, reader) : undefined;
  }

  private showsTheSame(before: Row, after: Row): boolean {
    return Object.keys(this.list.table.borrows ?? {}).every((name) => before[name] === after[name]);
  }

  private recordsOf(table: TableDefinition, id: Uuid): RecordNumber[] {
    const { from, to } = this.query;
    const versions = this.readModels.versions(table, id, { moment: { record: to, isNow: false }, limit: NAMED_RECORDS }, this.reader);
    if (isRefusal(versions)) return [];
    const records = versions.rows
      .flatMap(({ validFrom, validTo }) => (validTo === null ? [validFrom] : [validFrom, validTo]))
      .filter((record) => record > from);
    return [...new Set(records)].sort((a, b) => a - b).slice(-NAMED_RECORDS);
  }
}
