// Whether the node lives, and whether it can serve: open to everybody, and so without details of the record.
import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Open } from './authentication.guard.js';
import { PlenaryNode } from './plenary-node.js';

@ApiTags('health')
@Controller('health')
@Open()
export class HealthController {
  constructor(private readonly node: PlenaryNode) {}

  @Get('live')
  @ApiOperation({ operationId: 'health-live', summary: 'The process answers.' })
  @ApiResponse({ status: 200, description: 'It does.', content: { 'application/json': { example: { status: 'live' } } } })
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get()
  @ApiOperation({ operationId: 'health', summary: 'Whether commands are taken and the register follows.' })
  @ApiResponse({ status: 200, description: 'Both.', content: { 'application/json': { example: { status: 'ready', store: 'ok', projection: 'ok', projected: 57, lag: 0 } } } })
  @ApiResponse({ status: 503, description: 'Not both; each says why.' })
  ready(@Res({ passthrough: true }) reply: FastifyReply) {
    const { trouble, projector, clock, signer, checkpoints, removals, accessLog, diverged } = this.node;
    const alarm = projector.alarm();
    const clockSure = clock.read() !== undefined;
    const ready = !trouble && !alarm && clockSure && !diverged;
    if (!ready) void reply.status(503);
    const projected = projector.progress.record;
    return {
      status: ready ? 'ready' : 'degraded',
      store: trouble ? `${trouble.reason}: ${trouble.message}` : 'ok',
      projection: alarm ?? 'ok',
      signer: diverged ?? (signer ? (signer.trouble ?? checkpoints.trouble ?? 'ok') : `elsewhere: this node has no signing key${checkpoints.trouble === undefined ? '' : `; ${checkpoints.trouble}`}`),
      clock: clockSure ? 'ok' : 'unsure: no command is taken until an operator accepts it',
      removals: removals.pending === undefined ? 'ok' : `not carried out to the end: ${removals.pending}`,
      accessLog: accessLog.trouble ?? 'ok',
      projected,
      lag: Math.max(0, this.node.lastRecord() - projected),
    };
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
