// Members and observers of a body over HTTP, and the regions that divide them.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  CommandBody,
  Day,
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
import type { CivilDate, LocalizedText, Reason, Uuid } from '#kernel';
import { memberships, membershipsList, regions, regionsList } from './bodies.projection.js';
import { admitMember, defineRegion, endMembership, type AdmitMember, type DefineRegion } from './membership.js';

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

@ApiTags('bodies')
@Controller('bodies')
export class MembershipsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', ':body/memberships', admitMember, {
    says: 'Admits a member or an observer.',
    body: AdmitMemberBody,
    example: { organisation: '{organisation}', as: 'member', from: '2024-01-01' },
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
    example: { name: exampleText('Sample name') },
  })
  defineRegion(@Sent() sent: Sent, @Param('body') id: string, @Body() body: DefineRegionBody) {
    return this.recorder.record(defineRegion, sent, id, body);
  }

  @Lists(':body/memberships', membershipsList, ['body'])
  listMemberships(@Asking() asking: Asking, @Param('body') body: string) {
    return this.register.list(membershipsList, asking, { body });
  }

  @Lists(':body/regions', regionsList, ['body'])
  listRegions(@Asking() asking: Asking, @Param('body') body: string) {
    return this.register.list(regionsList, asking, { body });
  }
}

/** Memberships and regions by their own ids. */
@ApiTags('bodies')
@Controller()
export class MembershipPartsController {
  constructor(private readonly register: Register) {}

  @Details('memberships/:membership', memberships)
  membership(@Asking() asking: Asking, @Param('membership') id: string) {
    return this.register.detail(memberships, asking, id);
  }

  @Details('regions/:region', regions)
  region(@Asking() asking: Asking, @Param('region') id: string) {
    return this.register.detail(regions, asking, id);
  }
}
