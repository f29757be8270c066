// The auditor's desk over HTTP: the record event by event, and the lists of what departed from the rules.
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { Asking, Details, Lists, pageLimit, problem, QueryFaults, RefusalException, Register } from '#http';
import { isRefusal, type RecordNumber } from '#kernel';
import { runnerRefusals } from '#event-store';
import { exceptions, exceptionsList, lateRecordings, lateRecordingsList } from './exceptions.projection.js';
import { Records, type RecordPage, type ShownRecord } from './records.js';

const EXAMPLE = {
  record: 12,
  id: '6d7c1f6e-6f0f-8a52-8d6b-0b3a9a3c9e11',
  type: 'remark-made',
  schemaVersion: 1,
  stream: 'meeting-3f0c9c1e-52f5-8d5e-9a51-5f3c2c1b7a10',
  revision: 7,
  recordedAt: '2024-04-30T08:15:00.000Z',
  occurredAt: '2024-04-29',
  actor: { role: 'secretariat' },
  data: {},
};
const recordSchema = {
  type: 'object',
  required: ['record', 'id', 'type', 'schemaVersion', 'stream', 'revision', 'recordedAt'],
  properties: {
    record: { type: 'integer' },
    id: { type: 'string', format: 'uuid' },
    type: { type: 'string' },
    schemaVersion: { type: 'integer' },
    stream: { type: 'string' },
    revision: { type: 'integer' },
    recordedAt: { type: 'string', format: 'date-time', description: 'When it was recorded.' },
    occurredAt: { type: 'string', description: 'When it happened, as stated.' },
    actor: { type: 'object', description: 'Who recorded it; others than auditors and the secretariat that keeps it learn the role alone.' },
    data: { type: 'object', description: 'As docs/events.md has it.' },
    lost: {
      type: 'boolean',
      description: 'What it said was lost, and a restore put its leaf entry back: there are no data and no metadata.',
    },
    removed: {
      type: 'array',
      description:
        'Texts that stood here and were removed because the law demanded it, where `{"$removed": hash}` stands now; `by` is the record that says so.',
      items: { type: 'object', required: ['hash', 'by'], properties: { hash: { type: 'string' }, by: { type: 'integer' } } },
    },
    leaf: { type: 'string', description: 'Its leaf hash, in hex.' },
  },
};

@ApiTags('audit')
@Controller('records')
export class RecordsController {
  constructor(
    private readonly records: Records,
    private readonly register: Register,
  ) {}

  @Get()
  @ApiSecurity('token')
  @ApiOperation({ operationId: 'list-records', summary: 'Records in their order, after one.' })
  @ApiQuery({
    name: 'after',
    required: false,
    description: 'The record before the first one; 0 where absent.',
    schema: { type: 'integer' },
  })
  @pageLimit('Records in a page.')
  @ApiResponse({
    status: 200,
    description: 'A page; records that you may not see are missing.',
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['records'],
          properties: {
            records: { type: 'array', items: recordSchema },
            next: { type: 'integer', description: 'Where to go on; absent at the end.' },
          },
        },
        example: { records: [EXAMPLE] },
      },
    },
  })
  @problem(400, 'Parameters are wrong.')
  @problem(401, 'No valid token.')
  @problem(503, 'The store does not hold one of the records as it was written.')
  async list(@Asking() { request }: Asking): Promise<RecordPage> {
    const faults = new QueryFaults(request.query as Record<string, unknown>, ['after', 'limit']);
    const after = faults.whole('after', 0, 0, Number.MAX_SAFE_INTEGER);
    const limit = faults.limit();
    faults.throwIfAny();
    await this.register.upToDate(request);
    return this.records.after(after, limit, request.reader);
  }

  @Get(':record')
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'read-record',
    summary: 'One record: the event as recorded, both its times, who recorded it, and what caused it.',
  })
  @ApiResponse({ status: 200, description: 'The record.', content: { 'application/json': { schema: recordSchema, example: EXAMPLE } } })
  @problem(401, 'No valid token.')
  @problem(404, 'There is none of this number, or not for you.')
  @problem(503, 'The store does not hold it as it was written.')
  async one(@Asking() { request }: Asking, @Param('record') number: string): Promise<ShownRecord> {
    await this.register.upToDate(request);
    if (!/^[1-9]\d{0,14}$/.test(number))
      throw new RefusalException(runnerRefusals['not-found'](`There is no record ${number.slice(0, 40)}.`));
    const shown = await this.records.one(Number(number) as RecordNumber, request.reader);
    if (isRefusal(shown)) throw new RefusalException(shown);
    return shown;
  }
}

@ApiTags('audit')
@Controller()
export class ExceptionsController {
  constructor(private readonly register: Register) {}

  @Lists('exceptions', exceptionsList)
  listExceptions(@Asking() asking: Asking) {
    return this.register.list(exceptionsList, asking);
  }

  @Details('exceptions/:exception', exceptions)
  exception(@Asking() asking: Asking, @Param('exception') id: string) {
    return this.register.detail(exceptions, asking, id);
  }

  @Lists('late-recordings', lateRecordingsList)
  listLateRecordings(@Asking() asking: Asking) {
    return this.register.list(lateRecordingsList, asking);
  }

  @Details('late-recordings/:lateRecording', lateRecordings)
  lateRecording(@Asking() asking: Asking, @Param('lateRecording') id: string) {
    return this.register.detail(lateRecordings, asking, id);
  }
}
