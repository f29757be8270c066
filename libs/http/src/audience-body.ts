// Who may read something, as it is sent.
import { ValidateIf } from 'class-validator';
import { ROLES, type Audience, type Reason, type Role, type SetAudience, type Uuid } from '#kernel';
import { CommandBody, ReasonDto } from './command-body.js';
import { Id, OneOf, Part } from './fields.js';

export class AudienceDto {
  @OneOf(['public', 'members', 'restricted'], { says: 'Everybody, delegates of the members of the body, or only those who are named.' })
  kind!: 'public' | 'members' | 'restricted';

  @ValidateIf(({ kind }: AudienceDto) => kind === 'restricted')
  @Id({ says: 'Of restricted: the organisations whose delegates may read it.', many: true })
  organisations?: Uuid[];

  @ValidateIf(({ kind }: AudienceDto) => kind === 'restricted')
  @OneOf(ROLES, { says: 'Of restricted: the roles that may read it.', many: true })
  roles?: Role[];
}

export class SetAudienceBody extends CommandBody implements SetAudience {
  @Part(() => AudienceDto, { says: 'Who may read it from now on.' })
  audience!: Audience;

  @Part(() => ReasonDto, { says: 'Why.' })
  reason!: Reason;
}

export const SET_AUDIENCE_EXAMPLE = { audience: { kind: 'public' }, reason: { code: 'other', text: [{ lang: 'en', text: 'Released by the chair' }] } };
