// What an operator does to a running node.
import { Body, Controller, Post, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { acceptClock, runnerRefusals, type AcceptClock } from '#event-store';
import { CommandBody, problem, Recorder, RefusalException, Sent, Texts, Writes } from '#http';
import type { LocalizedText, Principal } from '#kernel';
import { PlenaryNode } from './plenary-node.js';

export class AcceptClockBody extends CommandBody implements AcceptClock {
  @Texts({ says: 'How it was found that the clock is right.' })
  reason!: LocalizedText;
}

@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(
    private readonly node: PlenaryNode,
    private readonly recorder: Recorder,
  ) {}

  @Writes('POST', 'clock/acceptance', acceptClock, {
    says: 'Accepts the wall clock as it stands: commands are taken again, and instants are reckoned anew from here.',
    body: AcceptClockBody,
    example: { reason: [{ lang: 'en', text: 'Compared with the time server' }] },
  })
  acceptClock(@Sent() sent: Sent, @Body() body: AcceptClockBody) {
    adminOnly(sent.request.principal);
    this.node.clock.accept();
    return this.recorder.recordInLog(acceptClock, sent, body);
  }

  @Post('read-models/rebuild')
  @HttpCode(200)
  @ApiSecurity('token')
  @ApiOperation({ operationId: 'rebuild-read-models', summary: 'Builds the read models anew from the log, beside those that serve, and goes over to them.', ...{ 'x-roles': ['admin'] } })
  @ApiResponse({ status: 200, description: 'They serve.', content: { 'application/json': { schema: { type: 'object', properties: { records: { type: 'integer' } } }, example: { records: 57 } } } })
  @problem(401, 'No valid token.')
  @problem(403, 'The token is not of an admin.')
  async rebuild(@Sent() sent: Sent): Promise<{ records: number }> {
    adminOnly(sent.request.principal);
    await this.node.projector.rebuild();
    return { records: this.node.projector.progress.record };
  }
}

function adminOnly({ role }: Principal): void {
  if (role !== 'admin') throw new RefusalException(runnerRefusals['not-your-role'](`This takes the role admin; this token has ${role}.`));
}
