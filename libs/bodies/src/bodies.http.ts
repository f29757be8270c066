// Bodies over HTTP: what is recorded of them, and the register of it.
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
import {
  BODY_KINDS,
  OFFICE_KINDS,
  QUORUM_PURPOSES,
  type BodyKind,
  type OfficeKind,
  type QuorumPurpose,
  type QuorumRule,
} from './body.events.js';
import { stateRules, type StateRules } from './body-rules.js';
import {
  bodies,
  bodiesList,
  bodyRulesList,
  memberships,
  membershipsList,
  offices,
  officesList,
  regions,
  regionsList,
  seatQuotasList,
  tenures,
  tenuresList,
  terms,
  termsList,
} from './bodies.projection.js';
import { establishBody, renameBody, setBodyAudience, type EstablishBody, type RenameBody } from './establish-body.js';
import { admitMember, defineRegion, endMembership, type AdmitMember, type DefineRegion } from './membership.js';
import { assumeOffice, establishOffice, vacateOffice, type AssumeOffice, type EstablishOffice } from './office.js';
import { defineTerm, setSeatQuota, type DefineTerm, type SetSeatQuota } from './seats-of-body.js';

const EXAMPLE_ID = '{organisation}';

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

export class AdmitMemberBody extends CommandBody implements AdmitMember {
  @Id({ says: 'The organisation.' })
  organisation!: Uuid;

  @OneOf(['member', 'observer'], { says: 'A member counts for the quorum and votes, an observer attends and speaks.' })
  as!: 'member' | 'observer';

  @Day({ says: 'The first day; may lie in the future.' })
  from!: CivilDate;

  @Id({ says: 'The region of this body to which it belongs.', optional: true })
  region?: Uuid;
}

export class EndMembershipBody extends CommandBody {
  @Day({ says: 'The last day; may lie in the future.' })
  until!: CivilDate;

  @Part(() => ReasonDto, { says: 'Why.' })
  reason!: Reason;
}

export class DefineRegionBody extends CommandBody implements DefineRegion {
  @Texts({ says: 'Its name.' })
  name!: LocalizedText;
}

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

const NAME = [{ lang: 'en', text: 'Sample name' }];

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

  @Writes('POST', ':body/memberships', admitMember, {
    says: 'Admits a member or an observer.',
    body: AdmitMemberBody,
    example: { organisation: EXAMPLE_ID, as: 'member', from: '2024-01-01' },
  })
  admit(@Sent() sent: Sent, @Param('body') id: string, @Body() body: AdmitMemberBody) {
    return this.recorder.record(admitMember, sent, id, body);
  }

  @Writes('POST', ':body/memberships/:membership/end', endMembership, {
    says: 'Ends a membership with a date.',
    body: EndMembershipBody,
    example: { until: '2024-12-31', reason: { code: 'other' } },
  })
  endMembership(@Sent() sent: Sent, @Param('body') id: string, @Param('membership') membership: Uuid, @Body() body: EndMembershipBody) {
    return this.recorder.record(endMembership, sent, id, { ...body, membership });
  }

  @Writes('POST', ':body/regions', defineRegion, {
    says: 'Defines a region that divides the members.',
    body: DefineRegionBody,
    example: { name: NAME },
  })
  defineRegion(@Sent() sent: Sent, @Param('body') id: string, @Body() body: DefineRegionBody) {
    return this.recorder.record(defineRegion, sent, id, body);
  }

  @Writes('POST', ':body/terms', defineTerm, {
    says: 'Defines a term of the seats.',
    body: DefineTermBody,
    example: { name: NAME, from: '2030-07-01', until: '2031-06-30' },
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

  @Writes('POST', ':body/offices', establishOffice, {
    says: 'Establishes an office of the body.',
    body: EstablishOfficeBody,
    example: { kind: 'vice-chair', name: NAME },
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

  @Lists(':body/memberships', membershipsList, ['body'])
  listMemberships(@Asking() asking: Asking, @Param('body') body: string) {
    return this.register.list(membershipsList, asking, { body });
  }

  @Lists(':body/regions', regionsList, ['body'])
  listRegions(@Asking() asking: Asking, @Param('body') body: string) {
    return this.register.list(regionsList, asking, { body });
  }

  @Lists(':body/terms', termsList, ['body'])
  listTerms(@Asking() asking: Asking, @Param('body') body: string) {
    return this.register.list(termsList, asking, { body });
  }

  @Lists(':body/seat-quotas', seatQuotasList, ['body'])
  listSeatQuotas(@Asking() asking: Asking, @Param('body') body: string) {
    return this.register.list(seatQuotasList, asking, { body });
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

/** Parts of bodies by their own ids. */
@ApiTags('bodies')
@Controller()
export class BodyPartsController {
  constructor(private readonly register: Register) {}

  @Details('memberships/:membership', memberships)
  membership(@Asking() asking: Asking, @Param('membership') id: string) {
    return this.register.detail(memberships, asking, id);
  }

  @Details('regions/:region', regions)
  region(@Asking() asking: Asking, @Param('region') id: string) {
    return this.register.detail(regions, asking, id);
  }

  @Details('terms/:term', terms)
  term(@Asking() asking: Asking, @Param('term') id: string) {
    return this.register.detail(terms, asking, id);
  }

  @Details('offices/:office', offices)
  office(@Asking() asking: Asking, @Param('office') id: string) {
    return this.register.detail(offices, asking, id);
  }

  @Details('tenures/:tenure', tenures)
  tenure(@Asking() asking: Asking, @Param('tenure') id: string) {
    return this.register.detail(tenures, asking, id);
  }
}
