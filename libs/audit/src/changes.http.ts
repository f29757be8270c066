// Two moments compared, over HTTP: all changes between them, one list's, and the versions of one entity.
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import {
  Asking,
  hasPeriod,
  Languages,
  localize,
  pageCursor,
  pageLimit,
  presentRow,
  problem,
  QueryFaults,
  RefusalException,
  Register,
} from '#http';
import { runnerRefusals } from '#event-store';
import { isCivilDate, isRefusal, isUuid } from '#kernel';
import { ReadModels, type Change, type ChangedField } from '#read-models';
import { changedFields, concerns, listOf, resolveBetween, unlessAskedFor } from './changes.js';
import { diffList } from './list-difference.js';
import { RegisterSchema } from './register-schema.js';

const from = ApiQuery({
  name: 'from',
  required: false,
  description: 'The earlier moment: a record number or a time with its offset; the beginning where absent.',
  schema: { type: 'string' },
});
const to = ApiQuery({ name: 'to', required: false, description: 'The later moment; now where absent.', schema: { type: 'string' } });
const fieldsSchema = {
  type: 'array',
  items: { type: 'object', required: ['field'], properties: { field: { type: 'string' }, before: {}, after: {} } },
};

@ApiTags('audit')
@Controller()
export class ChangesController {
  constructor(
    private readonly readModels: ReadModels,
    private readonly register: Register,
    private readonly schema: RegisterSchema,
  ) {}

  @Get('changes')
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'list-changes',
    summary: 'What appeared, changed and ended between two moments, field by field, each with the record that did it.',
  })
  @from
  @to
  @ApiQuery({
    name: 'in',
    required: false,
    description: 'Only in this table. The activity of subjects, which every record adds to, is left out unless it is named here.',
    schema: { type: 'string' },
    example: 'decisions',
  })
  @ApiQuery({
    name: 'body',
    required: false,
    description: 'Only what lies in this body: what happened in its meetings too.',
    schema: { type: 'string' },
  })
  @ApiQuery({ name: 'meeting', required: false, description: 'Only what lies in this meeting.', schema: { type: 'string' } })
  @pageLimit('Changes that are looked at for a page.')
  @pageCursor
  @ApiResponse({
    status: 200,
    description: 'A page, in the order of recording.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['from', 'to', 'items'],
          properties: {
            from: { type: 'integer' },
            to: { type: 'integer' },
            items: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  record: { type: 'integer' },
                  in: { type: 'string' },
                  id: { type: 'string' },
                  kind: { type: 'string', enum: ['began', 'changed', 'ended'] },
                  incomplete: { type: 'boolean', description: 'Some of what was recorded of it was lost.' },
                  fields: fieldsSchema,
                },
              },
            },
            next: { type: 'string' },
          },
        },
        example: { from: 20, to: 57, items: [] },
      },
    },
  })
  @problem(400, 'Parameters are wrong.')
  @problem(401, 'No valid token.')
  @problem(422, 'The moments lie beyond the record, or are reversed.')
  async changes(@Asking() { request }: Asking) {
    const faults = new QueryFaults(request.query as Record<string, unknown>, ['from', 'to', 'in', 'body', 'meeting', 'limit', 'cursor']);
    const [since, until, table, body, meeting, cursor] = ['from', 'to', 'in', 'body', 'meeting', 'cursor'].map((name) => faults.text(name));
    const limit = faults.limit();
    if (table !== undefined && !this.schema.tables.has(table))
      faults.add('in', `must be one of ${[...this.schema.tables.keys()].join(', ')}`);
    faults.throwIfAny();
    await this.register.upToDate(request);
    const between = resolveBetween(this.readModels, since, until);
    if (isRefusal(between)) throw new RefusalException(between);
    const page = await this.readModels.changes(
      { after: between.from, upTo: between.to, limit, ...unlessAskedFor(table), ...(cursor && { cursor }) },
      request.reader,
    );
    if (isRefusal(page)) throw new RefusalException(page);
    const languages = new Languages(request.headers['accept-language']);
    const changes = page.changes.filter((change) => concerns(change, { body, meeting }, (name, id) => this.readModels.bodiesOf(name, id)));
    const items = changes.map((change) => shown(change, languages));
    return { from: between.from, to: page.upTo, items, ...(page.next !== undefined && { next: page.next }) };
  }

  @Get('lists/:list/difference')
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'read-list-difference',
    summary: 'How a list, with its filters, differs between two moments: what appeared in it, changed and left it.',
  })
  @from
  @to
  @ApiQuery({
    name: 'inForceOn',
    required: false,
    description: 'Of a list whose rows have a period: only what is in force on this date, as each of the moments knows it.',
    schema: { type: 'string', format: 'date' },
  })
  @pageLimit('Changes that are looked at for a page: it may have fewer items, or none.')
  @pageCursor
  @ApiResponse({
    status: 200,
    description: 'A page of the difference: each entity once, with the records that touched it (the last 100 of them).',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['from', 'to', 'items'],
          properties: {
            from: { type: 'integer' },
            to: { type: 'integer' },
            items: { type: 'array', items: { type: 'object' } },
            next: { type: 'string' },
          },
        },
        example: { from: 20, to: 57, items: [] },
      },
    },
  })
  @problem(400, 'Parameters are wrong.')
  @problem(401, 'No valid token.')
  @problem(404, 'There is no such list.')
  @problem(422, 'The moments lie beyond the record, or are reversed.')
  async difference(@Asking() { request }: Asking, @Param('list') name: string) {
    const list = listOf(this.schema, name);
    if (!list) throw new RefusalException(runnerRefusals['not-found'](`There is no list ${name.slice(0, 60)}.`));
    const narrowing = [...(list.scopes ?? []), ...(list.filters ?? [])];
    const faults = new QueryFaults(request.query as Record<string, unknown>, [
      'from',
      'to',
      'limit',
      'cursor',
      ...narrowing,
      ...(hasPeriod(list) ? ['inForceOn'] : []),
    ]);
    const [since, until, cursor, inForceOn] = ['from', 'to', 'cursor', 'inForceOn'].map((each) => faults.text(each));
    const limit = faults.limit();
    if (inForceOn !== undefined && !isCivilDate(inForceOn)) faults.add('inForceOn', 'must be a date such as 2024-07-01');
    const where: Record<string, string> = {};
    for (const column of narrowing) {
      const value = faults.text(column);
      if (value !== undefined) where[column] = value;
    }
    faults.throwIfAny();
    await this.register.upToDate(request);
    const between = resolveBetween(this.readModels, since, until);
    if (isRefusal(between)) throw new RefusalException(between);
    const page = await diffList(this.readModels, list, { ...between, where, inForceOn, limit, cursor }, request.reader);
    if (isRefusal(page)) throw new RefusalException(page);
    const languages = new Languages(request.headers['accept-language']);
    const items = page.differences.map(({ kind, id, records, before, after }) => ({
      kind,
      id,
      records,
      ...(before && { before: presentRow(list.table, before, languages) }),
      ...(after && { after: presentRow(list.table, after, languages) }),
      ...(before && after && { fields: shownFields(changedFields(list.table, before, after), languages) }),
    }));
    return { from: between.from, to: page.to, items, ...(page.next !== undefined && { next: page.next }) };
  }

  @Get('versions/:table/:id')
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'list-versions',
    summary: 'Every version of one entity, the newest first, each with the record that made it.',
  })
  @ApiQuery({ name: 'asOf', required: false, description: 'Only versions up to this moment.', schema: { type: 'string' } })
  @pageLimit('Versions in a page.')
  @pageCursor
  @ApiResponse({
    status: 200,
    description: 'A page.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['asOf', 'items'],
          properties: { asOf: { type: 'integer' }, items: { type: 'array', items: { type: 'object' } }, next: { type: 'string' } },
        },
        example: { asOf: 57, items: [] },
      },
    },
  })
  @problem(400, 'Parameters are wrong.')
  @problem(401, 'No valid token.')
  @problem(404, 'There is none of this id, or not for you.')
  async versions(@Asking() { request }: Asking, @Param('table') name: string, @Param('id') id: string) {
    const faults = new QueryFaults(request.query as Record<string, unknown>, ['asOf', 'limit', 'cursor']);
    const [asOf, cursor, limit] = [faults.text('asOf'), faults.text('cursor'), faults.limit()];
    faults.throwIfAny();
    await this.register.upToDate(request);
    const table = this.schema.tables.get(name)?.definition;
    const moment = this.readModels.resolveMoment(asOf);
    if (isRefusal(moment)) throw new RefusalException(moment);
    const page =
      table && isUuid(id) ? this.readModels.versions(table, id, { moment, limit, ...(cursor && { cursor }) }, request.reader) : undefined;
    if (isRefusal(page)) throw new RefusalException(page);
    if (!table || !page || (page.rows.length === 0 && cursor === undefined))
      throw new RefusalException(runnerRefusals['not-found'](`There is nothing of this id in ${name.slice(0, 60)}.`));
    const languages = new Languages(request.headers['accept-language']);
    return {
      asOf: page.moment.record,
      items: page.rows.map((row) => ({ ...presentRow(table, row, languages), ...(row.validTo !== null && { endedBy: row.validTo }) })),
      ...(page.next !== undefined && { next: page.next }),
    };
  }
}

const shown = ({ record, table, id, kind, event, incomplete, fields }: Change, languages: Languages) => ({
  record,
  in: table,
  id,
  kind,
  event: event.id,
  type: event.type,
  recordedAt: event.recordedAt,
  ...(incomplete && { incomplete }),
  fields: shownFields(fields, languages),
});

const shownFields = (fields: readonly ChangedField[], languages: Languages): ChangedField[] =>
  fields.map(({ field, before, after }) => ({
    field,
    ...(before !== undefined && { before: localize(before, languages) }),
    ...(after !== undefined && { after: localize(after, languages) }),
  }));
