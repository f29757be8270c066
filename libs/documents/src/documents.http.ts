// Documents over HTTP.
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Asking,
  AudienceDto,
  Code,
  CommandBody,
  Day,
  Details,
  exampleText,
  Id,
  Language,
  Lists,
  OneOf,
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
import { DOCUMENT_KINDS, DOCUMENT_STATUSES, type DocumentKind, type DocumentStatus } from './document.events.js';
import { documents, documentsList } from './documents.projection.js';
import {
  addVersion,
  correctDocument,
  registerDocument,
  setDocumentAudience,
  type AddVersion,
  type CorrectDocument,
  type RegisterDocument,
} from './register-document.js';

class PeriodDto {
  @Day({ says: 'The first day.' })
  from!: CivilDate;

  @Day({ says: 'The last day.' })
  until!: CivilDate;
}

export class RegisterDocumentBody extends CommandBody implements RegisterDocument {
  @OneOf(DOCUMENT_KINDS, { says: 'What kind of document it is.' })
  kind!: DocumentKind;

  @Texts({ says: 'Its title.' })
  title!: LocalizedText;

  @Code({ says: 'Its symbol.', optional: true })
  symbol?: string;

  @Id({ says: 'The body that issued it.', optional: true })
  issuer?: Uuid;

  @Code({ says: 'Its version, as printed.', optional: true })
  version?: string;

  @OneOf(DOCUMENT_STATUSES, { says: 'How far it is.', optional: true })
  status?: DocumentStatus;

  @Day({ says: 'Its date.', optional: true })
  date?: CivilDate;

  @Part(() => PeriodDto, { says: 'Of a plan: what it is for.', optional: true })
  period?: PeriodDto;

  @Id({ says: 'Of a plan: the one that it carries out.', optional: true })
  parent?: Uuid;

  @Language({ says: 'The language of the original.', optional: true })
  originalLanguage?: string;

  @Id({ says: 'The meeting that it reports on, or for which it was written.', optional: true })
  meeting?: Uuid;

  @Part(() => AudienceDto, { says: "Who may read it; the meeting's or the body's audience where absent.", optional: true })
  audience?: Audience;
}

export class AddVersionBody extends CommandBody implements AddVersion {
  @Code({ says: 'The version, as printed.' })
  version!: string;

  @OneOf(DOCUMENT_STATUSES, { says: 'How far it is.', optional: true })
  status?: DocumentStatus;

  @Day({ says: 'Its date.', optional: true })
  date?: CivilDate;

  @Part(() => ReasonDto, { says: 'Why.', optional: true })
  reason?: Reason;
}

export class CorrectDocumentBody extends CommandBody implements CorrectDocument {
  @Texts({ says: 'Its title.', optional: true })
  title?: LocalizedText;

  @Code({ says: 'Its symbol.', optional: true })
  symbol?: string;

  @Day({ says: 'Its date.', optional: true })
  date?: CivilDate;

  @Part(() => ReasonDto, { says: 'Why it is corrected.' })
  reason!: Reason;
}

const TITLE = exampleText('Sample plan');

@ApiTags('documents')
@Controller('documents')
export class DocumentsController {
  constructor(
    private readonly recorder: Recorder,
    private readonly register: Register,
  ) {}

  @Writes('POST', '', registerDocument, {
    says: 'Registers a document.',
    body: RegisterDocumentBody,
    example: { kind: 'plan', title: TITLE, issuer: '{body}', status: 'draft', period: { from: '2024-07-01', until: '2025-06-30' } },
  })
  registerDocument(@Sent() sent: Sent, @Body() body: RegisterDocumentBody) {
    return this.recorder.create(registerDocument, sent, body);
  }

  @Writes('POST', ':document/versions', addVersion, {
    says: 'Adds a version of a document.',
    body: AddVersionBody,
    example: { version: 'Rev.7', status: 'final' },
  })
  addVersion(@Sent() sent: Sent, @Param('document') id: string, @Body() body: AddVersionBody) {
    return this.recorder.record(addVersion, sent, id, body);
  }

  @Writes('POST', ':document/correction', correctDocument, {
    says: 'Corrects what is registered of a document.',
    body: CorrectDocumentBody,
    example: { title: TITLE, reason: { code: 'typing' } },
  })
  correct(@Sent() sent: Sent, @Param('document') id: string, @Body() body: CorrectDocumentBody) {
    return this.recorder.record(correctDocument, sent, id, body);
  }

  @Writes('PUT', ':document/audience', setDocumentAudience, {
    says: 'Sets who may read a document.',
    body: SetAudienceBody,
    example: SET_AUDIENCE_EXAMPLE,
  })
  setAudience(@Sent() sent: Sent, @Param('document') id: string, @Body() body: SetAudienceBody) {
    return this.recorder.record(setDocumentAudience, sent, id, body);
  }

  @Lists('', documentsList)
  list(@Asking() asking: Asking) {
    return this.register.list(documentsList, asking);
  }

  @Details(':document', documents)
  detail(@Asking() asking: Asking, @Param('document') id: string) {
    return this.register.detail(documents, asking, id);
  }
}
