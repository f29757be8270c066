// Proposals and decisions over HTTP.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  AudienceDto,
  Code,
  CommandBody,
  Details,
  EvidenceDto,
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
  Writes,
} from '#http';
import type { Audience, LocalizedText, Reason, Uuid } from '#kernel';
import { correctWording, setDecisionAudience, type CorrectWording } from './after-decision.js';
import { decisions, decisionsList, proposals, proposalsList } from './decisions.projection.js';
import { METHODS, OUTCOMES, type DecisionReference, type Method, type Outcome } from './proposal.events.js';
import { introduceProposal, setProposalAudience, withdrawProposal, type IntroduceProposal, type WithdrawProposal } from './proposals.js';
import { decideProposal, takeDecision, type TakeDecision } from './take-decision.js';

export class IntroduceProposalBody extends CommandBody implements IntroduceProposal {
  @Id({ says: 'The body to which it is put.' })
  body!: Uuid;

  @Id({ says: 'The meeting.', optional: true })
  meeting?: Uuid;

  @Id({ says: 'The sitting in which it was introduced: who may not read that reads nothing of it.', optional: true })
  sitting?: Uuid;

  @Id({ says: 'The agenda item.', optional: true })
  item?: Uuid;

  @Texts({ says: 'Its title.', optional: true })
  title?: LocalizedText;

  @Texts({ says: 'What is proposed.', long: true })
  text!: LocalizedText;

  @Part(() => PartyDto, { says: 'By whom; absent where they are unnamed.', many: true, optional: true })
  proponents?: PartyDto[];

  @Flag({ says: 'Put forward in the course of the meeting, not in a document before it.', optional: true })
  fromTheFloor?: boolean;

  @Id({ says: 'The document that holds it.', optional: true })
  document?: Uuid;

  @Id({ says: 'The withdrawn proposal that it takes up again.', optional: true })
  takesUp?: Uuid;

  @Part(() => AudienceDto, { says: "Who may read it; the item's, sitting's, meeting's or body's audience where absent.", optional: true })
  audience?: Audience;
}

export class WithdrawProposalBody extends CommandBody implements WithdrawProposal {
  @Part(() => ReasonDto, { says: 'Why.' })
  reason!: Reason;
}

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

export class CorrectWordingBody extends CommandBody implements Omit<CorrectWording, 'decision'> {
  @Texts({ says: 'The wording as it should be.', long: true })
  wording!: LocalizedText;

  @Part(() => ReasonDto, { says: 'Why it is corrected.' })
  reason!: Reason;
}

const text = (words: string) => [{ lang: 'en', text: words }];
const DECISION = {
  meeting: '{meeting}',
  outcome: 'approved',
  wording: text('The proposal was approved.'),
  method: 'not-stated',
  evidence: { words: text('approved with no further comments') },
};

@ApiTags('proposals')
@Controller('proposals')
export class ProposalsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', '', introduceProposal, {
    says: 'Puts a text to a body for decision.',
    body: IntroduceProposalBody,
    example: { body: '{body}', meeting: '{meeting}', text: text('Increase the involvement in border security.'), fromTheFloor: true },
  })
  introduce(@Sent() sent: Sent, @Body() body: IntroduceProposalBody) {
    return this.recorder.create(introduceProposal, sent, body);
  }

  @Writes('POST', ':proposal/withdrawal', withdrawProposal, {
    says: 'Withdraws a proposal.',
    body: WithdrawProposalBody,
    example: { reason: { code: 'other' } },
  })
  withdraw(@Sent() sent: Sent, @Param('proposal') id: string, @Body() body: WithdrawProposalBody) {
    return this.recorder.record(withdrawProposal, sent, id, body);
  }

  @Writes('PUT', ':proposal/audience', setProposalAudience, {
    says: 'Sets who may read a proposal.',
    body: SetAudienceBody,
    example: SET_AUDIENCE_EXAMPLE,
  })
  setAudience(@Sent() sent: Sent, @Param('proposal') id: string, @Body() body: SetAudienceBody) {
    return this.recorder.record(setProposalAudience, sent, id, body);
  }

  @Writes('POST', ':proposal/decisions', decideProposal, {
    says: 'Takes a decision on a proposal.',
    body: DecideProposalBody,
    example: DECISION,
  })
  decide(@Sent() sent: Sent, @Param('proposal') id: string, @Body() body: DecideProposalBody) {
    return this.recorder.record(decideProposal, sent, id, body);
  }

  @Writes('POST', ':proposal/decisions/:decision/correction', correctWording, {
    says: 'Corrects the wording of a decision.',
    body: CorrectWordingBody,
    example: { wording: text('The proposal was approved without comments.'), reason: { code: 'typing' } },
  })
  correctWording(@Sent() sent: Sent, @Param('proposal') id: string, @Param('decision') decision: Uuid, @Body() body: CorrectWordingBody) {
    return this.recorder.record(correctWording, sent, id, { ...body, decision });
  }

  @Writes('PUT', ':proposal/decisions/:decision/audience', setDecisionAudience, {
    says: 'Sets who may read a decision.',
    body: SetAudienceBody,
    example: SET_AUDIENCE_EXAMPLE,
  })
  setDecisionAudience(@Sent() sent: Sent, @Param('proposal') id: string, @Param('decision') decision: Uuid, @Body() body: SetAudienceBody) {
    return this.recorder.record(setDecisionAudience, sent, id, { ...body, decision });
  }

  @Lists('', proposalsList)
  list(@Asking() asking: Asking) {
    return this.register.list(proposalsList, asking);
  }

  @Details(':proposal', proposals)
  detail(@Asking() asking: Asking, @Param('proposal') id: string) {
    return this.register.detail(proposals, asking, id);
  }
}

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
    example: { body: '{body}', ...DECISION },
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
