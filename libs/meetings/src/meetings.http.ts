// Meetings over HTTP: their frame in time, and their audience.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique } from 'class-validator';
import {
  Asking,
  AudienceDto,
  CommandBody,
  Count,
  Details,
  exampleText,
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
import { setMeetingAudience, setPartAudience } from './audiences.js';
import { MEETING_FORMATS, type MeetingFormat } from './meeting.events.js';
import { meetings, meetingsList } from './meetings.tables.js';
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

  @Part(() => AudienceDto, {
    says: 'Who may read it; where absent, whom the audience of each of its bodies admits: its members are those of all of them.',
    optional: true,
  })
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
    example: {
      bodies: ['{body}'],
      title: exampleText('Sample meeting'),
      starts: '2030-06-24',
      zone: 'Europe/Brussels',
      format: 'hybrid',
    },
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

  @Lists('', meetingsList)
  list(@Asking() asking: Asking) {
    return this.register.list(meetingsList, asking);
  }

  @Details(':meeting', meetings)
  detail(@Asking() asking: Asking, @Param('meeting') id: string) {
    return this.register.detail(meetings, asking, id);
  }
}
