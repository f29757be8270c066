// The metrics over the API itself: for admins, since they tell what is recorded and by how much.
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { runnerRefusals } from '#event-store';
import { problem, RefusalException, type ReadRequest } from '#http';
import { Metrics } from './metrics.js';

@ApiTags('operations')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'read-metrics',
    summary: 'What this node counts and measures, as Prometheus reads it. PLENARY_METRICS_PORT opens the same without a token.',
    ...{ 'x-roles': ['admin'] },
  })
  @ApiResponse({
    status: 200,
    description: 'The metrics.',
    content: {
      'text/plain': {
        schema: { type: 'string' },
        example: '# HELP plenary_ready 1 where commands are taken and the register follows.\n# TYPE plenary_ready gauge\nplenary_ready 1\n',
      },
    },
  })
  @problem(401, 'No valid token.')
  @problem(403, 'The token is not of an admin.')
  async read(@Req() { reader }: ReadRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (reader.role !== 'admin')
      throw new RefusalException(
        runnerRefusals['not-your-role'](
          `This takes the role admin; ${reader.role === 'public' ? 'nobody' : 'this token'} has ${reader.role}.`,
        ),
      );
    void reply.type(this.metrics.contentType);
    return this.metrics.text();
  }
}
