// Follow-ups over HTTP.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  AudienceDto,
  CommandBody,
  Day,
  Details,
  EvidenceDto,
  exampleText,
  Id,
  Lists,
  Part,
  ReasonDto,
  Recorder,
  Register,
  Sent,
  SET_AUDIENCE_EXAMPLE,
  SetAudienceBody,
  Texts,
  Writes,
} from '#http';
import type { Audience, CivilDate, LocalizedText, Reason, Uuid } from '#kernel';
import { assignFollowUp, type AssignFollowUp } from './assign-follow-up.js';
import { followUps, followUpsList } from './follow-ups.projection.js';
import type { Origin, Owner } from './follow-up.events.js';
import {
  cancelFollowUp,
  completeFollowUp,
  progressFollowUp,
  setFollowUpAudience,
  type CancelFollowUp,
  type CompleteFollowUp,
  type ProgressFollowUp,
} from './settle-follow-up.js';

class OwnerDto implements Owner {
  @Id({ says: 'An office of the body.', optional: true })
  office?: Uuid;

  @Id({ says: 'An organisation.', optional: true })
  organisation?: Uuid;

  @Id({ says: 'A body.', optional: true })
  body?: Uuid;

  @Id({ says: 'A person.', optional: true })
  person?: Uuid;
}

class DueDto {
  @Day({ says: 'On a date; may lie in the future.', optional: true })
  on?: CivilDate;

  @Id({ says: 'At a meeting.', optional: true })
  meeting?: Uuid;

  @Id({ says: 'At the next meeting of a body.', optional: true })
  nextMeetingOf?: Uuid;

  @Texts({ says: 'Not said, with the reason.', optional: true })
  unspecified?: LocalizedText;
}

class OriginDto implements Origin {
  @Id({ says: 'The decision, with its proposal.', optional: true })
  decision?: Uuid;

  @Id({ says: 'Of a decision: the stream in which it lies.', optional: true })
  proposal?: Uuid;

  @Id({ says: 'The request, with its meeting.', optional: true })
  view?: Uuid;

  @Id({ says: 'The remark that undertakes it, with its meeting.', optional: true })
  remark?: Uuid;

  @Id({ says: 'Of a request or remark: the meeting in which it lies.', optional: true })
  meeting?: Uuid;
}

export class AssignFollowUpBody extends CommandBody implements AssignFollowUp {
  @Id({ says: 'The body to which it is owed.' })
  body!: Uuid;

  @Part(() => OwnerDto, { says: 'Who owes it: one of these.' })
  owner!: OwnerDto;

  @Texts({ says: 'What is owed.' })
  action!: LocalizedText;

  @Part(() => DueDto, { says: 'When it is due: one of these.' })
  due!: DueDto;

  @Part(() => OriginDto, { says: 'What it comes from: a decision, a request or an undertaking.' })
  from!: OriginDto;

  @Part(() => AudienceDto, { says: "Who may read it; the decision's or the body's audience where absent.", optional: true })
  audience?: Audience;
}

export class ProgressFollowUpBody extends CommandBody implements ProgressFollowUp {
  @Texts({ says: 'What was done towards it.', long: true })
  note!: LocalizedText;

  @Part(() => EvidenceDto, { says: 'What shows it.', optional: true })
  evidence?: EvidenceDto;
}

export class CompleteFollowUpBody extends CommandBody implements CompleteFollowUp {
  @Texts({ says: 'What was done.', optional: true, long: true })
  note?: LocalizedText;

  @Part(() => EvidenceDto, { says: 'What shows that it is done.' })
  evidence!: EvidenceDto;
}

export class CancelFollowUpBody extends CommandBody implements CancelFollowUp {
  @Part(() => ReasonDto, { says: 'Why it is no longer owed.' })
  reason!: Reason;
}

@ApiTags('follow-ups')
@Controller('follow-ups')
export class FollowUpsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', '', assignFollowUp, {
    says: 'Somebody owes something.',
    body: AssignFollowUpBody,
    example: {
      body: '{body}',
      owner: { organisation: '{organisation}' },
      action: exampleText('Report on progress.'),
      due: { on: '2030-12-31' },
      from: { decision: '{decision}', proposal: '{decisionStream}' },
    },
  })
  assign(@Sent() sent: Sent, @Body() body: AssignFollowUpBody) {
    return this.recorder.create(assignFollowUp, sent, body);
  }

  @Writes('POST', ':followUp/progress', progressFollowUp, {
    says: 'Something was done towards it.',
    body: ProgressFollowUpBody,
    example: { note: exampleText('A first draft is there.') },
  })
  progress(@Sent() sent: Sent, @Param('followUp') id: string, @Body() body: ProgressFollowUpBody) {
    return this.recorder.record(progressFollowUp, sent, id, body);
  }

  @Writes('POST', ':followUp/completion', completeFollowUp, {
    says: 'It is done.',
    body: CompleteFollowUpBody,
    example: { evidence: { none: exampleText('Reported orally') } },
  })
  complete(@Sent() sent: Sent, @Param('followUp') id: string, @Body() body: CompleteFollowUpBody) {
    return this.recorder.record(completeFollowUp, sent, id, body);
  }

  @Writes('POST', ':followUp/cancellation', cancelFollowUp, {
    says: 'It is no longer owed.',
    body: CancelFollowUpBody,
    example: { reason: { code: 'other' } },
  })
  cancel(@Sent() sent: Sent, @Param('followUp') id: string, @Body() body: CancelFollowUpBody) {
    return this.recorder.record(cancelFollowUp, sent, id, body);
  }

  @Writes('PUT', ':followUp/audience', setFollowUpAudience, {
    says: 'Sets who may read a follow-up.',
    body: SetAudienceBody,
    example: SET_AUDIENCE_EXAMPLE,
  })
  setAudience(@Sent() sent: Sent, @Param('followUp') id: string, @Body() body: SetAudienceBody) {
    return this.recorder.record(setFollowUpAudience, sent, id, body);
  }

  @Lists('', followUpsList)
  list(@Asking() asking: Asking) {
    return this.register.list(followUpsList, asking);
  }

  @Details(':followUp', followUps)
  detail(@Asking() asking: Asking, @Param('followUp') id: string) {
    return this.register.detail(followUps, asking, id);
  }
}
