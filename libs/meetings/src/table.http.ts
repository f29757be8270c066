// What happens at the table, over HTTP: remarks, views, presentations, panels, discussions, reviews.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  AudienceDto,
  Code,
  CommandBody,
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
  TextLists,
  Texts,
  Writes,
} from '#http';
import type { Audience, LocalizedText, Reason, Uuid } from '#kernel';
import {
  REMARK_KINDS,
  REVIEW_OUTCOMES,
  STANCES,
  VIEW_SUBJECTS,
  type RemarkKind,
  type ReviewOutcome,
  type Stance,
  type ViewSubject,
} from './meeting.events.js';
import { proceedings, proceedingsList, remarks, remarksList, reviews, reviewsList, views, viewsList } from './meetings.projection.js';
import { holdDiscussion, holdPanel, makePresentation, type HoldDiscussion, type HoldPanel, type MakePresentation } from './proceedings.js';
import { correctRemark, makeRemark, type CorrectRemark, type MakeRemark } from './remarks.js';
import { presentPlan, reviewDocument, type PresentPlan, type ReviewDocument } from './reviews.js';
import { expressView, type ExpressView } from './views.js';

class PlacedBody extends CommandBody {
  @Id({ says: 'The sitting in which it happened.', optional: true })
  sitting?: Uuid;

  @Id({ says: 'The agenda item under which it happened.', optional: true })
  item?: Uuid;

  @Part(() => AudienceDto, { says: "Who may read it; the item's, sitting's or meeting's audience where absent.", optional: true })
  audience?: Audience;
}

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

export class MakePresentationBody extends PlacedBody implements MakePresentation {
  @Texts({ says: 'Its title.' })
  title!: LocalizedText;

  @Part(() => PartyDto, { says: 'Who presented.', many: true })
  presenters!: PartyDto[];

  @TextLists({ says: 'The points made.' })
  points!: LocalizedText[];

  @TextLists({ says: 'What was asked for.', optional: true })
  askedFor?: LocalizedText[];
}

export class PresentPlanBody extends PlacedBody implements PresentPlan {
  @Id({ says: 'The plan: a registered document.' })
  document!: Uuid;

  @Part(() => PartyDto, { says: 'Who presented it.', many: true })
  presenters!: PartyDto[];

  @TextLists({ says: 'What it holds, as presented.' })
  points!: LocalizedText[];
}

export class HoldPanelBody extends PlacedBody implements HoldPanel {
  @Texts({ says: 'Its title.' })
  title!: LocalizedText;

  @Part(() => PartyDto, { says: 'Who sat on it; may be empty.', many: true })
  panellists!: PartyDto[];

  @TextLists({ says: 'The points that it emphasized.' })
  points!: LocalizedText[];
}

export class HoldDiscussionBody extends PlacedBody implements HoldDiscussion {
  @Texts({ says: 'Its subject.' })
  title!: LocalizedText;

  @TextLists({ says: 'What was said in it.' })
  points!: LocalizedText[];
}

export class ReviewDocumentBody extends PlacedBody implements ReviewDocument {
  @Id({ says: 'The document.' })
  document!: Uuid;

  @Code({ says: 'Its version.', optional: true })
  version?: string;

  @OneOf(REVIEW_OUTCOMES, { says: 'What became of it.' })
  outcome!: ReviewOutcome;

  @TextLists({ says: 'What was highlighted.', optional: true })
  points?: LocalizedText[];
}

const text = (words: string) => [{ lang: 'en', text: words }];

@ApiTags('at the table')
@Controller('meetings/:meeting')
export class TableController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', 'remarks', makeRemark, {
    says: 'Records a remark.',
    body: MakeRemarkBody,
    example: {
      speaker: { person: '{person}' },
      capacity: text('Vice-Chair'),
      text: text('Customs plays a significant role in facilitating legitimate trade.'),
    },
  })
  makeRemark(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: MakeRemarkBody) {
    return this.recorder.record(makeRemark, sent, id, body);
  }

  @Writes('POST', 'remarks/:remark/correction', correctRemark, {
    says: 'Corrects a remark, or strikes it.',
    body: CorrectRemarkBody,
    example: { text: text('Customs plays the significant role.'), reason: { code: 'misheard' } },
  })
  correctRemark(@Sent() sent: Sent, @Param('meeting') id: string, @Param('remark') remark: Uuid, @Body() body: CorrectRemarkBody) {
    return this.recorder.record(correctRemark, sent, id, { ...body, remark });
  }

  @Writes('POST', 'views', expressView, {
    says: 'Records a view: support, a reservation, an objection or a request.',
    body: ExpressViewBody,
    example: { stance: 'support', text: text('Broad support for the proposals.') },
  })
  expressView(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: ExpressViewBody) {
    return this.recorder.record(expressView, sent, id, body);
  }

  @Writes('POST', 'presentations', makePresentation, {
    says: 'Records a presentation.',
    body: MakePresentationBody,
    example: {
      title: text('Strategic framework'),
      presenters: [{ organisation: '{organisation}' }],
      points: [text('Goals')],
      askedFor: [text('More funding')],
    },
  })
  makePresentation(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: MakePresentationBody) {
    return this.recorder.record(makePresentation, sent, id, body);
  }

  @Writes('POST', 'plan-presentations', presentPlan, {
    says: 'Records that a plan was presented.',
    body: PresentPlanBody,
    example: { document: '{plan}', presenters: [{ person: '{person}' }], points: [text('Restructuring')] },
  })
  presentPlan(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: PresentPlanBody) {
    return this.recorder.record(presentPlan, sent, id, body);
  }

  @Writes('POST', 'panels', holdPanel, {
    says: 'Records a panel discussion.',
    body: HoldPanelBody,
    example: { title: text('Regional cooperation'), panellists: [], points: [text('Better dialogue')] },
  })
  holdPanel(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: HoldPanelBody) {
    return this.recorder.record(holdPanel, sent, id, body);
  }

  @Writes('POST', 'discussions', holdDiscussion, {
    says: 'Records a discussion.',
    body: HoldDiscussionBody,
    example: { title: text('Fragile borders'), points: [text('Experiences were shared')] },
  })
  holdDiscussion(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: HoldDiscussionBody) {
    return this.recorder.record(holdDiscussion, sent, id, body);
  }

  @Writes('POST', 'reviews', reviewDocument, {
    says: 'Records that the meeting reviewed a document.',
    body: ReviewDocumentBody,
    example: { document: '{document}', outcome: 'reviewed' },
  })
  reviewDocument(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: ReviewDocumentBody) {
    return this.recorder.record(reviewDocument, sent, id, body);
  }

  @Lists('remarks', remarksList, ['meeting'])
  listRemarks(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(remarksList, asking, { meeting });
  }

  @Lists('views', viewsList, ['meeting'])
  listViews(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(viewsList, asking, { meeting });
  }

  @Lists('proceedings', proceedingsList, ['meeting'])
  listProceedings(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(proceedingsList, asking, { meeting });
  }

  @Lists('reviews', reviewsList, ['meeting'])
  listReviews(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(reviewsList, asking, { meeting });
  }
}

/** What happened at the table, by its own id. */
@ApiTags('at the table')
@Controller()
export class TablePartsController {
  constructor(private readonly register: Register) {}

  @Details('remarks/:remark', remarks)
  remark(@Asking() asking: Asking, @Param('remark') id: string) {
    return this.register.detail(remarks, asking, id);
  }

  @Details('views/:view', views)
  view(@Asking() asking: Asking, @Param('view') id: string) {
    return this.register.detail(views, asking, id);
  }

  @Details('proceedings/:proceeding', proceedings)
  proceeding(@Asking() asking: Asking, @Param('proceeding') id: string) {
    return this.register.detail(proceedings, asking, id);
  }

  @Details('reviews/:review', reviews)
  review(@Asking() asking: Asking, @Param('review') id: string) {
    return this.register.detail(reviews, asking, id);
  }
}
