// What was presented, discussed and reviewed at the table, over HTTP.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  Code,
  Details,
  exampleText,
  Id,
  Lists,
  OneOf,
  Part,
  PartyDto,
  Recorder,
  Register,
  Sent,
  TextLists,
  Texts,
  Writes,
} from '#http';
import type { LocalizedText, Uuid } from '#kernel';
import { REVIEW_OUTCOMES, type ReviewOutcome } from './meeting.events.js';
import { proceedings, proceedingsList, reviews, reviewsList } from './meetings.tables.js';
import { PlacedBody } from './placed.http.js';
import { holdDiscussion, holdPanel, makePresentation, type HoldDiscussion, type HoldPanel, type MakePresentation } from './proceedings.js';
import { presentPlan, reviewDocument, type PresentPlan, type ReviewDocument } from './reviews.js';

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

@ApiTags('at the table')
@Controller('meetings/:meeting')
export class ProceedingsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', 'presentations', makePresentation, {
    says: 'Records a presentation.',
    body: MakePresentationBody,
    example: {
      title: exampleText('Strategic framework'),
      presenters: [{ organisation: '{organisation}' }],
      points: [exampleText('Goals')],
      askedFor: [exampleText('More funding')],
    },
  })
  makePresentation(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: MakePresentationBody) {
    return this.recorder.record(makePresentation, sent, id, body);
  }

  @Writes('POST', 'plan-presentations', presentPlan, {
    says: 'Records that a plan was presented.',
    body: PresentPlanBody,
    example: { document: '{plan}', presenters: [{ person: '{person}' }], points: [exampleText('Restructuring')] },
  })
  presentPlan(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: PresentPlanBody) {
    return this.recorder.record(presentPlan, sent, id, body);
  }

  @Writes('POST', 'panels', holdPanel, {
    says: 'Records a panel discussion.',
    body: HoldPanelBody,
    example: { title: exampleText('Regional cooperation'), panellists: [], points: [exampleText('Better dialogue')] },
  })
  holdPanel(@Sent() sent: Sent, @Param('meeting') id: string, @Body() body: HoldPanelBody) {
    return this.recorder.record(holdPanel, sent, id, body);
  }

  @Writes('POST', 'discussions', holdDiscussion, {
    says: 'Records a discussion.',
    body: HoldDiscussionBody,
    example: { title: exampleText('Fragile borders'), points: [exampleText('Experiences were shared')] },
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

  @Lists('proceedings', proceedingsList, ['meeting'])
  listProceedings(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(proceedingsList, asking, { meeting });
  }

  @Lists('reviews', reviewsList, ['meeting'])
  listReviews(@Asking() asking: Asking, @Param('meeting') meeting: string) {
    return this.register.list(reviewsList, asking, { meeting });
  }
}

/** What was presented, discussed and reviewed, by its own id. */
@ApiTags('at the table')
@Controller()
export class ProceedingPartsController {
  constructor(private readonly register: Register) {}

  @Details('proceedings/:proceeding', proceedings)
  proceeding(@Asking() asking: Asking, @Param('proceeding') id: string) {
    return this.register.detail(proceedings, asking, id);
  }

  @Details('reviews/:review', reviews)
  review(@Asking() asking: Asking, @Param('review') id: string) {
    return this.register.detail(reviews, asking, id);
  }
}
