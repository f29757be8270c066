// Decisions over HTTP.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  AudienceDto,
  Code,
  CommandBody,
  Details,
  EvidenceDto,
  exampleText,
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
import { decisions, decisionsList } from './decisions.projection.js';
import { METHODS, OUTCOMES, type DecisionReference, type Method, type Outcome } from './proposal.events.js';
import { takeDecision, type TakeDecision } from './take-decision.js';

class DecisionReferenceDto implements DecisionReference {
  @Id({ says: 'The decision.' })
  decision!: Uuid;

  @Id({ says: 'The proposal, or the stream of a decision without one: its `proposal`.' })
  proposal!: Uuid;
}

class ParagraphDto {
  @Code({ says: 'Its number.' })
  number!: string;

  @Texts({ says: 'Its text.', long: true })
  text!: LocalizedText;

  @Part(() => PartyDto, { says: 'To whom it is addressed.', optional: true })
  addressee?: PartyDto;
}

export class DecideProposalBody extends CommandBody implements Omit<TakeDecision, 'body'> {
  @Id({ says: 'The meeting at which it was taken.' })
  meeting!: Uuid;

  @Id({ says: 'The sitting in which it was taken: who may not read that reads nothing of it.', optional: true })
  sitting?: Uuid;

  @Id({ says: 'The agenda item.', optional: true })
  item?: Uuid;

  @OneOf(OUTCOMES, { says: 'What the body ruled.' })
  outcome!: Outcome;

  @Texts({ says: 'Its title.', optional: true })
  title?: LocalizedText;

  @Texts({ says: 'Its wording, verbatim.', long: true })
  wording!: LocalizedText;

  @Part(() => ParagraphDto, { says: 'Numbered paragraphs.', many: true, optional: true })
  paragraphs?: ParagraphDto[];

  @Code({ says: 'Its symbol.', optional: true })
  symbol?: string;

  @OneOf(METHODS, { says: 'How it was taken.' })
  method!: Method;

  @Part(() => EvidenceDto, { says: 'What the record of it rests on.' })
  evidence!: EvidenceDto;

  @Id({ says: 'The document that it concerns.', optional: true })
  document?: Uuid;

  @Part(() => DecisionReferenceDto, { says: 'The decisions that it replaces.', many: true, optional: true })
  supersedes?: DecisionReferenceDto[];

  @Part(() => DecisionReferenceDto, { says: 'The decisions that it takes back.', many: true, optional: true })
  rescinds?: DecisionReferenceDto[];

  @Id({ says: 'The seat allocations that it approves, or returns.', many: true, optional: true })
  allocations?: Uuid[];

  @Part(() => AudienceDto, { says: "Who may read it; the item's, sitting's, meeting's or body's audience where absent.", optional: true })
  audience?: Audience;
}

export class TakeDecisionBody extends DecideProposalBody implements TakeDecision {
  @Id({ says: 'The body that took it.' })
  body!: Uuid;
}

export const DECISION_EXAMPLE = {
  meeting: '{meeting}',
  outcome: 'approved',
  wording: exampleText('The proposal was approved.'),
  method: 'not-stated',
  evidence: { words: exampleText('approved with no further comments') },
};

@ApiTags('decisions')
@Controller('decisions')
export class DecisionsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', '', takeDecision, {
    says: 'Takes a decision that no proposal preceded.',
    body: TakeDecisionBody,
    example: { body: '{body}', ...DECISION_EXAMPLE },
  })
  take(@Sent() sent: Sent, @Body() body: TakeDecisionBody) {
    return this.recorder.create(takeDecision, sent, body);
  }

  @Lists('', decisionsList)
  list(@Asking() asking: Asking) {
    return this.register.list(decisionsList, asking);
  }

  @Details(':decision', decisions)
  detail(@Asking() asking: Asking, @Param('decision') id: string) {
    return this.register.detail(decisions, asking, id);
  }
}
