// Whether the node lives, and whether it can serve: open to everybody, and so without details of the record.
import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Open } from './authentication.guard.js';
import { healthOf, type Health } from './health.js';
import { PlenaryNode } from './plenary-node.js';

const READY = {
  status: 'ready',
  store: 'ok',
  projection: 'ok',
  signer: 'ok',
  clock: 'ok',
  removals: 'ok',
  accessLog: 'ok',
  projected: 57,
  lag: 0,
};

@ApiTags('health')
@Controller('health')
@Open()
export class HealthController {
  constructor(private readonly node: PlenaryNode) {}

  @Get('live')
  @ApiOperation({
    operationId: 'health-live',
    summary: 'The process answers, however far behind or short of room it is: a supervisor starts it again where this fails.',
  })
  @ApiResponse({ status: 200, description: 'It does.', content: { 'application/json': { example: { status: 'live' } } } })
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('ready')
  @ApiOperation({
    operationId: 'health-ready',
    summary: 'Whether commands are taken and the register follows: a proxy sends nothing here where this fails.',
  })
  @ApiResponse({ status: 200, description: 'Both.', content: { 'application/json': { example: READY } } })
  @ApiResponse({ status: 503, description: 'Not both; each says why.' })
  ready(@Res({ passthrough: true }) reply: FastifyReply): Health {
    const health = healthOf(this.node);
    if (health.status !== 'ready') void reply.status(503);
    return health;
  }

  @Get()
  @ApiOperation({ operationId: 'health', summary: 'The same as health/ready.' })
  @ApiResponse({ status: 200, description: 'Both.', content: { 'application/json': { example: READY } } })
  @ApiResponse({ status: 503, description: 'Not both; each says why.' })
  health(@Res({ passthrough: true }) reply: FastifyReply): Health {
    return this.ready(reply);
  }
}

@ApiTags('health')
@Controller('log')
@Open()
export class PublicKeyController {
  constructor(private readonly node: PlenaryNode) {}

  @Get('key')
  @ApiOperation({ operationId: 'read-verifier-key', summary: 'The verifier key of this history, as C2SP signed-note writes it.' })
  @ApiResponse({ status: 200, description: 'The key.', content: { 'text/plain': { example: 'plenary.example/council+d4a0e6a1+AZ…' } } })
  key(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('text/plain; charset=utf-8');
    return `${this.node.verifierKey}\n`;
  }
}
