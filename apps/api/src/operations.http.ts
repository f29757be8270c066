// What an operator does to a running node.
import { Body, Controller, Post, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { acceptClock, changeSigningKey, runnerRefusals, type AcceptClock } from '#event-store';
import { CommandBody, exampleText, problem, Recorder, RefusalException, Sent, Texts, Writes } from '#http';
import { isRefusal, type LocalizedText, type Principal } from '#kernel';
import { KeyRotation } from './ledger/key-rotation.js';
import { PlenaryNode } from './plenary-node.js';

export class AcceptClockBody extends CommandBody implements AcceptClock {
  @Texts({ says: 'How it was found that the clock is right.' })
  reason!: LocalizedText;
}

export class RotateKeyBody extends CommandBody {
  @Texts({ says: 'Why the key is replaced.' })
  reason!: LocalizedText;
}

@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(
    private readonly node: PlenaryNode,
    private readonly recorder: Recorder,
    private readonly rotation: KeyRotation,
  ) {}

  @Writes('POST', 'clock/acceptance', acceptClock, {
    says: 'Accepts the wall clock as it stands: commands are taken again, and instants are reckoned anew from here.',
    body: AcceptClockBody,
    example: { reason: exampleText('Compared with the time server') },
  })
  async acceptClock(@Sent() sent: Sent, @Body() body: AcceptClockBody) {
    adminOnly(sent.request.principal);
    const recorded = await this.recorder.recordInLog(acceptClock, sent, body);
    // What was accepted before says nothing about the clock as it stands now.
    if (!recorded.repeated) this.node.clock.accept();
    return recorded;
  }

  @Writes('POST', 'log/key', changeSigningKey, {
    says: 'Replaces the signing key: a new one is made, the change is recorded with a note that both keys signed, and the new one signs from there on.',
    body: RotateKeyBody,
    example: { reason: exampleText('Replaced every year') },
  })
  async rotateKey(@Sent() sent: Sent, @Body() body: RotateKeyBody) {
    adminOnly(sent.request.principal);
    const recorded = await this.rotation.rotate((change) => this.recorder.recordInLog(changeSigningKey, sent, { ...body, ...change }));
    if (isRefusal(recorded)) throw new RefusalException(recorded);
    return recorded;
  }

  @Post('read-models/rebuild')
  @HttpCode(200)
  @ApiSecurity('token')
  @ApiOperation({
    operationId: 'rebuild-read-models',
    summary: 'Builds the read models anew from the log, beside those that serve, and goes over to them.',
    ...{ 'x-roles': ['admin'] },
  })
  @ApiResponse({
    status: 200,
    description: 'They serve.',
    content: { 'application/json': { schema: { type: 'object', properties: { records: { type: 'integer' } } }, example: { records: 57 } } },
  })
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
