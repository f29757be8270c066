// Bodies over HTTP: their names, their audience, their rules.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize } from 'class-validator';
import {
  Asking,
  AudienceDto,
  Code,
  CommandBody,
  Count,
  Day,
  Details,
  exampleText,
  Flag,
  Id,
  Lists,
  OneOf,
  Part,
  ReasonDto,
  Recorder,
  Register,
  Sent,
  SET_AUDIENCE_EXAMPLE,
  SetAudienceBody,
  Texts,
  Writes,
  Zone,
} from '#http';
import type { Audience, CivilDate, LocalizedText, Reason, Uuid } from '#kernel';
import { BODY_KINDS, QUORUM_PURPOSES, type BodyKind, type QuorumPurpose, type QuorumRule } from './body.events.js';
import { stateRules, type StateRules } from './body-rules.js';
import { bodies, bodiesList, bodyRulesList } from './bodies.projection.js';
import { establishBody, renameBody, setBodyAudience, type EstablishBody, type RenameBody } from './establish-body.js';

export class EstablishBodyBody extends CommandBody implements EstablishBody {
  @OneOf(BODY_KINDS, { says: 'What kind of body it is.' })
  kind!: BodyKind;

  @Texts({ says: 'Its name.' })
  name!: LocalizedText;

  @Id({ says: 'The body to which it reports.', optional: true })
  parent?: Uuid;

  @Zone({ says: 'The zone in which its days are reckoned.', optional: true })
  zone?: string;

  @Part(() => AudienceDto, { says: 'Who may read it; delegates of its members where absent.', optional: true })
  audience?: Audience;
}

export class RenameBodyBody extends CommandBody implements RenameBody {
  @Texts({ says: 'The new name.' })
  name!: LocalizedText;

  @Part(() => ReasonDto, { says: 'Why.' })
  reason!: Reason;
}

class QuorumRuleDto implements QuorumRule {
  @OneOf(QUORUM_PURPOSES, { says: 'For what so many must be present.' })
  for!: QuorumPurpose;

  @Count({ says: 'A fixed number.', atLeast: 1, optional: true })
  count?: number;

  @Count({ says: 'Of a share: its numerator.', atLeast: 1, optional: true })
  numerator?: number;

  @Count({ says: 'Of a share: its denominator.', atLeast: 1, optional: true })
  denominator?: number;

  @Flag({ says: 'Of a share: more than it, not just as much.', optional: true })
  moreThan?: boolean;
}

export class StateRulesBody extends CommandBody implements StateRules {
  @Code({ says: 'The article that says so.', optional: true })
  article?: string;

  @Day({ says: 'The first day on which they are in force.' })
  inForceFrom!: CivilDate;

  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @Part(() => QuorumRuleDto, { says: 'How many must be present.', many: true })
  quorum!: QuorumRuleDto[];
}

const NAME = exampleText('Sample name');

@ApiTags('bodies')
@Controller('bodies')
export class BodiesController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', '', establishBody, {
    says: 'Establishes a body.',
    body: EstablishBodyBody,
    example: { kind: 'conference', name: NAME, audience: { kind: 'public' } },
  })
  establish(@Sent() sent: Sent, @Body() body: EstablishBodyBody) {
    return this.recorder.create(establishBody, sent, body);
  }

  @Writes('POST', ':body/name', renameBody, {
    says: 'Gives the body another name from now on.',
    body: RenameBodyBody,
    example: { name: NAME, reason: { code: 'other' } },
  })
  rename(@Sent() sent: Sent, @Param('body') id: string, @Body() body: RenameBodyBody) {
    return this.recorder.record(renameBody, sent, id, body);
  }

  @Writes('PUT', ':body/audience', setBodyAudience, {
    says: 'Sets who may read the body, and all within it that states no audience of its own.',
    body: SetAudienceBody,
    example: SET_AUDIENCE_EXAMPLE,
  })
  setAudience(@Sent() sent: Sent, @Param('body') id: string, @Body() body: SetAudienceBody) {
    return this.recorder.record(setBodyAudience, sent, id, body);
  }

  @Writes('POST', ':body/rules', stateRules, {
    says: 'States the rules of the body as they are in force from a date.',
    body: StateRulesBody,
    example: { article: 'Rule 8', inForceFrom: '2024-01-01', quorum: [{ for: 'deciding', numerator: 1, denominator: 2, moreThan: true }] },
  })
  stateRules(@Sent() sent: Sent, @Param('body') id: string, @Body() body: StateRulesBody) {
    return this.recorder.record(stateRules, sent, id, body);
  }

  @Lists('', bodiesList)
  list(@Asking() asking: Asking) {
    return this.register.list(bodiesList, asking);
  }

  @Details(':body', bodies)
  detail(@Asking() asking: Asking, @Param('body') id: string) {
    return this.register.detail(bodies, asking, id);
  }

  @Lists(':body/rules', bodyRulesList, ['body'])
  listRules(@Asking() asking: Asking, @Param('body') body: string) {
    return this.register.list(bodyRulesList, asking, { body });
  }
}
