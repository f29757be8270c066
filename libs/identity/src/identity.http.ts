// Tokens over HTTP: made, listed and revoked by admins.
import { Body, Controller, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CommandBody, Details, Id, Lists, OneOf, Part, ReasonDto, Recorder, Register, Texts, Writes, type AuthenticatedRequest, type ReadRequest } from '#http';
import { randomId, ROLES, type LocalizedText, type Reason, type Role, type Uuid } from '#kernel';
import { tokens, tokensList } from './identity.projection.js';
import { issueToken, revokeToken, type RevokeToken } from './issue-token.js';
import { drawSecret, hashSecret, writeToken } from './secret.js';

export class IssueTokenBody extends CommandBody {
  @OneOf(ROLES, { says: 'What it may do.' })
  role!: Role;

  @Texts({ says: 'Whose it is.' })
  name!: LocalizedText;

  @Id({ says: 'The bodies for which a secretariat writes; all where absent.', many: true, optional: true })
  bodies?: Uuid[];

  @Id({ says: 'The organisation of a delegate.', optional: true })
  organisation?: Uuid;

  @Id({ says: 'The human or service that it stands for, the same for all its tokens; a new one where absent.', optional: true })
  subject?: Uuid;
}

export class RevokeTokenBody extends CommandBody implements RevokeToken {
  @Part(() => ReasonDto, { says: 'Why.' })
  reason!: Reason;
}

@ApiTags('tokens')
@Controller('tokens')
export class TokensController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', '', issueToken, {
    says: 'Makes a token. The answer tells it, this once.',
    body: IssueTokenBody,
    example: { role: 'auditor', name: [{ lang: 'en', text: 'External auditor' }] },
  })
  async issue(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: IssueTokenBody) {
    const secret = drawSecret();
    const { role, subject, bodies } = body;
    const input = { ...body, subject: subject ?? randomId(), secretHash: hashSecret(secret), bodies: role === 'secretariat' ? (bodies ?? ('all' as const)) : (bodies ?? []) };
    const recorded = await this.recorder.create(issueToken, request, reply, input);
    // A repeated request is answered from the first one's events, whose secret nobody knows any more.
    return { ...recorded, ...(recorded.repeated ? {} : { token: writeToken({ id: recorded.id, secret }) }) };
  }

  @Lists('', tokensList)
  list(@Req() request: ReadRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.register.list(tokensList, request, reply);
  }

  @Details(':id', tokens)
  detail(@Req() request: ReadRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string) {
    return this.register.detail(tokens, request, reply, id);
  }

  @Writes('POST', ':id/revocation', revokeToken, { says: 'Revokes a token.', body: RevokeTokenBody, example: { reason: { code: 'other', text: [{ lang: 'en', text: 'Left the office' }] } } })
  revoke(@Req() request: AuthenticatedRequest, @Res({ passthrough: true }) reply: FastifyReply, @Param('id') id: string, @Body() body: RevokeTokenBody) {
    return this.recorder.record(revokeToken, request, reply, id, body);
  }
}
