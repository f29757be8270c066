// The sittings of a meeting over HTTP, and who is in the chair.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  AudienceDto,
  CommandBody,
  Details,
  exampleText,
  Flag,
  Id,
  Lists,
  OneOf,
  Part,
  PartyDto,
  Recorder,
  Register,
  Sent,
  Texts,
  Writes,
} from '#http';
import type { Audience, LocalizedText, Uuid } from '#kernel';
import { chairingsList, sittings, sittingsList } from './meetings.tables.js';
import { closeSitting, openSitting, takeChair, type OpenSitting, type TakeChair } from './sittings.js';

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

@ApiTags('meetings')
@Controller('meetings')
export class SittingsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

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
    example: { chair: { person: '{person}' }, capacity: exampleText('Vice-Chair for the region') },
  })
  takeChair(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: TakeChairBody) {
    return this.recorder.record(takeChair, sent, id, body);
  }

  @Lists(':meeting/sittings', sittingsList, ['meeting'])
  listSittings(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(sittingsList, asking, { meeting });
  }

  @Lists(':meeting/chairings', chairingsList, ['meeting'])
  listChairings(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(chairingsList, asking, { meeting });
  }
}

/** Sittings by their own ids. */
@ApiTags('meetings')
@Controller()
export class SittingPartsController {
  constructor(private readonly register: Register) {}

  @Details('sittings/:sitting', sittings)
  sitting(@Asking() asking: Asking, @Param('sitting') id: string) {
    return this.register.detail(sittings, asking, id);
  }
}
