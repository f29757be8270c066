// Organisations and persons over HTTP.
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
import type { LocalizedText, Reason, Uuid } from '#kernel';
import { organisations, organisationsList, persons, personsList } from './bodies.projection.js';
import { registerOrganisation, renameOrganisation, type RegisterOrganisation, type RenameOrganisation } from './organisation.js';
import { ORGANISATION_KINDS, type OrganisationKind } from './party.events.js';
import { correctPerson, registerPerson, type CorrectPerson, type RegisterPerson } from './person.js';

export class RegisterOrganisationBody extends CommandBody implements RegisterOrganisation {
  @OneOf(ORGANISATION_KINDS, { says: 'What kind of organisation it is.' })
  kind!: OrganisationKind;

  @Texts({ says: 'Its name.' })
  name!: LocalizedText;

  @Texts({ says: 'Its name in short.', optional: true })
  shortName?: LocalizedText;
}

export class RenameOrganisationBody extends CommandBody implements RenameOrganisation {
  @Texts({ says: 'The new name.' })
  name!: LocalizedText;

  @Texts({ says: 'The new name in short.', optional: true })
  shortName?: LocalizedText;

  @Part(() => ReasonDto, { says: 'Why.' })
  reason!: Reason;
}

export class RegisterPersonBody extends CommandBody implements RegisterPerson {
  @Texts({ says: 'Their name.' })
  name!: LocalizedText;

  @Texts({ says: 'The office in which they serve, in words.', optional: true })
  position?: LocalizedText;

  @Id({ says: 'The organisation for which they work.', optional: true })
  organisation?: Uuid;
}

export class CorrectPersonBody extends CommandBody implements CorrectPerson {
  @Texts({ says: 'Their name.', optional: true })
  name?: LocalizedText;

  @Texts({ says: 'The office in which they serve, in words.', optional: true })
  position?: LocalizedText;

  @Id({ says: 'The organisation for which they work.', optional: true })
  organisation?: Uuid;

  @Part(() => ReasonDto, { says: 'Why.' })
  reason!: Reason;
}

const NAME = exampleText('Sample name');

@ApiTags('organisations')
@Controller('organisations')
export class OrganisationsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', '', registerOrganisation, {
    says: 'Registers an organisation.',
    body: RegisterOrganisationBody,
    example: { kind: 'state-administration', name: NAME },
  })
  registerOrganisation(@Sent() sent: Sent, @Body() body: RegisterOrganisationBody) {
    return this.recorder.create(registerOrganisation, sent, body);
  }

  @Writes('POST', ':organisation/name', renameOrganisation, {
    says: 'Gives the organisation another name.',
    body: RenameOrganisationBody,
    example: { name: NAME, reason: { code: 'typing' } },
  })
  rename(@Sent() sent: Sent, @Param('organisation') id: string, @Body() body: RenameOrganisationBody) {
    return this.recorder.record(renameOrganisation, sent, id, body);
  }

  @Lists('', organisationsList)
  list(@Asking() asking: Asking) {
    return this.register.list(organisationsList, asking);
  }

  @Details(':organisation', organisations)
  detail(@Asking() asking: Asking, @Param('organisation') id: string) {
    return this.register.detail(organisations, asking, id);
  }
}

@ApiTags('persons')
@Controller('persons')
export class PersonsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', '', registerPerson, {
    says: 'Registers a person.',
    body: RegisterPersonBody,
    example: { name: NAME, position: exampleText('Director General') },
  })
  registerPerson(@Sent() sent: Sent, @Body() body: RegisterPersonBody) {
    return this.recorder.create(registerPerson, sent, body);
  }

  @Writes('POST', ':person/correction', correctPerson, {
    says: 'Corrects what is registered of a person.',
    body: CorrectPersonBody,
    example: { name: NAME, reason: { code: 'typing' } },
  })
  correct(@Sent() sent: Sent, @Param('person') id: string, @Body() body: CorrectPersonBody) {
    return this.recorder.record(correctPerson, sent, id, body);
  }

  @Lists('', personsList)
  list(@Asking() asking: Asking) {
    return this.register.list(personsList, asking);
  }

  @Details(':person', persons)
  detail(@Asking() asking: Asking, @Param('person') id: string) {
    return this.register.detail(persons, asking, id);
  }
}
