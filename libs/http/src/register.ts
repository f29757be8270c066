// From a read request to the answer: waits for what its reader wrote, asks, and shows the rows.
import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyReply } from 'fastify';
import { runnerRefusals } from '#event-store';
import { isRefusal, isUuid, type RecordNumber } from '#kernel';
import type { AnyList, Count, TableDefinition } from '#read-models';
import { parseAsked, parseMoment } from './asked.js';
import { Languages, presentRow } from './presenter.js';
import { RefusalException } from './problem.js';
import { ProjectionGate } from './projection-gate.js';
import { DetailQuery, ListQuery } from './register.query.js';
import { positionOf, type Asking, type ReadRequest } from './request.js';

export interface ShownPage {
  /** The record up to which the register was read. */
  asOf: RecordNumber;
  items: Record<string, unknown>[];
  /** Continues the list; absent at its end. */
  next?: string;
  /** How many there are that you may see, counted up to 10,000: `more` where there are more. */
  count?: Count;
}

@Injectable()
export class Register {
  constructor(
    private readonly bus: QueryBus,
    private readonly gate: ProjectionGate,
  ) {}

  /** @param scope columns that the path sets */
  async list(list: AnyList, { request, reply }: Asking, scope: Readonly<Record<string, string>> = {}): Promise<ShownPage> {
    const asked = parseAsked(list, request.query as Record<string, unknown>, scope);
    await this.upToDate(request);
    const page = await this.bus.execute(new ListQuery(list, asked, request.reader));
    if (isRefusal(page)) throw new RefusalException(page);
    if (page.restricted) request.showedRestricted = true;
    const languages = new Languages(request.headers['accept-language']);
    const items = page.rows.map((row) => presentRow(list.table, row, languages));
    head(reply, languages, page.moment.record);
    if (page.next !== undefined) void reply.header('Link', `<${nextAddress(request.url, page.next)}>; rel="next"`);
    return {
      asOf: page.moment.record,
      items,
      ...(page.next !== undefined && { next: page.next }),
      ...(page.count && { count: page.count }),
    };
  }

  async detail(table: TableDefinition, { request, reply }: Asking, id: string): Promise<Record<string, unknown>> {
    const asOf = parseMoment(request.query as Record<string, unknown>);
    await this.upToDate(request);
    const found = isUuid(id) ? await this.bus.execute(new DetailQuery(table, id, asOf, request.reader)) : { row: undefined };
    if (isRefusal(found)) throw new RefusalException(found);
    const { row } = found;
    if (!row)
      throw new RefusalException(
        runnerRefusals['not-found'](`There is no ${table.singular} of this id${asOf === undefined ? '' : ` as of ${asOf}`}.`),
      );
    if (found.restricted) request.showedRestricted = true;
    const languages = new Languages(request.headers['accept-language']);
    const shown = presentRow(table, row, languages);
    head(reply, languages, found.moment.record);
    void reply.header('ETag', `"${row.revision}"`);
    return shown;
  }

  /** Every read waits for what its reader wrote, here or on the node that gave it a position. */
  async upToDate(request: ReadRequest): Promise<void> {
    await this.gate.beforeReading(request.reader, positionOf(request));
  }
}

function head(reply: FastifyReply, languages: Languages, record: RecordNumber): void {
  if (languages.used.size > 0) void reply.header('Content-Language', [...languages.used].join(', '));
  void reply.header('Vary', 'Accept-Language, Authorization').header('Plenary-As-Of', String(record));
}

function nextAddress(url: string, cursor: string): string {
  const [path, query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `${path}?${parameters.toString()}`;
}
