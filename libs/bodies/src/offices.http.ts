// The offices of a body over HTTP, and who holds them.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asking, CommandBody, Day, Details, exampleText, Flag, Id, Lists, OneOf, Recorder, Register, Sent, Texts, Writes } from '#http';
import type { CivilDate, LocalizedText, Uuid } from '#kernel';
import { offices, officesList, tenures, tenuresList } from './bodies.projection.js';
import { OFFICE_KINDS, type OfficeKind } from './body.events.js';
import { EndMembershipBody } from './memberships.http.js';
import { assumeOffice, establishOffice, vacateOffice, type AssumeOffice, type EstablishOffice } from './office.js';

export class EstablishOfficeBody extends CommandBody implements EstablishOffice {
  @OneOf(OFFICE_KINDS, { says: 'What office it is.' })
  kind!: OfficeKind;

  @Texts({ says: 'Its name.' })
  name!: LocalizedText;

  @Id({ says: 'The region for which it is held.', optional: true })
  region?: Uuid;
}

export class AssumeOfficeBody extends CommandBody implements Omit<AssumeOffice, 'office'> {
  @Id({ says: 'Who exercises it.', optional: true })
  person?: Uuid;

  @Id({ says: 'The member that holds it.', optional: true })
  organisation?: Uuid;

  @Day({ says: 'The first day; may lie in the future.' })
  from!: CivilDate;

  @Day({ says: 'The last day.', optional: true })
  until?: CivilDate;

  @Flag({ says: 'Whether in place of the holder.', optional: true })
  acting?: boolean;
}

@ApiTags('bodies')
@Controller('bodies')
export class OfficesController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', ':body/offices', establishOffice, {
    says: 'Establishes an office of the body.',
    body: EstablishOfficeBody,
    example: { kind: 'vice-chair', name: exampleText('Sample name') },
  })
  establishOffice(@Sent() sent: Sent, @Param('body') id: string, @Body() body: EstablishOfficeBody) {
    return this.recorder.record(establishOffice, sent, id, body);
  }

  @Writes('POST', ':body/offices/:office/tenures', assumeOffice, {
    says: 'Somebody holds an office from a date.',
    body: AssumeOfficeBody,
    example: { person: '{person}', from: '2024-01-01' },
  })
  assumeOffice(@Sent() sent: Sent, @Param('body') id: string, @Param('office') office: Uuid, @Body() body: AssumeOfficeBody) {
    return this.recorder.record(assumeOffice, sent, id, { ...body, office });
  }

  @Writes('POST', ':body/tenures/:tenure/end', vacateOffice, {
    says: 'Ends a tenure with a date.',
    body: EndMembershipBody,
    example: { until: '2024-12-31', reason: { code: 'other' } },
  })
  vacateOffice(@Sent() sent: Sent, @Param('body') id: string, @Param('tenure') tenure: Uuid, @Body() body: EndMembershipBody) {
    return this.recorder.record(vacateOffice, sent, id, { ...body, tenure });
  }

  @Lists(':body/offices', officesList, ['body'])
  listOffices(@Asking() asking: Asking, @Param('body') body: string) {
    return this.register.list(officesList, asking, { body });
  }

  @Lists(':body/tenures', tenuresList, ['body'])
  listTenures(@Asking() asking: Asking, @Param('body') body: string) {
    return this.register.list(tenuresList, asking, { body });
  }
}

/** Offices and tenures by their own ids. */
@ApiTags('bodies')
@Controller()
export class OfficePartsController {
  constructor(private readonly register: Register) {}

  @Details('offices/:office', offices)
  office(@Asking() asking: Asking, @Param('office') id: string) {
    return this.register.detail(offices, asking, id);
  }

  @Details('tenures/:tenure', tenures)
  tenure(@Asking() asking: Asking, @Param('tenure') id: string) {
    return this.register.detail(tenures, asking, id);
  }
}
