// The agenda of a meeting over HTTP.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  AudienceDto,
  Code,
  CommandBody,
  Details,
  exampleText,
  Id,
  Lists,
  OneOf,
  Part,
  Recorder,
  Register,
  Sent,
  Texts,
  Writes,
} from '#http';
import type { Audience, LocalizedText, Uuid } from '#kernel';
import { addAgendaItem, adoptAgenda, type AddAgendaItem } from './agenda.js';
import { ITEM_PURPOSES, type ItemPurpose } from './meeting.events.js';
import { agendaItems, agendaItemsList } from './meetings.tables.js';

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

@ApiTags('meetings')
@Controller('meetings')
export class AgendaController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', ':meeting/agenda-items', addAgendaItem, {
    says: 'Puts an item on the agenda.',
    body: AddAgendaItemBody,
    example: { number: '9', title: exampleText('Any other business'), purpose: 'discussion' },
  })
  addAgendaItem(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: AddAgendaItemBody) {
    return this.recorder.record(addAgendaItem, sent, id, body);
  }

  @Writes('POST', ':meeting/agenda/adoption', adoptAgenda, { says: 'The agenda is adopted.', body: CommandBody, example: {} })
  adoptAgenda(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: CommandBody) {
    return this.recorder.record(adoptAgenda, sent, id, body);
  }

  @Lists(':meeting/agenda-items', agendaItemsList, ['meeting'])
  listAgendaItems(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(agendaItemsList, asking, { meeting });
  }
}

/** Items of an agenda by their own ids. */
@ApiTags('meetings')
@Controller()
export class AgendaItemsController {
  constructor(private readonly register: Register) {}

  @Details('agenda-items/:item', agendaItems)
  agendaItem(@Asking() asking: Asking, @Param('item') id: string) {
    return this.register.detail(agendaItems, asking, id);
  }
}
