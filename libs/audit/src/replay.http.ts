// Replay over HTTP: one JSON object a line, or server-sent events that a client can resume.
import { Readable } from 'node:stream';
import { Controller, Get, Req, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  httpRefusals,
  Languages,
  localize,
  presentRow,
  problem,
  problemOf,
  QueryFaults,
  RefusalException,
  Register,
  whileValid,
  type ReadRequest,
} from '#http';
import { isRefusal, isUuid, type Refusal, type Uuid } from '#kernel';
import { runnerRefusals } from '#event-store';
import { ReadModels } from '#read-models';
import { resolveBetween } from './changes.js';
import { RegisterSchema } from './register-schema.js';
import { Replay, resumedFrom, type ReplayedChange, type ReplayQuery, type ReplayStep } from './replay.js';

const LONGEST_PACE_MS = 60_000;
const parameter = (name: string, description: string, schema: { type: string } = { type: 'string' }): MethodDecorator =>
  ApiQuery({ name, required: false, description, schema: schema as never });

@ApiTags('audit')
@Controller('replay')
export class ReplayController implements BeforeApplicationShutdown {
  private readonly ending = new AbortController();

  constructor(
    private readonly replay: Replay,
    private readonly readModels: ReadModels,
    private readonly register: Register,
    private readonly schema: RegisterSchema,
  ) {}

  @Get()
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'replay',
    summary: 'Steps through the history of an entity, or of the whole register: each event, and what it began, changed and ended.',
    description: 'NDJSON; server-sent events where `Accept` is text/event-stream, which resume after `Last-Event-ID`.',
  })
  @parameter('in', 'The table of the entity, such as meetings, decisions or seats; the whole register where absent.')
  @parameter('id', 'The entity.')
  @parameter('from', 'The moment after which it begins: a record number or a time; the beginning where absent.')
  @parameter('to', 'The last moment; now where absent.')
  @parameter('types', 'Only events of these types, separated by commas.')
  @parameter('pace', 'Milliseconds between two steps.', { type: 'integer' })
  @ApiResponse({
    status: 200,
    description: 'One step a line.',
    content: { 'application/x-ndjson': { schema: { type: 'string' }, example: '{"event":{"record":12},"changes":[]}\n' } },
  })
  @problem(400, 'Parameters are wrong.')
  @problem(401, 'No valid token.')
  @problem(404, 'There is no such entity, or not for you.')
  @problem(422, 'The moments lie beyond the record, or are reversed.')
  async steps(@Req() request: ReadRequest, @Res() reply: FastifyReply): Promise<void> {
    const query = await this.parse(request);
    const cut = new AbortController();
    const signal = AbortSignal.any([cut.signal, this.ending.signal]);
    reply.raw.on('close', () => cut.abort());
    const languages = new Languages(request.headers['accept-language']);
    const asEvents = (request.headers.accept ?? '').includes('text/event-stream');
    const steps = whileValid<ReplayStep | Refusal>(
      this.replay.steps(query, request.reader, signal),
      request,
      httpRefusals.unauthenticated('The token was revoked meanwhile.'),
    );
    void reply
      .header('Cache-Control', 'no-store')
      .type(asEvents ? 'text/event-stream; charset=utf-8' : 'application/x-ndjson; charset=utf-8');
    await reply.send(Readable.from(this.written(steps, languages, asEvents), { objectMode: false }));
  }

  beforeApplicationShutdown(): void {
    this.ending.abort();
  }

  private async *written(steps: AsyncIterable<ReplayStep | Refusal>, languages: Languages, asEvents: boolean): AsyncGenerator<string> {
    for await (const step of steps) {
      const shown = isRefusal(step)
        ? { problem: problemOf(step) }
        : { event: step.event, changes: step.changes.map((change) => this.shown(change, languages)) };
      const text = JSON.stringify(shown);
      yield asEvents ? `${isRefusal(step) ? 'event: problem\n' : `id: ${step.event.record}\n`}data: ${text}\n\n` : `${text}\n`;
    }
  }

  private shown({ before, after, fields, ...change }: ReplayedChange, languages: Languages) {
    const table = this.schema.tables.get(change.in)!.definition;
    return {
      ...change,
      ...(before && { before: presentRow(table, before, languages) }),
      ...(after && { after: presentRow(table, after, languages) }),
      fields: fields.map(({ field, ...values }) => ({ field, ...(localize(values, languages) as object) })),
    };
  }

  private async parse(request: ReadRequest): Promise<ReplayQuery> {
    const faults = new QueryFaults(request.query as Record<string, unknown>, ['in', 'id', 'from', 'to', 'types', 'pace']);
    const [name, id, from, to, types] = ['in', 'id', 'from', 'to', 'types'].map((each) => faults.text(each));
    const paceMs = faults.whole('pace', 0, 0, LONGEST_PACE_MS);
    const table = name === undefined ? undefined : this.schema.tables.get(name)?.definition;
    if (name !== undefined && !table) faults.add('in', `must be one of ${[...this.schema.tables.keys()].join(', ')}`);
    if ((name === undefined) !== (id === undefined)) faults.add('id', 'goes together with in');
    faults.throwIfAny();
    await this.register.upToDate(request);
    const between = resolveBetween(
      this.readModels,
      resumedFrom(request.headers['last-event-id'] as string | undefined)?.toString() ?? from,
      to,
    );
    if (isRefusal(between)) throw new RefusalException(between);
    if (table && !this.isThere(table.name, id!, request))
      throw new RefusalException(runnerRefusals['not-found'](`There is no ${table.singular} of this id.`));
    return { ...between, scope: table && { table, id: id as Uuid }, types: types ? types.split(',') : [], paceMs };
  }

  /** An entity that ended is there too: its history says so. */
  private isThere(table: string, id: string, { reader }: ReadRequest): boolean {
    if (!isUuid(id)) return false;
    const versions = this.readModels.versions(
      this.schema.tables.get(table)!.definition,
      id,
      { moment: { record: this.readModels.last(), isNow: true }, limit: 1 },
      reader,
    );
    return !isRefusal(versions) && versions.rows.length > 0;
  }
}
