// Proposals over HTTP, and the decisions on them.
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
import { DecideProposalBody, DECISION_EXAMPLE } from './decisions.http.js';
import { proposals, proposalsList } from './decisions.projection.js';
import { introduceProposal, setProposalAudience, withdrawProposal, type IntroduceProposal, type WithdrawProposal } from './proposals.js';
import { decideProposal } from './take-decision.js';

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

export class CorrectWordingBody extends CommandBody implements Omit<CorrectWording, 'decision'> {
  @Texts({ says: 'The wording as it should be.', long: true })
  wording!: LocalizedText;

  @Part(() => ReasonDto, { says: 'Why it is corrected.' })
  reason!: Reason;
}

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
    example: {
      body: '{body}',
      meeting: '{meeting}',
      text: exampleText('Increase the involvement in border security.'),
      fromTheFloor: true,
    },
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
    example: DECISION_EXAMPLE,
  })
  decide(@Sent() sent: Sent, @Param('proposal') id: string, @Body() body: DecideProposalBody) {
    return this.recorder.record(decideProposal, sent, id, body);
  }

  @Writes('POST', ':proposal/decisions/:decision/correction', correctWording, {
    says: 'Corrects the wording of a decision.',
    body: CorrectWordingBody,
    example: { wording: exampleText('The proposal was approved without comments.'), reason: { code: 'typing' } },
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
