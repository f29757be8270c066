// The access log over HTTP, for auditors and admins: its days with their hashes, the lines of a day, the bundles given out.
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { runnerRefusals } from '#event-store';
import { Asking, Lists, problem, RefusalException, Register, type ReadRequest } from '#http';
import { accessDaysList } from './access.projection.js';
import { accessesIn, AccessLog, type NotedAccess } from './access-log.js';

/** Bundles that one answer tells of. */
const MOST_EXPORTS = 500;
const WATCHERS = { 'x-roles': ['auditor', 'admin'] };

@ApiTags('audit')
@Controller('access-log')
export class AccessController {
  constructor(
    private readonly log: AccessLog,
    private readonly register: Register,
  ) {}

  @Lists('days', accessDaysList)
  days(@Asking() asking: Asking) {
    return this.register.list(accessDaysList, asking);
  }

  @Get('days/:day')
  @ApiSecurity('token')
  @ApiParam({ name: 'day', description: 'The day, in UTC.', example: '2024-04-29' })
  @ApiOperation({
    operationId: 'read-access-day',
    summary:
      'A day of this node’s access log, one JSON object a line. Of a day that is over, SHA-256 of these bytes is the `hash` of the recorded day.',
    ...WATCHERS,
  })
  @ApiResponse({ status: 200, description: 'The lines.', content: { 'application/x-ndjson': { schema: { type: 'string' }, example: '' } } })
  @problem(401, 'No valid token.')
  @problem(403, 'The token is not of an auditor or an admin.')
  @problem(404, 'Nothing was noted on that day.')
  day(@Req() request: ReadRequest, @Param('day') day: string, @Res({ passthrough: true }) reply: FastifyReply): Buffer {
    watchersOnly(request);
    const bytes = this.log.bytesOf(day);
    if (!bytes) throw new RefusalException(runnerRefusals['not-found'](`Nothing was noted on ${day.slice(0, 20)}.`));
    void reply.type('application/x-ndjson; charset=utf-8').header('Plenary-Node', this.log.node);
    return bytes;
  }

  @Get('exports')
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'list-exports',
    summary: 'The bundles that this node gave out, the newest first: they cannot be called back, and hold what is removed later.',
    ...WATCHERS,
  })
  @ApiResponse({
    status: 200,
    description: `The last ${MOST_EXPORTS}.`,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['node', 'items'],
          properties: { node: { type: 'string' }, items: { type: 'array', items: { type: 'object' } } },
        },
        example: { node: '3f0c9c1e-52f5-4d5e-9a51-5f3c2c1b7a10', items: [] },
      },
    },
  })
  @problem(401, 'No valid token.')
  @problem(403, 'The token is not of an auditor or an admin.')
  exports(@Req() request: ReadRequest): { node: string; items: NotedAccess[] } {
    watchersOnly(request);
    const items: NotedAccess[] = [];
    for (const day of this.log.days()) {
      const given = accessesIn(this.log.bytesOf(day)!).filter(({ what, status }) => what === 'export' && status === 200);
      items.push(...given.reverse());
      if (items.length >= MOST_EXPORTS) break;
    }
    return { node: this.log.node, items: items.slice(0, MOST_EXPORTS) };
  }
}

function watchersOnly({ reader }: ReadRequest): void {
  if (reader.role === 'auditor' || reader.role === 'admin') return;
  throw new RefusalException(runnerRefusals['not-your-role'](`This takes the role auditor or admin; this token has ${reader.role}.`));
}
