// The seats of a body over HTTP: its terms, and how many seats a region has.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asking, Code, CommandBody, Count, Day, Details, exampleText, Id, Lists, Recorder, Register, Sent, Texts, Writes } from '#http';
import type { CivilDate, LocalizedText, Uuid } from '#kernel';
import { seatQuotasList, terms, termsList } from './bodies.projection.js';
import { defineTerm, setSeatQuota, type DefineTerm, type SetSeatQuota } from './seats-of-body.js';

export class DefineTermBody extends CommandBody implements DefineTerm {
  @Texts({ says: 'Its name.' })
  name!: LocalizedText;

  @Day({ says: 'The first day; may lie in the future.' })
  from!: CivilDate;

  @Day({ says: 'The last day.' })
  until!: CivilDate;
}

export class SetSeatQuotaBody extends CommandBody implements Omit<SetSeatQuota, 'region'> {
  @Id({ says: 'The body whose members the region divides.' })
  regionOf!: Uuid;

  @Count({ says: 'How many seats on this body the region has.' })
  seats!: number;

  @Code({ says: 'The article that says so.', optional: true })
  article?: string;
}

@ApiTags('bodies')
@Controller('bodies')
export class SeatsOfBodyController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', ':body/terms', defineTerm, {
    says: 'Defines a term of the seats.',
    body: DefineTermBody,
    example: { name: exampleText('Sample name'), from: '2030-07-01', until: '2031-06-30' },
  })
  defineTerm(@Sent() sent: Sent, @Param('body') id: string, @Body() body: DefineTermBody) {
    return this.recorder.record(defineTerm, sent, id, body);
  }

  @Writes('PUT', ':body/regions/:region/seats', setSeatQuota, {
    says: 'Sets how many seats on the body a region has.',
    body: SetSeatQuotaBody,
    example: { regionOf: '{body}', seats: 9 },
  })
  setSeatQuota(@Sent() sent: Sent, @Param('body') id: string, @Param('region') region: Uuid, @Body() body: SetSeatQuotaBody) {
    return this.recorder.record(setSeatQuota, sent, id, { ...body, region });
  }

  @Lists(':body/terms', termsList, ['body'])
  listTerms(@Asking() asking: Asking, @Param('body') body: string) {
    return this.register.list(termsList, asking, { body });
  }

  @Lists(':body/seat-quotas', seatQuotasList, ['body'])
  listSeatQuotas(@Asking() asking: Asking, @Param('body') body: string) {
    return this.register.list(seatQuotasList, asking, { body });
  }
}

/** Terms by their own ids. */
@ApiTags('bodies')
@Controller()
export class TermsController {
  constructor(private readonly register: Register) {}

  @Details('terms/:term', terms)
  term(@Asking() asking: Asking, @Param('term') id: string) {
    return this.register.detail(terms, asking, id);
  }
}
