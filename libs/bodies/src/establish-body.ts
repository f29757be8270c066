// A body comes into being, is renamed, and says who may read it.
import {
  audienceKey,
  command,
  commons,
  present,
  sealReason,
  sealText,
  type Audience,
  type LocalizedText,
  type Reason,
  type SetAudience,
  type Uuid,
} from '#kernel';
import { body, type BodyState } from './body.js';
import type { BodyKind } from './body.events.js';
import { bodyRefusals } from './body-refusals.js';

export interface EstablishBody {
  kind: BodyKind;
  name: LocalizedText;
  parent?: Uuid;
  zone?: string;
  audience?: Audience;
}

export const establishBody = command<BodyState, EstablishBody, { parent: BodyState | undefined }>({
  name: 'establish-body',
  on: body,
  roles: ['admin'],
  stream: 'new',
  creates: 'stream',
  look: async (input, look) => ({ parent: input.parent && (await look.at(body, input.parent)) }),
  decide(input, _state, context) {
    if (input.parent && !context.seen.parent)
      return bodyRefusals['unknown-body'](`There is no body ${input.parent} to report to.`, {
        fields: [{ field: 'parent', reason: 'is no body' }],
      });
    const data = {
      ...commons(context),
      kind: input.kind,
      name: sealText(input.name),
      ...present({ parent: input.parent, zone: input.zone }),
      audience: input.audience ?? { kind: 'members' as const },
    };
    return [{ type: 'body-established', data }];
  },
});

export interface RenameBody {
  name: LocalizedText;
  reason: Reason;
}

export const renameBody = command<BodyState, RenameBody>({
  name: 'rename-body',
  on: body,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  decide: (input, _state, context) => [
    { type: 'body-renamed', data: { ...commons(context), name: sealText(input.name), reason: sealReason(input.reason) } },
  ],
});

export const setBodyAudience = command<BodyState, SetAudience>({
  name: 'set-body-audience',
  on: body,
  roles: ['secretariat', 'admin'],
  stream: 'existing',
  decide(input, state, context) {
    if (state.audience === audienceKey(input.audience)) return [];
    return [{ type: 'body-audience-set', data: { ...commons(context), audience: input.audience, reason: sealReason(input.reason) } }];
  },
});
