// A document is registered, gets new versions, is corrected, and says who may read it.
import { body, bodyRefusals } from '#bodies/contracts';
import {
  audienceKey,
  command,
  commons,
  present,
  sealOptional,
  sealReason,
  sealText,
  type Audience,
  type CivilDate,
  type LocalizedText,
  type Reason,
  type SetAudience,
  type Uuid,
} from '#kernel';
import { meeting, meetingRefusals } from '#meetings/contracts';
import { document, type DocumentState } from './document.js';
import type { DocumentKind, DocumentStatus } from './document.events.js';
import { documentRefusals } from './document-refusals.js';

export interface RegisterDocument {
  kind: DocumentKind;
  title: LocalizedText;
  symbol?: string;
  issuer?: Uuid;
  version?: string;
  status?: DocumentStatus;
  date?: CivilDate;
  period?: { from: CivilDate; until: CivilDate };
  parent?: Uuid;
  originalLanguage?: string;
  meeting?: Uuid;
  audience?: Audience;
}

export const registerDocument = command<DocumentState, RegisterDocument, true>({
  name: 'register-document',
  on: document,
  roles: ['secretariat'],
  stream: 'new',
  creates: 'stream',
  bodiesOf: (input) => (input.issuer ? [input.issuer] : []),
  async look(input, look) {
    if (input.issuer && !(await look.at(body, input.issuer)))
      return bodyRefusals['unknown-body'](`There is no body ${input.issuer}.`, { fields: [{ field: 'issuer', reason: 'is no body' }] });
    if (input.parent && (await look.at(document, input.parent))?.kind !== 'plan')
      return documentRefusals['unknown-parent-plan'](`There is no plan ${input.parent}.`, {
        fields: [{ field: 'parent', reason: 'is no plan' }],
      });
    if (input.meeting && !(await look.at(meeting, input.meeting)))
      return meetingRefusals['unknown-meeting'](`There is no meeting ${input.meeting}.`, {
        fields: [{ field: 'meeting', reason: 'is no meeting' }],
      });
    return true;
  },
  decide(input, _state, context) {
    const { kind, title, period } = input;
    if (kind !== 'plan' && (period ?? input.parent)) return documentRefusals['not-a-plan-document'](`The kind is ${kind}.`);
    if (period && period.until < period.from)
      return documentRefusals['document-period-reversed'](`It would end on ${period.until} and begin on ${period.from}.`, {
        fields: [{ field: 'period.until', reason: 'lies before from' }],
      });
    const { symbol, issuer, version, status, date, parent, originalLanguage, meeting: about, audience } = input;
    const plain = period && { from: period.from, until: period.until };
    return [
      {
        type: 'document-registered',
        data: {
          ...commons(context),
          kind,
          title: sealText(title),
          ...present({ symbol, issuer, version, status, date, period: plain, parent, originalLanguage, meeting: about, audience }),
        },
      },
    ];
  },
});

export interface AddVersion {
  version: string;
  status?: DocumentStatus;
  date?: CivilDate;
  reason?: Reason;
}

export const addVersion = command<DocumentState, AddVersion>({
  name: 'add-document-version',
  on: document,
  roles: ['secretariat'],
  stream: 'existing',
  decide(input, state, context) {
    if (state.versions.has(input.version))
      return documentRefusals['version-taken'](`Version ${input.version} is registered.`, {
        fields: [{ field: 'version', reason: 'is taken' }],
      });
    const { version, status, date, reason } = input;
    return [
      {
        type: 'document-version-added',
        data: { ...commons(context), version, ...present({ status, date, reason: reason && sealReason(reason) }) },
      },
    ];
  },
});

export interface CorrectDocument {
  title?: LocalizedText;
  symbol?: string;
  date?: CivilDate;
  reason: Reason;
}

export const correctDocument = command<DocumentState, CorrectDocument>({
  name: 'correct-document',
  on: document,
  roles: ['secretariat'],
  stream: 'existing',
  decide(input, state, context) {
    const { title, reason } = input;
    const symbol = input.symbol === state.symbol ? undefined : input.symbol;
    const date = input.date === state.date ? undefined : input.date;
    if (!title && !symbol && !date) return [];
    return [
      {
        type: 'document-corrected',
        data: { ...commons(context), ...present({ title: sealOptional(title), symbol, date }), reason: sealReason(reason) },
      },
    ];
  },
});

export const setDocumentAudience = command<DocumentState, SetAudience>({
  name: 'set-document-audience',
  on: document,
  roles: ['secretariat'],
  stream: 'existing',
  decide(input, state, context) {
    if (state.audience === audienceKey(input.audience)) return [];
    return [{ type: 'document-audience-set', data: { ...commons(context), audience: input.audience, reason: sealReason(input.reason) } }];
  },
});
