// Seats over HTTP: allocations are addressed by body, region and term, so that there is one of each.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { InstallationKeys } from '#event-store';
import {
  Asking,
  AudienceDto,
  Code,
  CommandBody,
  Count,
  Day,
  Details,
  Id,
  Lists,
  Part,
  PartyDto,
  ReasonDto,
  Recorder,
  Register,
  Sent,
  SET_AUDIENCE_EXAMPLE,
  SetAudienceBody,
  Texts,
  Writes,
} from '#http';
import { keyedId, type Audience, type CivilDate, type LocalizedText, type Reason, type Uuid } from '#kernel';
import { proposeAllocation, type ProposeAllocation } from './propose-allocation.js';
import { nameHolder, setAllocationAudience, vacateSeat, type NameHolder, type VacateSeat } from './seat-holders.js';
import { seatOf } from './seat-number.js';
import { allocations, allocationsList, holdings, holdingsList, seats, seatsList } from './seats.projection.js';

class HolderDto {
  @Count({ says: 'The number of the seat.', atLeast: 1 })
  seat!: number;

  @Id({ says: 'Who is to hold it.' })
  organisation!: Uuid;
}

export class ProposeAllocationBody extends CommandBody implements Omit<ProposeAllocation, 'body' | 'region' | 'term' | 'allocationOf'> {
  @Id({ says: 'The body whose members the region divides.' })
  regionOf!: Uuid;

  @Count({ says: 'How many seats.', atLeast: 1, atMost: 500 })
  seats!: number;

  @Part(() => HolderDto, { says: 'Who is to hold them, as far as that is known.', many: true, optional: true })
  holders?: HolderDto[];

  @Id({ says: 'The body that nominates: its decision approves the allocation.' })
  nominatedBy!: Uuid;

  @Id({ says: 'The body that elects.', optional: true })
  electedBy?: Uuid;

  @Code({ says: 'The rule by which no election is needed.', optional: true })
  noElectionBy?: string;

  @Id({ says: 'The meeting to which it is proposed.', optional: true })
  meeting?: Uuid;

  @Id({ says: 'The agenda item.', optional: true })
  item?: Uuid;

  @Part(() => PartyDto, { says: 'Who presented it.', optional: true })
  presentedBy?: PartyDto;

  @Texts({ says: 'In what capacity.', optional: true })
  capacity?: LocalizedText;

  @Part(() => AudienceDto, { says: "Who may read it; the item's, meeting's or body's audience where absent.", optional: true })
  audience?: Audience;
}

export class NameHolderBody extends CommandBody implements Omit<NameHolder, 'seat' | 'allocationOf'> {
  @Id({ says: 'Who holds it.' })
  organisation!: Uuid;

  @Day({ says: 'The first day; that of the term where absent.', optional: true })
  from?: CivilDate;
}

export class VacateSeatBody extends CommandBody implements Omit<VacateSeat, 'seat'> {
  @Day({ says: 'The last day; absent where the holder was named wrongly.', optional: true })
  until?: CivilDate;

  @Part(() => ReasonDto, { says: 'Why.' })
  reason!: Reason;
}

@ApiTags('seats')
@Controller()
export class SeatsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
    private readonly keys: InstallationKeys,
  ) {}

  /** One stream for each body, region and term, whatever command opens it; keyed, so that a name tells nothing. */
  private readonly allocationOf = (...parts: [body: Uuid, region: Uuid, term: Uuid]): Uuid => keyedId(this.keys.digest, parts);

  @Writes('POST', 'bodies/:body/regions/:region/terms/:term/allocation', proposeAllocation, {
    says: 'Proposes the seats of a region on the body for a term.',
    body: ProposeAllocationBody,
    example: { regionOf: '{council}', seats: 1, nominatedBy: '{body}', electedBy: '{council}' },
  })
  propose(
    @Sent() sent: Sent,
    @Param('body') body: Uuid,
    @Param('region') region: Uuid,
    @Param('term') term: Uuid,
    @Body() input: ProposeAllocationBody,
  ) {
    return this.recorder.record(proposeAllocation, sent, this.allocationOf(body, region, term), {
      ...input,
      body,
      region,
      term,
      allocationOf: this.allocationOf,
    });
  }

  @Writes('POST', 'seat-allocations/:allocation/seats/:seat/holder', nameHolder, {
    says: 'Names who holds a seat.',
    body: NameHolderBody,
    example: { organisation: '{member}' },
  })
  nameHolder(@Sent() sent: Sent, @Param('allocation') id: string, @Param('seat') seat: string, @Body() body: NameHolderBody) {
    return this.recorder.record(nameHolder, sent, id, { ...body, seat: seatOf(seat), allocationOf: this.allocationOf });
  }

  @Writes('POST', 'seat-allocations/:allocation/seats/:seat/vacancy', vacateSeat, {
    says: 'The holder gives up the seat, or was named wrongly.',
    body: VacateSeatBody,
    example: { reason: { code: 'typing' } },
  })
  vacate(@Sent() sent: Sent, @Param('allocation') id: string, @Param('seat') seat: string, @Body() body: VacateSeatBody) {
    return this.recorder.record(vacateSeat, sent, id, { ...body, seat: seatOf(seat) });
  }

  @Writes('PUT', 'seat-allocations/:allocation/audience', setAllocationAudience, {
    says: 'Sets who may read an allocation and its seats.',
    body: SetAudienceBody,
    example: SET_AUDIENCE_EXAMPLE,
  })
  setAudience(@Sent() sent: Sent, @Param('allocation') id: string, @Body() body: SetAudienceBody) {
    return this.recorder.record(setAllocationAudience, sent, id, body);
  }

  @Lists('seat-allocations', allocationsList)
  listAllocations(@Asking() asking: Asking) {
    return this.register.list(allocationsList, asking);
  }

  @Details('seat-allocations/:allocation', allocations)
  allocation(@Asking() asking: Asking, @Param('allocation') id: string) {
    return this.register.detail(allocations, asking, id);
  }

  @Lists('seats', seatsList)
  listSeats(@Asking() asking: Asking) {
    return this.register.list(seatsList, asking);
  }

  @Details('seats/:seat', seats)
  seat(@Asking() asking: Asking, @Param('seat') id: string) {
    return this.register.detail(seats, asking, id);
  }

  @Lists('seat-holdings', holdingsList)
  listHoldings(@Asking() asking: Asking) {
    return this.register.list(holdingsList, asking);
  }

  @Details('seat-holdings/:holding', holdings)
  holding(@Asking() asking: Asking, @Param('holding') id: string) {
    return this.register.detail(holdings, asking, id);
  }
}
