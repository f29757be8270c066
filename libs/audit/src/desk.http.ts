// The auditor's desk over HTTP: samples that can be drawn again, and what a subject recorded.
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import {
  Asking,
  httpRefusals,
  Languages,
  pageCursor,
  pageLimit,
  presentRow,
  problem,
  QueryFaults,
  RefusalException,
  Register,
} from '#http';
import { isRefusal, type Reader } from '#kernel';
import { ReadModels, type AnyList } from '#read-models';
import { activities } from './activity.projection.js';
import { RegisterSchema } from './register-schema.js';
import { drawSample } from './sampling.js';

const LONGEST_SEED = 200;
const LARGEST_SAMPLE = 500;
const asOf = ApiQuery({
  name: 'asOf',
  required: false,
  description: 'The register as it stood: a record number, or a time with its offset.',
  schema: { type: 'string' },
  example: 1,
});

const SAMPLE_EXAMPLE = {
  in: 'decisions',
  where: {},
  asOf: 57,
  seed: 'audit 2025-1',
  size: 1,
  population: 3,
  order: 'sha-256(seed \\n id)',
  items: [{ hash: '0a'.repeat(32), id: '3f0c9c1e-52f5-8d5e-9a51-5f3c2c1b7a10', record: 12, firstRecord: 12, revision: 3 }],
};

@ApiTags('audit')
@Controller()
export class DeskController {
  constructor(
    private readonly readModels: ReadModels,
    private readonly register: Register,
    private readonly schema: RegisterSchema,
  ) {}

  @Get('samples')
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'draw-sample',
    summary: 'Draws a sample of a table that anyone can draw again: population, seed, moment and what was drawn.',
    description:
      'Drawn are the entities whose SHA-256 of seed, newline (0x0A) and id, in hex, is lowest, in that order. Any scope or filter of the table’s list narrows the population. Who may see less draws from less.',
  })
  @ApiQuery({ name: 'in', required: true, description: 'The table.', type: 'string', example: 'decisions' })
  @ApiQuery({
    name: 'size',
    required: true,
    description: 'How many are drawn.',
    type: 'integer',
    minimum: 1,
    maximum: LARGEST_SAMPLE,
    example: LARGEST_SAMPLE,
  })
  @ApiQuery({
    name: 'seed',
    required: true,
    description: 'Any text; the same draws the same.',
    type: 'string',
    maxLength: LONGEST_SEED,
    example: 'audit 2025-1',
  })
  @asOf
  @ApiResponse({
    status: 200,
    description: 'The sample.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['in', 'where', 'asOf', 'seed', 'size', 'population', 'order', 'items'],
          properties: {
            in: { type: 'string' },
            where: { type: 'object', description: 'By what the population was narrowed.' },
            asOf: { type: 'integer', description: 'The record up to which the register was read.' },
            seed: { type: 'string' },
            size: { type: 'integer', description: 'As asked for.' },
            population: { type: 'integer', description: 'Of how many it was drawn.' },
            order: { type: 'string' },
            items: {
              type: 'array',
              items: { type: 'object', required: ['hash', 'id'], properties: { hash: { type: 'string' }, id: { type: 'string' } } },
            },
          },
        },
        example: SAMPLE_EXAMPLE,
      },
    },
  })
  @problem(400, 'Parameters are wrong.')
  @problem(401, 'No valid token.')
  @problem(422, 'The moment lies beyond the record.')
  async sample(@Asking() { request }: Asking) {
    const query = request.query as Record<string, unknown>;
    const list = this.lists.find(({ table }) => table.name === query['in']);
    const narrowing = list ? [...(list.scopes ?? []), ...(list.filters ?? [])] : [];
    // What narrows a table is not known before the table is.
    const faults = new QueryFaults(query, list ? ['in', 'size', 'seed', 'asOf', ...narrowing] : Object.keys(query));
    if (!list) faults.add('in', `must be one of ${this.lists.map(({ table }) => table.name).join(', ')}`);
    const size = faults.whole('size', 0, 1, LARGEST_SAMPLE);
    const seed = faults.text('seed');
    if (query['size'] === undefined) faults.add('size', 'is missing');
    if (seed === undefined || seed === '' || seed.length > LONGEST_SEED)
      faults.add('seed', `must be a text of at most ${LONGEST_SEED} characters`);
    const where: Record<string, string> = {};
    for (const column of narrowing) {
      const value = faults.text(column);
      if (value !== undefined) where[column] = value;
    }
    const moment = this.readModels.resolveMoment(await this.asOf(faults, request));
    if (isRefusal(moment)) throw new RefusalException(moment);
    const sample = await drawSample(this.readModels, { list: list!, where, moment, seed: seed!, size }, request.reader);
    if (isRefusal(sample)) throw new RefusalException(sample);
    const languages = new Languages(request.headers['accept-language']);
    return {
      in: list!.table.name,
      where,
      asOf: moment.record,
      seed,
      size,
      population: sample.population,
      order: SAMPLE_EXAMPLE.order,
      items: sample.drawn.map(({ hash, row }) => ({ hash, ...presentRow(list!.table, row, languages) })),
    };
  }

  @Get('me/activity')
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'list-my-activity',
    summary: 'What you recorded, with any of your tokens: the newest first.',
    description: 'An auditor reads the same of another subject at `/versions/activities/{subject}`.',
  })
  @asOf
  @pageLimit('Records in a page.')
  @pageCursor
  @ApiResponse({
    status: 200,
    description: 'A page.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['asOf', 'items'],
          properties: {
            asOf: { type: 'integer' },
            items: {
              type: 'array',
              items: {
                type: 'object',
                required: ['record', 'type', 'occurredAt', 'recordedAt'],
                properties: {
                  record: { type: 'integer' },
                  type: { type: 'string' },
                  occurredAt: { type: 'string' },
                  recordedAt: { type: 'string' },
                  token: { type: 'string', description: 'The id of the token that was used.' },
                },
              },
            },
            next: { type: 'string' },
          },
        },
        example: {
          asOf: 57,
          items: [
            {
              record: 41,
              type: 'decision-taken',
              occurredAt: '2024-04-29',
              recordedAt: '2024-04-30T08:15:00.000Z',
              token: '3f0c9c1e-52f5-8d5e-9a51-5f3c2c1b7a10',
            },
          ],
        },
      },
    },
  })
  @problem(400, 'Parameters are wrong.')
  @problem(401, 'No valid token.')
  @problem(422, 'The moment lies beyond the record.')
  async activity(@Asking() { request }: Asking) {
    if (request.reader.role === 'public')
      throw new RefusalException(httpRefusals.unauthenticated('Only who holds a token recorded anything.'));
    const faults = new QueryFaults(request.query as Record<string, unknown>, ['asOf', 'limit', 'cursor']);
    const [limit, cursor] = [faults.limit(), faults.text('cursor')];
    const moment = this.readModels.resolveMoment(await this.asOf(faults, request));
    if (isRefusal(moment)) throw new RefusalException(moment);
    const { subject } = request.reader;
    const page = this.readModels.versions(activities, subject, { moment, limit, ...(cursor !== undefined && { cursor }) }, itself(subject));
    if (isRefusal(page)) throw new RefusalException(page);
    const items = page.rows.map(({ validFrom, type, occurredAt, recordedAt, token }) => ({
      record: validFrom,
      type,
      occurredAt,
      recordedAt,
      ...(token !== null && { token }),
    }));
    return { asOf: page.moment.record, items, ...(page.next !== undefined && { next: page.next }) };
  }

  private get lists(): AnyList[] {
    return this.schema.projections.flatMap(({ lists = [] }) => lists);
  }

  private async asOf(faults: QueryFaults, request: Asking['request']): Promise<string | undefined> {
    const asked = faults.text('asOf');
    faults.throwIfAny();
    await this.register.upToDate(request);
    return asked;
  }
}

/** Whoever asks for its own activity sees all of it. */
const itself = (subject: Reader['subject']): Reader => ({ subject, role: 'auditor', bodies: 'all' });
