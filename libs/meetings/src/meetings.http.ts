// Meetings over HTTP: their frame in time, sittings, agenda and audience.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique } from 'class-validator';
import {
  Asking,
  AudienceDto,
  Code,
  CommandBody,
  Count,
  Details,
  Flag,
  Id,
  Lists,
  OneOf,
  Part,
  PartyDto,
  ReasonDto,
  Recorder,
  Register,
  Sent,
  SET_AUDIENCE_EXAMPLE,
  SetAudienceBody,
  Texts,
  When,
  Writes,
  Zone,
} from '#http';
import type { Audience, LocalizedText, Occurred, Reason, Uuid } from '#kernel';
import { addAgendaItem, adoptAgenda, type AddAgendaItem } from './agenda.js';
import { setMeetingAudience, setPartAudience } from './audiences.js';
import { ITEM_PURPOSES, MEETING_FORMATS, type ItemPurpose, type MeetingFormat } from './meeting.events.js';
import { agendaItems, agendaItemsList, chairingsList, meetings, meetingsList, sittings, sittingsList } from './meetings.tables.js';
import {
  cancelMeeting,
  concludeMeeting,
  openMeeting,
  postponeMeeting,
  scheduleMeeting,
  type CancelMeeting,
  type PostponeMeeting,
  type ScheduleMeeting,
} from './schedule.js';
import { closeSitting, openSitting, takeChair, type OpenSitting, type TakeChair } from './sittings.js';

export class ScheduleMeetingBody extends CommandBody implements ScheduleMeeting {
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @ArrayUnique({ message: 'bodies must name each body once' })
  @Id({ says: 'The bodies that meet; the first one convenes.', many: true, example: ['{body}'] })
  bodies!: Uuid[];

  @Texts({ says: 'Its title.' })
  title!: LocalizedText;

  @Count({ says: 'Its session number.', optional: true })
  session?: number;

  @When({ says: 'When it starts: a date, or a time with its offset; absent while it is not known. May lie in the future.', optional: true })
  starts?: Occurred;

  @When({ says: 'When it ends.', optional: true })
  ends?: Occurred;

  @Zone({ says: 'The zone of the venue; absent while it is not known.', optional: true })
  zone?: string;

  @Texts({ says: 'Where it is held.', optional: true })
  venue?: LocalizedText;

  @OneOf(MEETING_FORMATS, { says: 'How its participants meet; absent while it is not known.', optional: true })
  format?: MeetingFormat;

  @Part(() => PartyDto, { says: 'Who hosts it.', optional: true })
  host?: PartyDto;

  @Part(() => AudienceDto, { says: "Who may read it; the body's audience where absent.", optional: true })
  audience?: Audience;
}

export class PostponeMeetingBody extends CommandBody implements PostponeMeeting {
  @When({ says: 'When it starts instead; absent where that is to be said later.', optional: true })
  starts?: Occurred;

  @When({ says: 'When it ends.', optional: true })
  ends?: Occurred;

  @Part(() => ReasonDto, { says: 'Why.' })
  reason!: Reason;
}

export class CancelMeetingBody extends CommandBody implements CancelMeeting {
  @Part(() => ReasonDto, { says: 'Why.' })
  reason!: Reason;
}

export class OpenSittingBody extends CommandBody implements OpenSitting {
  @OneOf(['open', 'closed'], { says: 'Whether outsiders may attend.' })
  class!: 'open' | 'closed';

  @Part(() => AudienceDto, { says: "Who may read what happens in it; the meeting's audience where absent.", optional: true })
  audience?: Audience;
}

export class TakeChairBody extends CommandBody implements TakeChair {
  @Part(() => PartyDto, { says: 'Who takes the chair.' })
  chair!: PartyDto;

  @Id({ says: 'In which sitting.', optional: true })
  sitting?: Uuid;

  @Texts({ says: 'In what capacity.', optional: true })
  capacity?: LocalizedText;

  @Flag({ says: 'Whether in place of the chair.', optional: true })
  acting?: boolean;
}

export class AddAgendaItemBody extends CommandBody implements AddAgendaItem {
  @Code({ says: 'Its number as printed.', example: '4.2' })
  number!: string;

  @Texts({ says: 'Its title.' })
  title!: LocalizedText;

  @Id({ says: 'The item that it belongs to.', optional: true })
  parent?: Uuid;

  @OneOf(ITEM_PURPOSES, { says: 'What it is for.' })
  purpose!: ItemPurpose;

  @Part(() => AudienceDto, { says: 'Who may read what happens under it.', optional: true })
  audience?: Audience;
}

const text = (words: string) => [{ lang: 'en', text: words }];

@ApiTags('meetings')
@Controller('meetings')
export class MeetingsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', '', scheduleMeeting, {
    says: 'Schedules a meeting.',
    body: ScheduleMeetingBody,
    example: { bodies: ['{body}'], title: text('Sample meeting'), starts: '2030-06-24', zone: 'Europe/Brussels', format: 'hybrid' },
  })
  schedule(@Sent() sent: Sent, @Body() body: ScheduleMeetingBody) {
    return this.recorder.create(scheduleMeeting, sent, body);
  }

  @Writes('POST', ':meeting/postponement', postponeMeeting, {
    says: 'Postpones a meeting.',
    body: PostponeMeetingBody,
    example: { starts: '2030-07-01', reason: { code: 'other' } },
  })
  postpone(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: PostponeMeetingBody) {
    return this.recorder.record(postponeMeeting, sent, id, body);
  }

  @Writes('POST', ':meeting/cancellation', cancelMeeting, {
    says: 'Cancels a meeting.',
    body: CancelMeetingBody,
    example: { reason: { code: 'other' } },
  })
  cancel(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: CancelMeetingBody) {
    return this.recorder.record(cancelMeeting, sent, id, body);
  }

  @Writes('POST', ':meeting/opening', openMeeting, { says: 'Opens a meeting.', body: CommandBody, example: { occurredAt: '2024-04-29' } })
  open(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: CommandBody) {
    return this.recorder.record(openMeeting, sent, id, body);
  }

  @Writes('POST', ':meeting/conclusion', concludeMeeting, {
    says: 'Concludes a meeting.',
    body: CommandBody,
    example: { occurredAt: '2024-04-29' },
  })
  conclude(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: CommandBody) {
    return this.recorder.record(concludeMeeting, sent, id, body);
  }

  @Writes('PUT', ':meeting/audience', setMeetingAudience, {
    says: 'Sets who may read the meeting, and all within it that states no audience of its own.',
    body: SetAudienceBody,
    example: SET_AUDIENCE_EXAMPLE,
  })
  setAudience(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: SetAudienceBody) {
    return this.recorder.record(setMeetingAudience, sent, id, body);
  }

  @Writes('PUT', ':meeting/parts/:part/audience', setPartAudience, {
    says: 'Sets who may read something of the meeting: a sitting, an item, a remark, a view …',
    body: SetAudienceBody,
    example: SET_AUDIENCE_EXAMPLE,
  })
  setPartAudience(@Sent() sent: Sent, @Param('meeting') id: string, @Param('part') part: Uuid, @Body() body: SetAudienceBody) {
    return this.recorder.record(setPartAudience, sent, id, { ...body, part });
  }

  @Writes('POST', ':meeting/sittings', openSitting, { says: 'Opens a sitting.', body: OpenSittingBody, example: { class: 'open' } })
  openSitting(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: OpenSittingBody) {
    return this.recorder.record(openSitting, sent, id, body);
  }

  @Writes('POST', ':meeting/sittings/:sitting/closing', closeSitting, { says: 'Closes a sitting.', body: CommandBody, example: {} })
  closeSitting(@Sent() sent: Sent, @Param('meeting') id: string, @Param('sitting') sitting: Uuid, @Body() body: CommandBody) {
    return this.recorder.record(closeSitting, sent, id, { ...body, sitting });
  }

  @Writes('POST', ':meeting/chairings', takeChair, {
    says: 'Somebody takes the chair.',
    body: TakeChairBody,
    example: { chair: { person: '{person}' }, capacity: text('Vice-Chair for the region') },
  })
  takeChair(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: TakeChairBody) {
    return this.recorder.record(takeChair, sent, id, body);
  }

  @Writes('POST', ':meeting/agenda-items', addAgendaItem, {
    says: 'Puts an item on the agenda.',
    body: AddAgendaItemBody,
    example: { number: '9', title: text('Any other business'), purpose: 'discussion' },
  })
  addAgendaItem(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: AddAgendaItemBody) {
    return this.recorder.record(addAgendaItem, sent, id, body);
  }

  @Writes('POST', ':meeting/agenda/adoption', adoptAgenda, { says: 'The agenda is adopted.', body: CommandBody, example: {} })
  adoptAgenda(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: CommandBody) {
    return this.recorder.record(adoptAgenda, sent, id, body);
  }

  @Lists('', meetingsList)
  list(@Asking() asking: Asking) {
    return this.register.list(meetingsList, asking);
  }

  @Details(':meeting', meetings)
  detail(@Asking() asking: Asking, @Param('meeting') id: string) {
    return this.register.detail(meetings, asking, id);
  }

  @Lists(':meeting/sittings', sittingsList, ['meeting'])
  listSittings(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(sittingsList, asking, { meeting });
  }

  @Lists(':meeting/chairings', chairingsList, ['meeting'])
  listChairings(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(chairingsList, asking, { meeting });
  }

  @Lists(':meeting/agenda-items', agendaItemsList, ['meeting'])
  listAgendaItems(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(agendaItemsList, asking, { meeting });
  }
}

/** Parts of meetings by their own ids. */
@ApiTags('meetings')
@Controller()
export class MeetingPartsController {
  constructor(private readonly register: Register) {}

  @Details('sittings/:sitting', sittings)
  sitting(@Asking() asking: Asking, @Param('sitting') id: string) {
    return this.register.detail(sittings, asking, id);
  }

  @Details('agenda-items/:item', agendaItems)
  agendaItem(@Asking() asking: Asking, @Param('item') id: string) {
    return this.register.detail(agendaItems, asking, id);
  }
}
