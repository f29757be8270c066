// Tokens over HTTP: made, listed and revoked by admins.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  CommandBody,
  Details,
  exampleText,
  Id,
  Lists,
  OneOf,
  Part,
  ReasonDto,
  Recorder,
  Register,
  Sent,
  Texts,
  Writes,
} from '#http';
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
    example: { role: 'auditor', name: exampleText('External auditor') },
  })
  async issue(@Sent() sent: Sent, @Body() body: IssueTokenBody) {
    const secret = drawSecret();
    const { role, subject, bodies } = body;
    const input = {
      ...body,
      subject: subject ?? randomId(),
      secretHash: hashSecret(secret),
      bodies: role === 'secretariat' ? (bodies ?? ('all' as const)) : (bodies ?? []),
    };
    const recorded = await this.recorder.create(issueToken, sent, input);
    // A repeated request is answered from the first one's events, whose secret nobody knows any more.
    return { ...recorded, ...(recorded.repeated ? {} : { token: writeToken({ id: recorded.id!, secret }) }) };
  }

  @Lists('', tokensList)
  list(@Asking() asking: Asking) {
    return this.register.list(tokensList, asking);
  }

  @Details(':id', tokens)
  detail(@Asking() asking: Asking, @Param('id') id: string) {
    return this.register.detail(tokens, asking, id);
  }

  @Writes('POST', ':id/revocation', revokeToken, {
    says: 'Revokes a token.',
    body: RevokeTokenBody,
    example: { reason: { code: 'other', text: exampleText('Left the office') } },
  })
  revoke(@Sent() sent: Sent, @Param('id') id: string, @Body() body: RevokeTokenBody) {
    return this.recorder.record(revokeToken, sent, id, body);
  }
}
