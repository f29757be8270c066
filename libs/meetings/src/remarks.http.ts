// What was said at the table, over HTTP: remarks and views.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  CommandBody,
  Details,
  exampleText,
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
  Texts,
  Writes,
} from '#http';
import type { LocalizedText, Reason, Uuid } from '#kernel';
import { REMARK_KINDS, STANCES, VIEW_SUBJECTS, type RemarkKind, type Stance, type ViewSubject } from './meeting.events.js';
import { remarks, remarksList, views, viewsList } from './meetings.tables.js';
import { PlacedBody } from './placed.http.js';
import { correctRemark, makeRemark, type CorrectRemark, type MakeRemark } from './remarks.js';
import { expressView, type ExpressView } from './views.js';

export class MakeRemarkBody extends PlacedBody implements MakeRemark {
  @OneOf(REMARK_KINDS, { says: 'What kind of remark it is; a statement where absent.', optional: true })
  kind?: RemarkKind;

  @Part(() => PartyDto, { says: 'Who spoke.' })
  speaker!: PartyDto;

  @Texts({ says: 'In what capacity.', optional: true })
  capacity?: LocalizedText;

  @Id({ says: 'The organisation on whose behalf they spoke.', optional: true })
  onBehalfOf?: Uuid;

  @Texts({ says: 'What was said, at most 64 KiB in each language.', long: true })
  text!: LocalizedText;
}

export class CorrectRemarkBody extends CommandBody implements Omit<CorrectRemark, 'remark'> {
  @Texts({ says: 'The text as it should be.', optional: true, long: true })
  text?: LocalizedText;

  @Part(() => PartyDto, { says: 'Who spoke.', optional: true })
  speaker?: PartyDto;

  @Texts({ says: 'In what capacity.', optional: true })
  capacity?: LocalizedText;

  @Flag({ says: 'The remark was not made.', optional: true })
  struck?: boolean;

  @Part(() => ReasonDto, { says: 'Why it is corrected.' })
  reason!: Reason;
}

class SubjectDto {
  @OneOf(VIEW_SUBJECTS, { says: 'What it is.' })
  kind!: ViewSubject;

  @Id({ says: 'Its id.' })
  id!: Uuid;
}

export class ExpressViewBody extends PlacedBody implements ExpressView {
  @OneOf(STANCES, { says: 'For or against, or a request.' })
  stance!: Stance;

  @Part(() => SubjectDto, { says: 'On what.', optional: true })
  on?: SubjectDto;

  @Part(() => PartyDto, { says: 'By whom; delegates unnamed where absent.', many: true, optional: true })
  by?: PartyDto[];

  @Flag({ says: 'By several, of whom not all are named.', optional: true })
  several?: boolean;

  @Texts({ says: 'The view, and what was called for.', long: true })
  text!: LocalizedText;
}

@ApiTags('at the table')
@Controller('meetings/:meeting')
export class RemarksController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', 'remarks', makeRemark, {
    says: 'Records a remark.',
    body: MakeRemarkBody,
    example: {
      speaker: { person: '{person}' },
      capacity: exampleText('Vice-Chair'),
      text: exampleText('Customs plays a significant role in facilitating legitimate trade.'),
    },
  })
  makeRemark(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: MakeRemarkBody) {
    return this.recorder.record(makeRemark, sent, id, body);
  }

  @Writes('POST', 'remarks/:remark/correction', correctRemark, {
    says: 'Corrects a remark, or strikes it.',
    body: CorrectRemarkBody,
    example: { text: exampleText('Customs plays the significant role.'), reason: { code: 'misheard' } },
  })
  correctRemark(@Sent() sent: Sent, @Param('meeting') id: string, @Param('remark') remark: Uuid, @Body() body: CorrectRemarkBody) {
    return this.recorder.record(correctRemark, sent, id, { ...body, remark });
  }

  @Writes('POST', 'views', expressView, {
    says: 'Records a view: support, a reservation, an objection or a request.',
    body: ExpressViewBody,
    example: { stance: 'support', text: exampleText('Broad support for the proposals.') },
  })
  expressView(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: ExpressViewBody) {
    return this.recorder.record(expressView, sent, id, body);
  }

  @Lists('remarks', remarksList, ['meeting'])
  listRemarks(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(remarksList, asking, { meeting });
  }

  @Lists('views', viewsList, ['meeting'])
  listViews(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(viewsList, asking, { meeting });
  }
}

/** What was said, by its own id. */
@ApiTags('at the table')
@Controller()
export class RemarkPartsController {
  constructor(private readonly register: Register) {}

  @Details('remarks/:remark', remarks)
  remark(@Asking() asking: Asking, @Param('remark') id: string) {
    return this.register.detail(remarks, asking, id);
  }

  @Details('views/:view', views)
  view(@Asking() asking: Asking, @Param('view') id: string) {
    return this.register.detail(views, asking, id);
  }
}
