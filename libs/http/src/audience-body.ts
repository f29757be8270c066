// Who may read something, as it is sent.
import { Validate, ValidateIf, ValidatorConstraint, type ValidationArguments, type ValidatorConstraintInterface } from 'class-validator';
import { ROLES, type Audience, type Reason, type Role, type SetAudience, type Uuid } from '#kernel';
import { CommandBody, ReasonDto } from './command-body.js';
import { Id, OneOf, Part } from './fields.js';

/** Whom a restricted audience names is stored as it is sent: no other audience may carry anything. */
@ValidatorConstraint({ name: 'namesOnlyWhenRestricted' })
class NamesOnlyWhenRestricted implements ValidatorConstraintInterface {
  validate(kind: unknown, { object }: ValidationArguments): boolean {
    const { organisations, roles } = object as AudienceDto;
    return kind === 'restricted' || (organisations === undefined && roles === undefined);
  }
  defaultMessage(): string {
    return 'only a restricted audience names organisations and roles';
  }
}

export class AudienceDto {
  @Validate(NamesOnlyWhenRestricted)
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

export const SET_AUDIENCE_EXAMPLE = {
  audience: { kind: 'public' },
  reason: { code: 'other', text: [{ lang: 'en', text: 'Released by the chair' }] },
};
